// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/finding.h"

// Finds sensitive text. Hyperscan finds shapes, a validator confirms, context words score, overlaps are resolved.
// An Engine is immutable after compile(); scan() may run on any number of threads, each call with its own Scratch.
// Findings are byte ranges into the caller's UTF-8 text and never copies of it. Format: docs/formats/detectors.md.
namespace gatehouse::dlp {

// A word list or phrase that policy adds; matched as whole words, without regard to case unless said.
struct CustomWords {
    std::string id; // becomes detector "custom.policy.<id>"
    FindingClass findingClass = FindingClass::custom;
    std::vector<std::string> words;
    bool isCaseSensitive = false;

    bool operator==(const CustomWords&) const = default;
};

// A pattern that policy adds. A match is reported when no letter or digit stands beside it.
struct CustomPattern {
    std::string id;      // becomes detector "custom.policy.<id>"
    std::string pattern; // in the syntax that Hyperscan and RE2 share: no lookaround, no back-references
    FindingClass findingClass = FindingClass::custom;
    bool isCaseSensitive = true;
    std::vector<std::string> context; // words that raise its confidence
    bool needsContext = false;        // without one of them nothing is reported

    bool operator==(const CustomPattern&) const = default;
};

// invalidInput with the reason, in words for its author, when Hyperscan or RE2 cannot take the pattern, or when it
// would be slow or match ordinary text everywhere. Some milliseconds.
[[nodiscard]] Result<> checkPattern(const CustomPattern& pattern);

class RegisteredData;

// Data that policy registers; see registered_data.h.
struct DataSet {
    std::string id; // becomes detector "custom.policy.<id>"
    FindingClass findingClass = FindingClass::confidential;
    std::shared_ptr<const RegisteredData> data;
};

struct EngineOptions {
    std::vector<std::string> disabled; // detector ids, prefixes that end in ".*", or "*"
    std::vector<std::string> enabled;  // the same, of the optional detectors
    std::vector<CustomWords> words;
    std::vector<CustomPattern> patterns;
    std::vector<DataSet> data;
    std::vector<std::string> allowed;         // exact values that are never reported
    std::vector<std::string> allowedPatterns; // RE2; values that match one as a whole are never reported
    std::vector<std::string> allowedHashes;   // the same by SHA-256, 64 hex digits, for lists that must not name them
    Level minimum = Level::medium;            // findings below it are dropped
    // By class, in log-odds: what is added before the level is judged. Positive finds more, negative finds less.
    std::array<double, kFindingClassCount> sensitivity{};
};

// invalidInput when the lists of allowed values cannot be used.
[[nodiscard]] Result<> checkAllowed(const EngineOptions& options);

struct DetectorInfo {
    std::string id; // class.region.name
    std::string name;
    FindingClass findingClass = FindingClass::custom;
    std::string region;      // "any", "us", …
    std::string confirmedBy; // "Luhn and issuer range", …
    std::string placeholder; // label of its placeholders: "CARD", "EMAIL", …
};

// Working memory of one scan at a time (Hyperscan scratch and buffers). Cheap to keep, dear to make.
class Scratch;
struct ScratchDeleter {
    void operator()(Scratch* scratch) const;
};
using ScratchPtr = std::unique_ptr<Scratch, ScratchDeleter>;

class Engine {
public:
    // Loads the built-in catalogue, compiles or reads the cached databases, runs every detector's own examples (the
    // self-test) and refuses to exist if one is missed. Blocks for some 100 ms without a cache.
    [[nodiscard]] static Result<std::shared_ptr<const Engine>> compile(const EngineOptions& options);

    virtual ~Engine() = default;
    [[nodiscard]] virtual ScratchPtr makeScratch() const = 0;
    // All findings, ordered by begin, not overlapping. Invalid UTF-8 is scanned as bytes. limit when there are more
    // than 65,536 raw candidates: callers fail to the safe side (finding of class unreadable over the whole text).
    [[nodiscard]] virtual Result<std::vector<Finding>> scan(std::string_view text, Scratch& scratch) const = 0;
    // True for words of model servers' interfaces ("role", "choices") in which scan() finds nothing: most strings of a
    // request and an answer are such words. False says nothing.
    [[nodiscard]] virtual bool isQuiet(std::string_view text) const = 0;
    [[nodiscard]] virtual std::span<const DetectorInfo> catalogue() const = 0;
    // Whether the detector's own check (digits, dates inside, assigned ranges) holds for the value as a whole. False
    // for unknown ids and for detectors without a check. Microseconds.
    [[nodiscard]] virtual bool confirms(std::string_view detector, std::string_view value) const = 0;
    // The catalogue's row, or a row made up for unknown ids (placeholder "VALUE").
    [[nodiscard]] virtual DetectorInfo detector(std::string_view id) const = 0;
};

// The same findings as scan() over the concatenation, at every split. Text is released as soon as no live candidate and
// no context window can still reach it.
class StreamScanner {
public:
    struct Step {
        std::string text;              // released text; concatenated over all steps it is exactly the input
        std::vector<Finding> findings; // complete inside the released text; offsets from the start of the stream
    };
    static std::unique_ptr<StreamScanner> create(std::shared_ptr<const Engine> engine);
    virtual ~StreamScanner() = default;
    [[nodiscard]] virtual Result<Step> push(std::string_view chunk) = 0;
    [[nodiscard]] virtual Result<Step> finish() = 0;
    // push() and finish() in one, with one scan instead of two: for a text that comes whole.
    [[nodiscard]] virtual Result<Step> pushLast(std::string_view chunk) = 0;
    // Bytes that wait for more input now.
    [[nodiscard]] virtual std::size_t heldBytes() const = 0;
};

} // namespace gatehouse::dlp
