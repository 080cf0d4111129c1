// SPDX-License-Identifier: Apache-2.0
#include "database/records.h"

#include <array>
#include <charconv>

#include "base/bytes.h"
#include "base/time_text.h"

namespace gatehouse::collector {
namespace {

Json rowJson(const ledger::ClearRow& row) {
    Json json{{"sequence", row.sequence}, {"time_ms", row.timeMs}, {"kind", row.kind}};
    const auto put = [&json](const char* name, const std::string& text) {
        if (!text.empty()) {
            json[name] = text;
        }
    };
    put("person", row.person);
    put("client", row.client);
    put("channel", row.channel);
    put("site", row.site);
    put("provider", row.provider);
    put("model", row.model);
    put("decision", row.decision);
    put("rule", row.rule);
    put("outcome", row.outcome);
    if (!row.classes.empty()) {
        json["classes"] = row.classes;
    }
    return json;
}

// Where a page ends: time, device and sequence make each record's place unique within a chain.
struct Place {
    std::int64_t timeMs = 0;
    std::string device;
    std::int64_t sequence = 0;
};

std::string writePlace(const Place& place) {
    return std::to_string(place.timeMs) + "." + place.device + "." + std::to_string(place.sequence);
}

template <class Number>
bool readNumber(std::string_view text, Number& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
}

Result<Place> readPlace(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t second = text.find('.', first + 1);
    Place place;
    if (first == std::string_view::npos || second == std::string_view::npos ||
        !readNumber(text.substr(0, first), place.timeMs) || !readNumber(text.substr(second + 1), place.sequence)) {
        return fail(ErrorKind::invalidInput, "there is no such page");
    }
    place.device = text.substr(first + 1, second - first - 1);
    const auto device = hexDecode(place.device);
    if (!device || device->size() != std::tuple_size_v<ledger::DeviceId>) {
        return fail(ErrorKind::invalidInput, "there is no such page");
    }
    return place;
}

// A condition and its parameter, numbered as they come. Columns are our own words, values are parameters.
class Where final {
public:
    void text(const char* condition, const std::optional<std::string>& value) {
        if (value) {
            add(condition);
            m_parameters.emplace_back(std::string_view(*value));
        }
    }
    void number(const char* condition, const std::optional<std::int64_t>& value) {
        if (value) {
            add(condition);
            m_parameters.emplace_back(*value);
        }
    }
    void behind(const Place& place) {
        const std::size_t at = m_parameters.size();
        m_sql += " AND (time_ms, device, sequence) < ($" + std::to_string(at + 1) + ", decode($" +
                 std::to_string(at + 2) + ", 'hex'), $" + std::to_string(at + 3) + ")";
        m_parameters.emplace_back(place.timeMs);
        m_parameters.emplace_back(std::string_view(place.device));
        m_parameters.emplace_back(place.sequence);
    }
    [[nodiscard]] const std::string& sql() const { return m_sql; }
    [[nodiscard]] std::vector<Parameter>& parameters() { return m_parameters; }

private:
    // ":" in a condition is the parameter's place; without one it stands behind.
    void add(std::string condition) {
        const std::string place = "$" + std::to_string(m_parameters.size() + 1);
        const std::size_t colon = condition.find(':');
        m_sql += " AND " + (colon == std::string::npos ? condition + " " + place : condition.replace(colon, 1, place));
    }
    std::string m_sql = "TRUE";
    std::vector<Parameter> m_parameters;
};

constexpr std::array kColumns{"person", "client",   "channel", "site",   "provider",
                              "model",  "decision", "rule",    "outcome"};

Json recordJson(const Rows& rows, std::size_t row, Sight sight) {
    Json json{{"device", textOf(rows.bytes(row, 0))},
              {"sequence", rows.number(row, 1)},
              {"time", formatTime(WallTime{std::chrono::milliseconds{rows.number(row, 2)}})},
              {"kind", textOf(rows.bytes(row, 3))}};
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        const std::string_view text = textOf(rows.bytes(row, static_cast<int>(4 + i)));
        if (!text.empty() && !(i == 0 && sight == Sight::withoutPersons)) {
            json[kColumns.at(i)] = text;
        }
    }
    const std::string_view classes = textOf(rows.bytes(row, 13));
    if (!classes.empty()) {
        json["classes"] = parseJson(classes).value_or(Json::array());
    }
    return json;
}

} // namespace

