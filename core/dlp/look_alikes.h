// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secure_bytes.h"
#include "dlp/look_alike_values.h"
#include "dlp/vault.h"

namespace gatehouse::dlp {

// The look-alikes of one conversation: which invented value stands for which real one. They are kept in the vault, so
// that the same value has the same look-alike in every turn and across restarts. One thread at a time.
// What is invented, and how it is found again: docs/formats/look-alike.md.
class LookAlikes final {
public:
    // Those that the vault knows; `vault` must outlive it.
    [[nodiscard]] static Result<LookAlikes> load(std::string_view conversation, Vault& vault);

    [[nodiscard]] bool isEmpty() const { return m_entries.empty(); }

    // Texts in which no value may stand that is invented later: it would come back as what it never was.
    void avoid(std::string_view text);
    // What stands for the value: the known look-alike or a new one. nullopt where none can be invented; the value gets
    // a placeholder then.
    [[nodiscard]] Result<std::optional<std::string>> standIn(const RealValue& real, const Confirms& confirms);

    // True for the characters that a look-alike can begin with.
    [[nodiscard]] bool mayBegin(char c) const { return m_first[static_cast<unsigned char>(c)] != 0; }
    enum class Outcome { none, needsMore, whole };
    struct Match {
        Outcome outcome = Outcome::none;
        std::size_t end = 0;
        SecureBytes value; // written as the look-alike was found written, where that can be
    };
    // The longest look-alike that begins at `at`, in whatever spelling; no letter or digit may stand before it (the
    // caller knows) or behind it. needsMore when more text could make one; never when `isEnd`.
    [[nodiscard]] Match matchAt(std::string_view text, std::size_t at, bool isEnd) const;
    // True when what was found in an answer is a look-alike or a piece of one: nothing that left or that came.
    [[nodiscard]] bool covers(std::string_view found) const;

private:
    struct Entry {
        std::string lead; // what stands in front of the key: "+", "("
        std::string key;  // as `spelling` folds it
        std::string shown;
        SecureBytes value;
        Spelling spelling = Spelling::exact;
        bool isPart = false;      // of a name or a number
        bool isAmbiguous = false; // a part of several
    };
    struct Attempt {
        Outcome outcome = Outcome::none;
        std::size_t end = 0;
        bool isWhole = false; // at the end of the text, and complete if nothing follows
    };

    LookAlikes(std::string_view conversation, Vault& vault) : m_conversation(conversation), m_vault(&vault) {}
    void add(std::string_view shown, std::string_view value, Spelling spelling);
    void addParts(const Entry& whole);
    void insert(Entry entry);
    [[nodiscard]] bool isTaken(const Invented& invented) const;
    [[nodiscard]] bool comesBack(const Invented& invented, std::string_view value) const;
    [[nodiscard]] static Attempt attempt(const Entry& entry, std::string_view text, std::size_t at);
    [[nodiscard]] static SecureBytes spelledAs(const Entry& entry, std::string_view found);

    std::string m_conversation;
    Vault* m_vault;
    std::vector<Entry> m_entries;
    std::array<std::vector<std::uint32_t>, 256> m_byFirst; // of the key, or of the lead
    std::array<std::uint8_t, 256> m_first{};
    std::string m_avoided; // letters and digits of the texts, small
};

// A letter or digit of ASCII: what may not stand beside a look-alike.
constexpr bool touchesLookAlike(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

} // namespace gatehouse::dlp
