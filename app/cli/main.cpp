// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "standard_streams.h"
#include "verbs.h"

namespace {

struct Verb {
    std::string_view name;
    int (*run)(gatehouse::cli::Arguments);
    std::string_view summary;
};

constexpr std::array kVerbs{
#ifdef GATEHOUSE_VERB_SCAN
    Verb{"scan", &gatehouse::cli::runScan, "find sensitive text in files, folders or standard input"},
    Verb{"redact", &gatehouse::cli::runRedact, "replace sensitive text by placeholders"},
    Verb{"restore", &gatehouse::cli::runRestore, "put the values back for their placeholders"},
    Verb{"detectors", &gatehouse::cli::runDetectors, "list what is looked for"},
    Verb{"data", &gatehouse::cli::runData, "register data so that it is recognised"},
#endif
#ifdef GATEHOUSE_VERB_POLICY
    Verb{"policy", &gatehouse::cli::runPolicy, "check, show, explain, sign and verify policies"},
#endif
#ifdef GATEHOUSE_VERB_AUDIT
    Verb{"audit", &gatehouse::cli::runAudit, "list, show, verify and export the audit"},
    Verb{"enrol", &gatehouse::cli::runEnrol, "get this device's certificate from the collector with a token"},
    Verb{"device", &gatehouse::cli::runDevice, "this device's name, key and certificate towards the collector"},
#endif
#ifdef GATEHOUSE_VERB_PROVIDERS
    Verb{"providers", &gatehouse::cli::runProviders, "list providers and store their keys"},
#endif
#ifdef GATEHOUSE_VERB_BROWSER_POLICY
    Verb{"browser-policy", &gatehouse::cli::runBrowserPolicy, "settings that install and guard the browser extension"},
#endif
#ifdef GATEHOUSE_VERB_SERVE
    Verb{"serve", &gatehouse::cli::runServe, "run the agent without windows"},
    Verb{"models", &gatehouse::cli::runModels, "list the models that the running agent offers"},
    Verb{"status", &gatehouse::cli::runStatus, "what the running agent says of itself"},
    Verb{"doctor", &gatehouse::cli::runDoctor, "check this installation and say what to do"},
    Verb{"token", &gatehouse::cli::runToken, "issue, list and revoke client tokens"},
#endif
    Verb{"", nullptr, ""},
};

int usage(std::FILE* out, int code) {
    std::fputs("usage: gatehousectl VERB [arguments]   (gatehousectl VERB --help tells more)\n\n", out);
    for (const Verb& verb : kVerbs) {
        if (verb.run != nullptr) {
            std::fprintf(out, "  %-14s %s\n", std::string(verb.name).c_str(), std::string(verb.summary).c_str());
        }
    }
    return code;
}

} // namespace

int main(int count, char** values) {
    gatehouse::app::holdStandardStreams();
#ifndef _WIN32
    // A closed pipe is an error of the write, not a reason to die.
    std::signal(SIGPIPE, SIG_IGN);
#endif
    const std::vector<std::string_view> arguments(values + (count > 0 ? 1 : 0), values + count);
    if (arguments.empty()) {
        return usage(stderr, 2);
    }
    if (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
        return usage(stdout, 0);
    }
    if (arguments[0] == "--version" || arguments[0] == "version") {
        std::puts("gatehousectl " GATEHOUSE_VERSION);
        return 0;
    }
    for (const Verb& verb : kVerbs) {
        if (verb.run != nullptr && verb.name == arguments[0]) {
            return gatehouse::app::finishOutput("gatehousectl",
                                                verb.run(gatehouse::cli::Arguments(arguments).subspan(1)));
        }
    }
    std::fprintf(stderr, "gatehousectl: there is no verb '%.*s'; gatehousectl --help lists them\n",
                 static_cast<int>(arguments[0].size()), arguments[0].data());
    return 2;
}
