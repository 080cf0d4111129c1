-- SPDX-License-Identifier: Apache-2.0
-- A step that was released never changes.
CREATE TABLE device (
    device bytea PRIMARY KEY CHECK (octet_length(device) = 16),
    first_seen timestamptz NOT NULL DEFAULT now(),
    last_seen timestamptz NOT NULL DEFAULT now(),
    is_revoked boolean NOT NULL DEFAULT false,
    policy_serial bigint NOT NULL DEFAULT 0
);

-- Every key that a certificate of the device ever showed: batches that waited for long are signed by an older one.
CREATE TABLE device_key (
    device bytea NOT NULL REFERENCES device,
    key_id bytea NOT NULL CHECK (octet_length(key_id) = 32),
    public_key bytea NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (device, key_id)
);

-- The head of each chain: what the next batch must follow.
CREATE TABLE chain (
    device bytea NOT NULL REFERENCES device,
    chain bytea NOT NULL CHECK (octet_length(chain) = 16),
    last_sequence bigint NOT NULL CHECK (last_sequence >= 0),
    head bytea NOT NULL CHECK (octet_length(head) = 32),
    PRIMARY KEY (device, chain)
);
CREATE INDEX chain_by_name ON chain (chain);

CREATE TABLE batch (
    device bytea NOT NULL,
    chain bytea NOT NULL,
    from_sequence bigint NOT NULL CHECK (from_sequence > 0),
    to_sequence bigint NOT NULL CHECK (to_sequence >= from_sequence),
    before bytea NOT NULL,
    head bytea NOT NULL,
    name bytea NOT NULL CHECK (octet_length(name) = 32),
    received_at timestamptz NOT NULL,
    receipt bytea NOT NULL,
    content bytea NOT NULL, -- the whole file as it came
    PRIMARY KEY (device, chain, from_sequence)
) PARTITION BY HASH (device);
DO $$
BEGIN
    FOR i IN 0..7 LOOP
        EXECUTE format('CREATE TABLE batch_%s PARTITION OF batch FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
        -- Sealed bytes do not compress.
        EXECUTE format('ALTER TABLE batch_%s ALTER COLUMN content SET STORAGE EXTERNAL', i);
    END LOOP;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'batches are kept, never changed';
END $$;
CREATE TRIGGER batch_is_kept BEFORE UPDATE OR DELETE ON batch FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Batches that contradict what is kept: evidence, not part of any chain.
CREATE TABLE contradiction (
    device bytea NOT NULL REFERENCES device,
    name bytea NOT NULL,
    chain bytea NOT NULL,
    from_sequence bigint NOT NULL,
    to_sequence bigint NOT NULL,
    received_at timestamptz NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (device, name)
);

CREATE TABLE alarm (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    device bytea NOT NULL REFERENCES device,
    chain bytea NOT NULL,
    sequence bigint NOT NULL,
    batch bytea NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now(),
    acknowledged_at timestamptz,
    UNIQUE (kind, device, chain, sequence, batch)
);
