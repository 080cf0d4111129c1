// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "audit_verbs.h"
#include "base/clock.h"
#include "ledger/export_file.h"
#include "options.h"
#include "output_file.h"
#include "platform/secure_file.h"
#include "sync/batch.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kMaxKeyFile = 64UL * 1024UL;

Result<cms::OpeningKey> readKey(const Options& options) {
    cms::OpeningKey key;
    GH_TRY(Bytes pem, platform::readFile(*options.value("--key"), kMaxKeyFile));
    key.privateKeyPem = SecureBytes(ByteView(pem));
    wipe(pem.data(), pem.size());
    if (const auto file = options.value("--passphrase-file")) {
        GH_TRY(Bytes passphrase, platform::readFile(*file, kMaxKeyFile));
        const std::string_view text = textOf(passphrase);
        key.passphrase = SecureBytes(text.substr(0, text.find_first_of("\r\n")));
        wipe(passphrase.data(), passphrase.size());
    }
    return key;
}

struct Source {
    std::string path;
    sync::OpenedBatch batch;
};

// In the order of their records, each once; what does not fit together is told by the error.
Result<std::vector<Source>> openAll(const std::vector<std::string>& paths, const cms::OpeningKey& key) {
    std::vector<Source> sources;
    for (const std::string& path : paths) {
        const auto bytes = platform::readFile(path, ledger::kMaxBatchFile);
        if (!bytes) {
            return fail(bytes.error().kind, path + ": " + bytes.error().what);
        }
        auto opened = sync::openBatch(*bytes, key);
        if (!opened) {
            return fail(opened.error().kind, path + ": " + opened.error().what);
        }
        sources.push_back({path, std::move(*opened)});
    }
    const auto from = [](const Source& source) { return source.batch.header.from; };
    std::ranges::stable_sort(sources, {}, from);
    for (std::size_t i = 1; i < sources.size(); ++i) {
        const ledger::BatchHeader& before = sources[i - 1].batch.header;
        const ledger::BatchHeader& header = sources[i].batch.header;
        if (header.chain != before.chain || header.device != before.device) {
            return fail(ErrorKind::invalidInput, sources[i].path + " is of another device or chain than the others");
        }
        if (header.from != before.to + 1 || header.before != before.head) {
            return fail(ErrorKind::corrupt, sources[i].path + " begins with record " + std::to_string(header.from) +
                                                ", which does not follow record " + std::to_string(before.to) + " of " +
                                                sources[i - 1].path);
        }
    }
    return sources;
}

Result<> putLine(std::FILE* out, std::string_view line) {
    if (std::fwrite(line.data(), 1, line.size(), out) != line.size() || std::fputc('\n', out) == EOF) {
        return fail(ErrorKind::unavailable, std::string("the records cannot be written: ") + std::strerror(errno));
    }
    return {};
}

Result<std::uint64_t> writeExport(const std::vector<Source>& sources, std::FILE* out) {
    const ledger::BatchHeader& first = sources.front().batch.header;
    const ledger::BatchHeader& last = sources.back().batch.header;
    ledger::ExportStart start;
    start.before = {first.chain, first.from - 1, first.before};
    start.exportedAtMs =
        std::chrono::duration_cast<std::chrono::milliseconds>(SystemClock().wall().time_since_epoch()).count();
    start.isCut = true; // what the device recorded later is not in these batches
    GH_CHECK(putLine(out, ledger::exportHeader(start)));
    std::uint64_t records = 0;
    for (const Source& source : sources) {
        for (const ledger::BatchRecord& record : source.batch.records) {
            GH_TRY(const ledger::Entry entry, ledger::decodeEntry(record.bytes));
            GH_CHECK(putLine(out, ledger::exportRecord(entry, record.bytes, record.contents)));
            records += 1;
        }
    }
    GH_CHECK(putLine(out, ledger::exportEnd({last.chain, last.to, last.head}, records)));
    if (std::fflush(out) != 0) {
        return fail(ErrorKind::unavailable, std::string("the records cannot be written: ") + std::strerror(errno));
    }
    return records;
}

} // namespace

int runAuditOpen(std::span<const std::string_view> arguments) {
    constexpr std::array<std::string_view, 0> kFlags{};
    constexpr std::array<std::string_view, 3> kNamed{"--key", "--passphrase-file", "--output"};
    std::vector<std::string_view> spelt(arguments.begin(), arguments.end());
    std::ranges::replace(spelt, std::string_view("-o"), std::string_view("--output"));
    const auto options = parseOptions("audit open", spelt, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    if (options->rest.empty() || !options->has("--key")) {
        return complainOfAudit("give --key KEY.pem and one or more batches; gatehousectl audit --help tells more");
    }
    const auto key = readKey(*options);
    if (!key) {
        return complainOfAudit(key.error().what);
    }
    const auto sources = openAll(options->rest, *key);
    if (!sources) {
        return complainOfAudit(sources.error().what, sources.error().kind == ErrorKind::corrupt ? 1 : 2);
    }
    const std::string path = options->value("--output").value_or("");
    const File out = openOutput(path);
    if (!out) {
        return complainOfAudit(path + ": " + (errno == EEXIST ? "there is such a file already" : std::strerror(errno)));
    }
    const auto records = writeExport(*sources, out.get());
    if (!records) {
        if (!path.empty()) {
            ::unlink(path.c_str());
        }
        return complainOfAudit(records.error().what, 1);
    }
    const ledger::BatchHeader& first = sources->front().batch.header;
    std::fprintf(stderr, "%llu records of device %s, signed by the key %s\n", static_cast<unsigned long long>(*records),
                 hexEncode(first.device).c_str(), hexEncode(first.key).c_str());
    return 0;
}

} // namespace gatehouse::cli
