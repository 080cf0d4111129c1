// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>

#include "commands/commands.h"
#include "database/enrolment.h"
#include "keys.h"
#include "platform/secure_file.h"

namespace gatehouse::collector {
namespace {

constexpr const char* kUsage =
    "usage: gatehouse-collector batch export DEVICE FOLDER [--config FILE]\n\n"
    "Copies the device's sealed batches, from the database or the object store, into files that an auditor opens\n"
    "(gatehousectl audit open, or stock openssl). Names sort as the batches follow each other.\n";

struct Row {
    std::string chain;
    std::int64_t from = 0;
    std::string object;
    Bytes content;
};

// One at a time: a device's batches together can be large.
Result<std::optional<Row>> rowBehind(Connection& connection, const ledger::DeviceId& device, const Row& last) {
    GH_TRY(const Rows rows,
           connection.query("SELECT encode(chain, 'hex'), from_sequence, coalesce(object, ''), coalesce(content, "
                            "''::bytea) FROM batch WHERE device = $1 AND (encode(chain, 'hex'), from_sequence) > ($2, "
                            "$3) ORDER BY 1, 2 LIMIT 1",
                            {ByteView(device), std::string_view(last.chain), last.from}));
    if (rows.empty()) {
        return std::nullopt;
    }
    const ByteView content = rows.bytes(0, 3);
    return Row{std::string(textOf(rows.bytes(0, 0))), rows.number(0, 1), std::string(textOf(rows.bytes(0, 2))),
               Bytes(content.begin(), content.end())};
}

Result<std::size_t> copyAll(const Options& options, const ledger::DeviceId& device, const std::string& folder) {
    GH_TRY(const Config config, readConfig(options.value("--config", kDefaultConfig)));
    GH_TRY(const auto objects, openObjects(config));
    GH_TRY(const auto connection, openDatabase(options));
    GH_CHECK(platform::ensurePrivateFolder(folder));
    std::size_t count = 0;
    for (Row last;;) {
        GH_TRY(std::optional<Row> row, rowBehind(*connection, device, last));
        if (!row) {
            return count;
        }
        if (!row->object.empty()) {
            if (objects == nullptr) {
                return fail(ErrorKind::invalidInput, "a batch lies in an object store, and the configuration has no "
                                                     "\"objects\"");
            }
            GH_TRY(row->content, objects->get(row->object));
        }
        std::array<char, 24> number{};
        std::snprintf(number.data(), number.size(), "%020lld", static_cast<long long>(row->from));
        GH_CHECK(platform::writePrivateFile(folder + "/" + row->chain + "-" + number.data() + ".ghb", row->content));
        ++count;
        last = std::move(*row);
    }
}

} // namespace

int runBatches(Arguments arguments) {
    constexpr std::array<std::string_view, 1> kNamed{"--config"};
    constexpr std::array<std::string_view, 1> kFlags{"--help"};
    const auto options = parseOptions(arguments, kNamed, kFlags);
    if (!options) {
        return 2;
    }
    if (options->rest.size() != 3 || options->rest[0] != "export") {
        std::fputs(kUsage, options->has("--help") ? stdout : stderr);
        return options->has("--help") ? 0 : 2;
    }
    const auto device = deviceFromHex(options->rest[1]);
    if (!device) {
        return complain(device.error().what);
    }
    const auto count = copyAll(*options, *device, options->rest[2]);
    if (!count) {
        return complain(count.error().what);
    }
    std::printf("%zu batches\n", *count);
    return 0;
}

} // namespace gatehouse::collector
