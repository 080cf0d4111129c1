-- SPDX-License-Identifier: Apache-2.0
-- A step that was released never changes.
-- What each device said of itself last. The head is the farthest that was seen of its chain, not the last one.
CREATE TABLE heartbeat (
    device bytea PRIMARY KEY REFERENCES device,
    chain bytea NOT NULL CHECK (octet_length(chain) = 16),
    sequence bigint NOT NULL CHECK (sequence >= 0),
    head bytea NOT NULL CHECK (octet_length(head) = 32),
    made_ms bigint NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    policy_serial bigint NOT NULL,
    waiting bigint NOT NULL,
    version text NOT NULL,
    key_protection text NOT NULL,
    state text NOT NULL,
    content bytea NOT NULL -- as it came, with its signature
);
CREATE INDEX heartbeat_by_age ON heartbeat (received_at);
