// SPDX-License-Identifier: Apache-2.0
#include "governance/scan_pool.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gatehouse::governance {
namespace {

using Found = Result<std::vector<Finding>>;

class ThreadedScanPool final : public ScanPool {
public:
    explicit ThreadedScanPool(std::size_t threads) : m_pool(threads) {}
    ThreadedScanPool(const ThreadedScanPool&) = delete;
    ThreadedScanPool& operator=(const ThreadedScanPool&) = delete;
    ~ThreadedScanPool() override { m_pool.join(); }

    Task<Found> scan(std::shared_ptr<const dlp::Engine> engine, std::vector<Part> parts, ScratchShelf& shelf,
                     const documents::Extractor* extractor) override {
        auto job = [engine = std::move(engine), parts = std::move(parts), &shelf, extractor]() -> Found {
            ScratchShelf::Loan loan(shelf, engine);
            return inspectParts(*engine, loan.scratch(), parts, extractor);
        };
        co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Found)>(
            [this](auto handler, auto work) {
                auto home = asio::make_work_guard(asio::get_associated_executor(handler));
                asio::post(m_pool, [handler = std::move(handler), work = std::move(work), home]() mutable {
                    Found found = work();
                    asio::post(home.get_executor(), [handler = std::move(handler), found = std::move(found)]() mutable {
                        std::move(handler)(std::move(found));
                    });
                });
            },
            asio::use_awaitable, std::move(job));
    }

private:
    asio::thread_pool m_pool;
};

} // namespace

std::unique_ptr<ScanPool> ScanPool::create(std::size_t threads) {
    return std::make_unique<ThreadedScanPool>(threads);
}

} // namespace gatehouse::governance
