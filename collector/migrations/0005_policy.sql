-- SPDX-License-Identifier: Apache-2.0
-- A step that was released never changes.
CREATE TABLE policy_bundle ( -- the newest row is what devices get
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy text NOT NULL, -- its id
    serial bigint NOT NULL CHECK (serial > 0),
    signer text NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32), -- SHA-256 of the bundle
    bundle bytea NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (policy, serial)
);
CREATE TRIGGER policy_bundle_is_kept BEFORE UPDATE OR DELETE ON policy_bundle FOR EACH ROW EXECUTE FUNCTION refuse_change();
