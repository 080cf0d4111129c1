// SPDX-License-Identifier: Apache-2.0
#include "limits/price_table.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

namespace gatehouse::limits {
namespace {

constexpr double kPerMillion = 1e-6;

std::unexpected<Error> unreadable() {
    return fail(ErrorKind::corrupt, "prices: a line is not in the form");
}

// Cuts the first piece off `rest`.
std::string_view take(std::string_view& rest, char separator) {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view piece = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return piece;
}

template <class Number>
std::optional<Number> numberOf(std::string_view text) {
    Number value{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc{} && end == text.data() + text.size() && value >= Number{} ? std::optional(value)
                                                                                           : std::nullopt;
}

// "5" or "5/200000:10".
Result<Rate> rateOf(std::string_view text) {
    const auto base = numberOf<double>(take(text, '/'));
    if (!base) {
        return unreadable();
    }
    Rate rate{*base};
    while (!text.empty()) {
        std::string_view step = take(text, '/');
        const auto above = numberOf<std::uint64_t>(take(step, ':'));
        const auto price = numberOf<double>(step);
        if (!above || !price || (!rate.steps.empty() && *above <= rate.steps.back().first)) {
            return unreadable();
        }
        rate.steps.emplace_back(*above, *price);
    }
    return rate;
}

Result<std::optional<Rate>> optionalRate(std::string_view text) {
    if (text.empty()) {
        return std::optional<Rate>();
    }
    GH_TRY(Rate rate, rateOf(text));
    return std::optional(std::move(rate));
}

} // namespace

double Rate::at(std::uint64_t inputTokens) const {
    double price = base;
    for (const auto& [above, dearer] : steps) {
        price = inputTokens > above ? dearer : price;
    }
    return price;
}

Cost costOf(const Price& price, const Usage& usage) {
    if (!price.output && usage.outputTokens > 0) {
        return std::nullopt;
    }
    const std::uint64_t cached = std::min(usage.cachedTokens, usage.inputTokens);
    const std::uint64_t written = std::min(usage.cacheWriteTokens, usage.inputTokens - cached);
    const auto part = [&usage](const Rate& rate, std::uint64_t tokens) {
        return rate.at(usage.inputTokens) * static_cast<double>(tokens) * kPerMillion;
    };
    return part(price.input, usage.inputTokens - cached - written) + part(price.cached.value_or(price.input), cached) +
           part(price.written.value_or(price.input), written) + part(price.output.value_or(Rate()), usage.outputTokens);
}

Result<PriceTable::Row> PriceTable::readRow(std::string_view line) {
    Row row;
    std::string_view patterns = take(line, '\t');
    while (!patterns.empty()) {
        const std::string_view pattern = take(patterns, ' ');
        const bool isOther = pattern.starts_with('!');
        (isOther ? row.others : row.models).emplace_back(pattern.substr(isOther ? 1 : 0));
    }
    if (row.models.empty()) {
        return unreadable();
    }
    GH_TRY(row.price.input, rateOf(take(line, '\t')));
    GH_TRY(row.price.output, optionalRate(take(line, '\t')));
    GH_TRY(row.price.cached, optionalRate(take(line, '\t')));
    GH_TRY(row.price.written, optionalRate(line));
    return row;
}

Result<> PriceTable::readFile(std::string_view text, PriceTable& table) {
    Sheet sheet;
    std::vector<std::string_view> vendors;
    while (!text.empty()) {
        std::string_view line = take(text, '\n');
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (line.starts_with("vendors\t") || line.starts_with("also\t")) {
            const bool isOwn = take(line, '\t') == "vendors";
            while (!line.empty()) {
                const std::string_view vendor = take(line, ' ');
                if (isOwn) {
                    vendors.push_back(vendor);
                } else {
                    sheet.also.emplace_back(vendor);
                }
            }
            continue;
        }
        GH_TRY(Row row, readRow(line));
        sheet.rows.push_back(std::move(row));
    }
    for (const std::string_view vendor : vendors) {
        table.m_byVendor.emplace(vendor, table.m_sheets.size());
    }
    table.m_sheets.push_back(std::move(sheet));
    return {};
}

Result<PriceTable> PriceTable::parse(std::span<const std::string_view> files) {
    PriceTable table;
    for (const std::string_view file : files) {
        GH_CHECK(readFile(file, table));
    }
    return table;
}

const Price* PriceTable::findIn(std::string_view vendor, std::string_view model) const {
    const auto sheet = m_byVendor.find(vendor);
    if (sheet == m_byVendor.end()) {
        return nullptr;
    }
    for (const Row& row : m_sheets[sheet->second].rows) {
        if (policy::anyMatches(row.models, model) && !policy::anyMatches(row.others, model)) {
            return &row.price;
        }
    }
    return nullptr;
}

const Price* PriceTable::find(std::string_view vendor, std::string_view model) const {
    if (const Price* const price = findIn(vendor, model)) {
        return price;
    }
    const auto sheet = m_byVendor.find(vendor);
    if (sheet != m_byVendor.end()) {
        for (const std::string& other : m_sheets[sheet->second].also) {
            if (const Price* const price = findIn(other, model)) {
                return price;
            }
        }
    }
    return nullptr;
}

} // namespace gatehouse::limits
