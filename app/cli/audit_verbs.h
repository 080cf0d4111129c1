// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/audit.h"
#include "secrets/secret_store.h"

// What the subverbs of `gatehousectl audit` share.
namespace gatehouse::cli {

struct AuditOptions {
    std::string data;
    std::string operand; // an interaction, or the file of an export
    std::string format;
    std::string output;
    std::optional<std::int64_t> sinceMs;
    std::optional<std::int64_t> untilMs;
    std::string head; // SHA-256 in hex
    std::vector<std::pair<audit::SearchField, std::string>> where;
    std::optional<std::uint64_t> before; // sequence
    std::size_t limit = 50;
    bool isJson = false;
    bool hasTexts = false;
};

// Prints "gatehousectl audit: …" on stderr and gives the code.
int complainOfAudit(std::string_view message, int code = 2);

// `audit open`: batches become an export again, by an auditor's key; needs no data folder.
int runAuditOpen(std::span<const std::string_view> arguments);
// `audit batch`: cuts what is new into sealed batches, as files for a carrier.
int runAuditBatch(std::span<const std::string_view> arguments);

// `audit erase`: texts, salts and placeholders' values go, the chain stays.
int runAuditErase(std::span<const std::string_view> arguments);
// `audit rotate-key`: the database under a new key.
int runAuditRotateKey(std::span<const std::string_view> arguments);

int runAuditExport(const AuditOptions& options, secrets::SecretStore& secrets);

} // namespace gatehouse::cli
