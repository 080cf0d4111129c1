// SPDX-License-Identifier: Apache-2.0
#include "sync/log_watch.h"

#include <algorithm>

#include "base/json.h"
#include "platform/secure_file.h"

namespace gatehouse::sync {
namespace {

constexpr std::size_t kMaxFile = 4UL * 1024UL * 1024UL;
constexpr std::size_t kMaxUnproven = 10'000;
constexpr std::size_t kAtOnce = 50;
constexpr std::size_t kMaxEvidence = 10;
constexpr std::size_t kMaxProof = 128;
constexpr std::int64_t kPatienceMs = 60LL * 60 * 1000; // a receipt is in the log within seconds

std::optional<Sha256Digest> digestFrom(const Result<Bytes>& bytes) {
    Sha256Digest digest{};
    if (!bytes || bytes->size() != digest.size()) {
        return std::nullopt;
    }
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

std::optional<ledger::Proof> proofFrom(const Json& json) {
    if (!json.is_object() || !json.contains("proof") || !json["proof"].is_array() || json["proof"].size() > kMaxProof) {
        return std::nullopt;
    }
    ledger::Proof proof;
    for (const Json& each : json["proof"]) {
        const auto digest =
            each.is_string() ? digestFrom(base64Decode(each.get_ref<const std::string&>())) : std::nullopt;
        if (!digest) {
            return std::nullopt;
        }
        proof.push_back(*digest);
    }
    return proof;
}

// What the collector answers when it cannot answer now.
Result<> checkReachable(const Reply& reply) {
    return reply.status >= 500 || reply.status == 429
               ? fail(ErrorKind::unavailable, "the collector cannot be asked for its log now")
               : Result<>();
}

std::string textIn(const Json& json, const char* member) {
    return json.contains(member) && json[member].is_string() ? json[member].get<std::string>() : std::string();
}

} // namespace

Result<LogWatch> LogWatch::open(const std::string& dataFolder, std::string_view verifierKey) {
    GH_TRY(cms::VerifierKey key, cms::readVerifierKey(verifierKey));
    LogWatch watch(dataFolder + "/collector-log.json", std::move(key));
    watch.load(verifierKey);
    return watch;
}

void LogWatch::load(std::string_view verifierKey) {
    m_keyText = std::string(verifierKey);
    const auto bytes = platform::readFile(m_path, kMaxFile);
    const auto json = bytes ? parseJson(textOf(*bytes)) : std::unexpected(bytes.error());
    if (!json || !json->is_object()) {
        return;
    }
    for (const Json& each : json->value("unproven", Json::array())) {
        const auto leaf = each.is_object() ? digestFrom(hexDecode(textIn(each, "leaf"))) : std::nullopt;
        if (leaf && each.contains("since") && each["since"].is_number_integer()) {
            m_unproven.push_back({*leaf, each["since"].get<std::int64_t>()});
        }
    }
    if (textIn(*json, "key") != verifierKey) {
        return; // another log: what was seen of the old one says nothing
    }
    m_note = textIn(*json, "checkpoint");
    m_fault = textIn(*json, "fault");
    for (const Json& each : json->value("evidence", Json::array())) {
        m_evidence.push_back(each.is_string() ? each.get<std::string>() : std::string());
    }
    const auto text = cms::openNote(m_note, m_key);
    const auto checkpoint = text ? ledger::readCheckpoint(*text) : std::unexpected(text.error());
    if (checkpoint) {
        m_checkpoint = *checkpoint;
    }
}

Result<> LogWatch::save() const {
    Json unproven = Json::array();
    for (const Unproven& each : m_unproven) {
        unproven.push_back({{"leaf", hexEncode(each.leaf)}, {"since", each.sinceMs}});
    }
    const Json json{{"key", m_keyText},
                    {"checkpoint", m_note},
                    {"unproven", unproven},
                    {"fault", m_fault},
                    {"evidence", m_evidence}};
    const std::string text = dumpJson(json);
    return platform::writePrivateFile(m_path, bytesOf(text));
}

Result<> LogWatch::note(const Sha256Digest& leaf, std::int64_t nowMs) {
    if (std::ranges::any_of(m_unproven, [&leaf](const Unproven& each) { return each.leaf == leaf; })) {
        return {};
    }
    if (m_unproven.size() == kMaxUnproven) {
        m_unproven.erase(m_unproven.begin());
        accuse("the collector proves nothing: ten thousand receipts wait for their place in its log", m_note);
    }
    m_unproven.push_back({leaf, nowMs});
    return save();
}

Result<LogReport> LogWatch::check(CollectorLink& link, std::int64_t nowMs) {
    const std::size_t before = m_unproven.size();
    const std::string noteBefore = m_note;
    const std::string faultBefore = m_fault;
    auto problem = judge(link, nowMs);
    if (m_unproven.size() != before || m_note != noteBefore || m_fault != faultBefore) {
        GH_CHECK(save());
    }
    if (!problem && m_fault.empty()) {
        return std::unexpected(problem.error());
    }
    return LogReport{m_fault.empty() ? *problem : m_fault, m_checkpoint ? m_checkpoint->size : 0, m_unproven.size()};
}

// Gives the problem, or nothing. What stays was handed to accuse().
Result<std::string> LogWatch::judge(CollectorLink& link, std::int64_t nowMs) {
    GH_TRY(const Reply reply, link.get("/v1/log/checkpoint"));
    GH_CHECK(checkReachable(reply));
    if (reply.status != 200) {
        return m_checkpoint ? accuse("the collector's log is gone", {}) : proveReceipts(link, nowMs);
    }
    const auto text = cms::openNote(reply.body, m_key);
    const auto fresh = text ? ledger::readCheckpoint(*text) : std::unexpected(text.error());
    if (!fresh || fresh->origin != m_key.name) {
        return std::string("the collector's log is not signed by the key that the policy names (sync.log_key)");
    }
    GH_TRY(std::string problem, follow(link, reply.body, *fresh));
    if (!problem.empty()) {
        return problem;
    }
    m_note = reply.body;
    m_checkpoint = *fresh;
    return proveReceipts(link, nowMs);
}

// The fresh checkpoint must grow out of the one that is remembered.
Result<std::string> LogWatch::follow(CollectorLink& link, const std::string& note, const ledger::Checkpoint& fresh) {
    if (!m_checkpoint) {
        return std::string();
    }
    if (fresh.size < m_checkpoint->size) {
        return accuse("the collector's log became shorter: receipts that it gave are not in it any more", note);
    }
    if (fresh.size == m_checkpoint->size) {
        return fresh.root == m_checkpoint->root
                   ? std::string()
                   : accuse(
                         "the collector shows two different logs: what it holds was changed, or others see another one",
                         note);
    }
    GH_TRY(const Reply reply, link.get("/v1/log/consistency?from=" + std::to_string(m_checkpoint->size) +
                                       "&to=" + std::to_string(fresh.size)));
    GH_CHECK(checkReachable(reply));
    const auto json = parseJson(reply.body);
    const auto proof = reply.status == 200 && json ? proofFrom(*json) : std::nullopt;
    const bool grows =
        proof && ledger::verifyConsistency(m_checkpoint->size, m_checkpoint->root, fresh.size, fresh.root, *proof);
    return grows ? std::string()
                 : accuse("the collector shows two different logs: the new one does not grow out of the one before",
                          note);
}

Result<std::string> LogWatch::proveReceipts(CollectorLink& link, std::int64_t nowMs) {
    bool isOverdue = false;
    std::vector<Unproven> left;
    std::size_t asked = 0;
    for (const Unproven& each : m_unproven) {
        const bool isAsked = m_checkpoint && m_checkpoint->size > 0 && asked < kAtOnce;
        if (!isAsked) {
            left.push_back(each);
            isOverdue = isOverdue || (!m_checkpoint && nowMs - each.sinceMs > kPatienceMs);
            continue;
        }
        asked += 1;
        const auto reply =
            link.get("/v1/log/inclusion?leaf=" + hexEncode(each.leaf) + "&size=" + std::to_string(m_checkpoint->size));
        if (!reply || !checkReachable(*reply)) {
            left.push_back(each);
            continue;
        }
        if (reply->status != 200) {
            left.push_back(each);
            isOverdue = isOverdue || nowMs - each.sinceMs > kPatienceMs;
            continue;
        }
        const auto json = parseJson(reply->body);
        const auto proof = json ? proofFrom(*json) : std::nullopt;
        const bool hasIndex = proof && json->contains("index") && (*json)["index"].is_number_unsigned();
        if (!hasIndex || !ledger::verifyInclusion(each.leaf, (*json)["index"].get<std::uint64_t>(), m_checkpoint->size,
                                                  *proof, m_checkpoint->root)) {
            left.push_back(each);
            accuse("the collector's proof that a receipt is in its log does not fit", m_note);
        }
    }
    m_unproven = std::move(left);
    return isOverdue ? std::string("the collector has not put a receipt into its log for more than an hour")
                     : std::string();
}

std::string LogWatch::accuse(std::string sentence, const std::string& note) {
    if (m_fault.empty()) {
        m_fault = sentence;
    }
    if (m_evidence.size() < kMaxEvidence && std::ranges::find(m_evidence, note) == m_evidence.end()) {
        m_evidence.push_back(note);
    }
    return sentence;
}

} // namespace gatehouse::sync
