// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"
#include "base/time_text.h"
#include "identity/identity.h"
#include "platform/secure_file.h"

namespace gatehouse::identity {
namespace {

constexpr std::string_view kPrefix = "ghc_";
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kTokenLength = 4 + 43; // the prefix and 32 bytes in base64url
constexpr std::size_t kMaxFile = 1024UL * 1024UL;
constexpr std::size_t kMaxClients = 1000;
constexpr std::size_t kMaxName = 64;
constexpr std::chrono::seconds kLookAgain{1}; // another program (gatehousectl) may have changed the file

struct Entry {
    ClientInfo info;
    Bytes hash;
};

Json toJson(const Entry& entry) {
    Json json{{"id", entry.info.id},
              {"name", entry.info.name},
              {"sha256", hexEncode(entry.hash)},
              {"created", formatTime(entry.info.created)},
              {"revoked", entry.info.isRevoked}};
    if (entry.info.expires) {
        json["expires"] = formatTime(*entry.info.expires);
    }
    return json;
}

Result<std::string> textField(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string()) {
        return fail(ErrorKind::corrupt, std::string("clients.json: a client has no ") + name);
    }
    return found->get<std::string>();
}

Result<Entry> fromJson(const Json& json) {
    if (!json.is_object()) {
        return fail(ErrorKind::corrupt, "clients.json: a client is not an object");
    }
    Entry entry;
    GH_TRY(entry.info.id, textField(json, "id"));
    GH_TRY(entry.info.name, textField(json, "name"));
    GH_TRY(const auto hash, textField(json, "sha256"));
    GH_TRY(entry.hash, hexDecode(hash));
    GH_TRY(const auto created, textField(json, "created"));
    GH_TRY(entry.info.created, parseTime(created));
    if (json.contains("expires")) {
        GH_TRY(const auto expires, textField(json, "expires"));
        GH_TRY(entry.info.expires, parseTime(expires));
    }
    const auto revoked = json.find("revoked");
    if (entry.hash.size() != std::tuple_size_v<Sha256Digest> || revoked == json.end() || !revoked->is_boolean()) {
        return fail(ErrorKind::corrupt, "clients.json: a client's hash or state is not well-formed");
    }
    entry.info.isRevoked = revoked->get<bool>();
    return entry;
}

class FileClientTokens final : public ClientTokens {
public:
    FileClientTokens(const std::string& folder, const Clock& clock)
        : m_path(folder + "/clients.json")
        , m_clock(clock) {}

    Result<> load() {
        m_lookAgain = m_clock.monotonic() + kLookAgain;
        auto content = platform::readPrivateFile(m_path, kMaxFile);
        if (!content && content.error().kind == ErrorKind::notFound) {
            m_entries.clear();
            return {};
        }
        if (!content) {
            return std::unexpected(std::move(content).error());
        }
        const auto json = parseJson(content->text());
        const bool isShaped = json && json->is_object() && json->value("version", Json()) == 1 &&
                              json->contains("clients") && (*json)["clients"].is_array();
        if (!isShaped) {
            return fail(ErrorKind::corrupt, "clients.json is not well-formed; remove it and issue the tokens again");
        }
        std::vector<Entry> entries;
        for (const auto& item : (*json)["clients"]) {
            GH_TRY(auto entry, fromJson(item));
            entries.push_back(std::move(entry));
        }
        m_entries = std::move(entries);
        return {};
    }

    [[nodiscard]] Result<SecureBytes> issue(std::string_view name,
                                            std::optional<std::chrono::seconds> lifetime) override {
        const bool isPlain =
            !name.empty() && name.size() <= kMaxName &&
            std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
        if (!isPlain) {
            return fail(ErrorKind::invalidInput, "a client's name is 1 to 64 visible ASCII characters");
        }
        GH_CHECK(load());
        dropStale();
        if (m_entries.size() >= kMaxClients) {
            return fail(ErrorKind::limit, "there are too many clients; revoke some");
        }
        SecureBytes random(kTokenBytes);
        fillRandom(random.data(), random.size());
        SecureBytes token(std::string(kPrefix) + base64UrlEncode(random.view()));
        const auto hash = sha256(token.view());
        Entry entry{{newId(), std::string(name), m_clock.wall(), std::nullopt, false}, {hash.begin(), hash.end()}};
        if (lifetime) {
            entry.info.expires = m_clock.wall() + *lifetime;
        }
        m_entries.push_back(std::move(entry));
        GH_CHECK(save());
        return token;
    }

