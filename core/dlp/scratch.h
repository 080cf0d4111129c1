// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "dlp/anchored.h"
#include "dlp/context.h"
#include "dlp/engine.h"
#include "dlp/hotwords.h"
#include "dlp/matcher.h"
#include "dlp/names/names.h"
#include "dlp/registered/folded_words.h"
#include "dlp/registered_data.h"
#include "dlp/shadow.h"

namespace gatehouse::dlp {

class ScratchPool;

class Scratch final {
public:
    Scratch() = default;
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    hs_scratch* hyperscan = nullptr;
    bool isUsable = false;           // grown over all databases
    std::weak_ptr<ScratchPool> home; // where it goes when nobody holds it
    // One for the text, and one for each depth of what was decoded out of it.
    static constexpr std::size_t kMaxDepth = 4;
    std::array<Shadow, kMaxDepth + 1> shadows;
    std::vector<std::uint32_t> last;
    AnchoredPatterns::Buffers anchored;
    std::vector<Hit> hits;
    std::vector<Span> zones; // around digits
    std::vector<Candidate> candidates;
    std::vector<NameHit> names;
    FoldedWords foldedWords;
    std::vector<DataHit> dataHits;
    // The words around the span that was asked about last.
    Span wordsAround;
    HeadingMemo headingMemo;
    WordCache wordCache;
    std::vector<WordHit> words;
    std::vector<WordHit> heading;
};

// Scratches that wait for their next scan: growing one costs several times what scanning a prompt does. Any thread.
class ScratchPool final {
public:
    // nullptr when none waits.
    Scratch* take();
    // Keeps it, or deletes it when enough wait already.
    void giveBack(Scratch* scratch);

private:
    static constexpr std::size_t kMaxIdle = 32;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Scratch>> m_idle;
};

} // namespace gatehouse::dlp
