// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <unordered_map>
#include <utility>

#include "limits/limits.h"
#include "limits/price_files.h"
#include "limits/price_table.h"
#include "policy/match.h"

namespace gatehouse::limits {
namespace {

constexpr std::size_t kMaxRemembered = 1024;

class TablePrices final : public Prices {
public:
    explicit TablePrices(PriceTable table) : m_table(std::move(table)) {}

    Cost cost(const policy::PolicySet& policies, const PricedCall& call, const Usage& usage) override {
        if (const policy::ModelPrice* const agreed = policy::priceOf(policies, call.provider, call.model)) {
            const auto rate = [](double price) { return Rate{price}; };
            Price price{rate(agreed->input), rate(agreed->output), std::nullopt, std::nullopt};
            price.cached = agreed->cachedInput ? std::optional(rate(*agreed->cachedInput)) : std::nullopt;
            price.written = agreed->cacheWrite ? std::optional(rate(*agreed->cacheWrite)) : std::nullopt;
            return costOf(price, usage);
        }
        if (call.trust == Trust::local) {
            return 0.0;
        }
        const Price* const price = remembered(call);
        return price == nullptr ? std::nullopt : costOf(*price, usage);
    }

private:
    // A vendor can have hundreds of rows, and a client asks for the same few models all day.
    const Price* remembered(const PricedCall& call) {
        std::string name = std::string(call.vendor) + '\n' + std::string(call.model);
        if (const auto known = m_known.find(name); known != m_known.end()) {
            return known->second;
        }
        if (m_known.size() >= kMaxRemembered) {
            m_known.clear();
        }
        return m_known.emplace(std::move(name), m_table.find(call.vendor, call.model)).first->second;
    }

    PriceTable m_table;
    std::unordered_map<std::string, const Price*> m_known;
};

} // namespace

Result<std::unique_ptr<Prices>> Prices::create() {
    GH_TRY(PriceTable table, PriceTable::parse(priceFiles()));
    return std::make_unique<TablePrices>(std::move(table));
}

} // namespace gatehouse::limits
