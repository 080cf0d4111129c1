// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "policy/policy.h"
#include "types/interaction.h"
#include "types/usage.h"

// How much a client may ask at once and per minute, and what a call cost. gw-io thread; nothing blocks.
namespace gatehouse::limits {

struct Caps {
    std::size_t runningPerClient = 64;
    std::size_t running = 256;
    std::uint32_t requestsPerMinute = 0; // per client, a sliding minute; 0 = no cap
};

// One running request; releases its place when destroyed.
class Ticket {
public:
    virtual ~Ticket() = default;
};

class Gate {
public:
    static std::unique_ptr<Gate> create(const Clock& clock);
    virtual ~Gate() = default;
    // A place, or limit: `native` of the error is the number of seconds after which a retry makes sense.
    [[nodiscard]] virtual Result<std::unique_ptr<Ticket>> enter(std::string_view client, const Caps& caps) = 0;
    [[nodiscard]] virtual std::size_t running() const = 0;
};

// A call whose tokens are paid for.
struct PricedCall {
    std::string_view vendor;   // the kind of provider whose price list holds (providers/vendors.h)
    std::string_view provider; // id in policy
    std::string_view model;    // the provider's own name for it
    Trust trust = Trust::external;
};

// What tokens cost: by the policy's prices, which the organisation agreed on; else nothing at a local provider; else by
// the vendors' price lists that the program was built with. Without a price the cost is unknown, which is not zero.
class Prices {
public:
    [[nodiscard]] static Result<std::unique_ptr<Prices>> create();
    virtual ~Prices() = default;
    [[nodiscard]] virtual Cost cost(const policy::PolicySet& policies, const PricedCall& call, const Usage& usage) = 0;
};

// A rough count for calls whose provider reports none: four bytes of UTF-8 to a token, at least one.
std::uint64_t estimateTokens(std::size_t bytes);

} // namespace gatehouse::limits
