// SPDX-License-Identifier: Apache-2.0
#include "verify_batches.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/json.h"
#include "cms/device_key.h"
#include "platform/secure_file.h"

namespace gatehouse::verifier {
namespace {

constexpr std::string_view kMagic = "GHBATCH1";

struct Checked {
    std::string path;
    ledger::BatchHeader header;
    std::string problem; // empty: the file is good in itself
};

// Without its signature a header says nothing; the form is read first only to know who must have signed.
Result<Checked> checkFile(const std::string& path, const std::vector<std::string>& keys) {
    const auto bytes = platform::readFile(path, ledger::kMaxBatchFile);
    if (!bytes) {
        return fail(bytes.error().kind, path + ": cannot be read", bytes.error().native);
    }
    Checked checked{path, {}, {}};
    const auto parts = ledger::readBatch(*bytes);
    if (!parts) {
        checked.problem = parts.error().what;
        return checked;
    }
    checked.header = parts->header;
    const std::string key = hexEncode(parts->header.key);
    if (!cms::verifySignature(parts->publicKey, ledger::batchSigningInput(parts->headerBytes), parts->signature)) {
        checked.problem = "the batch's signature is not by the key that it names";
    } else if (!keys.empty() && std::find(keys.begin(), keys.end(), key) == keys.end()) {
        checked.problem = "the batch is signed by the key " + key + ", which is not among those that may";
    }
    return checked;
}

class Walk final {
public:
    explicit Walk(BatchesReport& report) : m_report(report) {}

    void feed(const Checked& item) {
        if (m_report.fault) {
            return;
        }
        const ledger::BatchHeader& header = item.header;
        if (!item.problem.empty()) {
            return note(m_report.head.sequence + 1, item, item.problem);
        }
        if (m_report.batches == 0) {
            m_report.device = header.device;
            m_report.first = header.from;
            m_report.head = {header.chain, header.from - 1, header.before};
        }
        const ledger::Head& head = m_report.head;
        if (header.device != m_report.device || header.chain != head.chain) {
            note(head.sequence + 1, item, "the batch is of another device or chain");
        } else if (header.to == head.sequence && header.head == head.hash && header.from == m_lastFrom) {
            return; // the same records once more
        } else if (header.from > head.sequence + 1) {
            note(head.sequence + 1, item,
                 fmt::format("records {} to {} are missing", head.sequence + 1, header.from - 1));
        } else if (header.from <= head.sequence) {
            note(header.from, item, "two batches hold this record and do not agree");
        } else if (header.before != head.hash) {
            note(header.from, item, "the batch does not follow the one before it");
        } else {
            take(header);
        }
    }

private:
    void take(const ledger::BatchHeader& header) {
        m_lastFrom = header.from;
        m_report.head.sequence = header.to;
        m_report.head.hash = header.head;
        m_report.batches += 1;
        std::string key = hexEncode(header.key);
        if (std::find(m_report.keys.begin(), m_report.keys.end(), key) == m_report.keys.end()) {
            m_report.keys.push_back(std::move(key));
        }
    }
    void note(std::uint64_t sequence, const Checked& item, std::string what) {
        m_report.fault = ledger::ChainFault{sequence, std::move(what)};
        m_report.badFile = item.path;
    }

    BatchesReport& m_report;
    std::uint64_t m_lastFrom = 0;
};

void printJson(const BatchesReport& report) {
    Json json{{"intact", report.isIntact()},
              {"device", hexEncode(report.device)},
              {"first", report.first},
              {"batches", report.batches},
              {"last", report.head.sequence},
              {"head", hexEncode(report.head.hash)},
              {"chain", hexEncode(report.head.chain)},
              {"keys", report.keys},
              {"first_bad", nullptr}};
    if (report.fault) {
        json["first_bad"] = {
            {"sequence", report.fault->sequence}, {"what", report.fault->what}, {"file", report.badFile}};
    }
    std::puts(dumpJson(json).c_str());
}

} // namespace

bool isBatchFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string begin(kMagic.size(), '\0');
    return file.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == kMagic;
}

Result<BatchesReport> verifyBatches(const std::vector<std::string>& files, const std::vector<std::string>& keys,
                                    const std::string& head) {
    const auto expected = hexDecode(head);
    if (!head.empty() && (!expected || expected->size() != std::tuple_size_v<Sha256Digest>)) {
        return fail(ErrorKind::invalidInput, "--head takes a SHA-256 in 64 hexadecimal digits");
    }
    if (files.empty()) {
        return fail(ErrorKind::invalidInput, "there is no batch here");
    }
    std::vector<Checked> checked;
    for (const std::string& file : files) {
        GH_TRY(Checked item, checkFile(file, keys));
        checked.push_back(std::move(item));
    }
    // What cannot be read has no place in the order; it comes first, so that it is not overlooked.
    std::ranges::stable_sort(checked, {},
                             [](const Checked& item) { return std::pair(item.header.from, item.header.to); });
    BatchesReport report;
    Walk walk(report);
    bool isHeadSeen = false;
    for (const Checked& item : checked) {
        walk.feed(item);
        isHeadSeen = isHeadSeen || (!head.empty() && std::ranges::equal(report.head.hash, *expected));
    }
    if (!head.empty() && !isHeadSeen && !report.fault) {
        report.fault = ledger::ChainFault{report.head.sequence + 1,
                                          "no batch ends with the head that was asked for: the newest are missing, or "
                                          "the chain is another"};
    }
    return report;
}

int printBatchesReport(const BatchesReport& report, bool isJson) {
    const int code = report.isIntact() ? 0 : 1;
    if (isJson) {
        printJson(report);
        return code;
    }
    if (report.fault) {
        const std::string where = report.badFile.empty() ? "" : " (" + report.badFile + ")";
        std::puts(fmt::format("NOT INTACT: the first bad record is {}: {}{}", report.fault->sequence,
                              report.fault->what, where)
                      .c_str());
        return code;
    }
    std::puts(fmt::format("intact: {} batches with records {} to {} of device {}, chain {}, head {}", report.batches,
                          report.first, report.head.sequence, hexEncode(report.device), hexEncode(report.head.chain),
                          hexEncode(report.head.hash))
                  .c_str());
    for (const std::string& key : report.keys) {
        std::puts(fmt::format("signed by the key {}", key).c_str());
    }
    std::puts("the records are sealed; gatehousectl audit open opens them with an auditor's key and checks each");
    return code;
}

} // namespace gatehouse::verifier
