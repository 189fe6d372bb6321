from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "trusted_proxy" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "cidr" CIDR NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "trusted_proxy" IS 'Of the platform. Its name and its network are unique.';
        CREATE TABLE IF NOT EXISTS "emergency_plan" (
    "id" UUID NOT NULL PRIMARY KEY,
    "country" VARCHAR(2) NOT NULL,
    "numbers" JSONB NOT NULL,
    "calling_number" VARCHAR(16) NOT NULL,
    "location" VARCHAR(200) NOT NULL,
    "geolocation_uri" VARCHAR(500) NOT NULL,
    "enabled" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "emergency_plan" IS 'One for each country of a tenant. `numbers` is a list of texts as they are dialled.';
        CREATE TABLE IF NOT EXISTS "emergency_plan_group" (
    "id" UUID NOT NULL PRIMARY KEY,
    "tenant_id" UUID NOT NULL,
    "position" INT NOT NULL,
    "emergency_plan_id" UUID NOT NULL,
    "routing_group_id" UUID NOT NULL
);
COMMENT ON TABLE "emergency_plan_group" IS 'A group of the plan''s tenant, lower `position` first.';
        CREATE TABLE IF NOT EXISTS "normalization_profile" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "country" VARCHAR(2) NOT NULL,
    "area_code" VARCHAR(8) NOT NULL,
    "international_prefix" VARCHAR(8) NOT NULL,
    "national_prefix" VARCHAR(8) NOT NULL,
    "min_length" INT NOT NULL,
    "max_length" INT NOT NULL,
    "rules" JSONB NOT NULL,
    "examples" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "normalization_profile" IS 'Of one tenant, or of the platform (no tenant) and used by all. Its name is unique within';
        CREATE TABLE IF NOT EXISTS "number_list" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "field" VARCHAR(10) NOT NULL,
    "prefixes" JSONB NOT NULL,
    "anonymous" BOOL NOT NULL,
    "enabled" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON COLUMN "number_list"."kind" IS 'ALLOW: ALLOW\nBLOCK: BLOCK';
COMMENT ON COLUMN "number_list"."field" IS 'CALLED: CALLED\nCALLING: CALLING';
COMMENT ON TABLE "number_list" IS 'Of one tenant, or of the platform (no tenant) for trunks of its carriers. Its name is';
        CREATE TABLE IF NOT EXISTS "number_list_trunk" (
    "id" UUID NOT NULL PRIMARY KEY,
    "number_list_id" UUID NOT NULL REFERENCES "number_list" ("id") ON DELETE CASCADE,
    "trunk_id" UUID NOT NULL REFERENCES "trunk" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "number_list_trunk" IS 'The list is for calls that come from this trunk.';
        CREATE TABLE IF NOT EXISTS "reroute_policy" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "rules" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "reroute_policy" IS 'Of one tenant, or of the platform (no tenant) and used by all. Its name is unique within';
        CREATE TABLE IF NOT EXISTS "schedule" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "time_zone" VARCHAR(64) NOT NULL,
    "windows" JSONB NOT NULL,
    "holidays" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "schedule" IS 'Its name is unique within the tenant. `windows` and `holidays` are lists of objects.';
        ALTER TABLE "carrier" ADD "reroute_policy_id" UUID;
        ALTER TABLE "routing_group" ADD "strategy" VARCHAR(20) NOT NULL DEFAULT 'PRIORITY';
        ALTER TABLE "routing_group" ADD "mode" VARCHAR(20) NOT NULL DEFAULT 'SERIAL';
        ALTER TABLE "routing_group" ADD "max_candidates" INT NOT NULL DEFAULT 11;
        ALTER TABLE "routing_group_trunk" ADD "member_group_id" UUID;
        ALTER TABLE "routing_group_trunk" ALTER COLUMN "trunk_id" DROP NOT NULL;
        ALTER TABLE "routing_rule" ADD "calling_prefix" VARCHAR(32) NOT NULL DEFAULT '';
        ALTER TABLE "routing_rule" ADD "calling_regex" VARCHAR(256) NOT NULL DEFAULT '';
        ALTER TABLE "routing_rule" ADD "reject_sip_reason" VARCHAR(100) NOT NULL DEFAULT '';
        ALTER TABLE "routing_rule" ADD "source_trunk_id" UUID;
        ALTER TABLE "routing_rule" ADD "reject_sip_code" INT;
        ALTER TABLE "routing_rule" ADD "forward_number" VARCHAR(32) NOT NULL DEFAULT '';
        ALTER TABLE "routing_rule" ADD "action" VARCHAR(20) NOT NULL DEFAULT 'GROUP';
        ALTER TABLE "routing_rule" ADD "schedule_open" BOOL NOT NULL DEFAULT True;
        ALTER TABLE "routing_rule" ADD "schedule_id" UUID;
        ALTER TABLE "routing_rule" ALTER COLUMN "routing_group_id" DROP NOT NULL;
        ALTER TABLE "tenant" ADD "allowed_classes" JSONB NOT NULL DEFAULT '[]';
        ALTER TABLE "tenant" ADD "reroute_policy_id" UUID;
        ALTER TABLE "tenant" ADD "allowed_countries" JSONB NOT NULL DEFAULT '[]';
        ALTER TABLE "trunk" ADD "send_preferred_identity" BOOL NOT NULL DEFAULT False;
        ALTER TABLE "trunk" ADD "caller_id_policy" VARCHAR(20) NOT NULL DEFAULT 'PASS';
        ALTER TABLE "trunk" ADD "socket" VARCHAR(80) NOT NULL DEFAULT '';
        ALTER TABLE "trunk" ADD "draining" BOOL NOT NULL DEFAULT False;
        ALTER TABLE "trunk" ADD "diversion_policy" VARCHAR(20) NOT NULL DEFAULT 'NONE';
        ALTER TABLE "trunk" ADD "outbound_realm" VARCHAR(253) NOT NULL DEFAULT '';
        ALTER TABLE "trunk" ADD "send_remote_party_id" BOOL NOT NULL DEFAULT False;
        ALTER TABLE "trunk" ADD "outbound_password" BYTEA;
        ALTER TABLE "trunk" ADD "extra_headers" JSONB NOT NULL DEFAULT '[]';
        ALTER TABLE "trunk" ADD "digest_realm" VARCHAR(253) NOT NULL DEFAULT '';
        ALTER TABLE "trunk" ADD "normalization_profile_id" UUID;
        ALTER TABLE "trunk" ADD "caller_id_number" VARCHAR(16) NOT NULL DEFAULT '';
        ALTER TABLE "trunk" ADD "reroute_policy_id" UUID;
        ALTER TABLE "trunk" ADD "digest_username" VARCHAR(128) NOT NULL DEFAULT '';
        ALTER TABLE "trunk" ADD "digest_ha1" BYTEA;
        ALTER TABLE "trunk" ADD "tech_prefix" VARCHAR(16) NOT NULL DEFAULT '';
        ALTER TABLE "trunk" ADD "outbound_username" VARCHAR(128) NOT NULL DEFAULT '';
        ALTER TABLE "trunk" ADD "trusted" BOOL NOT NULL DEFAULT True;
        COMMENT ON COLUMN "trunk"."number_format" IS 'PLUS_E164: PLUS_E164\nE164: E164\nINTERNATIONAL_00: INTERNATIONAL_00\nLOCAL: LOCAL';
        ALTER TABLE "trunk_source" ADD "calling_prefix" VARCHAR(32) NOT NULL DEFAULT '';
        ALTER TABLE "trunk_source" ADD "port" INT;
        ALTER TABLE "trunk_source" ADD "called_prefix" VARCHAR(32) NOT NULL DEFAULT '';
        ALTER TABLE "trunk_source" ADD "tech_prefix" VARCHAR(16) NOT NULL DEFAULT '';
        ALTER TABLE "trunk_source" ADD "transport" VARCHAR(10);
        COMMENT ON COLUMN routing_group."strategy" IS 'PRIORITY: PRIORITY\nWEIGHTED: WEIGHTED\nROUND: ROUND\nSTICKY: STICKY\nLEAST_COST: LEAST_COST\nQUALITY: QUALITY';
COMMENT ON COLUMN routing_group."mode" IS 'SERIAL: SERIAL\nPARALLEL: PARALLEL';
COMMENT ON COLUMN routing_rule."action" IS 'GROUP: GROUP\nREJECT: REJECT\nCONTINUE: CONTINUE';
COMMENT ON COLUMN trunk."caller_id_policy" IS 'PASS: PASS\nFORCE: FORCE\nDID_OWNED: DID_OWNED\nANONYMOUS: ANONYMOUS';
COMMENT ON COLUMN trunk."diversion_policy" IS 'NONE: NONE\nDIVERSION: DIVERSION\nHISTORY_INFO: HISTORY_INFO\nBOTH: BOTH';
COMMENT ON COLUMN trunk_source."transport" IS 'UDP: UDP\nTCP: TCP\nTLS: TLS';

-- What follows is written by hand: aerich knows of no constraint over several columns.
-- `services/constraints.py` says each of them in the operator's words, by its name.
UPDATE "trunk" SET "trusted" = ("kind" = 'CARRIER');

-- Uniqueness.
ALTER TABLE "trunk_source" DROP CONSTRAINT "trunk_source_cidr_key";
ALTER TABLE "trunk_source" ADD CONSTRAINT "trunk_source_cidr_key" UNIQUE NULLS NOT DISTINCT
    ("cidr", "transport", "port", "tech_prefix", "called_prefix", "calling_prefix");
ALTER TABLE "trunk" ADD COLUMN "digest_user" VARCHAR(128)
    GENERATED ALWAYS AS (NULLIF("digest_username", '')) STORED;
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_digest_key" UNIQUE ("digest_user", "digest_realm");
ALTER TABLE "normalization_profile" ADD CONSTRAINT "normalization_profile_name_key"
    UNIQUE NULLS NOT DISTINCT ("tenant_id", "name");
ALTER TABLE "number_list" ADD CONSTRAINT "number_list_name_key"
    UNIQUE NULLS NOT DISTINCT ("tenant_id", "name");
ALTER TABLE "number_list_trunk" ADD CONSTRAINT "number_list_trunk_trunk_id_key"
    UNIQUE ("number_list_id", "trunk_id");
ALTER TABLE "emergency_plan" ADD CONSTRAINT "emergency_plan_country_key"
    UNIQUE ("tenant_id", "country");
ALTER TABLE "emergency_plan" ADD CONSTRAINT "emergency_plan_id_tenant_id_key"
    UNIQUE ("id", "tenant_id");
ALTER TABLE "emergency_plan_group" ADD CONSTRAINT "emergency_plan_group_routing_group_id_key"
    UNIQUE ("emergency_plan_id", "routing_group_id");
ALTER TABLE "reroute_policy" ADD CONSTRAINT "reroute_policy_name_key"
    UNIQUE NULLS NOT DISTINCT ("tenant_id", "name");
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_name_key" UNIQUE ("tenant_id", "name");
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_id_tenant_id_key" UNIQUE ("id", "tenant_id");
ALTER TABLE "trusted_proxy" ADD CONSTRAINT "trusted_proxy_name_key" UNIQUE ("name");
ALTER TABLE "trusted_proxy" ADD CONSTRAINT "trusted_proxy_cidr_key" UNIQUE ("cidr");
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_member_group_id_key"
    UNIQUE ("routing_group_id", "member_group_id");

-- References. Those to what the platform may own as well (profiles, policies, lists' trunks) are
-- held to their owners by the services, whose changes are made one after the other.
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_normalization_profile_id_fkey"
    FOREIGN KEY ("normalization_profile_id") REFERENCES "normalization_profile" ("id");
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_reroute_policy_id_fkey"
    FOREIGN KEY ("reroute_policy_id") REFERENCES "reroute_policy" ("id");
ALTER TABLE "carrier" ADD CONSTRAINT "carrier_reroute_policy_id_fkey"
    FOREIGN KEY ("reroute_policy_id") REFERENCES "reroute_policy" ("id");
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_reroute_policy_id_fkey"
    FOREIGN KEY ("reroute_policy_id") REFERENCES "reroute_policy" ("id");
ALTER TABLE "emergency_plan_group" ADD CONSTRAINT "emergency_plan_group_emergency_plan_id_fkey"
    FOREIGN KEY ("emergency_plan_id", "tenant_id") REFERENCES "emergency_plan" ("id", "tenant_id")
    ON DELETE CASCADE;
ALTER TABLE "emergency_plan_group" ADD CONSTRAINT "emergency_plan_group_routing_group_id_fkey"
    FOREIGN KEY ("routing_group_id", "tenant_id") REFERENCES "routing_group" ("id", "tenant_id");
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_source_trunk_id_fkey"
    FOREIGN KEY ("source_trunk_id", "tenant_id") REFERENCES "trunk" ("id", "tenant_id");
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_schedule_id_fkey"
    FOREIGN KEY ("schedule_id", "tenant_id") REFERENCES "schedule" ("id", "tenant_id");
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_member_group_id_fkey"
    FOREIGN KEY ("member_group_id", "tenant_id") REFERENCES "routing_group" ("id", "tenant_id");
ALTER TABLE "routing_group_trunk" DROP COLUMN "pbx_tenant_id";
ALTER TABLE "routing_group_trunk" ADD COLUMN "pbx_tenant_id" UUID GENERATED ALWAYS AS (
    CASE WHEN "carrier_id" IS NULL AND "trunk_id" IS NOT NULL THEN "tenant_id" END
) STORED;
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_pbx_tenant_id_fkey"
    FOREIGN KEY ("trunk_id", "pbx_tenant_id") REFERENCES "trunk" ("id", "tenant_id");

-- Values, should anything but the services ever write.
ALTER TABLE "routing_group_trunk" ADD CONSTRAINT "routing_group_trunk_member_check" CHECK (
    num_nonnulls("trunk_id", "member_group_id") = 1
    AND ("member_group_id" IS NULL OR "carrier_id" IS NULL)
    AND "member_group_id" IS DISTINCT FROM "routing_group_id"
);
ALTER TABLE "routing_group" ADD CONSTRAINT "routing_group_max_candidates_check"
    CHECK ("max_candidates" BETWEEN 1 AND 11);
ALTER TABLE "routing_group" ADD CONSTRAINT "routing_group_strategy_check"
    CHECK ("strategy" IN ('PRIORITY', 'WEIGHTED', 'ROUND', 'STICKY'));
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_action_check" CHECK (
    CASE "action"
        WHEN 'GROUP' THEN "routing_group_id" IS NOT NULL
        WHEN 'REJECT' THEN "reject_sip_code" BETWEEN 400 AND 699
        WHEN 'CONTINUE' THEN "forward_number" <> ''
        ELSE FALSE
    END
);
ALTER TABLE "trunk_source" ADD CONSTRAINT "trunk_source_port_check"
    CHECK ("port" BETWEEN 1 AND 65535);
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_digest_check"
    CHECK (("digest_username" = '') = ("digest_ha1" IS NULL));
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_outbound_check"
    CHECK (("outbound_username" = '') = ("outbound_password" IS NULL));
ALTER TABLE "trunk" ADD CONSTRAINT "trunk_caller_id_check"
    CHECK ("caller_id_policy" <> 'FORCE' OR "caller_id_number" <> '');
ALTER TABLE "normalization_profile" ADD CONSTRAINT "normalization_profile_length_check"
    CHECK ("min_length" BETWEEN 1 AND "max_length" AND "max_length" <= 15);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        """


MODELS_STATE = (
    "eJztXXtz4riW/yqq/DM9VWy28+wss7VVJGG6uZ2BLKFvT99ly1GwCL4xElc2nWZm57uvJL"
    "9t2dhgwHZU1dWArSM7P0lH560/j+ZER6Z13FkYI/KC8FEb/HmE4RyxL4l7LXAEF4vgDr9g"
    "wydTNIYLQ7P9Zk+WTeHEZjem0LQQu6Qja0KNhW0Q/pCjT9CaIR1AG1Bk2cfgq2HPyNIGEN"
    "gIQ2wDg/2zAMQA6nMDG7w/m9CfrBYgU2DPEHidEROBhQntKaHzY/5YnUxYOwM/7+wJS2z8"
    "a4nYH/qMWAvKnvM//8suG1hHP5Dl/Vy8aFMDmXoETUPnHYjrmr1aiGtfvvRufxUt+ds/aR"
    "NiLuc4aL1YsXfGfvPl0tCPOQ2/94wwYm+M9BDIeGma7oB4l5w3ZhdsukT+q+rBBR1N4dLk"
    "Q3X0n9MlnvARAuJJ/L/z/3JfLdRM0/qDkfbQHWnaUWJk+SvEhsK9NCGYY2xgmwP1519Ovw"
    "Eg4uoRf8DNp87w3dnlzwICYtnPVNwUcB39JQihDR1SAXqAsvhM4Hwzg1SOs9c+hjR70U0w"
    "9i4EIAfT34PPA2gHkB7N4Q/NRPjZnrGfJ+/fZ2D8985QwMxaCZwJW6/OSu67t06dexzvAF"
    "+xxDVrBk8vLpM4XxsY0pUc6ThlDPGnlY2sGmKeAfH13eCa9zy3rH+ZLubXvX5n+O3db53f"
    "BerzlXvrbtD/6LUPT/nrb6NuJzYGE4o4Phq0kyNwy+7YxhzJxyBKGRsB3SU99r7UcDSO2B"
    "+oD7C5cvlbxuiMer91H0ad3+4jQ3TbGXX5ndPI6HhX313G1orfCfjaG30C/Cf4x6DfjQ+j"
    "3270jyP+TnBpEw2TVw3qIVbsXfVQi648sWtpxbaRCNEWu4n7glUZ5s33Dr49T1+kW4eDVR"
    "LdXwlFxjP+jBzG1mNvAvFEtmu4AtPI76iWqAZXg1ek8NUXaaKTiv357I9GtrPPdh5uOrfd"
    "IwHzE5y8vEKqaxG8+R1ySmJX/LbJW/PTefwKxPBZwMP/Dv7WLvA3kFJDSGUJIda7lSnDTk"
    "KN1kqwgykgGLnCJJMZqSc2egIjeIeJe/tnJmbqYGkxefRpxRoRC7ni5zNlt9llmyQl2J08"
    "QUmwFeBCSoI9nATLlgv72yVT+ZowdQ9iOcohqrjgysh2hbQ3wfcstw4GdxGh6Lo3igH85b"
    "frLkNe4M4aGQ777/VHSlRVourRcqFvOOpRSjXqVRl1D6PQsLtvH4w6RZQsbaQtiGlMVgUV"
    "FSmxUlj+UiqgUgFrpQIOGRsZ9m5GRxm8oQSAh06H935/zcRZyhZT8E7XuYNxEMqgJZF9Xb"
    "pfPw8RUy75X5MKvatKf6T5ZnjVduA06CPz9ZnBvtCYnj1BW6I1ZOPHXucj73BEl/ilOZM1"
    "ujfxv21LrJqGzx5sXc4qTDd4+at0rdVLe/abrrV9dTwf6hyugIWwDibQNC1gE2Gfcnv8yQ"
    "LOrDgGndA18oo98hm0HBMXIS1gkYQFbEfPGWN7Bm1xZepsPOAFrcCMMOD5FfBE7JmyllVF"
    "YGtlWMuUgSEV8JqqmnkMDB7LKrbGolRlrrVqbEB11i6bA2mGehnyL22p/oTcWfUEdq3mE1"
    "2sci9jcvbuU3WvK7J5dPcD+W9nED+jIZoQGpWlZPezZVrRUqNB0/X+XCYNkqd/ookNHGrh"
    "SeUyIkXfDYu1OgaPT4gLjI/cr8rfXQiLN8Mu2xJb4BFObUQfxbXb7l131P0l6dLdwUPGGC"
    "ODS6cAfWf/OVIsZOIyk3DsXUix18ZzD9sF5FgjuZ7cibmdALtL4emZv8K//cfp6dnZh9P3"
    "Z5dXF+cfPlxcvb9ibcX7Jm99yPKp9T5y71hEYPLcZenSLVlwwFydOekQ7uLlPMHVIsMR6a"
    "DKHuIjZ4K33Yk+xl/ub8Vv53OMncnedid9fGHl8ybnciZn+JLjrmRMlikjk+Kqd9tXeSA2"
    "dNWf5wH3PB3c8wS4DpssKI5GiHYrju6TGzVAwF9vs6sfoM5GnUTzbw+DvhzNgCJucDCYSP"
    "B/wDSs+nqNZGhyKCJGBW/J+yHQIW5wIwmA5h1cx3AXMlAR2H0ChfrmqHsSqpSBZMmEMcL1"
    "wmEddr+9yYcZ9gQP2DIMCgRPjedhqMOaDUh+j2pkMlZL/40OgkwDTgxThg4s2mrhSZJPC5"
    "6Q+dywecywo6N6YcdOh0tHoZCEKxciVTpphXlOK0MnZdOHSDbfdK3HJ2ig2nOaK0L5NCNC"
    "+TQZoax8WunoN8unldjb88TwOJx12yCemCm1ZvPgICEXt4bUKn1rrDFG60ZOE3QHg+7xye"
    "U5WFA0NX60gAM3IDiS9vML8NN+eJjDd0RNuLDAq2HPAMSEb6c/WcegZwOTrRYrsVHv5jFj"
    "bBMAwf317040Bs9XEleoEwEFREyVJxBYDEO3cxVoUR3bRvq278yVIvt+QNHAjf/kMo8xOb"
    "6dhIzJlyovSeUlVXKeN0vEUnlJTR71PHlJi6cfmpBICno+4nQqdyZmD3bkOs2JlS+Y7iWh"
    "VfhWyF1XNf7UkHSvisJaer6XzzvLALc5WSHeC0Swje8zedLpwuyzBIjDSUoNRlq261TKAX"
    "RL5uz9j2RGJudOK9POFLRZa2rq2Rbgj+BBhiZ5RRRMoIWcIjIp1iCDkQTWHUbHbwf2oVeJ"
    "S2hnT1HmogrsrK0Mc5GqYhP4iC7O8viILs7SfUT8njJgNFuVVQaMtzjqNTFgVG20lYZdIU"
    "iVhv1GNOw6YLuNin0Ypa87R5QBP1ndm1Cq+0UbtLJUQOQ15bVLCoT88XQyBCczMCFLbNMV"
    "d9N7hfKPwSNezp8QtURKGhTh0sKPj34wZQ0KFW0FIEVAN6BpIl0eG7iDZyg1sALsv5WhBr"
    "pDXUQTDJE0URnMowqmK4KJDDRn0STxTc+FCJFslQ2xEc6hOf20NEzbwNYxf94hpvVOkiR4"
    "fRpuYnRQLjTvE5QNnP7lh82YZJKRISuHOkyzP5CPdjXH9xCS/IyIB5q2pEYRsCWkjcP8Ih"
    "fmFxmYX6hC1SogrKIcvJ6WNWVPfYujnseeqsx+yuxXJ7NfnqQgEdKwZU5QxM6UNxakLsDv"
    "NDNIgtw6O56Pb15jXhDsk6c+ayTZhpPzIqnuQUJOJMYjW9IGJ3gEU4NadtJot3EvyixXAf"
    "bcyjDLqR2wdF+itw6SiKbmpYdJ9lcU4/2uBEYnO/305PzD+dXZ5bmflO5fycpFT2pkMe5X"
    "bK5KidWcrW4Ef3MAzhCLk965LcXjhGewniivd+BK1/P6orAHjpOuLdyVD5T+DOfQMA3SZz"
    "9lonbkfqaQ/eK21LDXNFfstDjNmruqZ7Fj5h8tMnlBtvUonNU8mpmfQ/DQuwdQ11kTCwl3"
    "9owxjvaCUDtZI7bc7sf4kYmwFrdVTQyd+9e5LB80nlIyB68zYzLj54VihHRL5P3zF1DCfF"
    "U2lSxhXoVaqyPvqyIb7erIe5frJeFPj3MIkag4h8iYlBHnENlTigxLglANTumDo5yZ6ftF"
    "Pd1aypn5Fkc9zZmZMDEcRgnrEzqHpvGHcCvdUzI1TKkyJm3XylLKcJhCW4RI1kczT52T3l"
    "wvBaEh94VIMQXv/LJmPzuZqJZzCgc0TV7NLMhYdVNUecEzJ602GtK8oweNsavVOeXVHunS"
    "RFzdYx08oh9wvnB+Mu2P71kWf6pT9d4ChkimNdibUB1Rpb0p7a3qfHn32puKQN9tBDpjRJ"
    "BhpxeaxBGixkWDXuVA+CoV4as4wuwhiGKxFUJTK16HMY2+gXO7ZOS3AP2geNdzns8N7PWd"
    "ADrVhx4latLREqU50kNjVgDXCJHCVYKrEMyLmL58AmXyKt3k5WlGRcYjTKOGRFkhlT1KWS"
    "HVqNcvpaKa5QjrnlFRTVT3llAhyoVsmVDRoMqlO0+h6Iu09zsucMlcCMHdVqbjQLTTPLmt"
    "bHcBL2HiTAzejNvp3WPqrYhBf0tfQc6njHHEbwCibgPH7oC8eioWofxUtkhZFeUgqArjby"
    "kHwcEcBC/sT5Pju/54dY+2ylgfde7uBl/bQHyM8fXd4OZzG4iPOJ/KNwa5hqDAKepTbxpv"
    "MgI+caWH4IaB371tA+dzjPlnr//RucC+VGMgvC2jiA0lTKNsKKXbUCAmeDUnS5kgmlUFJE"
    "K3xzog/pXaFgJRVVdU1ZVKSD71NBYpE+FbHHVlIlQmwsqgWisTYWDYalIR5j1aCx3YMk2G"
    "PrK57IZBVe311sPRzInC5TY2brXjNTx5qWJogwmZIye50p7xU2x4p8kSK5t0oCx2FeDDrS"
    "yLXWgyFUM8SalKKiQTzwofhKEOwcgvRcQ8KFuKElG/TT3xXStPJFft+soU6uiGnLJaVU9t"
    "GCJeJAPdE9OYrGTyR7RBpvRBnabaImj7ZvOcIqc/uIlNSuypysaRKfYoR+VOHZUq3rhCjh"
    "lluU5fCvW0YSrL9VscdWW5roDOqSzXebWhkizXXjzhdrbrG6eX5sCd1NBVAPDeTPqR2poy"
    "fTpWezNDnY5X/cxX0lGqpYaOn88+3j6TSumuFdiAWkp3PZjuyh9no+eUMhzrwzzD9HvMo7"
    "8f9gbD3uhbwcns07WB922Mv3Z7Hz+NeBSo922Mh4MvfXZBfIzxw6h385nROJ9jfNftPIy0"
    "m8HDqA2C72P83186d6Jz90ucL+UZ5dN8h8RlnBGXSN9PrQGyfnjn+y8F8tAd9jp3RQfWoW"
    "JDJD7H+L4z5CG97Ir3rSKDwbqfQKwbXKOUCDGZef9Rwv3l/p+c7IrBlZz5r4w/6VDX0wyg"
    "jD9vcdQrb/yp2jg3xPpTUVj3Zv5hu/uWho1b5x0aYtZIP3ZInaiXEzbnpBAG2UQmbhbBLG"
    "znaZr9rGz74iZY1XJ6eSa9FB/4BpgNl2YeSasuM2tfltnUcGvpVMxpoy0Sct1xIqF/soBg"
    "NrzmMXTOqZQdYJnadoz5wTjefvoIKFowzcwShlvRwj/p0qm87HpMRFth3HU7dq+3gEVE2P"
    "YYTx2xBbyglQWgyWOnZsTUQyZhRmZNyAK12dvcX//u9MVtyCKwCtp+rBX0uhfVHp4pu4hY"
    "RwQYyqxcGcm2lWFWXlCDUMOWmD3TD4UMkahDIeOWl1e2tGYSXSEVzoBgj3asmoCpUp33me"
    "rsbyBFGG+USoWRxKzcSATeb3J8qYRUoatOh91vKpMyLTYoO6wxPCDDVKvO093RebqVyBGr"
    "5gwuI0UsTWjY/xSuAcbSGSyRl3JgrVw7Zbp2JOpECdA2Loo3Dm1Uh6pWEmnIFp1uU/VM1e"
    "utqdRrWUrA6y+ipKxY8ty+uaQT1+4pTKLWZIZ09jxxFB0jSlhfy3/EGPsGVPKKj8FXbizl"
    "HUDHTuicXs4eZyGbG1cZ+eTFS1flRronaCFlOa2KoNnKsJyqgNwdH4sHTRPpGxxslSBs3L"
    "FWZ3lOyDtLPyLvLHFGnosZRc9oE6x9usZBfXpxmSfy9SIe/xUKfeX34mVsldPlSPkJausn"
    "ME0uym3GmaOUjeMXu2HNQnLehDdHCBsH9k6YsyfSa2SBcEGOkqBVfCU/X3FUJPkMX5+gE1"
    "DvcZp/HA6+3Bec6w5RG4iPMR52/9a9GbWB8znGN4P+qNf/0m0D71tcbT1Mvg5FvNCRZhmL"
    "lLOUU0UXCeVGEkzFjDulH9YZwEQRtNJWwlqMA+LG8fud6JlTQoWZzKmRVwT0JGXjEN+BOK"
    "My0xqWo6Qy097iqHsYZWWmVSg+p2LCQzmxJL66UQzaGJlCNYaqcPJomwTqSEgVuiqkbAeQ"
    "qmzVA4Q0HDi4rJr8oITYMjnaYWZaxmxuToyZFGXJ3pMHZFcWKAHgh1BXTcU4KjlVKlLHh1"
    "8SphMemvQYnfBcKKkgHXh8ZWNKXq1HJ0lxRkxDhyv+kzrnyljxKurF69dt8BAVXVMBGaYF"
    "VHTNoaye3Fii/UFwIZAjRA1E+vI8B9CX56k481uxbFCHMSVBTq+JHyJRVfEjhq4yquJ7e0"
    "OREQnTqCEpfUiURyCdPdXTNqw8Am9x1PN4BJT1T1n/6mT9y1OrTlV+OmDlJ3eWSmwewfxN"
    "t3gEi2UjewfBkWPmjsEjNE3yyvamiQktC3kGCf8qWWKGIXItExahthN+vM7mUcqDxtg3hd"
    "johzKEVIedt5Qh5GCGEJU6sM8Q3yjXKqKES0iVLl66Lp7YQDYaojCxGqTSByl6GG/RuCoZ"
    "sQpSUSapZhsnlEnqLY56mkkqYT/Jo+fDhcH0pBe0bcn1zsIY8W5qy1yzC2GrkxtzY6SJgs"
    "nlIPWRNstaF8FrX8dB1BMcMme3tsVHdNJUiHZ3ZEZTEcOEzqFp/CGw0BaUTI2trdv9cJ/3"
    "TpcNZfBOSqAmDK5bgiZ6usunL9cRqohCKrU4FPKgOL3dC+22qYiF46lLPJ+lqbzssCf/1B"
    "Kyg/k0a4mWFzi9JVIFAuhrCdPi6Yemzqzfs3887TSkHCcgFTjz6DPDVJwUNIMWgP7xQC/8"
    "8k1nOOx1h8FZQemFL8Ej+sGepM0Q1BG1HoFhJdzju3vUGEPhmAglC/wCHhn7eiJLrGsLaF"
    "mvhOqur103npFlazN44jjZmUZAVwt+/NE7C9HvBtts/t1CE4ps63ix+ll526tj6Ffe9kN5"
    "2/kqleO7vsKTR1tlrI9cDtT2WNEYM1bV5vwqzsjyjEH5ZZxUuMMewx1cKwAP2ZL5lPJN+0"
    "QneywydH/35UHrnlyeF+TiASGb+t7XMXYuON8ZWt1hvzPqDfqdO+39+zaIXxnju8FN564N"
    "xEc1ls+Ukrk2I1bKaMpXT4SocSWiTi/O8qB8cZZRhPEsUYQRMYGLB/rwwEXN0BG2pfVys6"
    "sxpnaimFh+JjalGndaU20uUdtSi/7FqPZXsvji/fu6VC1mGBn4+4boxin3h/DZ+/pArPOu"
    "+QOLcY4w2R55hX+ltszCRpPZBoWhY2SN2yNP8tQpPkkvU3ySqFIsCu/zE2PcQL5NpUtZP/"
    "sUMDsPD4VlS0bDxEr2/xj/OhjedNtAfIzxbe9WG3ztd2/bwP86xp3+oP/tt8EXRuR/rYY0"
    "GYBfvPiojFatm7XrRsiEnNMgSreULOW9qO2iwHYhcKRoTrj/F1JbHsy8figkXahxKLJt06"
    "VlF7YKhaiUQpUfbN34jqglwmq22rpl/exxB+i74bhFtm5O0wb8f75Z/707fOgN+nyzdr+O"
    "8afew2gw/Kb1+r8O2iD8a4yvB6NPbcD/r8b2HXEgJUcxPVEmQaiSZCJrq4wkGYtMXlAhM1"
    "1A0Tg56irP3L9Kn/tXibnve0WXFqJFvWZS4saBfnJ6lUd6Pb1KF1/5vRTcKYLmfCPQfcrG"
    "Ib4TU3TC/y+RkgwM6WoN7GHyuLi0sp3YoVoGtEjFJZdL+yydIXzd63eG33ye7icB3Q36H6"
    "8lXP3626jbSchOIuhiE6YjIW3cAtgJy3GBK8xw4nSNQ3sn7CYIKyrGZ6J0isFsyGBU5m/6"
    "5K9nDqjK/H2Lo+5hlFWMzsvCLBZaGaVSlRNiIU+yvLGCCGf1ofBWtUD2i/BBS1Y2BtFKVa"
    "ysJqqlH1czCWoobIls46oxxKGNbuo5sJXuUSUg3ewc6TjsWTt9nvOYIvtXCeg3NHs4Drt0"
    "39+iAu6+ynPUBG5VnePwxRIanZ192IT2Oq5CVaO7SLUcrC+IsXVhKjGfum5fTV2Kzql7ZS"
    "D1IHpqEk47z2v3J1dafnt49q3Jc9dQuO3ahPevM0SRcwgdp/7JAjwg13LKrSNsJ4+yy0Wh"
    "EsQrYKtogfQE8aK5f/tP+9ulL2D37s8FoRJ8UxOhvOYbZT9VbG8uO/eJdY0tOZ75AkwjHe"
    "zRe//l9r4gU+AkbcD+G+PRDfvG/mPf7h7Yt7uNcj1O8tU+yCh9kJjY1CBUmmmQPrlDJPtL"
    "76tLat8rMp5nRXhFQLA/ME9qAqYqC7HfbAv/iO7cDqUQjToCbY1Dac8nxlcU1PX+pLSj4m"
    "86Dzed2+6hTjIPq8Npml2gLa/T66ygZQ6tjoA5XHF9TAfQYtqaYTnq2jHoAIzsV0JfxAnk"
    "gOlu7Da0AYaUklcLGDZ4QibBz4yCAIJdPQ+QqUQV3MVjxjhyRphSJyvCqVoZ6uTE0CX+2b"
    "4zA1Lij1ySuBCzgLrOHmwd9+6/n7s91Jd5SXHu3Q6rp+PsR4usg4ajVPfSVHdVRmOPZTT0"
    "DaBOEDYO7LPTHGCfnaaCzW8lweZOuM3QjlIquNfCrdRMpWYqNTNTzeTlK+4p+bE6kuuZwf"
    "3WGkWTt+QBbG7TtZrmYBo70dk/9ZkXlzb4D1cN5P5BZ8iTPsWNe1GKYQV4SytDMVSFqHdb"
    "iFop3tsp3ipPMn321jNjTuVJvsVR9zDa4oTUXcpoHUSNyUwmnbl3MuUyGLRZJ5Clj3PJol"
    "KqPUwqKUmsYe463U5EqrwtLF0ycoueFRGOQiQNlI9OLy5yxWFdZMRhXcTlI76oCiDsNm8g"
    "uruRPgm2kSznMb1mXIhk/9XiDiN2llYX7qCb2V//D0L/cK4="
)
