// SPDX-License-Identifier: Apache-2.0
#include "ask_model.h"

#include "dlp/second_opinion.h"
#include "local_model.h"
#include "policy/policy.h"

namespace gatehouse::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxWindows = 12;

} // namespace

Result<std::vector<Finding>> askModel(const ModelToAsk& model, std::string_view text) {
    GH_CHECK(policy::checkModelUrl(model.url));
    const auto windows = dlp::opinionWindows(text, kMaxWindows);
    if (!windows.empty() && windows.back().end < text.size()) {
        return fail(ErrorKind::limit, "the text is longer than what a local model is asked about");
    }
    const auto until = Clock::now() + model.time;
    std::vector<Finding> all;
    for (const dlp::OpinionWindow& window : windows) {
        const std::string_view part = text.substr(window.begin, window.end - window.begin);
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) {
            return fail(ErrorKind::unavailable, "the local model takes too long");
        }
        GH_TRY(const std::string answer,
               app::askLoopbackModel({model.url, model.name, dlp::opinionRequest(model.name, part), left}));
        GH_TRY(std::vector<Finding> told, dlp::readOpinion(answer, part));
        for (Finding& finding : told) {
            finding.begin += window.begin;
            finding.end += window.begin;
            const bool isNew = all.empty() || finding.begin >= all.back().end;
            if (isNew && finding.level >= model.minimum) {
                all.push_back(std::move(finding));
            }
        }
    }
    return all;
}

} // namespace gatehouse::cli
