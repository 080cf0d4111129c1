// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "dlp/engine.h"
#include "documents/extract.h"
#include "types/interaction.h"

// The verb "inspect", without threads: findings over all parts of one interaction.
namespace gatehouse::governance {

// Scans each part whole, and texts that follow each other inside one message also as one, so that a value is found that
// is split over two parts (as one finding in each) or that only the part before it gives a meaning. What cannot be read
// (a picture, a text with too many candidates) is a finding of class unreadable over the whole part. The documents that
// are attached are read by `extractor`, which blocks; null leaves them unreadable. Ordered by part and begin; those of
// a document cover its whole part, all others do not overlap. Any thread.
[[nodiscard]] Result<std::vector<Finding>> inspectParts(const dlp::Engine& engine, dlp::Scratch& scratch,
                                                        std::span<const Part> parts,
                                                        const documents::Extractor* extractor = nullptr);

// Keeps scratches for the next scan, because they are dear to make. Safe on any thread.
class ScratchShelf final {
public:
    class Loan final {
    public:
        Loan(ScratchShelf& shelf, std::shared_ptr<const dlp::Engine> engine);
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        ~Loan();
        [[nodiscard]] dlp::Scratch& scratch() { return *m_scratch; }

    private:
        ScratchShelf& m_shelf;
        std::shared_ptr<const dlp::Engine> m_engine;
        dlp::ScratchPtr m_scratch;
    };

private:
    dlp::ScratchPtr take(const std::shared_ptr<const dlp::Engine>& engine);
    void put(std::shared_ptr<const dlp::Engine> engine, dlp::ScratchPtr scratch);

    std::mutex m_mutex;
    std::vector<std::pair<std::shared_ptr<const dlp::Engine>, dlp::ScratchPtr>> m_kept;
};

} // namespace gatehouse::governance
