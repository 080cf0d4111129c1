// SPDX-License-Identifier: Apache-2.0
#include "transparency/log.h"

#include <array>
#include <cstdio>

#include "cms/signed_note.h"
#include "commands/commands.h"
#include "keys.h"

namespace gatehouse::collector {
namespace {

constexpr const char* kUsage =
    "usage: gatehouse-collector log key|checkpoint [--config FILE]\n\n"
    "key         the verifier key of the log, for the policy's \"sync.log_key\"\n"
    "checkpoint  the newest checkpoint, a signed note: keep it elsewhere, or hand it to a witness\n";

Result<std::string> verifierKey(const Options& options) {
    GH_TRY(const Config config, readConfig(options.value("--config", kDefaultConfig)));
    GH_TRY(const std::optional<LogKey> log, openLogKey(config));
    return log ? cms::verifierKeyOf(log->origin, log->key)
               : fail(ErrorKind::notFound, "the configuration has no \"log_key\" and \"log_origin\"");
}

Result<std::string> checkpoint(const Options& options) {
    GH_TRY(const auto connection, openDatabase(options));
    GH_TRY(const std::optional<std::string> note, newestCheckpoint(*connection));
    return note ? Result<std::string>(*note) : fail(ErrorKind::notFound, "the log is empty");
}

} // namespace

int runLog(Arguments arguments) {
    constexpr std::array<std::string_view, 1> kNamed{"--config"};
    constexpr std::array<std::string_view, 1> kFlags{"--help"};
    const auto options = parseOptions(arguments, kNamed, kFlags);
    if (!options) {
        return 2;
    }
    const std::string verb = options->rest.size() == 1 ? options->rest[0] : "";
    if (verb != "key" && verb != "checkpoint") {
        std::fputs(kUsage, options->has("--help") ? stdout : stderr);
        return options->has("--help") ? 0 : 2;
    }
    const auto text = verb == "key" ? verifierKey(*options) : checkpoint(*options);
    if (!text) {
        return complain(text.error().what, text.error().kind == ErrorKind::notFound ? 1 : 2);
    }
    std::printf("%s%s", text->c_str(), text->ends_with('\n') ? "" : "\n");
    return 0;
}

} // namespace gatehouse::collector
