// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/engine.h"
#include "types/finding.h"
#include "types/opinion.h"

// What rules cannot know (who a description points at, what a company keeps to itself) asked of a language model that
// runs on this machine. Here are only the question and the strict reading of the answer; whoever asks sees to it that
// the model is local and that the time is limited. A model's word adds findings of its own detectors, never above
// medium, and takes none away. docs/formats/second-opinion.md
namespace gatehouse::dlp {

// The most of a text that one question holds, in bytes; longer texts are asked in windows.
inline constexpr std::size_t kOpinionWindow = 6'000;

struct OpinionWindow {
    std::size_t begin = 0;
    std::size_t end = 0;
};
// Windows over the text that overlap by a sentence or two, cut between characters; at most `limit`.
std::vector<OpinionWindow> opinionWindows(std::string_view text, std::size_t limit);

// The body of a request to /v1/chat/completions (llama-server, Ollama, LM Studio) about one window. `kinds` are of
// kOpinionKinds; none means all. Each call marks the text's borders with other random letters, so that no text can know
// them.
std::string opinionRequest(std::string_view model, std::string_view window, std::span<const std::string> kinds = {});

// The findings that the answer's body tells, with offsets into `window`, ordered, not overlapping. A quote that does
// not stand in the window is dropped. corrupt when the answer is not exactly of the form that was asked for.
[[nodiscard]] Result<std::vector<Finding>> readOpinion(std::string_view body, std::string_view window,
                                                       std::span<const std::string> kinds = {});

// The row of a model's detector, or of kNoOpinionDetector; nullopt for other ids. They are not in the catalogue, which
// is what the engine finds.
std::optional<DetectorInfo> opinionDetector(std::string_view id);

} // namespace gatehouse::dlp
