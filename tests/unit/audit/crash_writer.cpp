// SPDX-License-Identifier: Apache-2.0
// The child of tst_crash: commits intents for ever and prints each acknowledged id, until it is killed.
#include <cstdio>
#include <string>

#include "audit_fixture.h"

using namespace gatehouse;

int main(int count, char** arguments) {
    if (count != 3) {
        return 2;
    }
    const SystemClock clock;
    const auto secrets = secrets::openSecretStore({.dataFolder = arguments[1], .mayUseKeyring = false});
    const auto store = audit::openAudit({arguments[1], **secrets, clock});
    if (!store || (*store)->state() != audit::StoreState::ready) {
        return 3;
    }
    for (int i = 0;; ++i) {
        const std::string id = std::string(arguments[2]) + "-" + std::to_string(i);
        // A third has a value of the vault; of the others, the balanced ones go through the journal.
        const auto number = i % 3 == 0 ? (*store)->vault().assign("conversation-" + id, "CARD", "value of " + id)
                                       : Result<std::uint32_t>(0U);
        const auto durability = i % 2 == 0 ? audit::Durability::strict : audit::Durability::balanced;
        if (!number || !test::commitNow((*store)->writer(), test::makeIntent(id), durability)) {
            return 4;
        }
        std::printf("%s\n", id.c_str());
        std::fflush(stdout);
        static_cast<void>((*store)->writer().enqueue(test::makeOutcome(id)));
    }
}
