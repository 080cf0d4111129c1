// SPDX-License-Identifier: Apache-2.0
#include "audit/schema.h"

#include <array>

#include "store/migrations.h"

namespace gatehouse::audit {
namespace {

constexpr std::int64_t kApplicationId = 0x47484155; // "GHAU"

// Append-only by trigger: the insert rule also catches INSERT OR REPLACE, whose hidden delete fires no delete trigger.
constexpr const char* kFirst = R"sql(
CREATE TABLE record(
    sequence INTEGER PRIMARY KEY,
    interaction TEXT NOT NULL,
    kind INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX record_interaction ON record(interaction, sequence);
CREATE TRIGGER record_is_gapless BEFORE INSERT ON record
WHEN NEW.sequence IS NOT (SELECT ifnull(max(sequence), 0) + 1 FROM record)
BEGIN SELECT RAISE(ABORT, 'records are appended without a gap'); END;
CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
CREATE TRIGGER record_is_never_deleted BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TABLE content(
    id INTEGER PRIMARY KEY,
    salt BLOB NOT NULL,
    hash TEXT NOT NULL,
    text BLOB
) STRICT;
CREATE TRIGGER content_is_never_changed BEFORE UPDATE ON content
BEGIN SELECT RAISE(ABORT, 'content is erased or kept, never changed'); END;

CREATE TABLE placeholder(
    conversation TEXT NOT NULL,
    label TEXT NOT NULL,
    number INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY(conversation, label, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta(
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array kSteps{store::Migration{1, kFirst}};

} // namespace

Result<> prepareSchema(store::Database& database) {
    return store::migrate(database, kApplicationId, kSteps);
}

} // namespace gatehouse::audit
