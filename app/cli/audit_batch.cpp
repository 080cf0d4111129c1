// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "audit/chain_reader.h"
#include "audit_verbs.h"
#include "base/clock.h"
#include "client.h"
#include "options.h"
#include "policy/store.h"
#include "policy_verbs.h"
#include "sync/courier.h"
#include "sync/cutter.h"
#include "sync_settings.h"

namespace gatehouse::cli {
namespace {

struct Parts {
    std::string folder;
    std::unique_ptr<secrets::SecretStore> secrets;
    std::optional<sync::Outbox> outbox;
};

Result<Parts> openParts(const Options& options) {
    Parts parts;
    GH_TRY(parts.folder, dataFolderOf(options));
    auto secrets = secrets::openExistingSecretStore({.dataFolder = parts.folder});
    if (!secrets) {
        return secrets.error().kind == ErrorKind::notFound
                   ? fail(ErrorKind::notFound, "there is no audit in " + parts.folder)
                   : std::unexpected(secrets.error());
    }
    parts.secrets = std::move(*secrets);
    auto outbox = sync::Outbox::open(parts.folder);
    if (!outbox) {
        return outbox.error().kind == ErrorKind::conflict
                   ? fail(ErrorKind::conflict, "the agent, or another gatehousectl, works on the outbox now; try again")
                   : std::unexpected(outbox.error());
    }
    parts.outbox.emplace(std::move(*outbox));
    return parts;
}

int markDelivered(const Options& options, std::string_view number) {
    std::uint64_t to = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), to);
    if (error != std::errc() || end != number.data() + number.size() || to == 0) {
        return complainOfAudit("--delivered takes the number of the last record that arrived");
    }
    auto parts = openParts(options);
    if (!parts) {
        return complainOfAudit(parts.error().what);
    }
    if (const auto marked = parts->outbox->markDelivered(to, std::nullopt); !marked) {
        return complainOfAudit(marked.error().what, 1);
    }
    std::printf("%zu batches wait\n", parts->outbox->waiting().size());
    return 0;
}

Result<sync::CutReport> cutAll(Parts& parts, const sync::Device& device, const policy::PolicySet& policies) {
    GH_TRY(const auto chain, audit::ChainReader::open(parts.folder, *parts.secrets));
    sync::CutOptions cut;
    cut.auditorsPem = policies.sync()->auditorsPem;
    cut.hasTexts = policies.sync()->hasTexts;
    cut.clear = app::clearFields(*policies.sync());
    cut.spoolBytes = policies.sync()->spoolBytes;
    cut.policySerial = policies.primary().serial();
    cut.nowMs = std::chrono::duration_cast<std::chrono::milliseconds>(SystemClock().wall().time_since_epoch()).count();
    return sync::cut(*chain, *parts.outbox, device, cut);
}

int cutAndCopy(const Options& options, const std::string& out) {
    const SystemClock clock;
    const policy::PolicyStore store(policyverbs::storeOptions(options), clock);
    const auto policies = store.current();
    if (!policies->sync()) {
        return complainOfAudit("the policy has no section \"sync\" that says who may open the records");
    }
    auto parts = openParts(options);
    if (!parts) {
        return complainOfAudit(parts.error().what);
    }
    const auto device = sync::obtainDevice(*parts->secrets);
    const auto report = device ? cutAll(*parts, *device, *policies) : std::unexpected(device.error());
    const auto paths = report ? sync::copyWaiting(*parts->outbox, device->id, out) : std::unexpected(report.error());
    if (!paths) {
        return complainOfAudit(paths.error().what, 1);
    }
    for (const std::string& path : *paths) {
        std::printf("%s\n", path.c_str());
    }
    if (report->isDiverged) {
        complainOfAudit("the audit is not the one that was batched before: it was restored or replaced; what it holds "
                        "now is in these batches",
                        1);
    }
    if (report->left > 0) {
        complainOfAudit(fmt::format("{} records wait for room: mark what arrived with --delivered", report->left), 1);
    }
    std::fprintf(stderr, "%zu batches; once they arrived: gatehousectl audit batch --delivered %llu\n", paths->size(),
                 static_cast<unsigned long long>(parts->outbox->newest().value_or(ledger::Head{}).sequence));
    return 0;
}

} // namespace

int runAuditBatch(std::span<const std::string_view> arguments) {
    constexpr std::array<std::string_view, 0> kFlags{};
    constexpr std::array<std::string_view, 5> kNamed{"--out", "--delivered", "--data", "--policy", "--machine"};
    const auto options = parseOptions("audit batch", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    if (!options->rest.empty() || options->has("--out") == options->has("--delivered")) {
        return complainOfAudit("give --out FOLDER, or --delivered RECORD; gatehousectl audit --help tells more");
    }
    return options->has("--delivered") ? markDelivered(*options, *options->value("--delivered"))
                                       : cutAndCopy(*options, *options->value("--out"));
}

} // namespace gatehouse::cli
