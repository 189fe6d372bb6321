from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "event" (
    "id" UUID NOT NULL PRIMARY KEY,
    "at" TIMESTAMPTZ NOT NULL,
    "kind" VARCHAR(30) NOT NULL,
    "tenant_id" UUID,
    "trunk_id" UUID,
    "data" JSONB NOT NULL
);
CREATE INDEX IF NOT EXISTS "event_at" ON "event" ("at");
CREATE INDEX IF NOT EXISTS "event_tenant" ON "event" ("tenant_id", "at");
COMMENT ON COLUMN "event"."kind" IS 'TRUNK_DOWN: TRUNK_DOWN\nTRUNK_UP: TRUNK_UP\nREGISTRATION_LOST: REGISTRATION_LOST\nREGISTRATION_RESTORED: REGISTRATION_RESTORED\nRECORDS_CONFLICT: RECORDS_CONFLICT\nSNAPSHOT_FAILED: SNAPSHOT_FAILED\nSNAPSHOT_RECOVERED: SNAPSHOT_RECOVERED\nPING: PING';
COMMENT ON TABLE "event" IS 'It outlives what it tells of, so no foreign key holds its tenant (null: the platform) and its';
        CREATE TABLE IF NOT EXISTS "trouble" (
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(30) NOT NULL,
    "host" VARCHAR(253) NOT NULL,
    "since" TIMESTAMPTZ NOT NULL,
    "node_id" UUID REFERENCES "kamailio_node" ("id") ON DELETE CASCADE,
    "trunk_id" UUID REFERENCES "trunk" ("id") ON DELETE CASCADE
);
COMMENT ON COLUMN "trouble"."kind" IS 'TRUNK_DOWN: TRUNK_DOWN\nTRUNK_UP: TRUNK_UP\nREGISTRATION_LOST: REGISTRATION_LOST\nREGISTRATION_RESTORED: REGISTRATION_RESTORED\nRECORDS_CONFLICT: RECORDS_CONFLICT\nSNAPSHOT_FAILED: SNAPSHOT_FAILED\nSNAPSHOT_RECOVERED: SNAPSHOT_RECOVERED\nPING: PING';
COMMENT ON TABLE "trouble" IS 'One of a kind for each trunk, node and host, whichever of them it is of: a key of the';
        CREATE TABLE IF NOT EXISTS "webhook" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "url" VARCHAR(2000) NOT NULL,
    "kinds" JSONB NOT NULL,
    "enabled" BOOL NOT NULL,
    "secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID REFERENCES "tenant" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "webhook" IS 'Of one tenant, which it tells of that tenant''s events, or of the platform (no tenant), which';
        CREATE TABLE IF NOT EXISTS "webhook_delivery" (
    "id" UUID NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL,
    "attempts" INT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "give_up_at" TIMESTAMPTZ NOT NULL,
    "claimed_until" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ,
    "event_id" UUID NOT NULL REFERENCES "event" ("id") ON DELETE CASCADE,
    "webhook_id" UUID NOT NULL REFERENCES "webhook" ("id") ON DELETE CASCADE
);
COMMENT ON COLUMN "webhook_delivery"."state" IS 'PENDING: PENDING\nDELIVERED: DELIVERED\nFAILED: FAILED';
COMMENT ON TABLE "webhook_delivery" IS 'One of an event to a webhook. `attempts` counts those since it was asked for; the next one is';
        CREATE TABLE IF NOT EXISTS "webhook_attempt" (
    "id" UUID NOT NULL PRIMARY KEY,
    "at" TIMESTAMPTZ NOT NULL,
    "status" INT,
    "error" VARCHAR(200) NOT NULL,
    "duration_ms" INT NOT NULL,
    "delivery_id" UUID NOT NULL REFERENCES "webhook_delivery" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "webhook_attempt" IS 'One try of a delivery: the status that was answered, or why there was none.';

-- What follows is written by hand; `services/constraints.py` says it in the operator's words.
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_name_key"
    UNIQUE NULLS NOT DISTINCT ("tenant_id", "name");
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_webhook_id_key"
    UNIQUE ("webhook_id", "event_id");
ALTER TABLE "trouble" ADD CONSTRAINT "trouble_kind_key"
    UNIQUE NULLS NOT DISTINCT ("kind", "trunk_id", "node_id", "host");
CREATE INDEX "webhook_delivery_due" ON "webhook_delivery" ("due_at") WHERE "state" = 'PENDING';
CREATE INDEX "webhook_delivery_event" ON "webhook_delivery" ("event_id");
CREATE INDEX "webhook_attempt_delivery" ON "webhook_attempt" ("delivery_id");
"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "webhook_attempt";
        DROP TABLE IF EXISTS "webhook_delivery";
        DROP TABLE IF EXISTS "trouble";
        DROP TABLE IF EXISTS "event";
        DROP TABLE IF EXISTS "webhook";"""


MODELS_STATE = (
    "eJztfX1z2si651fp8j+TqeL6xnacyZKtrcI2yXDiAS8mJ5O7bAkZtY2uoZsjiRDO7Hz37a"
    "db72oJCQSW5K5KBSz10y1+3ep+3p+/ThbUwHP7tLM0R/QZk5M2+uuE6AvMviTutdCJvlwG"
    "d+CCoz/MeWN9aWqO3+zBdix96rAbj/rcxuySge2pZS4dk8IgJ7/r9gwbSHeQhW3nFH0znR"
    "ldOUhHDiY6cZDJ/tlIJ0g3FiYxoT+HWr/YLUQfkTPDaD2jc4yWc915pNbiFIY16JS1M8nT"
    "wUZYEfNfK8x+6BNmLSw2zv/5v+yySQz8E9ven8tn7dHEcyOCpmlAB/y65myW/NrXr72bT7"
    "wlPP2DNqXz1YIErZcb9szEb75amcYp0MC9J0wwe2JshEAmq/ncnRDvknhidsGxVth/VCO4"
    "YOBHfTWHqTr5n48rMoUZQnwk+O/d/3IfLdRM0/qDkXbfHWnaSWJm4RFiU+FemlICGJvEAa"
    "D++lv0GwDCr57AANe/d4ZvLt7/yiGgtvNk8ZscrpO/OaHu6IKUgx6gzD8TOF/PdEuOs9c+"
    "hjR70F0w9i4EIAfL34PPA+gAkJ4s9J/aHJMnZ8b+PHv7NgPjf3aGHGbWiuNM2fsq3uS+e+"
    "tc3AO8A3z5K67ZM/388n0S5yuT6NZGjnScMob4w8bBdg0xz4D46nZwBT0vbPtfcxfzq16/"
    "M/z+5o/Onxz1xca9dTvof/bah5f81fdRtxObg6mFAR9Nd5IzcMPuOOYCy+cgShmbAcMlPf"
    "W+1HA2TtgPNAZkvnH3t4zZGfX+6N6POn/cRabopjPqwp3zyOx4V9+8j70rfifoW2/0O4I/"
    "0X8N+t34NPrtRv91As+krxyqEbrWdCO0FXtXPdSibx4/tbRix0iEaI/TxH3Aqkzz7mcHHM"
    "+Pz9KjQ2CVRPcTtbD5RL5gsbH12JPoZCo7NVyGaeR3VEtUg6vBI1r62mdpoouK/Xz2o7Ej"
    "ztnO/XXnpnvCYX7Qp89r3TK0CN5wh57T2BW/bfLW4nwRv6IT/YnDA78DntoF/lqfzzuOgx"
    "dLR8bIhm9n8rJT1pDtkUHLrezshC01E/6YoCldMTw5A8ngxjZwkzqCLtGjRRfoLTIJ3DUt"
    "RC0DWx/RhLGYUzwBbhSo5vjpF9ttlOBqDzXQmFiMOcaM/WUcsb3G1imamAZv6nLDvGOdGP"
    "wP7ylYK/Y2WOJM8TuGpr/YimGuyqaXxTDztW7hKVsiBc+WJGWZ6Cf3wgT8lTxgwkd28GoU"
    "ZdSilA1k1GrCmHmYZHJm3maYnOQeceTzGyaJza6Zi3Wo2nyy52Uf/3F+9u63dx8u3r/7wJ"
    "rwB/Wv/JYx5b3+KPbq8JOqCKBee4WmBE22dZLnImoRn6CBepH373KoRd6/S9WKwK0ovJgY"
    "S2rKZId0hMM0CuQcIE91i3G5VhGMQyQK4hwQ2+aSoWcU2XfDJGrrlWy9AJCFdVvGHqSv3C"
    "hVAxfv+eX7HKuXtUpdvvxeFOt/fbh8WwRlr73CNx++NibOLsJMQFaCJFNNpVkjBBlLJ087"
    "zG+ITM1vleeX8Zw7aSPCdGqGKz7D8gOwS1aLhPkiPslVPwtPOv37b91h96aNvG9jMuze3X"
    "5vI/4xJgDi4Ouojdwv7MqQtb0bDOGa93VMrjv96+7tLXTlf40r2/MZ2XPZ2DNM7L/KrFIv"
    "Zz/p/sAk1Xoibra22k6w32675cS1MpiOjZ7xBr2BDuz/5D2cLje/ttAkqmie8KbCxNBC65"
    "k5nSFC0aOw0vE+ZpT92jbSk9aTAw42Joa++UU0tpFuYeRQ9ETR2nRmvBc+in3KhqDEYV/5"
    "k/zjftBHOjwRWrMPNjA2f2Ajp+3kr5NgZuP6eGiKfy7Z5mIzqP3Jj+j9+SNpIUI+le6rf8"
    "I7YNPH//hb2WmUnaZ6Uk85hhoiVXpkeI3JNR6VOiyr5DX2bKbxJXJ8vfaNxLcMhkFZGV8d"
    "a198etW01mBaPY5vF71LlLSBE91gd05XCEjO+Yjx3CmMXEDSiIMxaza7f44iE+kdgHLPaa"
    "956MC8Bmfqv2WQ7+S9nqRV/uvxWcjyX6+ahuOakse5Oc3WdPiNWvk0HuA6GxBsVX18m+kO"
    "mrKxhY4APCdBoQBunERoC7i/pa1vbGTTBXZmbCIRGx6z30UfqAHqBrbXOLMWI1w6oHCYU/"
    "qMdCcZDnXIwcYk5Cv6QN3ug065T6h4gVqsc/a37oVf8a4omWLlLVodwXiLFkKs9R2UEGFC"
    "5SuqVBDHVEEoKXknPqxCXLUSp5Q4pcSplxWnKsTGD4XBKoV/H/rmrC2Me2D3ymGrFJFvnN"
    "NdAw8LjC0cxIxtNo0WmviRcRMRliUSDfAAKkbiZRLw+V94brmd8kADjYn4uYEMQAnmLPra"
    "zY7ArwHv7eZGoNZyppOQ6dMdysbYPkXwcglb5xRo6Zg8ms5H5AtQaKaz2/O5G0O2OEUTY8"
    "VeKYantrD5z+OhajCqCDsDsYILD8Roo7ehkDb3AccEEjbwpi2+KvwnBzGG/RD+Y9jzYx8z"
    "sMnO6fSZG1ht7KA3E/63tgZuFBbk5Ff2YEvDgGdqjYkb4Ob8h2Hqc8SWjb5pRR6VcwRoRR"
    "xzDuiC/xMDivcvHg0bp2hI1wIaLuI8bDiloW/GhP2ocNRcy5ORTAa6IWhEUJ6I2+PgsQMn"
    "Ya3exUjMxnX40RXiavJYil37oU+eYiSGLTk0WiRSNKdN2h0piMbNNxTQsrdHI6vFg3D5Lj"
    "aeS19sQIbfPuPhLHt7bDjuaA30u4AZIsw5Gl1ZU7aqvDCQYsPFqXMult0GKzhKKCagKIY+"
    "YYEZc6W0gviFKJU3RhX1IP4+uIunnU9cZbbzhDHkwxH4x7lfxkTmfdft38AF/jEmvf714I"
    "+72+6o20bB9zh78zJmcqVgObCCJXpAFYl0CZE1EO3Ls/McaLNWqWjze1G0gRfVHP2pCNRh"
    "mgbifJCQF4cWRTmgUBjnxDgl8U4Gxj5FAzEuP65TpY4qPbNHTMLJfdrF6NTyzRX5HRft8w"
    "eAxykV4DkBj6g2iuAdIVRw54DbwFPTluaPSUc6TKNAzgGyhX+kgHxlPqWmNwhT7ZTeoGKn"
    "n5vd4H+cn19c/Hb+9uL9h8t3v/12+eGtn+YgeSsr38FV7zOkPIjMQjIHgjynRMY20lzRu/"
    "yFvdCd6awIuj6BgjdPThTBsZnLHdg8QdRAmN9d5oD53WUqzHBLCvOSWhJBMD37TJRKJaCR"
    "5v7SiS3HNSv/V4iogQu4fPWy7z1UbKeIkTUQ6vL3Ch+zgrtFgk7tF5L9wsLsZ9mOtrLMYg"
    "s5QtbAhXz29jwPdwHNMvaN8wSHwdXyBdEO0yioc0Pt0KJABxQK5vwwq3SjKt1ozUFW6UYP"
    "L1qrkIzXEJLhucTuMM8xUpV7rsrzrLILNn2GQ777xcwoMUJlSdnVkiKCFIqBH9Ao3He2YE"
    "UDRiQTQOkc6ySFMUxSx7NHMPJmsSlXg8FtZF+76sVjyr7+cdVl0iXf0Fgj00kBX6WlL1/L"
    "p9LSq7T0TcF3qq/sYv4FHkETEc5j2TpPt2ydJyxbq6WxY7nZKKUS0yvH3FcmnFsozqSx3L"
    "5OLSuQO2i0NYh78MiDnoV7cwvidt0Cl37U9Bs/zPlXHprLNgtDBPBSG7t5i54sdptddmgy"
    "1dJBRlCpkY7x1qrK85WNL2Ovy4MbMV1A9ApRHVHk8hZ4bUUuVWI+fak3N4mO4vSaNusSzs"
    "99+rDDDy/9rS3p3JxuCkaJSYlVtJiKvysf0YSwsj2C9JOo0/IFi6y+4YwMMURdcWPkd1RL"
    "VIOrwSNa+tqXCaKLiv189qOx4AGGbBsZ9q5HJxl7QwkAD0WHd35/zcRZui2m4J0ucwfzwI"
    "VBmd3Hpfv0ZYjnekpF8ago/dnKt8KrdgKnQR9Zr08M9qXGi4HvidaQzR97nM/Q4chzT2vG"
    "Yk366u2JVdPwOYKuS7yF6Qov/y3dqvXSnvymW3VfHS9930LfIBvS5YlqZW7SPbdHkeibrY"
    "pT1Aldo2vikUNaP67iohQSeic0YAcaB1Lz6Q6/kqjABld47nGlLasKw9bK0JYpBUMq4DUV"
    "NXNl6XW3rKK548NUqnhdlaTL5kCaIV6m+oIXFn9C5qx6ArtV8om+rBGR57pzf9256Z5IVu"
    "8xRfe6IptHdn8h++1MJ084IyF3+H42T8tbFkrKPWDcIH34bzx1kKDmllTgEb3kHado8oCB"
    "YeQJp+HZObN4PeyyI7GFJvqjg60Jv3bThYSVH5Mm3QMMMiYEmzzVNv7B/hNcrM7YZcbhOI"
    "fgYrOcRKUHgcRVzl2Y+zGwDXEPTedu6RJbvsycNAhvTxEb6aDKFuITscDb7kIfk693N/xv"
    "8TkmYrG33UUff7HyWZPLjtUndFXI7dFrX+WJ2NFU/y4PuO/SwX2XAFdskwXZ0QiRKg1VIQ"
    "Z/u86ufoCKgzqJ5j/uB305mgFFXOFgMpbg/6G5adfXaiRDE6CIKBUSFWPixWFisEMH8QKc"
    "nAcqArtPoFDfHXWPQ5VuIHmS38k3kVrHURyBP8zQJ6TnIiyuUKDk0Xwahjqs2YTkt6hGFm"
    "O15N/oJMgk4MQ0ZcjAvK0WXiT5pOApXSxMB3yGhYzquR2LDt0QTIm7ciFSJZNWeM9pZcik"
    "bPnQQuksfIIGij3nuTyUzzM8lM+THsrKppWOfrNsWgXiZkLLg++s+zrxxFSpNVsHL+JycW"
    "NKtdI35hZltGHmVEF3COqenr1/h5YWfjR/tpCAG1ESCfv5GNRPBDeHH9ia60tb1GLUCa+6"
    "+It9inoOmrO3xU4c1IcZZkwcinR0d/Wn8MaAeCV+xRIeUIj7VHkMgQ0V5EXnytGiOrqN9G"
    "NfrJUi535A0cCD/yxP/PFZevjxWSL6WMUlqbikSqzzZrFYKi6pybOeJy5p+fBTFEoqaPmI"
    "06nYmZg+WPB1mvCVLxjuJaFV+FbIXFe1/akh4V4VhbX0eC9/7ywD3OZEhXgPEME2fs7kCa"
    "cLb58lQBwOUmow0rJTp1IGoBu6YM9/IlMyiTutTD1T0Garqqnn2AiGACfDOV1jC011G4sk"
    "MinaIJORBNodRge3A/3QWmISOtgoSl1UgZO1laEuUllsQrnqLvLYiC4vMnLVXSgbUdNFWa"
    "XAeI2zXhMFRtVmW0nYFYJUSdivRMKuA7b7iNgvI/R1F9hiwE83d3NdKvtFG7SyREDsNYXc"
    "JQVc/iCcDOvTGZrSFXGsDZjpdc8+jyaiELvNQ9J07i7N7fj4JxPWdC6ibZBuYWSYvHC73D"
    "fwAGMoMbAC238rQwx0p7qIJBgiaaIwmEcUTBcEExFo4qVJ4pseCxEi2SsaYiecQ2v6YWXO"
    "HZPYpzDeSyzrgwRJQH4aUDEKlAut+wRlA5d/+W4zczrNiJCVQx2mOR7IJ4da40dwSX7C1A"
    "OtaOVTCWnjML/MhfllBuaXKlG1cgir6A5eT82a0qe+xlnPo09Vaj+l9quT2i9PUBB3adgz"
    "JiiiZ8rrC1IX4A8aGSRBbpsez8c3rzIvcPbJk581EmwD5JAk1S0kJDwxJuyVNoFggh5Ny3"
    "aSSrude1FquQpsz60MtZw6AUu3JXrvQRLR9IK6IZLjJcV4eyiGseTKorHdr9halRKrNVtd"
    "D/7mAJzBFietc3uyxwnLYD1R3m7Alb7P25PCvrCfdG3hrryjdJcYS8p+wL2j8wdK8tqRBt"
    "lstttUs/22xWzmhPXJfZq9ntpI5wUFXMYZ2LAH3cY8Vh6SutJoPpw2VOqEEgUkWQHhUAON"
    "iZcXiHcILUXCHpEy9xRNOKW14DoubpRfz7Bw1uaPMddtB9m6aSBbFRatzOGTxfT7yztpud"
    "meSNYnrrJR8uTrHSSMHZObwbd+G8H/Y/K1/6XP/3S/xF+xXGbL0lPH2qaLchGls0/UQH1z"
    "ffXLSbOChZfzDZs3QzLDGVkSw0RKHozLgwIfC+t2MWN/nK5xxuez8w95dqfzD+nbE9yLqT"
    "Ms+rCTYSxCWMI+Vc1Yw0ZsU4Sm8QMpnmP02CxAnV1mwvxz0ZcoTqvO+0q/SL4EWVBJGSVT"
    "2rNEeQUDF4Q0RKLgzFZGEil7Wlgl9kVf6ObcpH23u3pCu9VOH1pY29WO3otdArw8NKcb6q"
    "+h+Mb2QjnGL6Rr/IHlJVbFjVambtFvkiMjA6IrZ27+wKBq0x3Q1TkYqp3SRyhaCjq6ZLVS"
    "SJfgFjl9A8/djqRT+JUr90wnmQP0oKONCQ+2OkUTUEaJiB7i1b2C/KFs6KIVqv46CabrhH"
    "FFcBv/XLLtDpSY/iz6ryAA73JP3it1wknYNPA/+Bsb6jNi3s47QODolDKI0nm+qM6zOOut"
    "GO4aMNzPDMNdNdkebaUV2aPh1/4XTaixg+9jIr6Dmtv7NibD7ufe/WjYGfUGfe12cD9qo8"
    "SlWCsw3w2G3ZtYS+8ytL4eDG/utetB/9Nt75p3Gb0yJvf9zt397+xHfOr0bqGv2IVQCyD+"
    "Z3cYaeRfG5O7Xv9zG8H/uyjnL/II7xfpsvtFQnSveKGsqmwbRTIt7JC+QuXeTMcTDrwklu"
    "lBn17740d8vgyUpcV2JgToPM7YTAxgjLVl7luk4Rt+mFH6fCO629R3io7rjR1RSUjktrjK"
    "Il18e3Zbap6yJF9iPYc+YwJSz0y3Z9hATLxiywqSHNh0+owde8IzGYA0RdcE3ffuEGN+QN"
    "LAPNfBjC3E9pJaTrKAcLndj8mEzYYNgUxT04DkCyDPBY0fLbpg4qE5nYF8SDA2uFMJfwDl"
    "9FGdg0Hl4cvlxJHPiyPLjSPJKsKroNkz/fzyvWSzN4lubVLYmxhlPFp344jjo2aYZ4Xruu"
    "esfygzYK96/c7wu38q+2Lm7aD/+UpyLl99H3U7cV8asesV4YdCJCoJRimMUozbD86UItOS"
    "IFSTU/rkqEj39POinjHPKtL9Nc66RFHqS1aFJdaoD/y+ccRx3/uaLYhUoTXqjvhkwm2e16"
    "YM1IahDhuNnGPRFXv8PeEaiV5qqwA8rkqkT62FPjf/zUG9s+ijOZeqRqTtWlkqEhKm0JYh"
    "ku1BNI+IEuwHlFMrFGnODcrojV+BUtiWVzY20MMG6fM5xLgExQXcagJgWxYVEKJBNAcaaE"
    "xcHYuohDmxVmxZT3gHE/xTXyzFnxbmHCuY1l0juI1MHkpjsiexDGwpXYrSpVR8az+CLkUl"
    "Cz1sslC2EekpUSkZ1dvDRI3z/M4TOZEeN5GImmCDYIvwo1Cfa8VL5qbRN3Btl4z8HqC/KN"
    "71XOcLk3h9J4BODXCLEh0vwO2QS7rkGLfQnBXANUKkcJXFDq6k8ma6ItonUAro0hXQnmRU"
    "ZD7CNGpKlE1AaYeVTUDNev2y31ZTF1tuYN3xk99WE9Wj5b7ljsJ7mxMaU2T68MYEXqHkFh"
    "gumQkhuNvKNBzwdprHt5VtLoCkWWJhQDPQ0091yzKxZUcU+nvaCnKOMiYRuwGKmg2E3gF7"
    "pa9sarHlF62ApQwEVdn4W8pA8GIGgsaHfXVubwff2oh/jMnV7eD6Sxvxj/g+lW8Ock1Bga"
    "xlj94y3mUGfOJKT8E1Ax/i1MTnmMAnD09zv1RjIrwjo4gOJUyjdCil61B0QslmQVcyRjSr"
    "YFOE7oglm/wrta3ZpApkHRFspSJM3+zrqSxSKsLXOOtKRahUhJVBtVYqwkCxlVdZWLUt64"
    "W1hQK2TJWhj2wuvaHm+M23ag9HM+GFCzo20NpBuWWoKq87aEoXWIQ6OzN2V+SuSigGd+lA"
    "aewqsA+3sjR2ocVUMNNkglIlnKxO0pfmAJrBRcQsKHuyElG7TT3x3Z7GM/HWbs/m6R8y+/"
    "JqDeMaErxa6NWtVLGgZGSdhAeRht+lcyHJ8L+cRkyCwainCyYhVtqHMxOiZ2xBts2PaMJr"
    "fkjq7/Bqm5ECPIm6QQcaRzE1FTgWspiaV1DoR6Qt7IZSGIpMgqPhd26sEZ9j4qUm9DIS3v"
    "TuO1f8ivetqgWC8M+lyaZ8B81blFKV4KiOoi2pX4Uqahq2LGrJ31f5DEepGhescpByHKrg"
    "VoNfI1Vr5dVMtSoKonQ0VQM0y9KjlAf7KQ+kKhlVu6YItltr17yUWgbKTOM7OjenmxOpSi"
    "bcoJWtjuFNtWXQ9tWmn+FO5J73uJtvRiluqnJWtLKsUcp//KD+4yoMvEL+ssqhMP1VqKdr"
    "mXIofI2zrhwKqyBmKofCnHJmSQ6FXphnEvIiLoXXopfmwJ3ULam47KN5Wg6ZCMwe6jMThZ"
    "cnMnk6fL+VKU6LltqT3zRX3RuplMolXfHaJd0UclMp2bUCB1BLya4vJrtyZyP8lJIdNY9f"
    "R0B/RIvx3bA3GPZG3wsuZp+ujbxvY/Kt2/v8+wicN7xvYzIcfO2DDwh8jMn9qHf9hdGIzz"
    "G57XbuR9o1r4kZfB+T//21c8s7d7/E96V8VupcRuoMG3Uiq2Jqatbt0+vRHnFq77vDXue2"
    "6MQKKjZF/HNM7jpDiLRmV7xvFZkM1v1UJ4ZpyFP7Z6ZjjBIeLyXj2dmhNriSEzIq5U861P"
    "VUAyjlz2uc9corf6o2zw3R/lQU1qOpf9jpvqdi40Y8Q0PUGhHP5QW22M+abrTlXCf71pLy"
    "Ortjffmai4aszghsXNcCkE33riQV0vM0TX9Wtn5xF6xqubw8lV6KDXwHzIYrVX5rB81sah"
    "S8dCnm1NEWiYTviJiwX2zENxsoRaUj3ktSP5vRdkygerh3nk6QhZdMMrO54pa3YETitiiI"
    "5VpMeFuu3HU7dq+3kE15YNqYPAq2BT3jjY30OfhOzejcCKmEGZk9pUvcZk9zd/WnG+Rm2s"
    "KxSnd8Xyvd654n4Xyy2EXMOqLIVGrlynC2rQy18tIyqWU6ErVnqgImTHI81cvbA8FatuZl"
    "zV6tmURWSIUzIDiiHqsmYKoMdNte/TIz0PkHSJGNN0ql3EhiWm7M8yEIHqIYsBJShe7fUp"
    "57F3hltEoPFo9eUqrFBgWENWYPyFDVJjxr9tTYxn166rlmI9K49wARxa1sO6xe6p5qruAy"
    "MvekMQ3HX8I1wFi6giX8Ug6slWmnTNOORJwoAdrGefHGoY3KUNXK7RXSRafrVD1V9XZtqu"
    "W1LMXh9SOv9MNfedBvrqypq/fkKlF7OsMGGw/pFuTkwgnta/lDjImvQKVrcoq+gbIUOtCF"
    "npBgbNgwnI0dUK4y8umzF64KSroH3cY5Nad/nQRzeALZUrERLrEc0tJ5vqBsfUEf+CdrZt"
    "vsefz5l1kxNGoZ4q3z3scTTszmjf/xt1LdKo/gBnsEJ16pvEAn38WmZZC6OM8B98V5Ktpw"
    "Swq2hZ/wLlj7dI2D+vzyfR7X28u4A1rI9xbuxcsbKavPiTJU1NZQMZ8Dk7LbzhylbNx+cZ"
    "itmfOEu+zNEcLGgX2QzdmTKTS6xKTgjpKgVftK/n1FyGjyFb49QiigPuIy/zwcfL0ruNYF"
    "URvxjzEZdv/RvR5Bml/4HJPrQX/U63/ttpH3LS43v0zAkIUh05Jmm0sGuiyQK5V1kVDuxM"
    "FUTLtUNg8TgsnCup32JmzFOCBu3H5/EDnzkVpcTydqJxQBPUnZOMQPwM6o0LiGBUmp0LjX"
    "OOseRlmhcRVyEKoY81COM4svbhSDNkamUI2hyq1M2i6eQhJSha7yaTsApCpc9gV8Kl7Yu6"
    "2a+0EJzm1ytMObaRmruTlOblKUJWdPHpBdXqAEgO9DXTUV4yjnVClXIR9+iZ9QeGrSnYTC"
    "a6GkjHhosmZzStf2RERJzujcNPQN/GmJesN2PI178QR6OwyiAiMrwMO0kPKueSmtJyhLtH"
    "9TUgjkCFEDkX7/LgfQ79+l4gy3YuGoYmNKgpyelD9EotLyRxRdZaTl986GIjMSplFTUvqU"
    "KItA+vZUT92wsgi8xlnPYxFQ2j+l/auT9i9PsjyVeuoFU0+5q1Si8wjWb7rGI3hZdtJ3UB"
    "Kpc3eKJvp8TtfsbJrOddvGnkLCv0pXhGGIXc2ETS1HuB9v03mUMtCY+KoQB/9UipDqbOct"
    "pQh5MUWICh04potvdNcqIoRLSJUsXrosnjhAdpqiMLGapNInKVoNuKhflYxYOakolVSzlR"
    "NKJfUaZz1NJZXQn+SR8/WlyeSkZ7xvzvfO0hxBN7XdXLMzcavSkbkx0njG5nKQ+mw1S1sX"
    "wetY9SjqCQ5dsFv74sM7aSpEh6vZ0VTECLUW+tz8N8dCW1r00dxbu90P93knumzoBi9CAj"
    "WucN0TNN7TbT55uY5QRQRSqcahkAVF9HbHpdumIhb2py6xQExT97KXLT1US8hezKZZS7Q8"
    "x+k9kSrgQF9LmJYPP7Uyilo1KJIjgdEaP8wo3Rehb6KXBmF0UB8Ctts9yAMnvFutTC+CUK"
    "OtbgQDgsECr6NnBjF6pBbC+nQmcpq2EGG9c1P+jNpOC61nJtsTfmDLzVG6QKYj6kBB9tJn"
    "vHGvJ3wIDjLKmHgpUv1qVnCH4bphfVD0CGMxUqho5eD53IYyVGgCjzCB/jwCcGVgwxHHLW"
    "YFxa9UwaoqWULS3RFgMuXuCNtTNHm0VXZNOBkNv/a/aDeDb/02Cr6PifgOiZu8b5C76XPv"
    "fjTsjHqDvnY7uOdpnGKXYq3AtWww7N7EWnqXofX1YHhzr10P+p9ueyIzVPTKmNz3O3f3v7"
    "Mf8anTu4W+YhdCLYD4n91hpJF/bUzuev3PbQT/x7eQPA4ZF3n8MS7S3TEuEt4YsCHJl1ea"
    "a74tM7nUP/HO+eVFrtR2Fxmp7S4Sqe1M97UsYtvyiRpo1qqvGStpvYRDvaAvQIhEeQCoOk"
    "HH9FJXQf25XNTTgvml5YCINC9jYUy/6AvdnJu073bXTGhDe58c2ZeJ4k8tn5yjZHKBIslf"
    "QFSD0sIz3WYynldPmEuL153hsNcdBsWF0ytloAmvR6HNsG5gywYpLyGKHm6oMdG5I2EouL"
    "+FJhZ+MuHnw08Ft3j31kc0oSvnga6IoS11215Ty5iw5ob5hG1Hm+ln3Id+TEJXNHumn1++"
    "F070mEytzRLqK7+xsfXDnGL7P208tbBjny43v37kjzvXbSH/ztlqsJlUjEVhEuQNOSZrnZ"
    "cfQQ8YCkGDvAxXnvFSScCVOblaGRKwcsg/rEN+4zUM7qbX9nY/JoVf/dmGLXIXGbz8TM8q"
    "IuKIERGuowBEdcncTvMt+0QnR1SH3N1+vde6Z+/fFdzFA0K29L2vYyIuiO8Mre6wzxVknV"
    "vt7ds2il8Zk9vBdee2jfhHNV6fR4sutKJ6rAiRUmblUmZhxslBLBDENjJOHhNHWlInu2BD"
    "aidqE8u/iT1aGigALW0hsVum1gWIUR2vqtHl27d1KWzEMDLJjx3RjVMeD+GLt/WB2ICuYc"
    "BiO0eY7Ih7hX+ltpvF0qIPxeEOUamdOT/YDp7OdijUFSNrHENylqdu1Fl62aizRNUoXggR"
    "Sgi7gZW7svKyfo7JzXfu7wsz8oyG8fDs/zH5NBhed9uIf4zJTe9GG3zrg/HZ/zomnf6g//"
    "2PwVdG5H+tBusegF+8GIyMVr03W98bzoDDToMta082Xt6LOpsLHBccRwsvKPjj65YjDy7f"
    "PhWSLtQ8FDm2rZXtFFbBhagUj5QfbMP8gS2bhzntdXTL+jniCdB3/UqKHN1A00bwPxzW/+"
    "wO73uDPhzW7tcx+b0HjmnftV7/06CNwn+NydVg9Hsbwf/VOL4jBsLkLKYnLkkQqqQlkXer"
    "jKQlNp0+40I60YCicXzUhzxr/0P62v+QWPu+bXtlY6uoiVJK3DjQz84/5OFezz+ks69wLw"
    "V3C+vzxU6g+5SNQ/wgev+EF4eESzKJbm22wB4mj7NLG0fEctXS9UnKLrm7tL+lM4Svev3O"
    "8Lu/p/verLeD/ucrya5+9X3U7SR4J+4rs8umIyFt3AtwkC3HBa7whhOnaxzaB9luAm+wYv"
    "tMlE5tMDtuMGFvviIsfZxuL46+PtNwENY94RC565sQIlcvxI4vhEpNmH4a1DNJnUpN+Bpn"
    "3cMoq1qGlyaumGN3lEoFIsUcLmWJrQrHzaX3ofBWyYqPHKr4kjV1GoNoVrDi0UvqVBPV0u"
    "tpT4Mkr3si27h0sXFoo4d6DmylZ1QJSDc7iWMc9qyTPk/B+Mj5VQL6DU1vGIddeu7vUaLr"
    "WPmDawJ3VLuj0ge/RDbXZqePDGlfNbanOfundQ06vIf+morcy+YqreP+pcovFgDLTVW4dw"
    "JOP+FhAzHCxFhSc++6DPyd67p9NXW7sunK2nun4kjd856ahNPB08T4iystXUx49W1JG6Ph"
    "cNut+WO++YlNOPUvNoL4B1tUG8VEpDKJpIHJRaGSn1RAE9ZC6clPqp+f8ZCWpsN7myypJc"
    "E3NcjXa75TZG/Fzuay43pZ18SW45nPnz/SwRGdpb7e3BXcFICkjdh/YzK6hgy11/Dt9p59"
    "u90ptO4sX16fjLQ+iYVtmdSSBnalL+4QyfFC1+sStr7G5tOsyF4REBwPzLOagKlSHh03uO"
    "2lUqtWjaM4jLnyyLlVKwpqCclV85gWytBuenJa4zSbBxeBXa1BmgAcKBW2ib920DKH8EvR"
    "Qt+A2GogHepaQHEL6OYUdRDBzppaz2htOjPERFxR5ILolkXXUBEDPeA5JU+MgopKGUCI6K"
    "NEYj7EMGPC05GyJQnp4pTUXZUNvZUhdU9NQ+Ik0RcrIMUJ0CWJ83pL3TDYwPZp7+7HO7eH"
    "+u44Upx7N8PqiYLHEbbrIAgqDUdpGg6V3OmIyZ2MHaBOEDYO7IvzHGBfnKeXADqXgQ323N"
    "3QjlIquLfCraRxJY3XXRo/sJgJSZXuLPpzcyKXM4P7rS2CJrQEL1K36fZikaIIhi+toZ5j"
    "I3gAXr3RhD9cMRDMqGLKk6bXnXtRgmEF9pZWhmCoalEcthaFErz3E7xVsHL66q1n2KoKVn"
    "6Ns+5hFA9WTvC9L8OjeeXOJexZqBJ6Ome2DjXKw5OJAteijhkvng36dlHxmpctg6LW/PYv"
    "tih0bbcQ9apr+3wYekOo2+5Xtx8Z63awwcYk3BGTnd1a3by2GtKRTaEohl9hzcE/Hfsjmo"
    "iaZ7yNXxJtTKQ10RQTqZjIqm/Ih2ciV9a8CLxu8waie/42F7zQLCPrq7xiXKF8rz7B8fO8"
    "vgxrfpC0UMpp6ohOU+JUlWCdkXgroNkx21aNVrhKt6VkGSXBqlnfJ92WSqSjEukcBdVSEu"
    "nkynuB51CUwtzXQdXVotyI7vIkHqnatvUiLqoubB3HwYulNEwz1qKVQ0vFjpag8XZtFXf9"
    "3HAND3KXw6bNVUPgubyyhQYJStDrxF5jCxtcfbSebaCRhfktQonMrlhu30pRVIHdu5WhKC"
    "rODTWWC6ov15NkdsW7mpzaVJ/MgEB5ZUpiySyLFqoc6BM0zlvtPK++L0vdl0jIv3LzChUq"
    "hxyjOl4IZI1WrneEF5SAYmTKITBbCDJCTPSeYlBz2fJWTCCKrbEqOQjGJyGdyw/P03Y2P7"
    "xO8vH5wIcTYQOGqC8duV2dookrM9gTNKUrhj3jv6nN2HSTrS+wJ3Me3X7GBnqk1kfOwhP8"
    "0+HGZ9OWcv4HG21MmNAwMZgooDuTFpcPuEH60cEWmjwxULTVEu5BGNzSolNsu5IGRMrx2L"
    "eZzj/Y2OZ8TCbTuc7YTEPjf0+UsFGVXTJL2LC9WNhd4rV84mOWzu72b3r9zwVR9sjayP0y"
    "JjfdW6i/yatme1/H5FOndwuXxGf8jXyZWC7vPS/Ah4VJVFKPOAemrE277DK1k7jF2VZ0ig"
    "MqNb2Vnt6ARSk6xVFKNc2VnuYIV1l4v44TlzDZFVOsNWmumWCx07EcplMzXOkZBkG2oOYr"
    "TKPUXokEdUKPUQzSKJUCNVuXGApcKEeVWF9gt6oQoytLrkFMbAglINv1+mkoruFNcPc0an"
    "P6lMR6BxeVkCdFQ/A+qIdKB1sQdiTRWbt3Wlmqaj1os01BnQ5DyZrYVM2T9ESR6JzcNb6f"
    "BrbyVr90xesPbNnSYtvpFuwQSRPDVi4v81ixLy8zEn1fJlSn7KUqgLDbvIHoHiZunxJHen"
    "qnxwSFSFRUUMGooBcNA/77/wNnzGf4"
)
