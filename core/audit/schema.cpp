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

// Derived from records and content; see search_index.h. The index of words forgets a deleted text at once instead of
// when its pages are merged one day.
constexpr const char* kSearch = R"sql(
CREATE TABLE term(
    id INTEGER PRIMARY KEY,
    field INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE(field, text)
) STRICT;
CREATE TABLE term_block(
    term INTEGER NOT NULL,
    block INTEGER NOT NULL,
    PRIMARY KEY(term, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE block(
    block INTEGER PRIMARY KEY,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE content_text USING fts5(
    text, content='content', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO content_text(content_text, rank) VALUES('secure-delete', 1);
)sql";

constexpr std::array kSteps{store::Migration{1, kFirst}, store::Migration{2, kSearch}};

} // namespace

Result<> prepareSchema(store::Database& database) {
    return store::migrate(database, kApplicationId, kSteps);
}

} // namespace gatehouse::audit
