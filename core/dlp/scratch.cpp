// SPDX-License-Identifier: Apache-2.0
#include "dlp/scratch.h"

#include <hs/hs.h>

namespace gatehouse::dlp {

Scratch::~Scratch() {
    hs_free_scratch(hyperscan);
}

Scratch* ScratchPool::take() {
    const std::scoped_lock lock(m_mutex);
    if (m_idle.empty()) {
        return nullptr;
    }
    Scratch* const scratch = m_idle.back().release();
    m_idle.pop_back();
    return scratch;
}

void ScratchPool::giveBack(Scratch* scratch) {
    std::unique_ptr<Scratch> owned(scratch);
    const std::scoped_lock lock(m_mutex);
    if (m_idle.size() < kMaxIdle) {
        m_idle.push_back(std::move(owned));
    }
}

void ScratchDeleter::operator()(Scratch* scratch) const {
    if (const auto pool = scratch->home.lock()) {
        scratch->shadows = {}; // no text stays behind
        pool->giveBack(scratch);
    } else {
        delete scratch;
    }
}

} // namespace gatehouse::dlp
