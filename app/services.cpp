// SPDX-License-Identifier: Apache-2.0
#include "services.h"

#include <cstdlib>
#include <string_view>

#include "base/crypto.h"
#include "base/log.h"
#include "engine_options.h"
#include "extract/helper_path.h"
#include "platform/paths.h"
#include "platform/secure_file.h"
#include "rules_loader.h"

namespace gatehouse::app {
namespace {

constexpr std::string_view kConversationKey = "conversation-key";
constexpr std::size_t kKeyBytes = 32;

// GATEHOUSE_KEYRING=off: as if no keyring could be reached; for servers and tests that have none or must not touch it.
bool mayUseKeyring() {
    const char* const word = std::getenv("GATEHOUSE_KEYRING");
    return word == nullptr || std::string_view(word) != "off";
}

// Conversations are told apart by a keyed hash, and the key must survive a restart so that placeholders do.
SecureBytes conversationKey(secrets::SecretStore& store) {
    auto known = store.read(kConversationKey);
    if (known && known->size() == kKeyBytes) {
        return std::move(*known);
    }
    const SecureBytes fresh(randomBytes(kKeyBytes));
    if (!known && known.error().kind == ErrorKind::notFound) {
        if (const auto written = store.write(kConversationKey, fresh); !written) {
            logWarning("agent", "the key of conversations could not be kept: {}", written.error().what);
        }
    }
    return fresh; // a locked store: nothing leaves anyway
}

Result<std::string> chooseDataFolder(const AgentOptions& options) {
    std::string folder = options.dataFolder;
    if (folder.empty()) {
        GH_TRY(folder, platform::dataFolder());
    }
    GH_CHECK(platform::ensurePrivateFolder(folder));
    return platform::canonicalFolder(folder);
}

policy::StoreOptions policyOptions(const AgentOptions& options, const std::string& dataFolder) {
    policy::StoreOptions storeOptions;
    if (!options.machinePolicyFolder.empty()) {
        storeOptions.machineFolder = options.machinePolicyFolder;
    }
    storeOptions.dataFolder = dataFolder;
    if (options.policyFile) {
        storeOptions.userFile = *options.policyFile;
        storeOptions.isUserFileRequired = true;
    } else if (const auto config = platform::configFolder()) {
        storeOptions.userFile = *config + "/policy.json";
    }
    return storeOptions;
}

} // namespace

Result<std::unique_ptr<Foundation>> openFoundation(const AgentOptions& options, AgentObserver* observer) {
    auto foundation = std::make_unique<Foundation>();
    GH_TRY(foundation->dataFolder, chooseDataFolder(options));
    if (options.hasLogFile) {
        const std::string logs = foundation->dataFolder + "/logs";
        if (!platform::ensurePrivateFolder(logs) || !openLogFile(logs + "/gatehouse.log")) {
            logWarning("agent", "the log file cannot be written; this is only on stderr");
        }
    }
    foundation->socketPath = options.socketPath;
    if (foundation->socketPath.empty()) {
        GH_TRY(foundation->socketPath, platform::agentSocketPath());
    }
    GH_TRY(foundation->secrets, secrets::openSecretStore({foundation->dataFolder, mayUseKeyring()}));
    GH_TRY(foundation->audit,
           audit::openAudit({foundation->dataFolder, *foundation->secrets, foundation->clock, std::string()}));
    foundation->policies =
        std::make_unique<policy::PolicyStore>(policyOptions(options, foundation->dataFolder), foundation->clock);
    foundation->registeredFolders = registeredFolders(options.policyFile.value_or(""), foundation->dataFolder);
    auto rules = makeRules(foundation->policies->current(), nullptr, foundation->registeredFolders);
    if (!rules) {
        // A policy whose detectors cannot be used is no valid policy: the strict default holds, and says why.
        logError("agent", "the policy's detectors cannot be used: {}", rules.error().what);
        auto strict = std::make_shared<const policy::PolicySet>(
            std::vector<std::shared_ptr<const policy::Policy>>{policy::Policy::builtInDefault()},
            "the policy's detectors cannot be used: " + rules.error().what);
        rules = makeRules(std::move(strict), nullptr, {});
    }
    if (!rules) {
        return std::unexpected(rules.error());
    }
    foundation->rules = std::make_unique<Snapshot<governance::Rules>>(std::move(*rules));
    foundation->writer = std::make_unique<NotifyingWriter>(foundation->audit->writer(), observer);
    foundation->extractor = documents::makeExtractor({.helper = extractHelperPath()});
    foundation->model = LoopbackModel::create();
    foundation->governor =
        governance::makeGovernor({*foundation->rules, *foundation->writer, foundation->audit->vault(),
                                  foundation->clock, foundation->extractor.get(), foundation->model.get()});
    foundation->conversationKey = conversationKey(*foundation->secrets);
    return foundation;
}

Result<std::unique_ptr<Services>> makeServices(Foundation& foundation, const asio::any_io_executor& executor) {
    auto services = std::make_unique<Services>();
    GH_TRY(services->tokens, identity::ClientTokens::openOrBegin(foundation.dataFolder, foundation.clock));
    services->peers = identity::PeerLookup::create();
    GH_TRY(services->upstream, upstream::Upstream::create(executor));
    services->keys = std::make_unique<SecretKeys>(*foundation.secrets, foundation.clock);
    services->pins = std::make_unique<ToolPinsFile>(foundation.dataFolder + "/tool-pins.json");
    services->gate = limits::Gate::create(foundation.clock);
    GH_TRY(services->prices, limits::Prices::create());
    services->http = std::make_unique<UpstreamHttp>(*services->upstream);
    services->registry = providers::makeRegistry(*services->http, services->owners, discoveryPorts());
    services->router = routing::makeRouter(*services->registry, foundation.clock);
    pipeline::PipelineParts parts{.governor = *foundation.governor,
                                  .tokens = *services->tokens,
                                  .peers = *services->peers,
                                  .person = identity::currentPerson(),
                                  .router = *services->router,
                                  .upstream = *services->upstream,
                                  .reader = foundation.audit->reader(),
                                  .keys = *services->keys,
                                  .gate = *services->gate,
                                  .prices = services->prices.get(),
                                  .pins = services->pins.get(),
                                  .clock = foundation.clock,
                                  .conversationKey = foundation.conversationKey};
    services->pipeline = pipeline::makePipeline(std::move(parts));
    return services;
}

} // namespace gatehouse::app
