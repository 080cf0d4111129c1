// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "policy/glob.h"
#include "types/usage.h"

// What the vendors ask for tokens, as it was when the program was built. Format of the files: tools/make_prices.py.
namespace gatehouse::limits {

// US dollars for a million tokens; a dearer one can hold for all of a call with a long input.
struct Rate {
    double base = 0;
    std::vector<std::pair<std::uint64_t, double>> steps{}; // above so many tokens of input, ascending

    [[nodiscard]] double at(std::uint64_t inputTokens) const;
};

struct Price {
    Rate input;
    std::optional<Rate> output;
    std::optional<Rate> cached;  // input that is read from a cache; like other input when absent
    std::optional<Rate> written; // input that is written into one; like other input when absent
};

// Unknown when text was written and its price is not known.
Cost costOf(const Price& price, const Usage& usage);

class PriceTable final {
public:
    // corrupt when a file is not in the form.
    [[nodiscard]] static Result<PriceTable> parse(std::span<const std::string_view> files);
    // The price of a model at a kind of provider (providers/vendors.h); null when it is not known.
    [[nodiscard]] const Price* find(std::string_view vendor, std::string_view model) const;

private:
    struct Row {
        std::vector<policy::Glob> models;
        std::vector<policy::Glob> others; // that it does not stand for
        Price price;
    };
    struct Sheet {
        std::vector<Row> rows;
        std::vector<std::string> also; // vendors whose rows hold behind these
    };
    [[nodiscard]] static Result<Row> readRow(std::string_view line);
    [[nodiscard]] static Result<> readFile(std::string_view text, PriceTable& table);
    [[nodiscard]] const Price* findIn(std::string_view vendor, std::string_view model) const;

    std::vector<Sheet> m_sheets;
    std::map<std::string, std::size_t, std::less<>> m_byVendor;
};

} // namespace gatehouse::limits
