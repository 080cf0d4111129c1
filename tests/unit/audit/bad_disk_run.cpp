// SPDX-License-Identifier: Apache-2.0
// The child of tst_bad_disk: a short life of a store, with each kind of write that the agent does. Says each intent
// that was acknowledged, through write(), which is what the model of the disk hears, and carries on when one is
// refused.
#include <string>

#include <unistd.h>

#include "audit_fixture.h"

using namespace gatehouse;

namespace {

void say(const std::string& line) {
    static_cast<void>(!::write(STDOUT_FILENO, line.data(), line.size()));
}

// Waits for a store that can be written, as the agent does by its timer.
bool isWritable(audit::AuditStore& store) {
    for (int i = 0; i < 600 && !store.writer().isReady(); ++i) {
        static_cast<void>(store.state() == audit::StoreState::ready || store.retry().has_value());
        ::usleep(50'000);
    }
    return store.writer().isReady();
}

bool liveOnce(const std::string& folder, int from, int to) {
    const SystemClock clock;
    const auto secrets = secrets::openSecretStore({.dataFolder = folder, .mayUseKeyring = false});
    const auto store = secrets ? audit::openAudit({folder, **secrets, clock, {}})
                               : Result<std::unique_ptr<audit::AuditStore>>(std::unexpected(secrets.error()));
    if (!store) {
        return false;
    }
    for (int i = from; i < to && isWritable(**store); ++i) {
        audit::Writer& writer = (*store)->writer();
        const std::string id = "I" + std::to_string(i);
        if (i % 4 == 0) {
            static_cast<void>((*store)->vault().assign("conversation-" + id, "CARD", "value of " + id));
        }
        const bool isStrict = i % 3 != 1;
        if (test::commitNow(writer, test::makeIntent(id),
                            isStrict ? audit::Durability::strict : audit::Durability::balanced)) {
            say((isStrict ? "strict " : "balanced ") + id + "\n");
            static_cast<void>(writer.enqueue(test::makeOutcome(id)));
        }
        if (i % 2 == 0) {
            writer.flush();
        }
    }
    return isWritable(**store);
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        return 2;
    }
    const std::string folder = arguments[1];
    const SystemClock clock;
    // A start that meets the fault may fail; the next one must not.
    const auto live = [&](int from, int to) { return liveOnce(folder, from, to) || liveOnce(folder, from, to); };
    if (!live(0, 9)) {
        return 3;
    }
    if (const auto secrets = secrets::openSecretStore({.dataFolder = folder, .mayUseKeyring = false})) {
        static_cast<void>(audit::eraseOffline(folder, **secrets, {.interaction = "I2"}, clock));
    }
    return live(9, 14) ? 0 : 4;
}
