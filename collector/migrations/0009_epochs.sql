-- SPDX-License-Identifier: Apache-2.0
-- A step that was released never changes.
-- A chain may begin again at an earlier place once an operator allowed it: a device that was rightly restored.
ALTER TABLE chain ADD COLUMN epoch bigint NOT NULL DEFAULT 0, ADD COLUMN may_restart boolean NOT NULL DEFAULT false;
ALTER TABLE batch ADD COLUMN epoch bigint NOT NULL DEFAULT 0;
ALTER TABLE batch DROP CONSTRAINT batch_pkey;
ALTER TABLE batch ADD PRIMARY KEY (device, chain, epoch, from_sequence);
CREATE TABLE chain_epoch (
    device bytea NOT NULL REFERENCES device,
    chain bytea NOT NULL,
    epoch bigint NOT NULL,
    left_sequence bigint NOT NULL, -- the head that was given up
    left_head bytea NOT NULL,
    statement text NOT NULL, -- a leaf of the log
    allowed_at timestamptz NOT NULL DEFAULT now(),
    begun_at timestamptz,
    begun_behind bigint, -- the last record of the epoch before that still counts
    PRIMARY KEY (device, chain, epoch)
);
