// SPDX-License-Identifier: Apache-2.0
#include "text/finding_words.h"

#include <QStringList>
#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "text/words.h"

namespace gatehouse::ui::text {
namespace {

struct Noun {
    std::string_view key; // the last component of a detector's id, or the word of a class
    const char* one;
    const char* many;
};

constexpr std::array kDetectors{
    Noun{"card", QT_TRANSLATE_NOOP("Gatehouse", "payment card"), QT_TRANSLATE_NOOP("Gatehouse", "payment cards")},
    Noun{"iban", QT_TRANSLATE_NOOP("Gatehouse", "bank account (IBAN)"),
         QT_TRANSLATE_NOOP("Gatehouse", "bank accounts (IBAN)")},
    Noun{"ssn", QT_TRANSLATE_NOOP("Gatehouse", "social security number"),
         QT_TRANSLATE_NOOP("Gatehouse", "social security numbers")},
    Noun{"email", QT_TRANSLATE_NOOP("Gatehouse", "e-mail address"), QT_TRANSLATE_NOOP("Gatehouse", "e-mail addresses")},
    Noun{"phone", QT_TRANSLATE_NOOP("Gatehouse", "phone number"), QT_TRANSLATE_NOOP("Gatehouse", "phone numbers")},
    Noun{"ipv4", QT_TRANSLATE_NOOP("Gatehouse", "IP address"), QT_TRANSLATE_NOOP("Gatehouse", "IP addresses")},
    Noun{"ipv6", QT_TRANSLATE_NOOP("Gatehouse", "IP address"), QT_TRANSLATE_NOOP("Gatehouse", "IP addresses")},
    Noun{"person", QT_TRANSLATE_NOOP("Gatehouse", "person's name"), QT_TRANSLATE_NOOP("Gatehouse", "persons' names")},
    Noun{"birth-date", QT_TRANSLATE_NOOP("Gatehouse", "date of birth"),
         QT_TRANSLATE_NOOP("Gatehouse", "dates of birth")},
    Noun{"npi", QT_TRANSLATE_NOOP("Gatehouse", "care provider number"),
         QT_TRANSLATE_NOOP("Gatehouse", "care provider numbers")},
    Noun{"icd10", QT_TRANSLATE_NOOP("Gatehouse", "diagnosis code"), QT_TRANSLATE_NOOP("Gatehouse", "diagnosis codes")},
    Noun{"password", QT_TRANSLATE_NOOP("Gatehouse", "password"), QT_TRANSLATE_NOOP("Gatehouse", "passwords")},
    Noun{"url-userinfo", QT_TRANSLATE_NOOP("Gatehouse", "password in an address"),
         QT_TRANSLATE_NOOP("Gatehouse", "passwords in addresses")},
    Noun{"jwt", QT_TRANSLATE_NOOP("Gatehouse", "sign-in token"), QT_TRANSLATE_NOOP("Gatehouse", "sign-in tokens")},
    Noun{"token", QT_TRANSLATE_NOOP("Gatehouse", "access token"), QT_TRANSLATE_NOOP("Gatehouse", "access tokens")},
    Noun{"fine-grained", QT_TRANSLATE_NOOP("Gatehouse", "access token"),
         QT_TRANSLATE_NOOP("Gatehouse", "access tokens")},
    Noun{"access-key", QT_TRANSLATE_NOOP("Gatehouse", "API key"), QT_TRANSLATE_NOOP("Gatehouse", "API keys")},
    Noun{"secret-key", QT_TRANSLATE_NOOP("Gatehouse", "API key"), QT_TRANSLATE_NOOP("Gatehouse", "API keys")},
    Noun{"api-key", QT_TRANSLATE_NOOP("Gatehouse", "API key"), QT_TRANSLATE_NOOP("Gatehouse", "API keys")},
    Noun{"key", QT_TRANSLATE_NOOP("Gatehouse", "API key"), QT_TRANSLATE_NOOP("Gatehouse", "API keys")},
    Noun{"private-key", QT_TRANSLATE_NOOP("Gatehouse", "private key"), QT_TRANSLATE_NOOP("Gatehouse", "private keys")},
};

// In the order of FindingClass.
constexpr std::array kClasses{
    Noun{"pii", QT_TRANSLATE_NOOP("Gatehouse", "personal detail"), QT_TRANSLATE_NOOP("Gatehouse", "personal details")},
    Noun{"pci", QT_TRANSLATE_NOOP("Gatehouse", "payment detail"), QT_TRANSLATE_NOOP("Gatehouse", "payment details")},
    Noun{"phi", QT_TRANSLATE_NOOP("Gatehouse", "health detail"), QT_TRANSLATE_NOOP("Gatehouse", "health details")},
    Noun{"secret", QT_TRANSLATE_NOOP("Gatehouse", "secret key"), QT_TRANSLATE_NOOP("Gatehouse", "secret keys")},
    Noun{"credential", QT_TRANSLATE_NOOP("Gatehouse", "credential"), QT_TRANSLATE_NOOP("Gatehouse", "credentials")},
    Noun{"source-code", QT_TRANSLATE_NOOP("Gatehouse", "piece of source code"),
         QT_TRANSLATE_NOOP("Gatehouse", "pieces of source code")},
    Noun{"financial", QT_TRANSLATE_NOOP("Gatehouse", "financial detail"),
         QT_TRANSLATE_NOOP("Gatehouse", "financial details")},
    Noun{"legal", QT_TRANSLATE_NOOP("Gatehouse", "legal detail"), QT_TRANSLATE_NOOP("Gatehouse", "legal details")},
    Noun{"confidential", QT_TRANSLATE_NOOP("Gatehouse", "confidential passage"),
         QT_TRANSLATE_NOOP("Gatehouse", "confidential passages")},
    Noun{"injection", QT_TRANSLATE_NOOP("Gatehouse", "hidden instruction"),
         QT_TRANSLATE_NOOP("Gatehouse", "hidden instructions")},
    Noun{"exfiltration", QT_TRANSLATE_NOOP("Gatehouse", "data leak attempt"),
         QT_TRANSLATE_NOOP("Gatehouse", "data leak attempts")},
    Noun{"harmful", QT_TRANSLATE_NOOP("Gatehouse", "harmful passage"),
         QT_TRANSLATE_NOOP("Gatehouse", "harmful passages")},
    Noun{"unreadable", QT_TRANSLATE_NOOP("Gatehouse", "unreadable part"),
         QT_TRANSLATE_NOOP("Gatehouse", "unreadable parts")},
    Noun{"custom", QT_TRANSLATE_NOOP("Gatehouse", "protected word"), QT_TRANSLATE_NOOP("Gatehouse", "protected words")},
};

const Noun& nounFor(const FindingCount& finding) {
    const std::string name = finding.detector.section(QLatin1Char('.'), -1).toStdString();
    const auto* const found =
        std::find_if(kDetectors.begin(), kDetectors.end(), [&name](const Noun& noun) { return noun.key == name; });
    return found != kDetectors.end() ? *found : kClasses.at(static_cast<std::size_t>(finding.findingClass));
}

QString counted(const Noun& noun, quint64 count) {
    return QString::number(count) + QLatin1Char(' ') + Words::tr(count == 1 ? noun.one : noun.many);
}

} // namespace

QString countedFinding(const FindingCount& finding) {
    return counted(nounFor(finding), finding.count);
}

QString listedFindings(const std::vector<FindingCount>& findings) {
    std::vector<std::pair<const Noun*, quint64>> sums;
    for (const FindingCount& finding : findings) {
        const Noun& noun = nounFor(finding);
        const auto same = std::find_if(sums.begin(), sums.end(), [&noun](const auto& sum) {
            return std::string_view(sum.first->one) == noun.one;
        });
        if (same == sums.end()) {
            sums.emplace_back(&noun, finding.count);
        } else {
            same->second += finding.count;
        }
    }
    QStringList words;
    for (const auto& [noun, count] : sums) {
        words.append(counted(*noun, count));
    }
    return words.join(QStringLiteral(", "));
}

quint64 totalCount(const std::vector<FindingCount>& findings) {
    return std::accumulate(findings.begin(), findings.end(), quint64{0},
                           [](quint64 sum, const FindingCount& finding) { return sum + finding.count; });
}

} // namespace gatehouse::ui::text
