// SPDX-License-Identifier: Apache-2.0
#include "policy_verbs.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "platform/paths.h"

namespace gatehouse::cli {
namespace policyverbs {
namespace {

constexpr std::size_t kMaxInput = 16UL * 1024UL * 1024UL;

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, FileCloser>;

} // namespace

Result<std::string> readInput(const std::string& path) {
    const FilePtr opened(path == "-" ? nullptr : std::fopen(path.c_str(), "rb"));
    if (path != "-" && !opened) {
        return fail(ErrorKind::notFound, path + ": " + std::strerror(errno), errno);
    }
    std::FILE* const file = opened ? opened.get() : stdin;
    std::string text;
    std::array<char, 65536> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file)) {
        text.append(buffer.data(), count);
        if (text.size() > kMaxInput) {
            return fail(ErrorKind::limit, path + ": above 16 MiB");
        }
    }
    return std::ferror(file) == 0 ? Result<std::string>(std::move(text))
                                  : fail(ErrorKind::unavailable, path + ": cannot be read");
}

Result<> writeOutput(const std::string& path, std::string_view bytes, bool mayReplace) {
    const FilePtr file(std::fopen(path.c_str(), mayReplace ? "wb" : "wbx"));
    if (!file) {
        return fail(errno == EEXIST ? ErrorKind::conflict : ErrorKind::unavailable,
                    path + ": " + std::strerror(errno) + (errno == EEXIST ? "; --force replaces it" : ""), errno);
    }
    const bool isWritten =
        std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() && std::fflush(file.get()) == 0;
    return isWritten ? Result<>() : fail(ErrorKind::unavailable, path + ": cannot be written", errno);
}

policy::StoreOptions storeOptions(const Options& options) {
    policy::StoreOptions store;
    store.isReadOnly = true;
    store.machineFolder = options.value("--machine").value_or(store.machineFolder);
    store.dataFolder = options.value("--data").value_or(platform::dataFolder().value_or("."));
    store.isUserFileRequired = options.has("--policy");
    const auto config = platform::configFolder();
    store.userFile = options.value("--policy").value_or(config ? *config + "/policy.json" : "");
    return store;
}

Json faultsAsJson(const std::vector<policy::Fault>& faults) {
    Json list = Json::array();
    for (const policy::Fault& fault : faults) {
        list.push_back(
            {{"path", fault.path}, {"line", fault.line}, {"column", fault.column}, {"message", fault.message}});
    }
    return list;
}

void printFaults(const std::string& path, const std::vector<policy::Fault>& faults) {
    for (const policy::Fault& fault : faults) {
        std::fprintf(stderr, "%s:%zu:%zu: %s%s%s\n", path.c_str(), fault.line, fault.column, fault.path.c_str(),
                     fault.path.empty() ? "" : ": ", fault.message.c_str());
    }
}

int usageError(const char* verb, const std::string& message) {
    std::fprintf(stderr, "gatehousectl policy %s: %s\n", verb, message.c_str());
    return 2;
}

} // namespace policyverbs

namespace {

constexpr const char* kHelp =
    "usage: gatehousectl policy SUBVERB [arguments]\n\n"
    "  init [FILE] [--force]          write the starter policy (standard output without FILE)\n"
    "  check FILE… [--json]           say whether documents or bundles are sound, all faults at once\n"
    "  show [--why] [--json]          what holds on this machine, and where it came from\n"
    "  explain [--text TEXT] …        what would happen to a text, and which rule says so\n"
    "                                 (policy explain --help lists its conditions)\n"
    "  sign FILE --cert C --key K --out BUNDLE [--passphrase-stdin] [--force]\n"
    "                                 sign a document as a CMS bundle (ECDSA, or RSA-PSS)\n"
    "  verify BUNDLE --trust CERTS [--out FILE] [--json]\n"
    "                                 check a bundle's signature and content\n\n"
    "show and explain also take --policy FILE (the person's layer), --data DIR and --machine DIR.\n"
    "Exit codes: 0 yes, 1 no (a fault, a bad signature, a blocked text), 2 usage or environment.\n";

struct Subverb {
    std::string_view name;
    int (*run)(Arguments);
};

constexpr std::array kSubverbs{
    Subverb{"init", &policyverbs::init}, Subverb{"check", &policyverbs::check},
    Subverb{"show", &policyverbs::show}, Subverb{"explain", &policyverbs::explain},
    Subverb{"sign", &policyverbs::sign}, Subverb{"verify", &policyverbs::verify},
};

} // namespace

int runPolicy(Arguments arguments) {
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "help") {
        std::fputs(kHelp, arguments.empty() ? stderr : stdout);
        return arguments.empty() ? 2 : 0;
    }
    for (const Subverb& subverb : kSubverbs) {
        if (subverb.name == arguments[0]) {
            return subverb.run(arguments.subspan(1));
        }
    }
    std::fprintf(stderr, "gatehousectl policy: there is no '%.*s'; gatehousectl policy --help lists what there is\n",
                 static_cast<int>(arguments[0].size()), arguments[0].data());
    return 2;
}

} // namespace gatehouse::cli
