// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/snapshot.h"
#include "policy/policy.h"

// Where policies come from and which one holds. Sources, highest first: the plain documents of the machine's folder by
// name (*.json), its signed bundles by name (*.p7, verified against signers.pem beside them), the person's file. A
// source that is broken, replayed or expired keeps its last good document, else the built-in strict default takes its
// place. With no source at all the starter policy holds.
namespace gatehouse::policy {

struct StoreOptions {
    std::string machineFolder = "/etc/gatehouse/policy.d"; // empty: none
    std::string userFile;                                  // empty: none; .p7 for a signed bundle
    bool isUserFileRequired = false;                       // true (--policy FILE): a missing file is a broken one
    std::string dataFolder;                                // of the agent; the store keeps its state in <data>/policy
    bool isReadOnly = false; // for tools that look beside a running agent: state and copies are not written
};

enum class SourceKind { machine, bundle, user, builtIn };
std::string_view sourceKindWord(SourceKind kind);
enum class SourceState { current, lastGood, strictDefault };
std::string_view sourceStateWord(SourceState state);

// One source and what became of it, for `policy show --why` and the tray.
struct SourceReport {
    SourceKind kind = SourceKind::builtIn;
    SourceState state = SourceState::current;
    std::string path;                     // empty for the starter
    std::string signer;                   // subject of the certificate that signed it
    std::string problem;                  // why the newest document does not hold; empty when it does
    std::vector<Fault> faults;            // of a document that does not compile
    std::shared_ptr<const Policy> policy; // what holds for this source
};

// check() and sources() belong to one thread (gw-io); current() is safe on any.
class PolicyStore final {
public:
    // Loads everything once. Never fails: what is wrong is told by problem() of the set and by sources().
    PolicyStore(StoreOptions options, const Clock& clock);
    ~PolicyStore();
    PolicyStore(const PolicyStore&) = delete;
    PolicyStore& operator=(const PolicyStore&) = delete;

    [[nodiscard]] std::shared_ptr<const PolicySet> current() const { return m_current.get(); }
    // Looks whether a source changed, came, went, expired or became valid, and loads anew if so; call it every 2 s.
    // Costs a few stat calls when nothing changed. True when current() is another set than before.
    bool check();
    [[nodiscard]] const std::vector<SourceReport>& sources() const { return m_sources; }

private:
    class State;
    std::unique_ptr<State> m_state;
    std::vector<SourceReport> m_sources;
    Snapshot<PolicySet> m_current;
    void load();
};

} // namespace gatehouse::policy
