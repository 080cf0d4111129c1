// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <filesystem>

#include "cms/envelope.h"
#include "cms/signed_note.h"
#include "policy/parse.h"

namespace gatehouse::policy {
namespace {

constexpr std::size_t kMaxCertificate = 16UL * 1024UL;
constexpr std::uint64_t kMiB = 1024ULL * 1024ULL;
constexpr std::string_view kCertificateMark = "-----BEGIN CERTIFICATE-----";

// As in core/ledger/clear_rows.
constexpr std::array<std::string_view, 10> kClearFields{"person", "client",   "channel", "site",    "provider",
                                                        "model",  "decision", "rule",    "outcome", "class"};

bool isHostCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == ':' || c == '[' || c == ']';
}

// "https://collector.example.com:4443": no path, because the collector's own are appended.
bool isCollectorUrl(std::string_view url) {
    constexpr std::string_view kScheme = "https://";
    if (!url.starts_with(kScheme)) {
        return false;
    }
    url.remove_prefix(kScheme.size());
    if (url.ends_with('/')) {
        url.remove_suffix(1);
    }
    return !url.empty() && std::all_of(url.begin(), url.end(), &isHostCharacter);
}

std::string pem(std::string text) {
    if (!text.empty() && text.back() != '\n') {
        text += '\n';
    }
    return text;
}

void readAuditors(Reader& reader, SyncSettings& sync) {
    reader.require("auditors", "the certificates (PEM) of two or more auditors");
    bool isWhole = true;
    for (const Text& certificate : reader.list("auditors", kMaxCertificate)) {
        const std::size_t first = certificate.text.find(kCertificateMark);
        if (first == std::string::npos || certificate.text.find(kCertificateMark, first + 1) != std::string::npos) {
            reader.faults().add(certificate.pointer, "must be one certificate in PEM");
            isWhole = false;
        }
        sync.auditorsPem += pem(certificate.text);
    }
    if (!isWhole || sync.auditorsPem.empty()) {
        return;
    }
    if (const auto checked = cms::checkRecipients(sync.auditorsPem); !checked) {
        reader.wrong("auditors", checked.error().what);
    }
}

} // namespace

void parseSync(Reader& root, Document& document) {
    auto reader = root.object("sync");
    if (!reader) {
        return;
    }
    document.sections |= 1U << static_cast<unsigned>(Section::sync);
    SyncSettings& sync = document.sync;
    readAuditors(*reader, sync);
    sync.url = reader->text("url", 512).value_or("");
    if (!sync.url.empty() && !isCollectorUrl(sync.url)) {
        reader->wrong("url", "must be https:// and a host, with a port or without; the path is the collector's own");
    }
    while (sync.url.ends_with('/')) {
        sync.url.pop_back();
    }
    sync.caPem = pem(reader->text("ca", 8 * kMaxCertificate).value_or(""));
    if (!sync.caPem.empty() && sync.caPem.find(kCertificateMark) == std::string::npos) {
        reader->wrong("ca", "must be certificates in PEM");
    }
    sync.receiptKeyPem = pem(reader->text("receipt_key", kMaxCertificate).value_or(""));
    if (!sync.receiptKeyPem.empty() && sync.receiptKeyPem.find("-----BEGIN PUBLIC KEY-----") == std::string::npos) {
        reader->wrong("receipt_key", "must be a public key in PEM");
    }
    sync.logKey = reader->text("log_key", 512).value_or("");
    if (!sync.logKey.empty() && !cms::readVerifierKey(sync.logKey)) {
        reader->wrong("log_key", "must be the verifier key that `gatehouse-collector log key` prints: name+hash+key");
    }
    sync.enrolmentTokenFile = reader->text("enrolment_token_file", 1024).value_or("");
    if (!sync.enrolmentTokenFile.empty() && !std::filesystem::path(sync.enrolmentTokenFile).is_absolute()) {
        reader->wrong("enrolment_token_file", "must be an absolute path");
    }
    sync.heartbeat = std::chrono::seconds(
        reader->number("heartbeat_seconds", 10, 3600).value_or(static_cast<std::uint64_t>(sync.heartbeat.count())));
    for (const std::string_view key : {"ca", "receipt_key", "log_key", "enrolment_token_file"}) {
        if (sync.url.empty() && reader->find(key) != nullptr) {
            reader->wrong(key, "is of use with \"url\" only");
        }
    }
    for (Text& field : reader->list("clear", 32)) {
        if (std::find(kClearFields.begin(), kClearFields.end(), field.text) == kClearFields.end()) {
            reader->faults().add(field.pointer, inQuotes(field.text) + " is no field that can be sent in the clear");
        }
        sync.clear.push_back(std::move(field.text));
    }
    sync.hasTexts = reader->flag("texts").value_or(false);
    sync.interval = std::chrono::seconds(
        reader->number("interval_seconds", 10, 86'400).value_or(static_cast<std::uint64_t>(sync.interval.count())));
    sync.spoolBytes = reader->number("spool_mib", 1, 65'536).value_or(sync.spoolBytes / kMiB) * kMiB;
    reader->done();
}

} // namespace gatehouse::policy
