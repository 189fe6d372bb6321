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
    "eJztXXtz2siW/ypd/DOZKtY3fmWyZGursE0y3HjAi8lkcpctIaO20Rq6uZKIw52d7759ui"
    "WhR0tIIECSuyoVsNSnJX79Ou/zZ2NODTyzT9oLc0ifMWm00J8Nos8x+xK710QNfbFY34EL"
    "jv4w4431hak5frMH27H0icNuPOozG7NLBrYnlrlwTAoPafyq21NsIN1BFradE/TVdKZ06S"
    "AdOZjoxEEm+2cjnSDdmJvEhP4cav1kNxF9RM4Uo5cpnWG0mOnOI7XmJ/BYg05YO5M87e0J"
    "S2L+c4nZD33CrIXFnvPf/8Mum8TAP7Dt/bl41h5NPDNCaJoGdMCva85qwa99+dK9+chbwt"
    "s/aBM6W87JuvVixd6Z+M2XS9M4ARq494QJZm+MjQDIZDmbuQPiXRJvzC441hL7r2qsLxj4"
    "UV/OYKga//G4JBMYIcSfBP9d/Kf7aoFmmtbrD7X7zlDTGrGRhVeIDIV7aUIJYGwSB4D68y"
    "/R7xoQfrUBD7j+tT14c/7uZw4BtZ0ni9/kcDX+4oS6owtSDvoaZf4Zw/l6qltynL32EaTZ"
    "i26DsXdhDfJ6+nvweQDtAdLGXP+hzTB5cqbsz9O3b1Mw/r094DCzVhxnytarWMk999aZuA"
    "d4r/HlS1yzp/rZ5bs4zlcm0a2VHOkoZQTxh5WD7QpingLx1W3/Cnqe2/Y/Zy7mV91ee/Dt"
    "zW/tPzjq85V767bf++S1D075q2/DTjsyBhMLAz6a7sRH4Ibdccw5lo9BmDIyAoZLeuJ9qe"
    "BoNNgPNPpktnL3t5TRGXZ/69wP27/dhYbopj3swJ2z0Oh4V9+8i6wVvxP0tTv8FcGf6B/9"
    "Xic6jH674T8a8E760qEaoS+abgS2Yu+qh1p45fFTS8t3jISIdjhN3BcsyzBvf3bA8fz4LD"
    "06BFZxdD9SC5tP5DMWG1uXvYlOJrJTw2WYhn5HlUR1fXX9ipb+4rM04UnFfj770dgR52z7"
    "/rp902lwmB/0yfOLbhlaCG+4Q89o5IrfNn5rfjaPXtGJ/sThgd8Bb+0Cf63PZm3HwfOFI2"
    "Nkg7dTedkJa8j2yHXLjezsmE01E/4YowldMjw5A8ngxjZwkzqCLtGjRefoLTIJ3DUtRC0D"
    "Wx/QmLGYEzwGbhSoZvjpJ9ttFONq9/WgEbEYc4wZ+8s4YvsFWydobBq8qcsN8451YvA/vL"
    "dgrdhqsMSZ4ncMTX+yFcNclk0vjWHmc93CEzZFcp4tccoi0Y/vhTH4S3nABI/s9dLIy6iF"
    "KWvIqFWEMfMwSeXMvM0wPshd4sjHN0gSGV0zE+tQtvFk78s+/u3s9OKXi/fn7y7esyb8Rf"
    "0rv6QMebc3jCwdflLlAdRrr9CUoMm2TvKcRy3iE9RQL/LuIoNa5N1FolYEboXhxcRYUFMm"
    "OyQjHKRRIGcAeaJbjMu18mAcIFEQZ4DYNhcMPSPPvhskUVuvZOsFgCys2zL2IHnmhqlqOH"
    "nPLt9lmL2sVeL05ffCWP/z/eXbPCh77RW+2fC1MXG2EWbWZAVIMuVUmtVCkLF08rTF+AbI"
    "1PiWeXwZz7mVNiJIp0a45CMsPwA7ZDmPmS+ig1z2s7DR7t1/7Qw6Ny3kfRuRQefu9lsL8Y"
    "8RARD7X4Yt5H5hVwas7V1/ANe8ryNy3e5dd25voSv/a1TZns3InsnGnmJi/1lmlTqe/aTz"
    "HZNE64m42dxoO8F+u82WE9fKYDo2esYr9AY6sP/GezhZrH5uonFY0TzmTYWJoYlepuZkig"
    "hFj8JKx/uYUvZrW0iPW0/2+LARMfTVT6KxjXQLI4eiJ4peTGfKe+FPsU/YIyhx2Ff+Jn+/"
    "7/eQDm+EXtgHezA2v2Mjo+3kz8Z6ZKP6eGiKfyzY5mIzqP3BD+n9+StpAUI+lO7Sb/AO2P"
    "DxP/5Sdhplpymf1FOMoYZIlR4pXmNyjUepDssyeY09m0l8iRxfr30t8S2CYVBWxlfH2ucf"
    "XjWsFRhWj+PbRu8SJq3hQNfYndMVAuJjPmQ8dwIjtyapxcGYNpqdP4ahgfQOQLnntNc8cG"
    "BegzP1XzLIt/Jej9Mq//XoKKT5r5dNw3FNyePMnKRrOvxGzWwaD3CdXRNsVH18neoOmrBn"
    "Cx0BeE6CQgHcOInQFnB/S1tf2cimc+xM2UAi9njMfhd9oAaoG9he40ybjHDhgMJhRukz0p"
    "14ONQ+HzYiAV/RB+p2v+6U+4SKBdRknbO/dS/8indFyQQrb9HyCMYbtBBirm+hhAgSKl9R"
    "pYI4pApCSclb8WEl4qqVOKXEKSVOHVecKhEbPxAGqwT+feCbszYw7mu7VwZbpYh845zuC/"
    "CwwNjCQczYZtNoorEfGTcWYVki0QAPoGIkXiYBn/+F95bbKff0oBERP3ctA1CCOYv+4mZH"
    "4NeA93ZzI1BrMdVJwPTpPsrG2D5BsLiErXMCtHREHk3nA/IFKDTV2e3ZzI0hm5+gsbFkS4"
    "rhqc1t/vN4qBo8VYSdgVjBhQditNDbQEib+4IjAgkbeNMmnxX+m4MYw34I/zHs/bGPGdhk"
    "Z3TyzA2sNnbQmzH/W3sBbhQm5PjnbeytjC9w+CkQYBCyGF1dU5xPruytZZR0/OHZxpfGJy"
    "7zwdJgR+5gCB4w7pcRkfnXdHo3cIF/jEi3d93/7e62M+y00Pp7dAM7jiFMiVB7FqHA1x92"
    "MNkOlO7LHiCrIdqXp2cZ0GatEtHm98Jow8GoOfpTHqiDNDXEeS9O7UyoyInymkJhnBHjhN"
    "QaKRj7FDXEuPjILZUcpmh9rIEnpi0N6k6etEEaNW0zTFsLf08A+cp8Sow5DFJtFXNYsgnr"
    "hhz++9nZ+fkvZ2/P372/vPjll8v3b/3Yw/ittCDEq+4niEMMjUI8MFEe6JkSTFtfbrn4iT"
    "3Xnck0D7o+gYI3S6AyXVoTrJmLXHJIkKiGMF9cZoD54jIRZrglhXlBLQnvlhwSHqZSUeHS"
    "hBw6seW4piXlCBDVcAIXrxHyTXr5dooIWQ2hLn6v8DHLuVvE6NR+IdkvLMx+lu1oS8vMN5"
    "FDZDWcyKdvz7JwF9AsZd84i3EYXJOWE+0gjYI6M9QOzQv0mkLBnB1mlQNM5QCrOMgqB9j+"
    "RWvlJ/ka/CSFC81W4xwhVQlhyjzOKuVP3Uc44FCXz4wSIVSWlK0tKWFvQskoUDrDOklgUO"
    "LU0dBCRl6v4/Kq378Nra+rbtTh+MtvVx0m5fCFxRqZTgL4Kmdp8domlbNU5SytC74TfWnn"
    "s3N7BHVEOIuF5SzZwnIWs7AsF8aWtcjClDUUFysabSVhOvnblyb0R+hzpHE/vqonLehn3W"
    "hjwE//kQfICEe5JqKWVwzJj7B544fE/MxDT9jeYaCHFWtEbezGuD9Z7Da77NB4WP5enqDC"
    "6A/BxKoqpaWNVGDLhf12yVROlcQCVAeUwLwJXlkJTJUjrRsLkCXgWjF+dRv1JMYv7IfCy0"
    "RqCzozJ6uc8QZSYhV3oCI5ikc0JqyoMr8FlvkdsG1k0L0eNlL2hgIAHogO7/z+6omzdFtM"
    "wDtZ5l6PAxcGZbYgl+7j5wGe6QnVJ8Oi9Ccr2wwv2wmcBH1ovj4x2BcaLxy5I1oDNn7sdT"
    "5Bh0PPa6oekzXuQrYjVnXD5wC6LrEKkxVe/irdqPXSnvymG3VfbS/Vy1xfIRtSq4jKFm6C"
    "FrdHkRSSzYoT1A5coy/EI4cUMFzFRSkkf4xpwPb0nBHhyW/gSqxaB1zheSqVtqwsDFszRV"
    "umFAyJgFdU1MyU0c3dsvLmGQ1SqUInZZIu6wNpiniZ6KKcW/wJmLOqCexGySe8WEMiz3X7"
    "/rp902lIZu8hRfeqIptFdj+S/XaqkyeckrwxeD+dp+UtcyVw7DNukD78L544SFBzSyrwiF"
    "5OiRM0fsDAMPLkhPDunFm8HnTYkdhEY/3RwdaYX7vpQOqzD3GT7h4eMiIEmzwtI/7O/hNc"
    "rM7YZcbhOPvgYtMcR6UHgcRzzp2YuzGwNfEWTeZu6QJbvswcNwhvTjYY6qDMFuKGmOAtd6"
    "KPyJe7G/63+BwRMdlb7qSPLqxs1uSiQ8gJXebygvTal3kgtjTVX2QB9yIZ3IsYuGKbzMmO"
    "hohUGYESMfibdXbVA1Qc1HE0oXCrHM01RVThYDKW4P/QzLSrazWSoQlQhJQKsezi0UTiEd"
    "ihg2ixJs4D5YHdJ1Cob4+6x6FKN5AsOdnkm0ilwyoOwB+m6BOSU+TlVyhQ8mg+DQIdVmxA"
    "sltUQ5OxXPJveBBkEnBsmFJkYN5WC06SbFLwhM7npgM+w0JG9dyORYduZKDEXTkXqZJJS7"
    "znNFNkUjZ9aK4sCz5BDcWes0weymcpHspncQ9lZdNKRr9eNq0ccTOB6cF31l2deCKq1IrN"
    "g6O4XNyYUq30jblBGW2YGVXQbYI6J6fvLtDCwo/mjyYScCNKQmE/H9a1dsDN4Tu2ZvrCFn"
    "V7dMIr9Pxkn6Cug2Zstdixg3o/jxkRhyId3V39IbwxIF6JX7GEBxTiPlUeQ2BDtVHRuXK0"
    "KI9uI/nYF3Mlz7m/pqjhwX+aJRz5NDka+TQWjKziklRcUinmeb1YLBWXVOdRzxKXtHj4oX"
    "GOJKflI0qnYmci+mDB12nCVz5nuJeEVuFbInNd2fanmoR7lRTWwuO9/L2zCHDrExXivUAI"
    "2+g5kyWcLrh9FgBxMEipxkjLTp1SGYBu6Jy9f0OmZBJ3mql6pnWbjaqmrmPzys/gZDijUF"
    "x5otui3HOSNshkJGvtDqNbV5cW0TZxk9DenqLURSU4WZsp6iKVxSaQuu48i43o8jwldd25"
    "shHVXZRVCozXOOoVUWCUbbSVhF0iSJWE/Uok7Cpgu4uIfRyhrzPHFgN+srqb6VLZL9ygmS"
    "YCYq8p5C7J4fIH4WRYn0zRhC6JY63ATK979nk0Jsv5A7ZsHpKmc3dpbsfHP5iwpnMRbYV0"
    "CyPD1GczbMh9A/fwDCUGlmD7b6aIge5Q55EEAyR1FAaziILJgmAsAk0smji+ybEQAZKdoi"
    "G2wjkwpx+W5swxiX0CzzvGtN5LkATkpwEVo0A517yPUdZw+hfvNjOjk5QIWTnUQZrDgdzY"
    "1xw/gEvyE6YeaHkLckpIa4f5ZSbML1Mwv1SJqpVDWEl38Gpq1pQ+9TWOehZ9qlL7KbVfld"
    "R+WYKCuEvDjjFBIT1TVl+QqgC/18ggCXKb9Hg+vlmVeWtnnyz5WUPBNkAOSVLdQkLCE2PM"
    "lrQJBGP0aFq2E1fabd2LUsuVYHtupqjl1AlYuC3RWwdxRBPj0oMkh0uK8XZfDGPBhUYju1"
    "++uSolVnO2vB789QE4hS2OW+d2ZI9jlsFqorzZgCtdz5uTwh7ZT7qycJfeUbpDjAVlP+De"
    "0fkLxXntUIN0Ntttqtl+23w2c8L65D7NXk8tpPOCAi7jDGzYg25jHisPSV1pOB9OCyp1Qo"
    "kCEq+AsK8HjYiXF4h3CC1Fwh6RMvcEjTmlNec6Lm6Uf5li4azNX2Om2w6yddNAtiosWprD"
    "J43p96d33HKzOZGsT1xmo2Tjyx0kjB2Rm/7XXgvB/yPypfe5x/90v0SXWCazZeGpY23TRT"
    "mP0tknqqG+ubr65bhZwcKL2YqNmyEZ4ZQsiUEiJQ9G5UGBj4V1O5+xP0pXO+Pz6dn7LLvT"
    "2fvk7QnuRdQZFn3YyjAWIixgnypnrGEttilCk/iBBM8xemgWoMouM0H+Oe8iitKq877UC8"
    "mXIHMqKcNkSnsWK69g4JyQBkgUnOnKSCJlT3OrxD7rc92cmbTndldNaDfa6QMTa7Pa0VvY"
    "BcDLQ3M6gf5qim9kL5RjfCRd43csL7EqbjRTdYt+kwwZGRBdOjPzOwZVm+6Ars7BUO2UPk"
    "LRUtDRxauVQroEt8jpG3jvViidws9cuWc68Ryge33aiPBgqxM0BmWUiOghXt0ryB/KHp23"
    "QtWfjfVwNRhXBLfxjwXb7kCJ6Y+ivwQBeJd78pZUg5OwYeB/8BUb6DNk3s76gLWjU8JDlM"
    "7zqDrP/Ky3YrgrwHA/Mwy31WR7tKVWZA8HX3qfNaHGXn8fEfEd1NzetxEZdD5174eD9rDb"
    "72m3/fthC8UuRVqB+a4/6NxEWnqXofV1f3Bzr133ex9vu9e8y/CVEbnvte/uf2U/4mO7ew"
    "t9RS4EWgDx751BqJF/bUTuur1PLQT/b6OcP88ivJ8ny+7nMdG95IWyyrJt5Mm0sEX6CpV7"
    "MxlPOPDiWCYHfXrtDx/xeRwoC4vtjAnQWZyxmRjAGGvL3LVIw1f8MKX0+UZ0t6ruEB3WGz"
    "ukkpDIbVGVRbL49uy21DxlSbbEeg59xgSknqluT7GBmHjFphUkObDp5Bk79phnMgBpir4Q"
    "dN+9Q4z5AUkD81wHUzYRWwtqOfECwsV2PyJjNho2BDJNTAOSL4A8t278aNE5Ew/NyRTkQ4"
    "KxwZ1K+Asop4/yHAwqD18mJ45sXhxpbhxxVhGWgmZP9bPLd5LN3iS6tUpgbyKU0WjdlSOO"
    "j4phnhau656z/qHMgL3q9tqDb/6p7IuZt/3epyvJuXz1bdhpR31pxK6Xhx8KkKgkGIUwSh"
    "Fuf32m5BmWGKEanMIHR0W6J58X1Yx5VpHur3HUJYpSX7LKLbGGfeB3jSOO+t5XbEIkCq1h"
    "d8QnE27zvDZFoDYIdFhr5ByLLtnr7wjXUPRSWQXgYVUiPWrN9Zn5Lw7qnUUfzZlUNSJt10"
    "xTkZAghbYIkGwOonlElGA/oJxagUhzblBGb/wKlMK2vLSxgR5WSJ/NIMZlXVzArSYAtmVR"
    "ASEcRLOnB42Iq2MRlTDH1pJN6zHvYIx/6POF+NPCnGMF07prBLeRyUNpTPYmloEtpUtRup"
    "SSb+0H0KWoZKH7TRbKNiI9ISolpXp7kKh2nt9ZIieS4yZiURPsIdgi/CjUZ1r+krlJ9DWc"
    "2wUjvwPoR8W7mvN8bhKv7xjQiQFuYaLDBbjtc0oXHOMWGLMcuIaIFK6y2MGlVN5MVkT7BE"
    "oBXbgC2pOM8oxHkEYNibIJKO2wsgmoUa9e9tty6mKLDaw7fPLbcqJ6sNy33FF4Z3NCbYpM"
    "79+YwCuU3ALDJTMhrO82Uw0HvJ3m8W1FmwsgaZaYGNAM9PQT3bJMbNkhhf6OtoKMTxmRkN"
    "0Ahc0GQu+AvdJXNrXY9AtXwFIGgrJs/E1lIDiagaD2YV/t29v+1xbiHyNyddu//txC/CO6"
    "T2Ubg0xDkCNr2aM3jbcZAZ+41ENwzcCHODXxOSLwycPT3C/lGAjvyMijQwnSKB1K4ToUnV"
    "CymtOljBFNK9gUojtgySb/SmVrNqkCWQcEW6kIkzf7aiqLlIrwNY66UhEqFWFpUK2UinCt"
    "2MqqLCzblnVkbaGALVVl6CObSW+oOX7zjdrD4VR44YKODbR2UG4ZqsrrDprQORahzs6U3R"
    "W5q2KKwW06UBq7EuzDzTSNXWAy5cw0GaNUCSfLk/SlPoCmcBERC8qOrETYblNNfDen8Yyt"
    "2s3ZPP1DZlderWZcQ4xXCyzdUhULikfWSXgQafhdMhcSD//LaMQkGIx6umASIqV9ODMhes"
    "YWZNv8gMa85oek/g6vthkqwBOrG7Sn5yimpgTHQhpT8woK/Yi0hZ1ACkORSXA4+MaNNeJz"
    "RLzUhF5GwpvuffuKX/G+lbVAEP6xMNmQb6F5C1OqEhzlUbTF9atQRU3DlkUt+XqVj3CYqn"
    "bBKnspx6EKbtV4GalaK69mqFVREKWjKRugaZYepTzYTXkgVcmo2jV5sN1Yu+ZYahkoM43v"
    "6MycrBpSlUywQTNdHcObaot121ebfoY7kXve426+GaW4KctZ0UyzRin/8b36j6sw8BL5yy"
    "qHwuSlUE3XMuVQ+BpHXTkUlkHMVA6FGeXMghwKvTDPOOR5XAqvRS/1gTuuW1Jx2QfztBww"
    "EZi91CcmCi8aMnk6eL+ZKk6LltqT3zRT3RuplMolXbHs4m4KmamU7FqCA6ipZNejya7c2Q"
    "g/JWRHzeLXsaY/oMX4btDtD7rDbzkns0/XQt63Efna6X76dQjOG963ERn0v/TABwQ+RuR+"
    "2L3+zGjE54jcdtr3Q+2a18Rcfx+R//rSvuWdu1+i+1I2K3UmI3WKjTqWVTExNevm4fVoDz"
    "i0951Bt32bd2AFFRsi/jkid+0BRFqzK963kgwG636iE8M05Kn9U9MxhgkPl5Lx9HRfG1zB"
    "CRmV8icZ6mqqAZTy5zWOeumVP2Ub55pof0oK68HUP+x031GxcSPeoSZqjZDn8hxb7GdNVt"
    "pippNda0l5nd2xvnzNRU1mZwg2rmsByCY7V5IK6Hnqpj8rWr+4DVaVnF6eSi/BBr4FZoOl"
    "Kr+1hWY2MQpeOhUz6mjzRMK3RUzYTzbimw2UotIR7yWun01pOyJQPdw7T8fIwgsmmdlccc"
    "tbMCJxWxTEci0mvC1X7rodu9ebyKY8MG1EHgXbgp7xykb6DHynpnRmBFTCjMye0AVusbe5"
    "u/rDDXIzbeFYpTu+r5Xudc+TcD5Z7CJmHVFkKrVyaTjbZopaeWGZ1DIdidozUQETJDmc6u"
    "XtnmAtWvPywpbWVCIrJMK5JjigHqsiYKoMdJuWfpEZ6PwDJM/GG6ZSbiQRLTfm+RAED5EP"
    "WAmpQvcvKc+9DbwyWqUHi0YvKdVijQLCarMHpKhqY541O2psoz491ZyzIWnce4GQ4la2HZ"
    "YvdU85Z3ARmXuSmIbDT+EKYCydwRJ+KQPWyrRTpGlHIk4UAG3tvHij0IZlqHLl9groopN1"
    "qp6qerM21fJaFuLw+oFX+uFLHvSbS2vi6j25StSeTLHBnod0C3Jy4Zj2tfhHjIivQKUv5A"
    "R9BWUpdKALPSHB2LDhcTZ2QLnKyCfPXrgqKOkedBtn1Jz+2ViPYQOypWIjWGI5oKXzfEHZ"
    "/II+8A/WzLbZ+/jjL7NiaNQyxKrz1mODE7Nx43/8pVS3yiO4xh7BsSWVFej4WqxbBqnzsw"
    "xwn58log23pGBb+Alvg7VPVzuozy7fZXG9vYw6oAV8b+FetLyRsvo0lKGisoaK2QyYlO12"
    "5jBl7faL/WzNnCfcZm8OEdYO7L1szp5ModEFJjl3lBit2ley7ytCRpPP8M0RQmvqA07zT4"
    "P+l7ucc10QtRD/GJFB5++d6yGk+YXPEbnu94bd3pdOC3nfonLzcQKGLAyZljTbXDDQZYFc"
    "iayLhHIrDqZk2qWieZgATBbW7aSVsBHjNXHt9vu9yJmP1OJ6OlE7IQ/occraIb4HdkaFxt"
    "UsSEqFxr3GUfcwSguNK5GDUMmYh2KcWXxxIx+0ETKFagRVbmXStvEUkpAqdJVP2x4gVeGy"
    "R/CpOLJ3Wzn3gwKc2+RoBzfTImZzfZzcpChLzp4sILu8QAEA3we6qivGYc6pVK5CPvwSP6"
    "Hg0CQ7CQXnQkEZ8dD4hY0pfbHHIkpySmemoa/gT0vUG7ajadzzJ9Db4iEqMLIEPEwTKe+a"
    "Y2k9QVmi/YuSXCCHiGqI9LuLDEC/u0jEGW5FwlHFxhQHOTkpf4BEpeUPKbqKSMvvnQ15Ri"
    "RIo4ak8CFRFoHk7amaumFlEXiNo57FIqC0f0r7VyXtX5ZkeSr11BFTT7mzVKLzWM/fZI3H"
    "erFspe+gJFTn7gSN9dmMvrCzaTLTbRt7Cgn/Kl0ShiF2NRM2tRzhfrxJ51HIg0bEV4U4+I"
    "dShJRnO28qRcjRFCEqdOCQLr7hXSuPEC4hVbJ44bJ47ADZaoiCxGqQCh+kcDXgvH5VMmLl"
    "pKJUUvVWTiiV1Gsc9SSVVEx/kkXO1xcmk5Oe8a4539sLcwjdVHZzTc/ErUpHZsZI4xmbi0"
    "Hqk1UvbV0Ir0PVo6gmOHTObu2KD++krhDtr2ZHXREj1JrrM/NfHAttYdFHc2ftdi/Y553o"
    "sqYbvAgJ1LjCdUfQeE+32eTlKkIVEkilGodcFhTR2x2XbuuKWNCfusACMXXdy45beqiSkB"
    "3NpllJtDzH6R2RyuFAX0mYFg8/tCKKWtUokiOG0Qt+mFK6K0JfRS81wmivPgRst3uQB054"
    "t5qpXgSBRhvdCPoEgwVeR88MYvRILYT1yVTkNG0iwnrnpvwptZ0mepmabE/4ji03R+kcmY"
    "6oAwXZS5/xyr0e8yHYy1NGxEuR6lezgjsM1xXrg6JHeBYjhYpWDp7NbChDhcbwCmPozyMA"
    "Vwb2OOK4xayg+JUqWFUmS0iyOwIMptwdYXOKJo+2zK4JjeHgS++zdtP/2muh9fcREd8hcZ"
    "P3DXI3fereDwftYbff02779zyNU+RSpBW4lvUHnZtIS+8ytL7uD27utet+7+NtV2SGCl8Z"
    "kfte++7+V/YjPra7t9BX5EKgBRD/3hmEGvnXRuSu2/vUQvB/dAvJ4pBxnsUf4zzZHeM85o"
    "0BG5J8eiW55tsyk0v1E++cXZ5nSm13npLa7jyW2s50l2Ue25ZPVEOzVnXNWHHrJRzqOX0B"
    "AiTKA0DVCTqkl7oK6s/kop4UzC8tB0SkeRlzY/pZn+vmzKQ9t7t6QhvY++TIHieKP7F8co"
    "aSyTmKJH8GUQ1KC091m8l4Xj1hLi1etweDbmewLi6cXCkDjXk9Cm2KdQNbNkh5MVF0f48a"
    "EZ07EgaC+5tobOEnE34+/FRwi3dvfUBjunQe6JIY2kK37RdqGWPW3DCfsO1oU/2U+9CPSO"
    "CKZk/1s8t3wokek4m1WkB95Tc2tr6bE2z/zcYTCzv2yWL18wf+ujPdFvLvjM0Gm0nFWBQm"
    "Qd4jR+RF5+VH0AOGQtAgL8OVZ7xQEnBpTq5migSsHPL365Bfew2Du+m1vN2PSeFXf7Rgi9"
    "xGBi8+07OKiDhgRITrKABRXTK302zTPtbJAdUhd7df7rXO6buLnLv4mpBNfe/riIgL4jtD"
    "qzPocQVZ+1Z7+7aFoldG5LZ/3b5tIf5RjuXzaNG5llePFSJSyqxMyizMODmIBYLYRsbJY+"
    "JIS+qkF2xI7ERtYtk3sUdLAwWgpc0ldsvEugARqsNVNbp8+7YqhY0YRib5viW6UcrDIXz+"
    "tjoQG9A1PDDfzhEkO+Be4V+p7GaxsOhDfrgDVGpnzg62gyfTLQp1Rchqx5CcZqkbdZpcNu"
    "o0VjWKF0KEEsJuYOW2rLysn0Ny8+37+9yMPKNhPDz7f0Q+9gfXnRbiHyNy073R+l97YHz2"
    "v45Iu9fvffut/4UR+V/Lwbqvwc9fDEZGq9bNxnXDGXDYabBl7cjGy3tRZ3OO44LjaOE5BX"
    "983XLkweWbh0LShRqHPMe2tbSd3Cq4AJXikbKDbZjfsWXzMKedjm5ZPwc8AXquX0meoxto"
    "Wgj+h8P6987gvtvvwWHtfh2RX7vgmPZN6/Y+9lso+NeIXPWHv7YQ/F+O4ztkIIyPYnLikh"
    "ihSloSWltFJC2x6eQZ59KJrilqx0e9zzL33yfP/fexue/btpc2tvKaKKXEtQP99Ox9Fu71"
    "7H0y+wr3EnC3sD6bbwW6T1k7xPei9495cUi4JJPo1moD7EHyKLu0ckQsVyVdn6TskrtL+1"
    "s6Q/iq22sPvvl7uu/NetvvfbqS7OpX34addox34r4y22w6EtLaLYC9bDkucLk3nChd7dDe"
    "y3az9gbLt8+E6dQGs+UGE/Tmy8PSR+l24uirMwx7Yd1jDpHbroQAuVoQWy4IlZow+TSoZp"
    "I6lZrwNY66h1FatQwvTVw+x+4wlQpEijhcyhJb5Y6bS+5D4a2SFR84VPGYNXVqg2hasOLB"
    "S+qUE9XC62lP1kled0S2dulio9CGD/UM2ErPqAKQrncSxyjsaSd9loLxofOrAPRrmt4wCr"
    "v03N+hRNeh8gdXBO6wdkelDz5GNtd6p48MaF81tqc5u6d1XXd4D/3VFbnj5iqt4v6lyi/m"
    "AMtNVbhzAk4/4WENMcLEWFBz57oMfM113L7qul3ZdGntvFNxpO55T3XCae9pYvzJlZQuJj"
    "j7NqSN0XCw7cb8MV/9xCac+icbQfyDLaqNYiJSmYTSwGSiUMlPSqAJa6Lk5Cflz8+4T0vT"
    "/r1NFtSS4JsY5Os13yqyt2Rnc9FxvaxrYsvxzObPH+rggM5SX27ucm4KQNJC7L8RGV5Dht"
    "pr+HZ7z77dbhVad5otr09KWp/YxLZMakkDu5Ind4DkcKHrVQlbf8Hm0zTPXrEmOByYpxUB"
    "U6U8Omxw27FSq5aNo9iPufLAuVVLCmoByVWzmBaK0G56clrtNJt7F4FdrUGSALxWKmwSf+"
    "11ywzCL0VzfQViq4F0qGsBxS2gmxPURgQ7L9R6Ri+mM0VMxBVFLohuWfQFKmKgBzyj5IlR"
    "UFEpAwgRfZRIzPt4zIjwdKRsSkK6OCV1l2VDb6ZI3RPTkDhJ9MQMSHACdEmivN5CNwz2YP"
    "uke/f9wu2hujuOFOfuzaB8ouBhhO0qCIJKw1GYhkMldzpgcidjC6hjhLUD+/wsA9jnZ8kl"
    "gM5kYIM9dzu0w5QK7o1wK2lcSeNVl8b3LGZCUqU7i/5YNeRy5vp+c4OgCS3Bi9RturlYpC"
    "iC4UtrqOvYCF6AV2804Q9XDAQzqhjyuOl1616UYFiCvaWZIhiqWhT7rUWhBO/dBG8VrJw8"
    "e6sZtqqClV/jqHsYRYOVY3zvcXg0r9y5hD0LVEJP5sxeAo2y8GSiwLWoY8aLZ4O+XVS85m"
    "XLoKg1v/2TLQpd201EveraPh+G3hDqtvvZ7UfGuu3tYSMS7IjJzm6tbl5bDenIplAUw6+w"
    "5uAfjv0BjUXNM97GL4k2ItKaaIqJVExk2Tfk/TORS2uWB163eQ3RPXubCV5olpL1VV4xLl"
    "e+V5/g8Hlej8Oa7yUtlHKaOqDTlDhVJVinJN5a02yZbatCM1yl21KyjJJg1ajvkm5LJdJR"
    "iXQOgmohiXQy5b3AMyhKYe7qoOpqUW5Ed1kSj5Rt2zqKi6oLW9tx8HwhDdOMtGhm0FKxo2"
    "XdeLO2irt+rriGB7nTYdXiqiHwXF7aQoMEJeh1Yr9gCxtcffQyXUEjC/NbhBKZXbHYvpWi"
    "qAS7dzNFUZSfG6otF1RdrifO7Iq1Gh/aRJ/MNYHyypTEklkWzVU50CeonbfaWVZ9X5q6L5"
    "aQf+nmFcpVDjlCdbgQyArNXO8IzykBRciUQ2C6EGQEmOgdxaD6suXNiEAUmWNlchCMDkIy"
    "lx8cp81sfnCeZOPzgQ8nwgYMUV86crs6QWNXZrDHaEKXDHvGf1Obsekmm19gT+Y8uv2MDf"
    "RIrQ+chSf4h8ONz6Yt5fz39rQRYULD2GCigO6Mm1w+4AbpRwdbaPzEQNGWC7gHYXALi06w"
    "7UoaECnHY9+mOv9gzzZnIzKezHTGZhoa/3ushI2y7JJpwobtxcJuE6/lEx+ydHand9Ptfc"
    "qJskfWQu6XEbnp3EL9TV412/s6Ih/b3Vu4JD6jK/I4sVzeOs/BhwVJVFKPKAemrE3b7DKV"
    "k7jF2ZZ3iNdUanhLPbxrFiXvEIcp1TCXephDXGXu/TpKXMBgl0yxVqexZoLFVsdykE6NcK"
    "lHGATZnJqvII1Se8US1Ak9Rj5Iw1QK1HRdYiBwoRhVYnWB3ahCDM8suQYxtiEUgGzH66em"
    "uAY3we3TqM3oUxzrLVxUAp4UNcF7rx4qbWxB2JFEZ+3eaaapqvV1m00K6mQYCtbEJmqepC"
    "eKROfkzvHdNLClt/olK16/Y8uWFttOtmAHSOoYtnJ5mcWKfXmZkuj7MqY6ZYsqB8Ju8xqi"
    "u5+4fUoc6emdHBMUIFFRQTmjgo4aBvzX/wOYOUcY"
)