    [[nodiscard]] Result<ClientInfo> verify(std::string_view token) const override {
        if (token.size() != kTokenLength || !token.starts_with(kPrefix)) {
            return fail(ErrorKind::denied, "no client token of this agent");
        }
        if (m_clock.monotonic() >= m_lookAgain) {
            // What was read before holds on when the file cannot be read now.
            [[maybe_unused]] const auto reloaded = const_cast<FileClientTokens*>(this)->load();
        }
        const auto hash = sha256(bytesOf(token));
        const Entry* match = nullptr;
        for (const auto& entry : m_entries) { // to the end, so that time does not tell which one it was
            if (constantTimeEqual(entry.hash, hash)) {
                match = &entry;
            }
        }
        if (match == nullptr) {
            return fail(ErrorKind::denied, "unknown client token");
        }
        if (match->info.isRevoked) {
            return fail(ErrorKind::denied, "the client token was revoked");
        }
        if (match->info.expires && *match->info.expires <= m_clock.wall()) {
            return fail(ErrorKind::denied, "the client token has expired");
        }
        return match->info;
    }

    [[nodiscard]] std::vector<ClientInfo> list() const override {
        std::vector<ClientInfo> infos;
        infos.reserve(m_entries.size());
        for (const auto& entry : m_entries) {
            infos.push_back(entry.info);
        }
        return infos;
    }

    [[nodiscard]] Result<> revoke(std::string_view idOrName) override {
        GH_CHECK(load());
        bool isFound = false;
        for (auto& entry : m_entries) {
            if (entry.info.id == idOrName || entry.info.name == idOrName) {
                entry.info.isRevoked = true;
                isFound = true;
            }
        }
        if (!isFound) {
            return fail(ErrorKind::notFound, "there is no such client");
        }
        return save();
    }

private:
    // Revoked and expired clients make room for new ones a day after they ended.
    void dropStale() {
        const auto now = m_clock.wall();
        std::erase_if(m_entries, [now](const Entry& entry) {
            const bool isExpired = entry.info.expires && *entry.info.expires + std::chrono::hours(24) < now;
            return isExpired || (entry.info.isRevoked && entry.info.created + std::chrono::hours(24) < now);
        });
    }
    Result<> save() {
        Json clients = Json::array();
        for (const auto& entry : m_entries) {
            clients.push_back(toJson(entry));
        }
        const auto text = dumpJson(Json{{"version", 1}, {"clients", std::move(clients)}});
        return platform::writePrivateFile(m_path, bytesOf(text));
    }

    std::string m_path;
    const Clock& m_clock;
    std::vector<Entry> m_entries;
    MonotonicTime m_lookAgain{};
};

} // namespace

Result<std::unique_ptr<ClientTokens>> ClientTokens::open(const std::string& dataFolder, const Clock& clock) {
    auto tokens = std::make_unique<FileClientTokens>(dataFolder, clock);
    GH_CHECK(tokens->load());
    return tokens;
}

Result<std::unique_ptr<ClientTokens>> ClientTokens::openOrBegin(const std::string& dataFolder, const Clock& clock) {
    auto tokens = open(dataFolder, clock);
    if (tokens || tokens.error().kind != ErrorKind::corrupt) {
        return tokens;
    }
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall().time_since_epoch());
    const std::string path = dataFolder + "/clients.json";
    std::error_code problem;
    std::filesystem::rename(path, fmt::format("{}.damaged-{}", path, now.count()), problem);
    if (problem) {
        return tokens;
    }
    logError("identity", "the client tokens were damaged and set aside, none of them holds: {}", tokens.error().what);
    return open(dataFolder, clock);
}

} // namespace gatehouse::identity
