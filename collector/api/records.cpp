// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "api/api.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "database/records.h"

namespace gatehouse::collector {
namespace {

constexpr std::size_t kMaxQuery = 8UL * 1024UL;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
// Arrival that is looked at when nobody says since when.
constexpr std::int64_t kUsualDays = 31;

// Whose token it is; every hash is compared, so that the time says nothing.
const ReaderAccount* readerOf(const Config& config, std::string_view authorization) {
    constexpr std::string_view kBearer = "Bearer ";
    if (!authorization.starts_with(kBearer)) {
        return nullptr;
    }
    const Sha256Digest hash = sha256(bytesOf(authorization.substr(kBearer.size())));
    const ReaderAccount* found = nullptr;
    for (const ReaderAccount& reader : config.readers) {
        found = constantTimeEqual(hash, reader.tokenHash) ? &reader : found;
    }
    return found;
}

std::optional<std::string> percentDecode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const auto byte = hexDecode(text.substr(i + 1, 2));
            if (!byte || byte->size() != 1) {
                return std::nullopt;
            }
            out += static_cast<char>(byte->front());
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return isUtf8(out) && out.find('\0') == std::string::npos ? std::optional(std::move(out)) : std::nullopt;
}

bool isDevice(std::string_view text) {
    const auto bytes = hexDecode(text);
    return bytes && bytes->size() == std::tuple_size_v<ledger::DeviceId>;
}

bool takeTime(std::optional<std::int64_t>& to, const std::string& value) {
    const auto time = parseTime(value);
    if (time) {
        to = time->time_since_epoch() / std::chrono::milliseconds(1);
    }
    return time.has_value();
}

// False when the name is unknown or the value does not fit it.
bool takeCondition(RecordQuery& query, std::string_view name, const std::string& value) {
    struct Text {
        std::string_view name;
        std::optional<std::string> RecordQuery::* to;
    };
    constexpr std::array kTexts{Text{"person", &RecordQuery::person},      Text{"client", &RecordQuery::client},
                                Text{"channel", &RecordQuery::channel},    Text{"site", &RecordQuery::site},
                                Text{"provider", &RecordQuery::provider},  Text{"model", &RecordQuery::model},
                                Text{"decision", &RecordQuery::decision},  Text{"rule", &RecordQuery::rule},
                                Text{"class", &RecordQuery::findingClass}, Text{"after", &RecordQuery::after}};
    if (name == "since" || name == "until") {
        return takeTime(name == "since" ? query.sinceMs : query.untilMs, value);
    }
    if (name == "device") {
        query.device = value;
        return isDevice(value);
    }
    if (name == "limit") {
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), query.limit);
        return error == std::errc() && end == value.data() + value.size() && query.limit >= 1 && query.limit <= 1000;
    }
    const auto* const found =
        std::find_if(kTexts.begin(), kTexts.end(), [&](const Text& text) { return text.name == name; });
    if (found == kTexts.end()) {
        return false;
    }
    query.*(found->to) = value;
    return true;
}

std::optional<RecordQuery> parseQuery(std::string_view text) {
    RecordQuery query;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        const std::size_t equals = part.find('=');
        const auto value = equals == std::string_view::npos ? std::nullopt : percentDecode(part.substr(equals + 1));
        if (!value || !takeCondition(query, part.substr(0, equals), *value)) {
            return std::nullopt;
        }
    }
    return query;
}

} // namespace

Task<Response> getRecords(Context& context, const Request& request) {
    const ReaderAccount* const reader = readerOf(context.config, request.authorization);
    if (reader == nullptr) {
        context.metrics.add(Count::denied);
        co_return problem(401, "token");
    }
    const std::size_t mark = std::min(request.target.find('?'), request.target.size());
    const std::string asked = request.target.substr(std::min(mark + 1, request.target.size()));
    auto query = asked.size() <= kMaxQuery ? parseQuery(asked) : std::nullopt;
    if (!query) {
        co_return problem(400, "query");
    }
    // Who may not see persons may not find them out by asking either.
    if (reader->role == ReaderRole::analyst && query->person) {
        co_return problem(403, "role");
    }
    // A record arrives after it was made; a day is left for clocks that are ahead.
    const auto today = context.clock.wall().time_since_epoch() / std::chrono::days(1);
    const std::int64_t from = query->sinceMs ? *query->sinceMs / kDayMs - 1 : today - kUsualDays;
    query->arrivedFromDay = std::max<std::int64_t>(from, 0);
    const Sight sight = reader->role == ReaderRole::auditor ? Sight::withPersons : Sight::withoutPersons;
    const auto job = [&](Connection& connection) {
        return findRecords(connection, *query, sight, reader->name, asked);
    };
    const Result<Json> found = co_await context.pool.run<Json>(job);
    if (!found && found.error().kind == ErrorKind::invalidInput) {
        co_return problem(400, "query");
    }
    if (!found) {
        logWarning("collector", "a search was not answered: {}", found.error().what);
        co_return problem(503, "unavailable");
    }
    co_return jsonResponse(200, *found);
}

} // namespace gatehouse::collector
