-- SPDX-License-Identifier: Apache-2.0
-- A step that was released never changes.
-- The log over all receipts: a Merkle tree that only grows (RFC 9162).
CREATE TABLE log_pending ( -- leaves that are not in the tree yet
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE TABLE log_node ( -- whole subtrees of 2^level leaves; level 0 are the leaves
    level bigint NOT NULL,
    position bigint NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, position)
);
CREATE UNIQUE INDEX log_leaf ON log_node (hash) WHERE level = 0;
CREATE TABLE log_checkpoint (
    size bigint PRIMARY KEY,
    note text NOT NULL, -- C2SP signed note
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER log_node_is_kept BEFORE UPDATE OR DELETE ON log_node FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_checkpoint_is_kept BEFORE UPDATE OR DELETE ON log_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Receipts that were given before there was a log: "GHRCPT01", the length in four bytes, the receipt, its signature.
INSERT INTO log_pending (hash)
SELECT sha256('\x00'::bytea || substring(receipt FROM 13 FOR
    (get_byte(receipt, 8) << 24) + (get_byte(receipt, 9) << 16) + (get_byte(receipt, 10) << 8) + get_byte(receipt, 11)))
FROM batch ORDER BY received_at, device, chain, from_sequence;
