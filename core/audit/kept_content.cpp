// SPDX-License-Identifier: Apache-2.0
#include "audit/kept_content.h"

#include <algorithm>

#include "audit/record_log.h"

namespace gatehouse::audit {

Result<std::vector<ledger::ExportedContent>> readKeptContent(store::Database& database, std::uint64_t sequence) {
    GH_TRY(store::Statement rows, database.prepare("SELECT id, salt, hash, text FROM content "
                                                   "WHERE id > ?1 AND id < ?1 + 4 ORDER BY id"));
    rows.bind(1, contentId(sequence, 0));
    std::vector<ledger::ExportedContent> contents;
    while (true) {
        GH_TRY(const bool hasRow, rows.step());
        if (!hasRow) {
            return contents;
        }
        ledger::ExportedContent kept;
        const std::int64_t kind = rows.number(0) - contentId(sequence, 0);
        kept.of = kind == contentOriginal    ? ledger::ExportedContent::Of::original
                  : kind == contentSanitised ? ledger::ExportedContent::Of::sanitised
                                             : ledger::ExportedContent::Of::justification;
        const ByteView salt = rows.bytes(1);
        std::copy_n(salt.begin(), std::min(salt.size(), kept.salt.size()), kept.salt.begin());
        kept.content.hash = std::string(rows.text(2));
        if (!rows.isNull(3)) {
            kept.content.text = std::string(rows.text(3));
        }
        contents.push_back(std::move(kept));
    }
}

} // namespace gatehouse::audit