Result<> keepClearRows(Connection& connection, const ledger::BatchHeader& header, std::int64_t epoch,
                       const std::vector<ledger::ClearRow>& rows) {
    if (rows.empty()) {
        return {};
    }
    Json list = Json::array();
    for (const ledger::ClearRow& row : rows) {
        list.push_back(rowJson(row));
    }
    const std::string text = dumpJson(list);
    GH_CHECK(connection.query(
        "INSERT INTO record SELECT record_day(), $1, $2, $4, r.* FROM jsonb_to_recordset($3::jsonb) AS r(sequence "
        "bigint, "
        "time_ms bigint, kind text, person text, client text, channel text, site text, provider text, model text, "
        "decision text, rule text, outcome text, classes text[]) ON CONFLICT DO NOTHING",
        {ByteView(header.device), ByteView(header.chain), std::string_view(text), epoch}));
    return {};
}

Result<> prepareRecordDays(Connection& connection) {
    GH_CHECK(connection.query("SELECT 1::bigint FROM make_record_days(14)"));
    return {};
}

Result<Json> findRecords(Connection& connection, const RecordQuery& query, Sight sight, const std::string& reader,
                         const std::string& asked) {
    Where where;
    where.text("device = decode(:, 'hex')", query.device);
    where.text("person =", query.person);
    where.text("client =", query.client);
    where.text("channel =", query.channel);
    where.text("site =", query.site);
    where.text("provider =", query.provider);
    where.text("model =", query.model);
    where.text("decision =", query.decision);
    where.text("rule =", query.rule);
    where.text("ARRAY[:] <@ classes", query.findingClass);
    // As constants, so that partitions of other days are not even planned for.
    where.number("received_day >= date '1970-01-01' + (:)::int", query.arrivedFromDay);
    where.number("time_ms >=", query.sinceMs);
    where.number("time_ms <=", query.untilMs);
    Place place; // parameters are views of it
    if (query.after) {
        GH_TRY(place, readPlace(*query.after));
        where.behind(place);
    }
    std::string columns;
    for (const char* const column : kColumns) {
        columns += std::string(", coalesce(") + column + ", '')";
    }
    const std::string sql = "SELECT encode(device, 'hex'), sequence, time_ms, kind" + columns +
                            ", coalesce(to_json(classes)::text, '') FROM record WHERE " + where.sql() +
                            " ORDER BY time_ms DESC, device DESC, sequence DESC LIMIT " + std::to_string(query.limit);
    GH_TRY(Transaction transaction, Transaction::beginLocking(connection));
    GH_CHECK(connection.run("SET LOCAL statement_timeout = '30s'"));
    GH_TRY(const Rows rows, connection.query(sql.c_str(), where.parameters()));
    Json records = Json::array();
    for (std::size_t row = 0; row < rows.size(); ++row) {
        records.push_back(recordJson(rows, row, sight));
    }
    Json next = nullptr;
    if (rows.size() == static_cast<std::size_t>(query.limit)) {
        const std::size_t last = rows.size() - 1;
        next = writePlace({rows.number(last, 2), std::string(textOf(rows.bytes(last, 0))), rows.number(last, 1)});
    }
    // An answer of which nobody could tell that it was given is not given.
    GH_CHECK(
        connection.query("INSERT INTO record_read (reader, query, found) VALUES ($1, $2, $3)",
                         {std::string_view(reader), std::string_view(asked), static_cast<std::int64_t>(rows.size())}));
    GH_CHECK(transaction.commit());
    const WallTime from{std::chrono::days{query.arrivedFromDay}};
    return Json{
        {"records", std::move(records)}, {"next", std::move(next)}, {"arrived_since", formatTime(from).substr(0, 10)}};
}

} // namespace gatehouse::collector
