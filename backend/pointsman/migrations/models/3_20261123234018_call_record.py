from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "call_attempt" (
    "id" UUID NOT NULL,
    "call_record_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ NOT NULL,
    "position" INT NOT NULL,
    "place" INT NOT NULL,
    "trunk" VARCHAR(64) NOT NULL,
    "endpoint" VARCHAR(64) NOT NULL,
    "carrier" VARCHAR(64) NOT NULL,
    "sip_code" INT NOT NULL,
    "sip_reason" VARCHAR(256) NOT NULL,
    "q850" VARCHAR(256) NOT NULL,
    "sent_at" TIMESTAMPTZ,
    "rang_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ,
    "end" VARCHAR(10) NOT NULL,
    PRIMARY KEY ("id", "started_at")
) PARTITION BY RANGE ("started_at");
CREATE TABLE "call_attempt_rest" PARTITION OF "call_attempt" DEFAULT;
CREATE INDEX IF NOT EXISTS "idx_call_attemp_call_re_73854e" ON "call_attempt" ("call_record_id");
COMMENT ON COLUMN "call_attempt"."end" IS 'ANSWERED: ANSWERED\nREPLY: REPLY\nTIMEOUT: TIMEOUT\nTRANSPORT: TRANSPORT\nCANCELLED: CANCELLED';
COMMENT ON TABLE "call_attempt" IS '`position` counts the tries of a call from 0 in their order; `place` is the leg''s in the';
        CREATE TABLE IF NOT EXISTS "call_event" (
    "id" UUID NOT NULL,
    "call_record_id" UUID NOT NULL,
    "node" VARCHAR(100) NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "started_at" TIMESTAMPTZ NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "received_at" TIMESTAMPTZ NOT NULL,
    "content" TEXT NOT NULL,
    "content_sha256" BYTEA NOT NULL,
    PRIMARY KEY ("id", "started_at")
) PARTITION BY RANGE ("started_at");
CREATE TABLE "call_event_rest" PARTITION OF "call_event" DEFAULT;
CREATE INDEX IF NOT EXISTS "call_event_call_record" ON "call_event" ("call_record_id");
COMMENT ON TABLE "call_event" IS '`id` is its key (calls/event.py), `call_record_id` its call''s, which no foreign key holds: a';
        CREATE TABLE IF NOT EXISTS "call_event_conflict" (
    "id" UUID NOT NULL,
    "call_event_id" UUID NOT NULL,
    "node" VARCHAR(100) NOT NULL,
    "started_at" TIMESTAMPTZ NOT NULL,
    "received_at" TIMESTAMPTZ NOT NULL,
    "content" TEXT NOT NULL,
    PRIMARY KEY ("id", "started_at")
) PARTITION BY RANGE ("started_at");
CREATE TABLE "call_event_conflict_rest" PARTITION OF "call_event_conflict" DEFAULT;
CREATE INDEX IF NOT EXISTS "idx_call_event__call_ev_8bc4cc" ON "call_event_conflict" ("call_event_id");
COMMENT ON TABLE "call_event_conflict" IS 'What came with the key of an event and says something else: nobody''s truth, kept to look at.';
        CREATE TABLE IF NOT EXISTS "call_record" (
    "id" UUID NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "node" VARCHAR(100) NOT NULL,
    "sip_call_id" VARCHAR(512) NOT NULL,
    "from_tag" VARCHAR(256) NOT NULL,
    "to_tag" VARCHAR(256) NOT NULL,
    "tenant" VARCHAR(64) NOT NULL,
    "tenant_id" UUID,
    "decision" VARCHAR(64) NOT NULL,
    "revision" BIGINT,
    "code" VARCHAR(64) NOT NULL,
    "match" VARCHAR(64) NOT NULL,
    "source_ip" VARCHAR(45) NOT NULL,
    "source_port" INT NOT NULL,
    "transport" VARCHAR(10) NOT NULL,
    "received_ip" VARCHAR(45) NOT NULL,
    "received_port" INT NOT NULL,
    "request_uri" VARCHAR(1024) NOT NULL,
    "from_uri" VARCHAR(1024) NOT NULL,
    "to_uri" VARCHAR(1024) NOT NULL,
    "trunk" VARCHAR(64) NOT NULL,
    "endpoint" VARCHAR(64) NOT NULL,
    "carrier" VARCHAR(64) NOT NULL,
    "started_at" TIMESTAMPTZ NOT NULL,
    "answered_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ,
    "duration_ms" BIGINT,
    "clock_went_back" BOOL NOT NULL,
    "sip_code" INT NOT NULL,
    "sip_reason" VARCHAR(256) NOT NULL,
    "q850" VARCHAR(256) NOT NULL,
    "cause" VARCHAR(20) NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    PRIMARY KEY ("id", "started_at")
) PARTITION BY RANGE ("started_at");
CREATE TABLE "call_record_rest" PARTITION OF "call_record" DEFAULT;
CREATE INDEX IF NOT EXISTS "call_record_state" ON "call_record" ("state", "started_at");
COMMENT ON COLUMN "call_record"."state" IS 'STARTED: STARTED\nANSWERED: ANSWERED\nENDED: ENDED\nINCOMPLETE: INCOMPLETE';
COMMENT ON TABLE "call_record" IS '`tenant` is what the node said, `tenant_id` the tenant of this platform that it names: a';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "call_attempt";
        DROP TABLE IF EXISTS "call_event_conflict";
        DROP TABLE IF EXISTS "call_record";
        DROP TABLE IF EXISTS "call_event";"""


MODELS_STATE = (
    "eJztXXtz4riW/yoq/unuKjY3IY/pZba2ihCmh9sZyBL69vRdtoyCRfDGSIxtOs2dne++kv"
    "y2ZWODAdtRVSoYW0c2vyNL560/G0uiIt0866y0MXlBuNEGfzYwXCJ6ELvWBA24WvlX2AkL"
    "Pum8MVxpiuU1ezItA84semEOdRPRUyoyZ4a2sjTCbtL4FZoLpAJoAQOZ1hn4qlkLsrYABB"
    "bCEFtAo38mgBhAdalhjfVnEeOd2QRkDqwFAq8LoiOw0qE1J8byjN1WJTPaTsPPB7vDGmt/"
    "rBH9oc+ItjDoff77f+hpDavoBzLdr6sXZa4hXQ2hqamsA35esTYrfu7Ll/7dL7wle/onZU"
    "b09RL7rVcb+szYa75ea+oZo2HXnhFG9ImRGgAZr3XdYYh7yn5iesIy1sh7VNU/oaI5XOuM"
    "VY3/mK/xjHEI8Duxf1f/6TxaoJmiDIZj5bE3VpRGjLPsESKscE7NCGYYa9hiQP35l92vDw"
    "g/22A36P7aGb2/vPnAISCm9Wzwixyuxl+cEFrQJuWg+yjzzxjO3QU0xDi77SNI0wfdBWP3"
    "hA+yP/xd+FyADgBpYwl/KDrCz9aCfr04P0/B+B+dEYeZtuI4E/q+2m/ywLnUsq8xvH18+S"
    "uumAvYur6J43yrYWhsxEhHKSOIP20sZFYQ8xSIb++Ht6znpWn+oTuY3/YHndG39791fueo"
    "LzfOpfvh4JPbPjjkb7+Ne50ID2YGYvgo0Ipz4I5esbQlEvMgTBnhgOqQnrkHFeRGg/5AdY"
    "j1jTO/pXBn3P+t9zju/PYQYtFdZ9xjV1oh7rhn399E3hWvE/C1P/4VsK/gn8NBL8pGr934"
    "nw32THBtEQWTVwWqganYPeuiFn7z+Kql5FtGQkR7rCbOA5aFzbuvHWx5nr8Ilw4bqzi6vx"
    "ADac/4M7Intj59EohnolXDEZjGXkeVRNU/6z+iAV89kSY8qOjPpz8aWfY623nsdu56DQ7z"
    "E5y9vEJDVUJ4syukRSJnvLbxS8vWMnoGYvjM4WG/gz21A3wX6nrHstByZYkE2eDlVFl2Rh"
    "vSOdJvuVWcndKhprEvUzAja4onFyAp3Mhk0iQErEswN8gSnAMNs6uaAYihIuNnMKUi5gxN"
    "mTTKqHT0/M50GsWk2kPdaIINKhwjKv5Sidh8RcYZmGoqb+pIw7xjiFX+xX0K2oq+DYa9pn"
    "gds6bvTCkwl2XSSxOY+Vg30IwOkZxrS5yySPTjc2EM/lIuMMEl23818gpqYcoaCmoVEcxc"
    "TFIlM3cyjDO5jy0xf4MkEe5qmUSHsvGTPi/9+LfWxdVPVx8vb64+0ib8Qb0zP6WwvD8YR1"
    "4dvlLlAdRtL9EUoEmnTvySxyziEdTQLnJzlcEscnOVaBVhl8LwIqyuiCbSHZIRDtJIkDOA"
    "PIMGlXKNPBgHSCTEGSA2tRVFT80z7wZJ5NQrmHoZQAaCpkg8SB65YaoaDt7W9U2G0UtbJQ"
    "5ffi2M9R8fr8/zoOy2l/hmw9dE2NpFmfHJCtBkymk0q4UiY0D8vAN/A2SSv2XmL5U5d7JG"
    "BOkkh0vOYfEC2MPrZcx9EWVy2dfCRmfw+LU36t21gXs0waPew/23NuAfE8xAHH4Zt4FzQM"
    "+MaNuH4Yidcw8nuNsZdHv396wr7zBqbM/mZM/kY09xsX8QeaVO5z/pfUc40XtiX2xu9Z0g"
    "r912z4njZdAsE7ygDXjPOjD/xns4W20+NME0bGie8qa2i6EJXhfabAEwAXPbS8f7WBD6a9"
    "sAxr0nB7zZBKtw885ubAJoIGAR8EzAq2YteC/8LuYZvQXBFj3kT/L3x+EAQPZE4JV+0Bsj"
    "7TtSM/pO/mz4nI3a41lT9GNFJxeTQu0xP2T354+kBAg5K51Xv8E7oOzjX/6Sfhrppymf1l"
    "OMowYLjR4pUWNii0epFssyRY29aElyiRhft30t8S1CYJBexjcn2udnr2RrBdjqSny72F3C"
    "pDVkdI3DOR0lIM7zMZW5EwQ5n6QWC2MaN3u/j0OMdBdAceS02zywYHZZMPVfIsh3il6P08"
    "r49SgX0uLXy2bh6BI817VZuqXDa9TMZvFgobM+wVbTx9cFtMCM3tu2EbDISWZQYGGc2LYW"
    "8HhLE25MYJIlshaUkYDeHtHfRZ6IyswNdK6xFk1KuLKYwUEn5AVAK54OdcibTXAgVvSJON"
    "37nfKYUPsFatLO6Xfopl/xrgieIRktWh7FeIsVwh7rOxghgoQyVlSaII5pgpBa8k5yWImk"
    "aqlOSXVKqlOnVadKJMaPbIdVgvw+8txZWwR33++VwVdpZ75xSfeVybBMsGULMRWbNbUJpl"
    "5m3NROy7ILDfAEKkriVhLw5F/23GI/5YFuNMH2z/V1AIIRF9FfneoI/ByTvZ3aCMRYLSAO"
    "uD6dW5kImWeAvVy2r3PGaMkEzzXrZ+ApUGAB6WVdd3LIlmdgqq7pK0XxVJYm/3k8VY3d1U"
    "47Y2oFVx6w2gbngZQ25wEnmBVs4E2bfFR4T87UGPpD+I+hz488zJhPViezF+5gNZEF3k/5"
    "d+WVSaNsQE4/7OJvpXKBxVeBgICQxenquOI8culvLaOm47Fnl1gaj7jMC0uDLrmjMYuAcQ"
    "4mWBRf0xvcsRP8Y4L7g+7wt4f73rjXBv5xdAI7jSNMqlAHVqFYrD+bwUQzUHose4Cshmhf"
    "X7QyoE1bJaLNr4XRZgujYsHnPFAHaWqI80GC2qlSkRNln0JinBHjhNIaKRh7FDXEuPjMLV"
    "kcpmh7rIpmmilM6k4etEEaOWwzDFsDfU8A+VZ7Tsw5DFLtlHNYsgHrpBz+e6t1eflT6/zy"
    "5uP11U8/XX8893IP45fSkhBv+59YHmKIC/HERHGiZ0oybX2l5eIH9hJas0UedD0CCW+WRG"
    "WyNmZI0Va59JAgUQ1hvrrOAPPVdSLM7JIQ5hUxBLJbckp4mEpmhQsLckBsinFNK8oRIKrh"
    "AC7eIuS59PLNFBGyGkJd/FzhYZZztojRyflCMF8YiP4s01LWhpZvIIfIajiQL85bWaQL1i"
    "xl3mjFJAxuScuJdpBGQp0ZaovkBdqnkDBnh1nWAJM1wCoOsqwBdnjVWsZJvoU4STuEZic+"
    "R0hlQZgy81mW/Kk7hwMBdfncKBFC6UnZ2ZMSjiYUcIEQHUGcIKDEqaOphZS8Xsvl7XB4H3"
    "q/bvvRgOMvv932qJbDXyzaSLMSwJc1S4u3NsmapbJmaV3wncG1mc/P7RLUEeEsHpZWsoel"
    "FfOwrFfqjnuRhSlrqC5WNNtKIHTypy9N6o9tzxHm/XimnrSkH7/R1oSf4ZwnyNiBck1ADH"
    "czJC/D5r2XEvOBp57QuUMFTxvaiJjIyXF/Nuhletoi8bT8g9xBptEfQ4iVu5SWNlOBvi70"
    "twuGcqomFqA6ogbmDvDKamByO9K6iQBZEq6l4Fc3ricJfuE4FL5NpLIiujbb5Mw3EBLLvA"
    "OZyVE8ojFlRW7zW+A2vyM6jYz63XEjZW4oAOCR3eGD1189cRZOiwl4J+vcPh+4MijyBTl0"
    "v3weIR0m7D4ZVqU/GdlGeNlW4CToQ+P1mcK+UvjGkXuiNaL8o4/ziXU4dqOm6jFY4yFke2"
    "JVN3yOYOuy38Jkg5f3lm61einPXtOttq+OW+plCTfAZKVV7J0tnAItTo92UUg6Ks5AJ3CO"
    "vGKXnJWA4SYuQljxx5gF7ED3mWBe/Iadie3Wwc7wOpXSWlYWga2ZYi2TBoZEwCuqamaq6O"
    "ZMWXnrjAap5EYnZdIu6wNpinqZGKKcW/0JuLOqCexWzSf8soZUnm7nsdu56zUEo/eYqntV"
    "kc2iu5/If7uA+BmlFG8MXk+XaXnLXAUch1QaJE//i2YWsKm5J5XJiG5NiTMwfUJMYOTFCd"
    "mzc2GxO+rRJbEJpnBuIWPKz931WOmzn+Mu3QPcZIIx0nhZRvSd/rOlWEjFZSrhWIeQYtMC"
    "R4ULgSByzhmY+wmwNYkWTZZuyQoZns4cdwhvLzYY6qDMHuKGPcDbzkCf4C8Pd/y7/TnB9m"
    "BvO4M++mJl8yYXnUKOyTpXFKTbvsyM2NFVf5UF3KtkcK9i4NrTZE5xNEQktxEokYC/3WZX"
    "PUDthTqOJtu4VYymTxE1OGhUJPg/oGtmdb1GIjQZFCGjQqy6eLSQeAR21kF0syYuA+WB3S"
    "OQqO+OuiuhCieQLDXZxJNIpdMqjiAfptgTkkvk5TcoEDzXnkeBDivGkOwe1dBgLJf+G2aC"
    "SAOOsSlFB+ZtleAgyaYFz8hyqVksZtjWUd2wY7tDJzNQEK6ci1TqpCWec5opOikdPiRXlQ"
    "WPoIZqTytThHIrJUK5FY9Qlj6tZPTr5dPKkTcTGB58Zt03iCdiSq3YODhJyMWdJrRK32lb"
    "jNGqltEE3cGgd3ZxcwVWBpprP5rAhhsQHEr7+dnfa4eFOXxHhg5Xpr1vD8R8h5535hnoW0"
    "Cnb4sZW6gPc5sJtgiA4OH2dzsag+Ur8TOGHQEFeEyVKxCYbLdRu3MZaFEe20bysm+PlTzr"
    "vk9Rw4X/Iks68kVyNvJFLBlZ5iXJvKRSjPN6iVgyL6nOXM+Sl7R6+qFwiSSn5yNKJ3NnIv"
    "ZgW65T7Fj5nOleAlqJb4ncdWWbn2qS7lVSWAvP9/LmziLArU9WiPsAIWyj60yWdLrg9FkA"
    "xMEkpRojLVp1SuUAuiNL+vwNkZHJvtJMtTP5bbaamvqWyXd+ZkGGOmGbK8+gaW/3nGQN0i"
    "iJb92hdP7u0na2TdwldLC7SHNRCVbWZoq5SFaxCZSuu8ziI7q+TClddyl9RHVXZaUB4y1y"
    "vSIGjLJxW2rYJYJUathvRMOuArb7qNinUfp6S2RQ4GebBx0Kdb9wg2aaCojcpqx2SY6QP5"
    "ZOhuBsAWZkjS1jw9z00PXPgyleL5+QYfKUNMjDpbkfH/2gyhrkKtoGQAMBVYO6jlRxbOAB"
    "7iHVwBJM/80UNdBhdR5NMEBSR2UwiyqYrAjGMtDslyaOb3IuRIBkr2yInXAOjOmntaZbGj"
    "bP2P1OMawPkiTB6tMwE6ONcq5xH6Os4fAvPmxGJ7OUDFkx1EGa44HcONQYP0JI8jMiLmh5"
    "N+QUkNYO8+tMmF+nYH4tC1XLgLCSzuDVtKxJe+pb5HoWe6o0+0mzX5XMflmSgnhIw545QS"
    "E7U9ZYkKoAf9DMIAFy2+x4Hr5ZjXl+sE+W+qyhZBtGzoqkOhsJ2ZEYU/pKa4xgCuaaYVpx"
    "o93OvUizXAmm52aKWU6ugIX7Et33II5oYl56kOR4RTHODyUwFrzRaGT2yzdWhcRyzJY3gr"
    "8+AKeIxXHv3J7iccwzWE2Utztwhe/z9qKwJ46TrizcpQ+U/gyXUNM1MmBbdQtE7dD1VCH7"
    "xWmpYLdppthpi7wgzFzVC2gukAqgBeg0wPzYJpm9IMuccmc1i2Zm+xA89h8AVFXaxETcnb"
    "2gE0d7RQwrXiO22O4neEpFWJPZqmaayvzrTJb3G88NsgSvC222YPuFYoRUk+f9sweQwnxZ"
    "FpU0YV6GWh92w1D+KijmAraubwQGFg1DY5OgMUUoow6ZjWWXcakY5mkeGcdN7lmBKbC3/U"
    "Fn9M1zqnum4Pvh4NOtwK1++23c60R44Mx6cfiT4xwCJDLOIcSTIuIcQmtKHrbECCVzCmeO"
    "dGYmrxfVdGtJZ+Zb5HqSMzNmYjiNEjYgxhLq2r+4W+nBIHNNFypjwnbNNKUMBymUVYBkez"
    "Tz3N7pzfFSECPgvuAppuC9V9bsg52Jatq7cEBdZ9XM/IxVJ0WVFTyz02rDIc0HutEEO1qd"
    "XV5taqx1xNQ92sEU/YDLlf2Van9szTLZXe2q9ybQeDKtRp/EUJEhtTepvZV9Xj689iYj0A"
    "8bgU4nIkixU3MN4hBR7aJBP2ZA+GMiwh+jCNObIAPzpRDqSv46jEn0NRzbBSO/B+gnxbua"
    "43ypYbfvGNCJPvQwUZ22lijMkR7gWQ5cQ0QSVwGuXDDPY/ryCKTJq3CTl6sZ5eFHkEayRF"
    "ohpT1KWiEl16uXUlHOcoRVz6goJ6pHS6jg5UL2TKioUeXSg6dQDHja+z0TuEQuBP9qM9Vx"
    "wNsprtxWtLuAlTCxBwZrxuz0zjb1Zsigv6evIONdJjjkNwBht4Ftd0BuPRWTGGxXtlBZFe"
    "kgKMvE35QOgpM5CF7oTxPju317dZe2zFg3Ovf3w69twD8m+PZ+2P3cBvwjOk9l40EmFuTY"
    "RX3uDuNdOOARl5oFXQp+764N7M8JZp/9wSf7BD0oByPcJSOPDSVII20ohdtQICZ4syRrkS"
    "CaVgUkRHfEOiDemcoWApFVV2TVlVJIPtU0FkkT4VvkujQRShNhaVCtlInQN2zVqQjzEa2F"
    "NmypJkMP2Ux2Q7+q9nbr4XhhR+EyGxuz2rEanqxUMbTAjCyRnVxpLdguNqzTeImVXTqQFr"
    "sSzMPNNItdYDDlQzxOKUsqxBPPcm+EITfByC5FRDwoe4oSYb9NNfHdKk/E39rtlSnk1g0Z"
    "ZbWy7towQqxIBnogujbbiOSPcINU6cOwmyorv+2bzXMK7f7gJDZJsacsC0eq2CMdlQd1VM"
    "p44xI5ZqTlOvlVqKYNU1qu3yLXpeW6BDqntFxn1YYKsly78YT72a67di/1gTuuocsA4KOZ"
    "9EO1NUX6dKT2Zoo6Ha36ma2ko1BLDWw/n769fSqV1F1LsAA1pe56Mt2V3c5CzwllOLaHeQ"
    "bpj5hH/zDqD0f98becg9mjawP3aIK/9vqffh2zKFD3aIJHwy8DeoJ/TPDjuN/9TGnszwm+"
    "73Uex0p3+DhuA/94gv/rS+eed+4cROelLFxuZdskLmWPuFj6fmINkO3sXR6/FMhjb9Tv3O"
    "dlrE1FWcQ/J/ihM2IhvfSMe1QSZtDuZxCrGtMoBUJMat5/mPB4uf8XF4ea4ArO/JfGn2So"
    "q2kGkMaft8j10ht/ysbnmlh/Sgrr0cw/dHXf07BxZz9DTcwaydsOyR31MsJm7xRCIZuJxM"
    "08mAXtPHWznxVtX9wFq0oOL9ekl+AD3wGz0VrPImlVZWQdyzKbGG4tHIoZbbR5Qq47diT0"
    "OxPwyYbVPIb2PpWiDSwT204w2xjHXU+nwEArqpmZ3HDLW3g7XdqVlx2PCW/LjbtOx875Jj"
    "AJD9ue4LkttoAXtDEB1Fns1ILoasAkTMnMGVmhNn2ah9vf7b6YDZkHVkHLi7WCbve82sOz"
    "QU8i2hEBmjQrl0aybaaYlVeGRgzNEpg9kzeFDJDITSGjlpdX+motBLpCIpw+wRHtWBUBU6"
    "Y6HzPV2VtA8ky8YSoZRhKxciMeeL/L9qUCUomu3B32uKlM0rRYo+yw2swBKaZauZ/ugfbT"
    "LUWOWDlHcBEpYklCw/GHcAUwFo5ggbyUAWvp2inStSNQJwqAtnZRvFFowzpUuZJIA7boZJ"
    "uqa6rebk013JaFBLz+zEvK8lee2TfXxsyxe3KTqDlbIJXej29FR4li1tfibzHBngGVvOIz"
    "8JUZS1kH0LYT2ruX09uZyGLGVUo+e3HTVZmR7gmaKKPl9M+Gz8MGK8uB1OBePgErnRsLSs"
    "cX6wP9WLGt1enzePwXeTEUvkcf56LzPjY4MeUb//KXNN3KiOAaRwTHXqmsQMffxbrtq3WZ"
    "ZYu+y+Q9+i5jm/Q5mBnoGe2CtUdXO6hb1zdZQm+vowFogdhbdi1aR1d6fRrSUVFZR4WuMy"
    "Flt5k5TFm7+eIwUzOXCXeZm0OEtQP7IJOzq1MoZIVwzhklRivnlezziq2jiUf49gwhn/qI"
    "w/zTaPjlIedYt4nagH9M8Kj391533Ab25wR3h4Nxf/Cl1wbuUVRvPk3CkIFYpSXF1FYJmz"
    "knii4Cyp0kmJJZlwrfLdSHyUDQTHoTtmLsE9duvj+InjknBrfT2UX68oAep6wd4gcQZ2Rq"
    "XM2SpGRq3FvkuotRWmpciQKESiY8FBPM4qkb+aCNkElUI6hyL5OyS6SQgFSiK2PaDgCpTJ"
    "c9QUzFiaPbyjkfFBDcJkY7OJkWMZrrE+QmRFmw9mQB2ZEFCgD4MdBVXTEOS06lChXy4BfE"
    "CQVZkxwkFBwLBVXEA9NXylPyak7tLMkF0TUVbthXw97YxoyWcc9fQG+Hm8jEyBLIME0go2"
    "tOZfVkxhLlXwTnAjlEVEOkb64yAH1zlYgzuxRJR7UnpjjIyUX5AySyLH/I0FVEWX53bcjD"
    "kSCNZEnhLJEegeTpqZq2YekReItcz+IRkNY/af2rkvUvS7E8WXrqhKWnnFEqsHn44zfZ4u"
    "G/LDvZOwgO7XN3BqZQ18krXZtmOjRN5BokvLNkjSmGyLFMmMSw7PDjbTaPQm40wZ4pxEI/"
    "pCGkPNN5UxpCTmYIkakDxwzxDc9aeZRwAanUxQvXxWMLyE4sChJLJhXOpPBuwHnjqkTEMk"
    "hFmqTqbZyQJqm3yPUkk1TMfpJFz4crjepJL2jfmu+dlTZm3VR2ck2vxC23jsyMkcIrNheD"
    "1CejXta6EF7H2o+imuCQJb20Lz68k7pCdLg9O+qKGCbGEuravzgWysogc21v6/Yg2OeD3W"
    "VNJ3g7JVDhBtc9QeM93WfTl6sIVUghFVoccnlQ7N4euHZbV8SC8dQFbhBT17nstFsPVRKy"
    "k/k0K4mWGzi9J1I5AugrCdPq6YdSxKZWNcrkOLx/PGk7pgxbMOXYdOkzxZRvVbSAJoDe/k"
    "Qv7HS3Mxr1eyN/s6LkyptgyutbKgsEVWSYU6CZMff44W41wZA7JgLJAj+DKZ2+nsgaq8oK"
    "muYrMVTH165qz8i0lAW8sJ3sVCMwNiu2/9J7ExnfNbrY/M1EMwNZ5tlq80F628tj6Jfe9l"
    "N529lbKsZ3e4Unl7bMWDecGajtTkUTTKeqNpuvohNZFh4UX8ZJhjscMdzBsQKwkC2RTynb"
    "sI91csQiQw/3Xx6V3sXNVc5Z3CekQ989nGD7hH1M0eqNBp1xfzjo3Cvn520QPTPB98Nu57"
    "4N+Ec5Xp+5QZbKgpgJ3BS/PSGi2pWIal1fZkH5+jKlCONlrAgjogIXC/RhgYuKpiJsCevl"
    "pldjTOxETmLZJ7G5oTCntaEsBWpbYtG/CNXxShZfn59XpWoxxUjD33dEN0p5PIQvz6sDsc"
    "q6ZjfMN3MEyY44V3hnKjtZWGi22KEwdISsdmvkRZY6xRfJZYovYlWKeeF9tmWNE8i3q3Qp"
    "6ueYAmbn8TG3bElpqFhJ/0/wL8NRt9cG/GOC7/p3yvDroHfXBt7hBHcGw8G334ZfKJF3WA"
    "5p0gc/f/FREa18b7a+N1wmZDMNMow9JUtxL3K5yLFccBwNtCTM/wsNSxzMvJ0Vgi4kH/Is"
    "28batHJbhQJUUqHKDraqfUeGycNq9lq6Rf0ccQUYOOG4eZZuRtMG7D9brP/RGz32hwO2WD"
    "uHE/xr/3E8HH1T+oNfhm0Q/DbBt8Pxr23A/pdj+Q45kOJcTE6UiRHKJJnQu1VEkoxJZi8o"
    "l5nOp6idHPUxy9j/mDz2P8bGvucVXZvIyOs1ExLXDvSL1scs0mvrY7L4yq4l4G4gqC93At"
    "2jrB3iBzFFx/z/AilJw9DYbIE9SB4VlzaWHTtUyYAWobjkzNLelE4Rvu0POqNv3pzuJQHd"
    "DwefbgWz+u23ca8Tk5140MUuk46AtHYvwEGmHAe43BNOlK52aB9kuvHDivLNM2E6OcHsOM"
    "HIzN/kwV/NHFCZ+fsWue5ilFaMzs3CzBdaGaaSlRMiIU+ivLGcCKf1IfGWtUCOi/BJS1bW"
    "BtFSVawsJ6qFb1cz82so7Ils7aoxRKENL+oZsBWuUQUgXe8c6SjsaSt9lv2YQutXAejXNH"
    "s4Crtw3d+jAu6xynNUBG5ZneP0xRJqnZ192oT2Kr6FskZ3nmo5WF0Rbe/CVHw89Zy+6voq"
    "2rvuFYHUI++pTjgdPK/dG1xJ+e3B0bclz11BwbZbE96/LpCB7E3oGPU7E7CAXNMut46wFd"
    "/KLhOFTBAvga2iCZITxPPm/h0/7e+QvoDDuz9XxBDgm5gI5TbfKfupZGtz0blPtGtsivHM"
    "FmAa6uCI3vsvdw85JwVG0gb03wSPu/SI/qNH94/06H6nXI+LbLUPUkofxAa2oRFDmGmQPL"
    "gDJMdL76tKat8r0p4XeeYKn+B4YF5UBExZFuK42RbeFt2ZHUoBGrkF2haH0pF3jC8pqNv9"
    "SUlbxXc7j93OXe9UO5kH1eEkzc7XlrfpdabfMoNWR8ASbpg+pgJoUm1NM2117Qx0AEbWKz"
    "Fe+A7kgOpu9DK0AIaGQV5NoFngCekEP1MKAgh29DxA5gJV8BC3meDQHmFSnSzJTNVMUSdn"
    "mirwzw7sEZAQf+SQRIWYFVRVemPzrP/w/crpobqTlxDn/t2ofDrOcbTIKmg4UnUvTHWXZT"
    "SOWEZD3QHqGGHtwL5sZQD7spUINrsUB5s54XZDO0wp4d4Kt1QzpZop1cxUNZOVr3gwyI9N"
    "Q6xn+tebWxRN1pIFsDlNt2qaw3lkR2dv12dWXFpjXxw1kPkHbZbHfYo79yIVwxLMLc0UxV"
    "AWoj5sIWqpeO+neMs8yeTRW82MOZkn+Ra57mK0xw6ph5TROsjQZguRdOZcSZXLoN9mm0CW"
    "zOeCRaVEe5hQUhJYw5z3dD8RqfS2sGTJyCl6lkc4CpDUUD5qXV9nisO6TonDuo7KR+ylyo"
    "Gw07yG6B5G+iTYQqKcx+SacQGS41eLO43YWVhduJMuZn/9Pyzfbcw="
)
