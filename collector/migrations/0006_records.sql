-- SPDX-License-Identifier: Apache-2.0
-- What the devices' policies let the collector read of their records: one partition for each day of arrival, each of
-- them four by device. A day that has none lies in the default partition.
CREATE FUNCTION record_day() RETURNS date LANGUAGE sql STABLE AS $$ SELECT (now() AT TIME ZONE 'UTC')::date $$;
CREATE TABLE record (
    received_day date NOT NULL,
    device bytea NOT NULL,
    chain bytea NOT NULL,
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    time_ms bigint NOT NULL,
    kind text NOT NULL,
    person text,
    client text,
    channel text,
    site text,
    provider text,
    model text,
    decision text,
    rule text,
    outcome text,
    classes text[],
    PRIMARY KEY (received_day, device, chain, epoch, sequence)
) PARTITION BY RANGE (received_day);
CREATE INDEX record_by_time ON record (time_ms);
CREATE INDEX record_by_device ON record (device, time_ms);
CREATE INDEX record_by_person ON record (person, time_ms) WHERE person IS NOT NULL;
CREATE INDEX record_by_model ON record (model, time_ms) WHERE model IS NOT NULL;
CREATE INDEX record_by_decision ON record (decision, time_ms) WHERE decision IS NOT NULL;
CREATE INDEX record_by_class ON record USING gin (classes) WHERE classes IS NOT NULL;
CREATE TABLE record_default PARTITION OF record DEFAULT;

-- Partitions for today and the next days. A day of which the default partition holds rows already stays there.
CREATE FUNCTION make_record_days(ahead integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    day date;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(306038719817);
    FOR i IN 0..ahead LOOP
        day := record_day() + i;
        name := 'record_' || to_char(day, 'YYYYMMDD');
        IF to_regclass(name) IS NULL AND NOT EXISTS (SELECT 1 FROM record_default WHERE received_day = day) THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF record FOR VALUES FROM (%L) TO (%L) PARTITION BY HASH (device)',
                           name, day, day + 1);
            FOR part IN 0..3 LOOP
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 4, REMAINDER %s)',
                               name || '_' || part, name, part);
            END LOOP;
        END IF;
    END LOOP;
END $$;

-- Who looked for what: reading is recorded as well.
CREATE TABLE record_read (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    reader text NOT NULL,
    query text NOT NULL,
    found bigint NOT NULL
);
