// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace gatehouse {

// What policy does about something, from mildest to strictest. The words are the wire words everywhere: policy files,
// headers, bridge messages, audit records.
enum class Action { allow, log, warn, justify, redact, routeLocal, block };

// The stricter of two labels. Only labels compare like this: effects compose (see policy/policy.h).
constexpr Action stricter(Action a, Action b) {
    return a < b ? b : a;
}

std::string_view actionWord(Action action);
std::optional<Action> actionFromWord(std::string_view word);

// What stands in a text in the place of a finding, in the order of docs/policy.md: of two layers' styles the later one
// holds. Placeholders and look-alikes are restored in the answer.
enum class RedactStyle {
    placeholder, // [[CARD_1_K7]]
    lookAlike,   // 4111 1148 2095 3317: invented, as valid as the real one (docs/formats/look-alike.md)
    hash,        // CARD#1f0a…: the same for the same value on this machine, and nothing else to be told from it
    mask,        // **** **** **** 1111: letters and digits but the last four
    remove,      // nothing
};
std::string_view redactStyleWord(RedactStyle style);
std::optional<RedactStyle> redactStyleFromWord(std::string_view word);

// How far a destination is trusted. Declared by policy, never derived from an address.
enum class Trust { local, approved, external };
std::string_view trustWord(Trust trust);
std::optional<Trust> trustFromWord(std::string_view word);

// Which way the text goes, seen from the person: into a model, or out of it.
enum class Direction { prompt, answer };
std::string_view directionWord(Direction direction);
std::optional<Direction> directionFromWord(std::string_view word);

// Through which door the text came.
enum class Channel { sdk, chat, paste, drop, upload, submit, network, clipboard };
std::string_view channelWord(Channel channel);
std::optional<Channel> channelFromWord(std::string_view word);

// The classes of findings.
enum class FindingClass {
    pii,
    pci,
    phi,
    secret,
    credential,
    sourceCode,
    financial,
    legal,
    confidential,
    injection,
    exfiltration,
    harmful,
    unreadable,
    custom,
};
inline constexpr std::size_t kFindingClassCount = 14;
std::string_view findingClassWord(FindingClass findingClass);
std::optional<FindingClass> findingClassFromWord(std::string_view word);

} // namespace gatehouse
