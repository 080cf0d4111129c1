// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "dlp/validators.h"

// Where program text begins. A hit is a line that only one kind of language has; it counts where a line may begin and
// where no program has been under way for long, so that a file gives few findings, not one a line.
namespace gatehouse::dlp {
namespace {

constexpr std::size_t kCodeReach = 1024; // to the left; a stream keeps more
constexpr std::size_t kUnderWay = 9;     // signs of code in front from which a hit says nothing new

// Whether a line begins as those that open a program do; two of them are enough to say so.
bool opensProgram(std::string_view line) {
    constexpr std::array<std::string_view, 14> kOpenings{"import ",  "from ",      "#include", "using ", "package ",
                                                         "require",  "use ",       "def ",     "class ", "#define",
                                                         "template", "namespace ", "const ",   "func "};
    const std::size_t begin = line.find_first_not_of(" \t+>");
    if (begin == std::string_view::npos) {
        return false;
    }
    const std::string_view rest = line.substr(begin, 10);
    return std::any_of(kOpenings.begin(), kOpenings.end(),
                       [rest](std::string_view opening) { return rest.substr(0, opening.size()) == opening; });
}

// Line ends behind what ends lines of programs, calls, arrows, openings.
std::size_t signsOfCode(std::string_view window) {
    std::size_t signs = 0;
    for (std::size_t i = 0; i + 1 < window.size(); ++i) {
        const char c = window[i];
        const char next = window[i + 1];
        const bool endsLine = next == '\n' && (c == ';' || c == '{' || c == '}' || c == ':');
        const bool isPair = (c == '(' && next == ')') || (c == '=' && (next == '=' || next == '>')) ||
                            (c == '-' && next == '>') || (c == ':' && next == ':');
        signs += endsLine || isPair ? 1U : 0U;
        if (next == '\n') {
            signs += i + 2 < window.size() && opensProgram(window.substr(i + 2, 32)) ? kUnderWay / 2 + 1 : 0;
        }
    }
    signs += opensProgram(window.substr(0, 32)) ? kUnderWay / 2 + 1 : 0;
    return signs;
}

bool isLineStart(std::string_view text, std::size_t position) {
    std::size_t i = position;
    while (i > 0 && position - i < 64 &&
           (text[i - 1] == ' ' || text[i - 1] == '\t' || text[i - 1] == '+' || text[i - 1] == '>')) {
        --i;
    }
    return i == 0 || text[i - 1] == '\n' || (i >= 2 && text[i - 1] == '`' && text[i - 2] == '`');
}

} // namespace

void validateCode(std::string_view text, Span hit, std::vector<Candidate>& out) {
    Span span = hit;
    while (span.begin < span.end && (text[span.begin] == '\n' || text[span.begin] == '\r' || text[span.begin] == ' ' ||
                                     text[span.begin] == '\t')) {
        ++span.begin;
    }
    while (span.end > span.begin &&
           (text[span.end - 1] == '\n' || text[span.end - 1] == '\r' || text[span.end - 1] == ' ')) {
        --span.end;
    }
    if (span.begin >= span.end || !isLineStart(text, span.begin)) {
        return;
    }
    const std::size_t from = span.begin > kCodeReach ? span.begin - kCodeReach : 0;
    const std::size_t signs = signsOfCode(text.substr(from, span.begin - from));
    if (signs >= kUnderWay) {
        return;
    }
    out.push_back({span, std::min(0.15 * static_cast<double>(signs), 0.9), false, "a line that only a program has"});
}

} // namespace gatehouse::dlp
