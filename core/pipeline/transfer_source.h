// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "pipeline/pipeline.h"
#include "upstream/upstream.h"

namespace gatehouse::pipeline {

// The bytes of one transfer; the cap on them is the transfer's own (upstream::Request::maxAnswerBytes).
class TransferSource final : public BodySource {
public:
    explicit TransferSource(std::unique_ptr<upstream::Transfer> transfer) : m_transfer(std::move(transfer)) {}
    Task<Result<std::optional<std::string>>> next() override { co_return co_await m_transfer->next(); }

private:
    std::unique_ptr<upstream::Transfer> m_transfer;
};

} // namespace gatehouse::pipeline
