// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

#include "governance/local_model.h"

namespace gatehouse::app {

// llama-server, Ollama or LM Studio on this machine, asked on a thread of its own.
class LoopbackModel : public governance::LocalModel {
public:
    static std::unique_ptr<LoopbackModel> create();
    // Breaks off what is asked and refuses the rest. Waits for the thread; the askers' executor must still run.
    virtual void stop() = 0;
};

// ask() without a thread: blocks. denied when Ollama would pass the question on to its cloud.
[[nodiscard]] Result<std::string> askLoopbackModel(const governance::LocalModel::Question& question,
                                                   const std::atomic<bool>* stop = nullptr);

} // namespace gatehouse::app
