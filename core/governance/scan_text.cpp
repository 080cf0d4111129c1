// SPDX-License-Identifier: Apache-2.0
#include "governance/scan_text.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gatehouse::governance {
namespace {

constexpr std::size_t kSmallestPiece = 32UL * 1024UL;
constexpr std::size_t kOverlap = 4UL * 1024UL; // more than a value and the words around it that confirm it

bool isStronger(const Finding& a, const Finding& b) {
    return a.validated != b.validated ? a.validated : a.confidence > b.confidence;
}

std::size_t characterFrom(std::string_view text, std::size_t at) {
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
        ++at;
    }
    return at;
}

} // namespace

Result<std::vector<Finding>> scanText(const dlp::Engine& engine, dlp::Scratch& scratch, std::string_view text) {
    auto whole = engine.scan(text, scratch);
    if (whole || whole.error().kind != ErrorKind::limit || text.size() <= kSmallestPiece) {
        return whole;
    }
    const std::size_t second = characterFrom(text, text.size() / 2 - kOverlap / 2);
    const std::size_t firstEnd = characterFrom(text, text.size() / 2 + kOverlap / 2);
    GH_TRY(auto before, scanText(engine, scratch, text.substr(0, firstEnd)));
    GH_TRY(auto behind, scanText(engine, scratch, text.substr(second)));
    for (Finding& finding : behind) {
        finding.begin += second;
        finding.end += second;
    }
    return mergeFindings(std::move(before), std::move(behind));
}

std::vector<Finding> mergeFindings(std::vector<Finding> a, std::vector<Finding> b) {
    std::vector<Finding> out;
    std::size_t i = 0;
    std::size_t k = 0;
    while (i < a.size() && k < b.size()) {
        if (a[i].end <= b[k].begin) {
            out.push_back(std::move(a[i++]));
        } else if (b[k].end <= a[i].begin) {
            out.push_back(std::move(b[k++]));
        } else {
            const bool isFirstStronger = !isStronger(b[k], a[i]);
            const Finding& strong = isFirstStronger ? a[i] : b[k];
            Finding& weak = isFirstStronger ? b[k] : a[i];
            if (weak.begin < strong.begin) {
                out.push_back(weak);
                out.back().end = strong.begin;
            }
            weak.begin = strong.end;
            if (weak.begin >= weak.end) {
                ++(isFirstStronger ? k : i);
            }
        }
    }
    std::move(a.begin() + static_cast<std::ptrdiff_t>(i), a.end(), std::back_inserter(out));
    std::move(b.begin() + static_cast<std::ptrdiff_t>(k), b.end(), std::back_inserter(out));
    return out;
}

} // namespace gatehouse::governance
