// SPDX-License-Identifier: Apache-2.0
#include "sync/outbox.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <system_error>

#include <fmt/format.h>

#include "base/json.h"
#include "base/log.h"
#include "sync/batch.h"

namespace gatehouse::sync {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxState = 64UL * 1024UL;
constexpr std::size_t kMaxHistory = 100;
constexpr std::string_view kExtension = ".ghb";

// Names sort as the records do.
std::string nameOf(const ledger::BatchHeader& header) {
    return fmt::format("{:020}-{:020}{}", header.from, header.to, kExtension);
}

template <std::size_t size>
bool readHex(const Json& object, const char* key, std::array<std::uint8_t, size>& out) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) {
        return false;
    }
    const auto bytes = hexDecode(found->get_ref<const std::string&>());
    if (!bytes || bytes->size() != size) {
        return false;
    }
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return true;
}

ledger::Head headOf(const ledger::BatchHeader& header) {
    return {header.chain, header.to, header.head};
}

bool follows(const ledger::BatchHeader& header, const std::optional<ledger::Head>& before) {
    return before
               ? header.chain == before->chain && header.from == before->sequence + 1 && header.before == before->hash
               : header.from == 1;
}

} // namespace

Result<Outbox> Outbox::open(const std::string& dataFolder) {
    const std::string folder = dataFolder + "/outbox";
    GH_CHECK(platform::ensurePrivateFolder(folder));
    GH_TRY(platform::LockFile lock, platform::LockFile::acquire(folder + "/lock"));
    Outbox outbox(folder, std::move(lock));
    GH_CHECK(outbox.load());
    return outbox;
}

Result<> Outbox::load() {
    GH_CHECK(loadState());
    return loadFiles();
}

// A broken state is as good as none: who sends asks the collector, and a carrier gets everything once more.
Result<> Outbox::loadState() {
    const auto bytes = platform::readFile(m_folder + "/state.json", kMaxState);
    if (!bytes) {
        return bytes.error().kind == ErrorKind::notFound ? Result<>() : std::unexpected(bytes.error());
    }
    const auto state = parseJson(textOf(*bytes));
    ledger::Head head;
    if (!state || !state->is_object() || !readHex(*state, "chain", head.chain) ||
        !readHex(*state, "sha256", head.hash) || !state->contains("sequence") ||
        !(*state)["sequence"].is_number_unsigned()) {
        logWarning("sync", "the outbox has lost up to where the audit was delivered; it begins anew");
        return {};
    }
    head.sequence = (*state)["sequence"].get<std::uint64_t>();
    const auto history = state->find("history");
    for (const Json& each : history != state->end() && history->is_array() ? *history : Json::array()) {
        ledger::Head end{head.chain, 0, {}};
        if (each.is_object() && each.contains("sequence") && each["sequence"].is_number_unsigned() &&
            readHex(each, "sha256", end.hash)) {
            end.sequence = each["sequence"].get<std::uint64_t>();
            m_history.push_back(end);
        }
    }
    m_delivered = head;
    if (Sha256Digest receipt{}; readHex(*state, "receipt", receipt)) {
        m_lastReceipt = receipt;
    }
    return {};
}

Result<> Outbox::loadFiles() {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator each(m_folder, error), end; !error && each != end; each.increment(error)) {
        const std::string name = each->path().filename().string();
        if (name.ends_with(kExtension)) {
            names.push_back(name);
        } else if (name.ends_with(".tmp")) {
            GH_CHECK(platform::removeFile(m_folder + "/" + name)); // of a run that ended while it wrote
        }
    }
    if (error) {
        return fail(ErrorKind::unavailable, "the outbox cannot be listed", error.value());
    }
    std::ranges::sort(names);
    bool isBroken = false;
    for (const std::string& name : names) {
        const auto bytes = platform::readFile(m_folder + "/" + name, ledger::kMaxBatchFile);
        const auto parts = bytes ? checkBatch(*bytes) : std::unexpected(bytes.error());
        if (parts && m_delivered && headOf(parts->header).sequence <= m_delivered->sequence) {
            GH_CHECK(platform::removeFile(m_folder + "/" + name)); // delivered, but its removal did not happen
            continue;
        }
        if (isBroken || !parts || nameOf(parts->header) != name || !follows(parts->header, newest())) {
            logWarning("sync", "a batch of the outbox is damaged or out of order: its records are cut anew");
            isBroken = true;
            GH_CHECK(platform::removeFile(m_folder + "/" + name));
            continue;
        }
        m_waiting.push_back({name, parts->header.from, parts->header.to, bytes->size()});
        m_heads.push_back(headOf(parts->header));
    }
    return {};
}

