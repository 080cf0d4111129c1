-- SPDX-License-Identifier: Apache-2.0
-- A step that was released never changes.
CREATE TABLE enrolment_token (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32), -- SHA-256; the token itself is nowhere
    label text NOT NULL DEFAULT '',
    device bytea CHECK (octet_length(device) = 16), -- whom it is for; NULL: any device that is new here
    uses_left bigint NOT NULL CHECK (uses_left >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- What this collector's authority issued. Certificates of another authority are not here and count as well.
CREATE TABLE certificate (
    serial bytea PRIMARY KEY,
    device bytea NOT NULL REFERENCES device,
    key_id bytea NOT NULL CHECK (octet_length(key_id) = 32),
    token bigint REFERENCES enrolment_token, -- NULL: a renewal
    not_before timestamptz NOT NULL,
    not_after timestamptz NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    pem text NOT NULL
);
CREATE INDEX certificate_by_device ON certificate (device, issued_at);
