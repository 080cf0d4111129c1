// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <functional>

#include "policy/glob.h"

using namespace gatehouse::policy;

namespace {

// The definition of a glob, slow and plain, to compare with.
bool reference(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) {
        return text.empty();
    }
    if (pattern[0] == '*') {
        return reference(pattern.substr(1), text) || (!text.empty() && reference(pattern, text.substr(1)));
    }
    return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
           reference(pattern.substr(1), text.substr(1));
}

void forEachWord(std::string_view letters, std::size_t maximum, const std::function<void(const std::string&)>& visit) {
    std::vector<std::string> words{""};
    for (std::size_t i = 0; i < words.size(); ++i) {
        visit(words[i]);
        if (words[i].size() < maximum) {
            for (const char letter : letters) {
                words.push_back(words[i] + letter);
            }
        }
    }
}

} // namespace

class TestGlob final : public QObject {
    Q_OBJECT
private slots:
    void everyShortPatternAgreesWithTheDefinition() {
        forEachWord("ab*?", 4, [](const std::string& pattern) {
            const Glob glob(pattern);
            forEachWord("ab", 5, [&](const std::string& text) {
                if (glob.matches(text) != reference(pattern, text)) {
                    QFAIL(("pattern " + pattern + " text " + text).c_str());
                }
            });
        });
    }

    void caseDoesNotCount() {
        QVERIFY(Glob("GPT-4*").matches("gpt-4O"));
        QVERIFY(Glob("*.Example.COM").matches("A.eXAMPLE.com"));
        QVERIFY(Glob("A?C").matches("abc"));
        QVERIFY(!Glob("a").matches("b"));
    }

    void manyStarsStayCheap() {
        std::string pattern;
        for (int i = 0; i < 100; ++i) {
            pattern += "*a";
        }
        const Glob glob(pattern + "b");
        QVERIFY(!glob.matches(std::string(20'000, 'a')));
    }
};

QTEST_GUILESS_MAIN(TestGlob)
#include "tst_glob.moc"