Result<> Outbox::saveState() const {
    Json history = Json::array();
    for (const ledger::Head& end : m_history) {
        history.push_back({{"sequence", end.sequence}, {"sha256", hexEncode(end.hash)}});
    }
    Json state{{"history", std::move(history)},
               {"chain", hexEncode(m_delivered->chain)},
               {"sequence", m_delivered->sequence},
               {"sha256", hexEncode(m_delivered->hash)}};
    if (m_lastReceipt) {
        state["receipt"] = hexEncode(*m_lastReceipt);
    }
    return platform::writePrivateFile(m_folder + "/state.json", bytesOf(dumpJson(state) + "\n"));
}

std::uint64_t Outbox::bytes() const {
    return std::accumulate(m_waiting.begin(), m_waiting.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Waiting& each) { return sum + each.bytes; });
}

std::optional<ledger::Head> Outbox::newest() const {
    return m_heads.empty() ? m_delivered : std::optional(m_heads.back());
}

std::vector<ledger::Head> Outbox::ends() const {
    std::vector<ledger::Head> ends = m_history;
    if (m_delivered) {
        ends.push_back(*m_delivered);
    }
    ends.insert(ends.end(), m_heads.begin(), m_heads.end());
    return ends;
}

// The history keeps what lies before, of the same chain.
void Outbox::moveTo(const ledger::Head& delivered) {
    if (m_delivered) {
        m_history.push_back(*m_delivered);
    }
    std::erase_if(m_history, [&delivered](const ledger::Head& end) {
        return end.chain != delivered.chain || end.sequence >= delivered.sequence;
    });
    if (m_history.size() > kMaxHistory) {
        m_history.erase(m_history.begin(), m_history.end() - kMaxHistory);
    }
    m_delivered = delivered;
}

Result<> Outbox::put(ByteView batch) {
    GH_TRY(const ledger::BatchParts parts, checkBatch(batch));
    if (!follows(parts.header, newest())) {
        return fail(ErrorKind::invalidInput, "the batch does not follow what is in the outbox");
    }
    const std::string name = nameOf(parts.header);
    GH_CHECK(platform::writePrivateFile(m_folder + "/" + name, batch));
    m_waiting.push_back({name, parts.header.from, parts.header.to, batch.size()});
    m_heads.push_back(headOf(parts.header));
    return {};
}

Result<Bytes> Outbox::read(const Waiting& waiting) const {
    return platform::readFile(m_folder + "/" + waiting.name, ledger::kMaxBatchFile);
}

Result<> Outbox::markDelivered(std::uint64_t to, const std::optional<Sha256Digest>& receipt) {
    const auto found =
        std::find_if(m_waiting.begin(), m_waiting.end(), [to](const Waiting& each) { return each.to == to; });
    if (found == m_waiting.end()) {
        return fail(ErrorKind::notFound, "no batch in the outbox ends with record " + std::to_string(to));
    }
    const auto count = found - m_waiting.begin() + 1;
    for (auto head = m_heads.begin(); head != m_heads.begin() + count; ++head) {
        moveTo(*head);
    }
    if (receipt) {
        m_lastReceipt = receipt;
    }
    // The state first: a file that outlives it is recognised as delivered, the other way round records would be missed.
    GH_CHECK(saveState());
    for (auto each = m_waiting.begin(); each != m_waiting.begin() + count; ++each) {
        GH_CHECK(platform::removeFile(m_folder + "/" + each->name));
    }
    m_waiting.erase(m_waiting.begin(), m_waiting.begin() + count);
    m_heads.erase(m_heads.begin(), m_heads.begin() + count);
    return {};
}

Result<> Outbox::restartBehind(const ledger::Head& head) {
    for (const Waiting& each : m_waiting) {
        GH_CHECK(platform::removeFile(m_folder + "/" + each.name));
    }
    m_waiting.clear();
    m_heads.clear();
    moveTo(head);
    return saveState();
}

} // namespace gatehouse::sync
