// SPDX-License-Identifier: Apache-2.0
#include "ledger/clear_rows.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/utf8.h"
#include "ledger/tlv.h"

namespace gatehouse::ledger {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kMaxText = 1024;
constexpr std::size_t kMaxClasses = 64;

enum BodyTag : std::uint16_t { tagVersion = 1, tagRows = 2 };
enum RowTag : std::uint16_t {
    rowSequence = 1,
    rowTime = 2,
    rowKind = 3,
    rowPerson = 4,
    rowClient = 5,
    rowChannel = 6,
    rowSite = 7,
    rowProvider = 8,
    rowModel = 9,
    rowDecision = 10,
    rowRule = 11,
    rowOutcome = 12,
    rowClasses = 13,
};

constexpr std::array<std::pair<std::string_view, ClearField>, 10> kWords{{{"person", ClearField::person},
                                                                          {"client", ClearField::client},
                                                                          {"channel", ClearField::channel},
                                                                          {"site", ClearField::site},
                                                                          {"provider", ClearField::provider},
                                                                          {"model", ClearField::model},
                                                                          {"decision", ClearField::decision},
                                                                          {"rule", ClearField::rule},
                                                                          {"outcome", ClearField::outcome},
                                                                          {"class", ClearField::findingClass}}};

Bytes encodeRow(const ClearRow& row) {
    TlvWriter writer;
    writer.number(rowSequence, row.sequence);
    writer.signedNumber(rowTime, row.timeMs);
    writer.text(rowKind, row.kind);
    writer.text(rowPerson, row.person);
    writer.text(rowClient, row.client);
    writer.text(rowChannel, row.channel);
    writer.text(rowSite, row.site);
    writer.text(rowProvider, row.provider);
    writer.text(rowModel, row.model);
    writer.text(rowDecision, row.decision);
    writer.text(rowRule, row.rule);
    writer.text(rowOutcome, row.outcome);
    std::vector<Bytes> classes;
    for (const std::string& name : row.classes) {
        classes.emplace_back(name.begin(), name.end());
    }
    writer.list(rowClasses, classes);
    return writer.take();
}

std::string readText(TlvReader& reader, std::uint16_t tag) {
    std::string text = reader.text(tag);
    if (text.size() > kMaxText || !isUtf8(text) || text.find('\0') != std::string::npos) {
        reader.reject("a text cannot be kept");
    }
    return text;
}

Result<ClearRow> decodeRow(ByteView bytes) {
    TlvReader reader(bytes);
    ClearRow row;
    row.sequence = reader.number(rowSequence);
    row.timeMs = reader.signedNumber(rowTime);
    row.kind = readText(reader, rowKind);
    row.person = readText(reader, rowPerson);
    row.client = readText(reader, rowClient);
    row.channel = readText(reader, rowChannel);
    row.site = readText(reader, rowSite);
    row.provider = readText(reader, rowProvider);
    row.model = readText(reader, rowModel);
    row.decision = readText(reader, rowDecision);
    row.rule = readText(reader, rowRule);
    row.outcome = readText(reader, rowOutcome);
    for (const ByteView name : reader.list(rowClasses)) {
        row.classes.emplace_back(textOf(name));
        if (!findingClassFromWord(row.classes.back()) || row.classes.size() > kMaxClasses) {
            reader.reject("a class is unknown");
        }
    }
    if (!recordKindFromWord(row.kind)) {
        reader.reject("the kind is unknown");
    }
    GH_CHECK(reader.finish());
    return row;
}

} // namespace

std::optional<ClearField> clearFieldFromWord(std::string_view word) {
    const auto* const found =
        std::find_if(kWords.begin(), kWords.end(), [&](const auto& row) { return row.first == word; });
    return found == kWords.end() ? std::nullopt : std::optional(found->second);
}

ClearRow clearRowOf(const AuditRecord& record, const std::vector<ClearField>& fields) {
    ClearRow row;
    row.sequence = record.sequence;
    row.timeMs = record.timeMs;
    row.kind = recordKindWord(record.kind);
    const auto put = [&fields](ClearField field, std::string& to, std::string_view text) {
        if (std::find(fields.begin(), fields.end(), field) != fields.end() && isUtf8(text) &&
            text.find('\0') == std::string_view::npos) {
            to = text.substr(0, utf8Boundary(text, std::min(text.size(), kMaxText)));
        }
    };
    put(ClearField::outcome, row.outcome, record.outcome);
    put(ClearField::person, row.person, record.signIn.empty() ? record.person.name : record.signIn);
    if (record.kind == RecordKind::event) {
        return row; // the rest of its fields are defaults
    }
    put(ClearField::client, row.client, record.client);
    put(ClearField::channel, row.channel, channelWord(record.channel));
    put(ClearField::site, row.site, record.destination.site.empty() ? record.site : record.destination.site);
    put(ClearField::provider, row.provider, record.destination.provider);
    put(ClearField::model, row.model, record.destination.model);
    put(ClearField::decision, row.decision, actionWord(record.action));
    put(ClearField::rule, row.rule, record.rule);
    if (std::find(fields.begin(), fields.end(), ClearField::findingClass) != fields.end()) {
        std::set<std::string> classes;
        for (const FindingSummary& finding : record.findings) {
            classes.emplace(findingClassWord(finding.findingClass));
        }
        row.classes.assign(classes.begin(), classes.end());
    }
    return row;
}

bool isTrueOf(const ClearRow& row, const AuditRecord& record) {
    std::vector<ClearField> all;
    for (const auto& [word, field] : kWords) {
        all.push_back(field);
    }
    ClearRow whole = clearRowOf(record, all);
    constexpr std::array kTexts{&ClearRow::person,   &ClearRow::client,   &ClearRow::channel,
                                &ClearRow::site,     &ClearRow::provider, &ClearRow::model,
                                &ClearRow::decision, &ClearRow::rule,     &ClearRow::outcome};
    for (const auto text : kTexts) {
        if ((row.*text).empty()) {
            (whole.*text).clear();
        }
    }
    if (row.classes.empty()) {
        whole.classes.clear();
    }
    return row == whole;
}

Bytes encodeClearRows(const std::vector<ClearRow>& rows) {
    TlvWriter writer;
    writer.number(tagVersion, kVersion);
    std::vector<Bytes> items;
    items.reserve(rows.size());
    for (const ClearRow& row : rows) {
        items.push_back(encodeRow(row));
    }
    writer.list(tagRows, items);
    return writer.take();
}

Result<std::vector<ClearRow>> decodeClearRows(ByteView bytes, std::uint64_t from, std::uint64_t to) {
    if (bytes.size() > kMaxClear) {
        return fail(ErrorKind::limit, "the batch's clear part is above 1 MiB");
    }
    TlvReader reader(bytes);
    if (reader.number(tagVersion) != kVersion) {
        return fail(ErrorKind::corrupt, "the batch's clear part is of an unknown version");
    }
    std::vector<ClearRow> rows;
    std::uint64_t next = from;
    for (const ByteView item : reader.list(tagRows)) {
        GH_TRY(ClearRow row, decodeRow(item));
        if (row.sequence < next || row.sequence > to) {
            return fail(ErrorKind::corrupt, "the batch's clear part speaks of other records");
        }
        next = row.sequence + 1;
        rows.push_back(std::move(row));
    }
    GH_CHECK(reader.finish());
    return rows;
}

} // namespace gatehouse::ledger
