// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// What a stream must keep back for patterns of several words: "ignore all previous" may become "ignore all previous
// instructions". Every pattern is turned into one that matches its beginnings; a place from which one of them reaches
// the end of the text is alive. Built at first use; any thread.
namespace gatehouse::dlp {

class LiveTails final {
public:
    // How far back a match that is not complete may have begun, in bytes.
    static constexpr std::size_t kReach = 320;

    // `patterns`: in the syntax of the catalogue. Those without a blank inside are left out: one token waits anyway.
    explicit LiveTails(const std::vector<std::string>& patterns);
    ~LiveTails();
    LiveTails(const LiveTails&) = delete;
    LiveTails& operator=(const LiveTails&) = delete;

    // The first place in the last kReach bytes of `text`, not before `from`, at which a match may have begun that needs
    // more text; text.size() when there is none.
    [[nodiscard]] std::size_t liveFrom(std::string_view text, std::size_t from) const;

private:
    struct Pattern; // built when a text first has its first bytes
    bool isBeginning(std::size_t index, std::string_view tail) const;
    bool isAlive(std::string_view tail) const;

    std::vector<std::unique_ptr<Pattern>> m_patterns;
    std::unordered_map<std::string, std::vector<std::size_t>> m_patternsOf; // by up to three first bytes, without case
};

// A pattern that matches every beginning of what `pattern` matches, the empty one included; "" when the pattern uses
// syntax that the catalogue does not. For LiveTails and its tests.
std::string beginningsOf(std::string_view pattern);

} // namespace gatehouse::dlp
