// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "dlp/catalogue_engine.h"
#include "dlp/context.h"

// A stream is scanned over a window: history that was released already (for context and for what stands left of a
// value) and text that waits. Text leaves when nothing that begins in it can still change: no candidate with an open
// end, and no tail that could become the start of one.
namespace gatehouse::dlp {
namespace {

constexpr std::size_t kLookBehind = 768;                     // what stands left of a value and belongs to it
constexpr std::size_t kHistory = kColumnReach + kLookBehind; // and the headings of tables
constexpr std::size_t kTailReach = 256;         // how far back tokens with gaps (card groups, names) can go
constexpr std::size_t kMaxHeld = 24UL * 1024UL; // above every key block; an endless token does not hold memory
constexpr std::string_view kBlockHead = "-----BEGIN ";

bool isBreak(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Characters of scripts without spaces end a token: no detector's value goes across them. Latin letters beyond ASCII
// (lead bytes C3–C9) and invisible or exotic marks (C2, CC–CD, E2, EF …) do not.
bool isScriptBreak(unsigned char lead) {
    return (lead >= 0xE3 && lead <= 0xEC);
}

// Tokens that may be followed by more of the same value: digits, capitals, an opening label.
bool isConnectable(std::string_view token) {
    if (token.empty()) {
        return true;
    }
    const char first = token.front();
    const bool hasDigit = std::any_of(token.begin(), token.end(), isDigit);
    const bool hasOther =
        std::any_of(token.begin(), token.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
    const bool isMonth = std::any_of(kMonths.begin(), kMonths.end(),
                                     [token](std::string_view month) { return token.substr(0, 3) == month; });
    return hasDigit || hasOther || isMonth || isUpper(first) || !isLetter(first);
}

// Where the tail begins that must wait for more text; text.size() when nothing must.
std::size_t tailStart(std::string_view text, std::size_t from) {
    std::size_t start = text.size();
    const auto tokenStart = [text, from](std::size_t end) {
        std::size_t begin = end;
        while (begin > from && !isBreak(text[begin - 1])) {
            const auto byte = static_cast<unsigned char>(text[begin - 1]);
            if (isScriptBreak(byte) && end - begin >= 2) {
                return begin + 2;
            }
            --begin;
        }
        return begin;
    };
    start = tokenStart(start);
    const std::size_t limit = text.size() > from + kTailReach ? text.size() - kTailReach : from;
    while (start > limit) {
        std::size_t gap = start;
        while (gap > limit && isBreak(text[gap - 1]) && start - gap < 3) {
            --gap;
        }
        if (gap == start) {
            break;
        }
        const std::size_t previous = tokenStart(gap);
        if (!isConnectable(text.substr(previous, gap - previous))) {
            break;
        }
        start = previous;
    }
    return start;
}

// Whether the block that begins at `head` has its whole last line.
bool hasFoot(std::string_view text, std::size_t head) {
    constexpr std::string_view kFoot = "-----END ";
    const std::size_t foot = text.find(kFoot, head);
    return foot != std::string_view::npos && text.find("-----", foot + kFoot.size()) != std::string_view::npos;
}

class WindowScanner final : public StreamScanner {
public:
    explicit WindowScanner(std::shared_ptr<const CatalogueEngine> engine)
        : m_engine(std::move(engine))
        , m_scratch(m_engine->makeScratch()) {}

    Result<Step> push(std::string_view chunk) override {
        m_window += chunk;
        return advance(false);
    }
    Result<Step> finish() override { return advance(true); }
    Result<Step> pushLast(std::string_view chunk) override {
        m_window += chunk;
        return advance(true);
    }
    [[nodiscard]] std::size_t heldBytes() const override { return m_window.size() - m_released; }

private:
    // Where the waiting text must be cut so that everything before it is decided.
    std::size_t cut(const std::vector<Scored>& scored) const {
        std::size_t position = tailStart(m_window, m_released);
        if (m_engine->findsNames()) {
            position = std::min(position, undecidedName(m_window, m_released));
        }
        // A key block without its end is one value, however many lines it has.
        const std::size_t head = m_window.rfind(kBlockHead);
        if (head != std::string::npos && !hasFoot(m_window, head) && m_window.size() - head < kKeyBlockReach) {
            position = std::min(position, std::max(head, m_released));
        }
        position = std::min(position, m_engine->liveFrom(m_window, m_released));
        position = std::min(position, m_engine->unfinishedData(m_window, m_released));
        // Candidates are ordered by begin: going backwards closes clusters over the cut.
        bool hasMoved = true;
        while (hasMoved) {
            hasMoved = false;
            for (const Scored& candidate : scored) {
                const bool isUndecided = candidate.isOpen || (candidate.isReportable && candidate.span.end > position);
                if (isUndecided && candidate.span.begin >= m_released && candidate.span.begin < position) {
                    position = candidate.span.begin;
                    hasMoved = true;
                }
            }
        }
        if (m_window.size() - position > kMaxHeld) {
            position = utf8Boundary(m_window, m_window.size() - kMaxHeld);
        }
        return std::max(position, m_released);
    }

    Result<Step> advance(bool isEnd) {
        Step step;
        Window window;
        window.text = m_window;
        window.from = utf8Boundary(m_window, m_released > kLookBehind ? m_released - kLookBehind : 0);
        window.released = m_released;
        window.isStart = m_base == 0;
        window.isComplete = isEnd;
        GH_TRY(const std::vector<Scored> scored, m_engine->collect(window, *m_scratch));
        const std::size_t position = isEnd ? m_window.size() : cut(scored);
        std::vector<Scored> decided;
        for (const Scored& candidate : scored) {
            if (candidate.span.begin >= m_released && candidate.span.begin < position) {
                decided.push_back(candidate);
                decided.back().span.end = std::min(candidate.span.end, position);
            }
        }
        m_engine->resolve(decided, step.findings);
        for (Finding& finding : step.findings) {
            finding.begin += m_base;
            finding.end += m_base;
        }
        step.text = m_window.substr(m_released, position - m_released);
        m_released = position;
        if (m_released > kHistory * 2) {
            std::size_t drop = m_released - kHistory;
            while (drop > 0 && (static_cast<unsigned char>(m_window[drop]) & 0xC0U) == 0x80U) {
                --drop;
            }
            m_window.erase(0, drop);
            m_base += drop;
            m_released -= drop;
        }
        return step;
    }

    std::shared_ptr<const CatalogueEngine> m_engine;
    ScratchPtr m_scratch;
    std::string m_window;       // history, then what waits
    std::size_t m_released = 0; // where the waiting text begins in the window
    std::size_t m_base = 0;     // offset of the window in the stream
};

} // namespace

std::unique_ptr<StreamScanner> StreamScanner::create(std::shared_ptr<const Engine> engine) {
    // There is one implementation of Engine; see catalogue_engine.h.
    return std::make_unique<WindowScanner>(std::static_pointer_cast<const CatalogueEngine>(std::move(engine)));
}

} // namespace gatehouse::dlp
