// SPDX-License-Identifier: Apache-2.0
#include "policy/high_water.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"
#include "policy/source_file.h"

namespace gatehouse::policy {
namespace {

constexpr std::size_t kMaxState = 1024UL * 1024UL;
constexpr std::size_t kMaxCopy = 4UL * 1024UL * 1024UL;
constexpr auto kSaveEvery = std::chrono::hours(1);

std::string copyName(const std::string& source) {
    return sha256Hex(source).substr(0, 32);
}

WallTime timeOf(std::int64_t milliseconds) {
    return WallTime(std::chrono::milliseconds(milliseconds));
}

} // namespace

HighWater::HighWater(std::string folder, bool isReadOnly) : m_folder(std::move(folder)), m_isReadOnly(isReadOnly) {
    load();
}

void HighWater::load() {
    const auto bytes = readTrustedFile(m_folder + "/state.json", kMaxState);
    if (!bytes) {
        if (bytes.error().kind != ErrorKind::notFound) {
            logWarning("policy", "the record of accepted serials cannot be read and starts anew: {}",
                       bytes.error().what);
        }
        return;
    }
    const auto state = parseJson(*bytes);
    if (!state || !state->is_object() || !state->contains("marks") || !(*state)["marks"].is_object()) {
        logWarning("policy", "the record of accepted serials is broken and starts anew");
        return;
    }
    for (const auto& [key, value] : (*state)["marks"].items()) {
        if (value.is_object() && value.contains("serial") && value["serial"].is_number_unsigned() &&
            value.contains("sha256") && value["sha256"].is_string()) {
            m_marks[key] = {value["serial"].get<std::uint64_t>(), value["sha256"].get<std::string>()};
        }
    }
    if (const auto seen = state->find("seen_ms"); seen != state->end() && seen->is_number_unsigned()) {
        m_seen = timeOf(seen->get<std::int64_t>());
        m_savedSeen = m_seen;
    }
    if (const auto accepted = state->find("accepted_ms"); accepted != state->end() && accepted->is_object()) {
        for (const auto& [name, time] : accepted->items()) {
            if (time.is_number_unsigned()) {
                m_accepted[name] = timeOf(time.get<std::int64_t>());
            }
        }
    }
}

Result<> HighWater::save() const {
    if (m_isReadOnly) {
        return {};
    }
    Json marks = Json::object();
    for (const auto& [key, mark] : m_marks) {
        marks[key] = {{"serial", mark.serial}, {"sha256", mark.hash}};
    }
    Json accepted = Json::object();
    for (const auto& [name, time] : m_accepted) {
        accepted[name] = time.time_since_epoch().count();
    }
    const Json state = {{"version", 1},
                        {"seen_ms", m_seen.time_since_epoch().count()},
                        {"marks", std::move(marks)},
                        {"accepted_ms", std::move(accepted)}};
    GH_CHECK(makePrivateFolder(m_folder));
    return replacePrivateFile(m_folder + "/state.json", dumpJson(state));
}

WallTime HighWater::effectiveNow(WallTime now) {
    m_seen = std::max(m_seen, now);
    if (m_seen - m_savedSeen >= kSaveEvery && save()) {
        m_savedSeen = m_seen;
    }
    return m_seen;
}

Result<> HighWater::admit(const std::string& key, std::uint64_t serial, const std::string& hash) const {
    const auto mark = m_marks.find(key);
    if (mark == m_marks.end()) {
        return {};
    }
    if (serial < mark->second.serial) {
        return fail(ErrorKind::denied, "its serial " + std::to_string(serial) + " is older than the accepted " +
                                           std::to_string(mark->second.serial));
    }
    if (serial == mark->second.serial && hash != mark->second.hash) {
        return fail(ErrorKind::denied,
                    "its serial " + std::to_string(serial) + " was accepted before with other content");
    }
    return {};
}

Result<> HighWater::accept(const std::string& key, std::uint64_t serial, const std::string& hash,
                           const std::string& source, std::string_view bytes) {
    if (m_isReadOnly) {
        return {};
    }
    const auto mark = m_marks.find(key);
    const bool isMarked = serial == 0 || (mark != m_marks.end() && mark->second.hash == hash);
    const auto kept = lastGood(source);
    if (isMarked && kept && kept->bytes == bytes) {
        return {};
    }
    if (serial > 0) {
        m_marks[key] = {serial, hash};
    }
    m_accepted[copyName(source)] = m_seen;
    GH_CHECK(save());
    m_savedSeen = m_seen;
    GH_CHECK(makePrivateFolder(m_folder + "/last-good"));
    return replacePrivateFile(m_folder + "/last-good/" + copyName(source), bytes);
}

Result<HighWater::Copy> HighWater::lastGood(const std::string& source) const {
    const auto accepted = m_accepted.find(copyName(source));
    if (accepted == m_accepted.end()) {
        return fail(ErrorKind::notFound, "no copy was kept");
    }
    GH_TRY(std::string bytes, readTrustedFile(m_folder + "/last-good/" + copyName(source), kMaxCopy));
    return Copy{std::move(bytes), accepted->second};
}

} // namespace gatehouse::policy
