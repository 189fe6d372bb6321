from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "config_revision" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "actor" VARCHAR(200) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "config_revision" IS 'One committed change of the configuration.';
CREATE TABLE "change_record" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "operation" VARCHAR(10) NOT NULL,
    "noun" VARCHAR(40) NOT NULL,
    "object_id" UUID NOT NULL,
    "tenant_id" UUID,
    "before" JSONB,
    "after" JSONB,
    "revision_id" BIGINT NOT NULL REFERENCES "config_revision" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_change_reco_object__b308c5" ON "change_record" ("object_id");
CREATE INDEX "idx_change_reco_tenant__8121d4" ON "change_record" ("tenant_id");
COMMENT ON COLUMN "change_record"."operation" IS 'CREATE: CREATE\nUPDATE: UPDATE\nDELETE: DELETE';
COMMENT ON TABLE "change_record" IS 'One object changed by one revision. `before` is null for CREATE, `after` for DELETE;';
CREATE TABLE "kamailio_node" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "token_sha256" BYTEA NOT NULL,
    "sockets" JSONB NOT NULL,
    "trusted_cidrs" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "kamailio_node" IS 'Its token is hashed at rest. `sockets` are its own SIP addresses as host:port;';
CREATE TABLE "tenant" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "enabled" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "tenant" IS 'Its name is unique on the platform.';
CREATE TABLE "api_token" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "token_sha256" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID REFERENCES "tenant" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "api_token" IS 'Hashed at rest. Without a tenant it is an administrator''s, of the whole platform.';
CREATE TABLE "carrier" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "enabled" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "carrier" IS 'Of one tenant, or of the platform (no tenant) and used by those it is granted to.';
CREATE TABLE "carrier_grant" (
    "id" UUID NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "carrier_id" UUID NOT NULL REFERENCES "carrier" ("id") ON DELETE CASCADE,
    "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "carrier_grant" IS 'A tenant may send calls to the carrier''s trunks. A carrier''s own tenant has one too, so';
CREATE TABLE "routing_group" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "routing_group" IS 'Its name is unique within the tenant.';
CREATE TABLE "routing_rule" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "called_prefix" VARCHAR(32) NOT NULL,
    "called_regex" VARCHAR(256) NOT NULL,
    "priority" INT NOT NULL,
    "enabled" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "routing_group_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "routing_rule" IS 'Its name is unique within the tenant; its group is the tenant''s own.';
CREATE TABLE "trunk" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "enabled" BOOL NOT NULL,
    "number_format" VARCHAR(20) NOT NULL,
    "from_host" VARCHAR(253) NOT NULL,
    "send_asserted_identity" BOOL NOT NULL,
    "fr_timer_ms" INT NOT NULL,
    "fr_inv_timer_ms" INT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "carrier_id" UUID REFERENCES "carrier" ("id") ON DELETE RESTRICT,
    "tenant_id" UUID REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON COLUMN "trunk"."kind" IS 'CARRIER: CARRIER\nPBX: PBX';
COMMENT ON COLUMN "trunk"."number_format" IS 'PLUS_E164: PLUS_E164\nE164: E164\nINTERNATIONAL_00: INTERNATIONAL_00';
COMMENT ON TABLE "trunk" IS 'Kind PBX has a tenant, kind CARRIER a carrier: a check of the database.';
CREATE TABLE "did" (
    "id" UUID NOT NULL PRIMARY KEY,
    "prefix" VARCHAR(16) NOT NULL,
    "enabled" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "pbx_trunk_id" UUID,
    "routing_group_id" UUID,
    "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "did" IS 'An E.164 prefix, unique on the platform; no tenant''s overlaps with another''s. It leads';
CREATE TABLE "domain" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(253) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "pbx_trunk_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "domain" IS 'Its name is lower case and unique on the platform; its PBX trunk is the tenant''s own.';
CREATE TABLE "routing_group_trunk" (
    "id" UUID NOT NULL PRIMARY KEY,
    "priority" INT NOT NULL,
    "weight" INT NOT NULL,
    "enabled" BOOL NOT NULL,
    "carrier_id" UUID REFERENCES "carrier" ("id") ON DELETE RESTRICT,
    "routing_group_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE RESTRICT,
    "trunk_id" UUID NOT NULL REFERENCES "trunk" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "routing_group_trunk" IS 'A trunk''s place in a group.';
CREATE TABLE "trunk_endpoint" (
    "id" UUID NOT NULL PRIMARY KEY,
    "host" VARCHAR(253) NOT NULL,
    "port" INT,
    "transport" VARCHAR(10) NOT NULL,
    "priority" INT NOT NULL,
    "weight" INT NOT NULL,
    "enabled" BOOL NOT NULL,
    "trunk_id" UUID NOT NULL REFERENCES "trunk" ("id") ON DELETE CASCADE
);
COMMENT ON COLUMN "trunk_endpoint"."transport" IS 'UDP: UDP\nTCP: TCP\nTLS: TLS';
COMMENT ON TABLE "trunk_endpoint" IS 'Where the trunk''s calls are sent.';
CREATE TABLE "trunk_source" (
    "id" UUID NOT NULL PRIMARY KEY,
    "cidr" CIDR NOT NULL,
    "trunk_id" UUID NOT NULL REFERENCES "trunk" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "trunk_source" IS 'Who may send as this trunk. A network belongs to one trunk of the platform.';
CREATE TABLE "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);

-- What follows is written by hand: aerich knows of no constraint over several columns.
-- `services/constraints.py` says each of them in the operator's words, by its name.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Uniqueness.
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_name_key" UNIQUE ("name");
ALTER TABLE "carrier" ADD CONSTRAINT "carrier_name_key"
    UNIQUE NULLS NOT DISTINCT ("tenant_id", "name");
ALTER TABLE "carrier_grant" ADD CONSTRAINT "carrier_grant_tenant_id_key"
    UNIQUE ("carrier_id", "tenant_id");
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_name_key"
    UNIQUE NULLS NOT DISTINCT ("tenant_id", "carrier_id", "name");
ALTER TABLE "trunk_source" ADD CONSTRAINT "trunk_source_cidr_key" UNIQUE ("cidr");
ALTER TABLE "trunk_endpoint" ADD CONSTRAINT "trunk_endpoint_host_key"
    UNIQUE NULLS NOT DISTINCT ("trunk_id", "host", "port", "transport");
ALTER TABLE "domain" ADD CONSTRAINT "domain_name_key" UNIQUE ("name");
ALTER TABLE "did" ADD CONSTRAINT "did_prefix_key" UNIQUE ("prefix");
ALTER TABLE "routing_group" ADD CONSTRAINT "routing_group_name_key" UNIQUE ("tenant_id", "name");
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_trunk_id_key"
    UNIQUE ("routing_group_id", "trunk_id");
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_name_key" UNIQUE ("tenant_id", "name");
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_token_sha256_key" UNIQUE ("token_sha256");
ALTER TABLE "kamailio_node" ADD CONSTRAINT "kamailio_node_name_key" UNIQUE ("name");
ALTER TABLE "kamailio_node" ADD CONSTRAINT "kamailio_node_token_sha256_key"
    UNIQUE ("token_sha256");

-- Two tenants' number ranges never overlap: a longer prefix would take the other's calls.
ALTER TABLE "did" ADD CONSTRAINT "did_prefix_excl" EXCLUDE USING gist (
    "tenant_id" WITH <>,
    int8range(
        rpad(substr("prefix", 2), 15, '0')::bigint,
        rpad(substr("prefix", 2), 15, '0')::bigint + rpad('1', 17 - length("prefix"), '0')::bigint
    ) WITH &&
);

-- Scope: what a tenant's object refers to is of that tenant, or of a carrier granted to it.
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_id_tenant_id_key" UNIQUE ("id", "tenant_id");
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_id_carrier_id_key" UNIQUE ("id", "carrier_id");
ALTER TABLE "routing_group" ADD CONSTRAINT "routing_group_id_tenant_id_key"
    UNIQUE ("id", "tenant_id");
ALTER TABLE "domain" ADD CONSTRAINT "domain_pbx_trunk_id_fkey"
    FOREIGN KEY ("pbx_trunk_id", "tenant_id") REFERENCES "trunk" ("id", "tenant_id");
ALTER TABLE "did" ADD CONSTRAINT "did_pbx_trunk_id_fkey"
    FOREIGN KEY ("pbx_trunk_id", "tenant_id") REFERENCES "trunk" ("id", "tenant_id");
ALTER TABLE "did" ADD CONSTRAINT "did_routing_group_id_fkey"
    FOREIGN KEY ("routing_group_id", "tenant_id") REFERENCES "routing_group" ("id", "tenant_id");
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_routing_group_id_fkey"
    FOREIGN KEY ("routing_group_id", "tenant_id") REFERENCES "routing_group" ("id", "tenant_id");
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_routing_group_id_fkey"
    FOREIGN KEY ("routing_group_id", "tenant_id") REFERENCES "routing_group" ("id", "tenant_id")
    ON DELETE CASCADE;
ALTER TABLE "routing_group_trunk" ADD COLUMN "pbx_tenant_id" UUID
    GENERATED ALWAYS AS (CASE WHEN "carrier_id" IS NULL THEN "tenant_id" END) STORED;
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_pbx_tenant_id_fkey"
    FOREIGN KEY ("trunk_id", "pbx_tenant_id") REFERENCES "trunk" ("id", "tenant_id");
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_trunk_carrier_id_fkey"
    FOREIGN KEY ("trunk_id", "carrier_id") REFERENCES "trunk" ("id", "carrier_id");
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_grant_fkey"
    FOREIGN KEY ("carrier_id", "tenant_id") REFERENCES "carrier_grant" ("carrier_id", "tenant_id");

-- Values, should anything but the services ever write.
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_owner_check" CHECK (
    CASE "kind"
        WHEN 'PBX' THEN "tenant_id" IS NOT NULL AND "carrier_id" IS NULL
        WHEN 'CARRIER' THEN "carrier_id" IS NOT NULL AND "tenant_id" IS NULL
        ELSE FALSE
    END
);
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_fr_timer_ms_check"
    CHECK ("fr_timer_ms" > 0 AND "fr_inv_timer_ms" > 0);
ALTER TABLE "trunk_endpoint" ADD CONSTRAINT "trunk_endpoint_port_check"
    CHECK ("port" BETWEEN 1 AND 65535);
ALTER TABLE "trunk_endpoint" ADD CONSTRAINT "trunk_endpoint_weight_check"
    CHECK ("weight" BETWEEN 1 AND 65535 AND "priority" BETWEEN 0 AND 65535);
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_weight_check"
    CHECK ("weight" BETWEEN 1 AND 65535 AND "priority" BETWEEN 0 AND 65535);
ALTER TABLE "domain" ADD CONSTRAINT "domain_name_check" CHECK ("name" = lower("name"));
ALTER TABLE "did" ADD CONSTRAINT "did_prefix_check" CHECK ("prefix" ~ '^[+][1-9][0-9]{0,14}$');
ALTER TABLE "did" ADD CONSTRAINT "did_target_check"
    CHECK (num_nonnulls("pbx_trunk_id", "routing_group_id") = 1);
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_called_prefix_check"
    CHECK ("called_prefix" ~ '^[+]?[0-9*#]*$');

INSERT INTO "config_revision" ("actor", "created_at") VALUES ('migration', now());"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        """


MODELS_STATE = (
    "eJztXftz2jge/1c0/NLuDJdJyKPd7M3NQEJbtmnIEHLt7nHjCCxAFyOxlkma6fZ/P0m28d"
    "uYh4ntaKaTgqSvLD56fd/+UZtRHRnsoDnHffqASO0c/KgROEP8Q6SuDmpwPvdqRIEFh4Zs"
    "DOdYs5bNhswy4cjiFWNoMMSLdMRGJp5bmIqH1D5BNkU6gBYwEbMOwFdsTenCAhBYiEBiAc"
    "z/MQAJgPoMEyz6s6j5htUBHQNrisDTlBoIzA1ojak5OxCP1emIt8NkktsTFgT/tUD8h04Q"
    "b2Hy5/znv7wYEx19R8z9On/QxhgZegBNrIsOZLlmPc9l2d1d5/KDbClGP9RG1FjMiNd6/s"
    "zHTJbNFwusHwgaUTdBBPERI90HMlkYhjMhbpE9Yl5gmQu0HKruFehoDBeGmKraP8cLMhIz"
    "BOSTxJ+TfzlD8zXTtOtuX7tt9zWtFplZMYTQVDhFI0oExphYAqgfP+1+PUBkaU084OJTs/"
    "f2+OwXCQFl1sSUlRKu2k9JCC1ok0rQPZTl/xGcL6bQjMfZbR9Cmg90E4zdAg9kb/m78LkA"
    "5QBpbQa/awYiE2vKvx4dHqZg/O9mT8LMW0mcKd+v9k6+dqoadp3A28NXbnGNTWHj9CyKcw"
    "sTaD7HIx2mDCE+fLYQKyHmKRC3rrot0fOMsb8MB/NW57rZ++Ptl+Y3ifrs2am66l5/dNv7"
    "l3zrj367GZqDkYkEPhq0ojNwyWssPEPxcxCkDM2A7pAeuB9KOBs1/gP1LjGenfMtZXb6nS"
    "/t237zy01gii6b/baoaQRmxy19exbaK8tOwNdO/xMQX8Gf3et2eBqX7fp/1sSY4MKiGqFP"
    "GtR9R7Fb6qIW3Hny1tLWu0YCRFvcJs4AizLNm98d4noeP8ReHTZWUXQ/UBPhCfmM7IOtw0"
    "cCySju1nAYpv6yo1Ki6pV6QzTh05KlCS4q/vP5j0aWfc82by+al+2ahHkIRw9P0NS1AN6i"
    "hjZoqGTZNlo1a8zCJZDAiYRH/A4xagf4C2iaWHJlESbWrUrlYUe+Ris52O4YUIIcZpLzjK"
    "bLNroMI3hLqFP9C2czdbBgnB8dPvNGlCGH/ZyYvJoXWzTKwebyBMXBFuAUUhzsy3GwfLvw"
    "3x6zlFuUi3uQxKPsowozrpwsL6TdBb5nvrXbvQowRa1OPwTw3ZdWmyMvceeNsH38d677il"
    "VVrGptMdc3nPUgpZr1osy6i5Fv2p3RKwFFCSjlEVB6fJH3Ohf9NAnFA1yyziyGU3DoPnzu"
    "Ic6Ki1+RiLUjeHw0syFetPMqCfLAzp+YdDHXuFQyQlui1aMLiw/no+iwby7IQ3UWafCsFL"
    "9tS6yqhs8eNAP2LkxWDyx36UodgTZZNl2pKWi6FqcZfAYMcTl9BA2DcYlcSvNOj28YsFfF"
    "AWj6yugTccmnkNkKAUrrgNGIviCn5wyINYWWLBnbNw14QM9gSjnwogQMqTVVuoWiMBD1FN"
    "2CEseqxphnEcfcI2u9PRak2uVeK8YFtNHWKoi0Ux1IU8QdnzZ+S3nHp/wvJ7ArJZ7gZo23"
    "yURX7z5FybIiu50smStPO4VkgnpoRM0gLxVXn87Typaa6TVdbf3i3CAd/g+NLGBTS7uT4B"
    "FN9IgZb3UA7odIMIz3wgolxi6ZxYtem1+JdXAPxxYy72XZZfuq3W//FjWA5fCQASEIC+4U"
    "oEf+x+ZiIWeXOYdj5cHFtvCkQ6w1+Fgc3U/OwtyOgc2TeZqIIfzj10bj+Phd4/D47P3pyb"
    "t3p+8P3/O2crzRqndpFojOR2FLCDBMrnEhmbulcwGYIzNHzWdtsphFTrXAdAQ6KLI9rWYv"
    "8HNnoQ/I3c2l/G7/PyD2Yj93Fn14Y2WzvWUyvaVY3sKGN0IXCTOTYNh02hd5IjY0bJ5kAf"
    "ckGdyTCLj2MbkmOxogypcd3edpVAEGf7XOrnyA2hd1FM3fb7vX8Wh6FGGFA+Yswd/AwKy8"
    "Vow4NAUUAaWCu+WXDqO+0+Aixl1UdNAK4S55oHVgXxIo1DdH3eVQYw+QNJ4wRLiaOSzD7b"
    "c3/jBFn+ACuwuFAiVjPOn5OizZhGSVfkOLsVjyb3AS4iTgyDSlyMCyreZfJNmk4BGdzbAl"
    "PCxtGdV10rQ7XNgCRYxz51qkSiYt8JlTT5FJ+fKhMZdvstSzJKig2NPI5M/ZSPHnbET9OZ"
    "VNKxn9atm0Ind7Fh8e+2Td1oknpEot2Tp4EZeLSxyrlb7EK5TROs6ogm4S0D44OjsBcxON"
    "8fc6sOEGlASCJH4DyyAJ4ebwiEwDzhl4wtYUQELFdfqGHYCOBQy+W1jkos7nMQNiUQDBTe"
    "ub7Y0hojtkiWl7QAHpU+UyBIxj6HSuHC2Ko9tIvvbttbLOve9RVPDiPzrLokwOXyc+ZfKZ"
    "iuJQURyFXOfVYrFUFEeVZz1LFMd8+F2THMmalo8wnYrlCOmDbb5Os33l18M2jlbhWyBzXd"
    "HOp4qEHxUU1p34jMWeubsAtzpRIe4AAtiG75kM8AaOzx1A7A9SqjDScbdOoQxAl3TGx1+L"
    "UzLZNfVUPZPXZqWqqWMxIB4hnAwN+oRMMIIM2Sk3ErRBmJN42h1OJ6o9/dBTjEkot6codV"
    "EBbtZ6irpI5fzwbESnx1lsRKfHyTYiUacUGNUWZZUC4zXOekkUGEWbbSVhFwhSJWG/Egm7"
    "DNhuI2K/jND3GXKxzcD0mn+txYh+gfp6mgD44LTkF4nTNJMcKPMYC1FrGkowfs/o6AFZ7B"
    "5AE0nJTORUuO3cAH558SYMMQA5GT8SzufUtKLxbrvtfkDu+SwywceMsG5yQiEceo3HJp2B"
    "pykeTUWmSIKQzqQPgxiAEhuLcl3UldiYLVxNJTuvZLJz59SLwp8cv+Ij2SqCZSP0fefKcI"
    "ENCxN2IJ73EkdLLoEtgTtlnWmJEKrJ2fnkKEVX8n1RTpWHUnS9xllPUnSt4QKfpxAWsIDG"
    "CGFhC2myEBaxza5njHPsYsLLGhOf8SvduJZKpaQeJfUU+DzLX+pRPETVbhPFQ7zGWc9iLF"
    "M2HWXTKZNNJ0vEp471LcM9nRjF8vv15ZJ3fJMc7WVZk7F+o+bC2FFe+x7vqUpo7UvGtJfZ"
    "CkFzuRYzSpueQThTCnfR+A0D8i0HgIuN0A7RjUqaKW0HRBjl3HPuHphozjlm22tTthDJ2e"
    "0k7MLr895L62ob79yOnXKRnR2I5OwD4svMzgA0RI5Mkdoy6A/KRnSOzgNhx1waljHG0Fq+"
    "Zw663fPKAfFeHwewEpALw3HUUwTkuYmpia3nKNaJSV/8JPvLOHWYF8Nup35pHJ28O3l/fH"
    "ayzPiyLElL9BKNf33iW2saw8MlwukR7A/Mo5KAqSK39xm5/bKp/4vJIlcnkrOgjKJyNC0c"
    "pBs4RCtn6OxanhcOMSwoxjuIMYx/e4Xy5M2mUVsvTlapKvNyP3+JV9kUk/fa5k02L+167l"
    "fiJeuiXB3fai2U6bbcicuDHQxsp41bO9x4m06VPqgAvEldOUy8nMMENAyka+vn/IsQ7g/x"
    "Wl5LOIj3cSMD3MeNRLRFVSzYJpqgTbBe0lUO6sZpliSLvFVK4HwkzaJSJSvtZ4m1n8qTrW"
    "I+TcqT7TXOehZPNqWV3+SwVVr5AimRlf4tL/2bUs9XNAWgs9JjtHHeHkhWxHkbbiMVXCgb"
    "XyYNWxyNUqAV4FyuKwXaiynQlFCshOJCLPVyikdKKH6Ns54kFK8RIu57TeEcazJnzZZxDs"
    "057otuMiyDktin4+z4275Nrmo2/FiXUxk4sBukPprVEmcDeO0rXK2c4Mgk7dvis8z0XkWI"
    "AjL6DkP7qoqXrcuQoVkqEFIFQu4erWX61C2hqtCbXHIPFk0MEM0QFLpGGOhnjqkMnpxCBu"
    "AyYvJBFF80e71Ou+eFT4pAy9EUjR7ct7gK/dIQMhRVFO6wX6VMVMrE4h6ge1Amik0Tj2+b"
    "LGYRA08Aa5e2yFjXnAPh3D0ZBoSfHOfi+AifK5ncxrJMQSN5BhpKm/uS2ly+pIdc2Ba2pD"
    "jVXrZlH+lkj86RN1d3t1r76OxkzVPcI+RL3/04IHaB/Zmj1e5dN/ud7nXzSjs8PAfhkmJs"
    "GJGIXRN529e5FgJEFXRmzeEtUAwRXYOMIVPos7GOiBXr2pp6TiV3oo6t7MfW2NSEtcDUZj"
    "FCUqJrcYhqf97Fp4eHZXEw5hhh8rghumHK/SF8fFgeiJUFNRnqctrSlAX1Nc56FrdilUCl"
    "Yp7ElUG0UI7ExURVxfGXNo5fpXNNwFmZx5W5N2fIENHnFG/tvCMxajt9VRUrRhfm1itLIn"
    "Ure6oSTrkbfJeLK8nw6199KwzAGvK3XWkJ/jpFJgrl5DUMJt/NyVDcC2gyUSjrbQE463qK"
    "9XZdNf3+NfR7s97moqMXb65dQ2fpNt9IUVkwjm/XakreNWHxeGYzCwY62KOJ6e7yZl1jIC"
    "c5B/zPgPQv+Cf+h3+6uuWfrm43MfIdZXNMSPFLUJlUVFJulZRbGT9jD2aVjDdX9adKD5tN"
    "+5mUHnaZdPeFgvp94nCSZOdJy6vkOua1zCDVUTCDz0Ie0wEU+S5F0kvRzQFoAoKsJ2o+gC"
    "EyKJkw8UoU8Z4V+0Uqji9ucjKAHfetJMUCHEL1FElRvOY8ivO1Pc8JZkOHJMyfzKGu8wez"
    "g87N44nTQ3nPpVicO5c9dUuqW1LdkplvySYy8Wgad0E6Nal3I/TarLoVkxHd8R2UKLnFbu"
    "gYqc2Zvu3unsJreJKvnEdkMsfQkFU/6SOppIryNJOK8jRFRXka1uSITbUGwk7zCqKbTzJt"
    "SiwU57zy+233OoFt8kjCznV4ZIG/gYFZiQ2QceAKMALaCBfTt1+a38JwX1x1W2H+QHTQim"
    "MQ9nmZ/fw/u7+OlQ=="
)
