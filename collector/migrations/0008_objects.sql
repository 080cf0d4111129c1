-- SPDX-License-Identifier: Apache-2.0
-- A step that was released never changes.
-- A batch lies here, or under a name in the object store.
ALTER TABLE batch ALTER COLUMN content DROP NOT NULL;
ALTER TABLE batch ADD COLUMN object text;
ALTER TABLE batch ADD CONSTRAINT batch_is_somewhere CHECK ((content IS NULL) <> (object IS NULL));
