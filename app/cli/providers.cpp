// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <optional>
#include <string>

#ifndef _WIN32
#include <termios.h>
#include <unistd.h>
#endif

#include "base/json.h"
#include "base/secure_bytes.h"
#include "platform/paths.h"
#include "secrets/secret_store.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kUsage =
    "usage: gatehousectl providers list [NAME…] [--data DIR] [--json]\n"
    "       gatehousectl providers set-key NAME [--data DIR] < key\n"
    "       gatehousectl providers remove-key NAME [--data DIR]\n\n"
    "set-key reads the provider's API key from standard input and puts it into the secret store.\n"
    "list says for which of the named providers a key is kept; it never shows a key.\n";

constexpr std::size_t kMaxKeyBytes = 16UL * 1024UL;

int complain(std::string_view message, int code = 2) {
    std::fprintf(stderr, "gatehousectl providers: %.*s\n", static_cast<int>(message.size()), message.data());
    return code;
}

// Switches the terminal's echo off while a key is typed.
class SilentTerminal final {
public:
    SilentTerminal() {
#ifndef _WIN32
        m_isTerminal = ::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &m_before) == 0;
        if (m_isTerminal) {
            std::fputs("key: ", stderr);
            termios silent = m_before;
            silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        }
#endif
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;
    ~SilentTerminal() {
#ifndef _WIN32
        if (m_isTerminal) {
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
            std::fputs("\n", stderr);
        }
#endif
    }

private:
#ifndef _WIN32
    termios m_before{};
    bool m_isTerminal = false;
#endif
};

// The first line of standard input; read unbuffered, so that no copy stays in the library's buffer.
std::optional<SecureBytes> readKey() {
    const SilentTerminal silence;
    std::setvbuf(stdin, nullptr, _IONBF, 0);
    SecureBytes buffer(kMaxKeyBytes);
    std::size_t size = 0;
    for (int c = std::fgetc(stdin); c != EOF && c != '\n'; c = std::fgetc(stdin)) {
        if (size == buffer.size()) {
            return std::nullopt;
        }
        buffer.data()[size++] = static_cast<std::uint8_t>(c);
    }
    std::string_view text = buffer.text().substr(0, size);
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    for (const char c : text) {
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F) {
            return std::nullopt;
        }
    }
    return text.empty() ? std::nullopt : std::optional(SecureBytes(text));
}

int setKey(secrets::SecretStore& store, std::string_view provider) {
    const auto name = secrets::providerKeyName(provider);
    if (!name) {
        return complain(name.error().what);
    }
    const auto key = readKey();
    if (!key) {
        return complain("no key on standard input: give one line of printable ASCII, at most 16 KiB");
    }
    if (const auto written = store.write(*name, *key); !written) {
        return complain(written.error().what + "; unlock your keyring and try again");
    }
    const std::string said = "the key of '" + std::string(provider) + "' is kept (" +
                             std::string(secrets::keyProtectionWord(store.protection())) +
                             "); restart the agent if it is running\n";
    std::fputs(said.c_str(), stderr);
    return 0;
}

int removeKey(secrets::SecretStore& store, std::string_view provider) {
    const auto name = secrets::providerKeyName(provider);
    if (!name) {
        return complain(name.error().what);
    }
    const auto removed = store.remove(*name);
    if (!removed) {
        return complain(removed.error().what, removed.error().kind == ErrorKind::notFound ? 1 : 2);
    }
    return 0;
}

int listKeys(secrets::SecretStore& store, const std::vector<std::string_view>& providers, bool isJson) {
    Json list = Json::array();
    for (const std::string_view provider : providers) {
        const auto name = secrets::providerKeyName(provider);
        const auto key = name ? store.read(*name) : Result<SecureBytes>(std::unexpected(name.error()));
        if (!key && key.error().kind != ErrorKind::notFound) {
            return complain(key.error().what);
        }
        list.push_back({{"provider", provider}, {"has_key", key.has_value()}});
        if (!isJson) {
            std::printf("%-24.*s %s\n", static_cast<int>(provider.size()), provider.data(),
                        key ? "key kept" : "no key");
        }
    }
    if (isJson) {
        std::printf("%s\n", dumpJson(list).c_str());
    }
    return 0;
}

} // namespace

int runProviders(Arguments arguments) {
    bool isJson = false;
    std::string data;
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--json") {
            isJson = true;
        } else if (arguments[i] == "--data" && i + 1 < arguments.size()) {
            data = arguments[++i];
        } else {
            words.push_back(arguments[i]);
        }
    }
    const std::string_view verb = words.empty() ? std::string_view() : words.front();
    const bool isKeyVerb = verb == "set-key" || verb == "remove-key";
    if ((verb != "list" && !isKeyVerb) || (isKeyVerb && words.size() != 2)) {
        const bool isHelp = verb == "--help" || verb == "-h";
        std::fputs(kUsage, isHelp ? stdout : stderr);
        return isHelp ? 0 : 2;
    }
    if (data.empty()) {
        auto folder = platform::dataFolder();
        if (!folder) {
            return complain(folder.error().what);
        }
        data = std::move(*folder);
    }
    const auto store = secrets::openSecretStore({.dataFolder = data});
    if (!store) {
        return complain(store.error().what);
    }
    words.erase(words.begin());
    if (verb == "list") {
        return listKeys(**store, words, isJson);
    }
    return verb == "set-key" ? setKey(**store, words.front()) : removeKey(**store, words.front());
}

} // namespace gatehouse::cli
