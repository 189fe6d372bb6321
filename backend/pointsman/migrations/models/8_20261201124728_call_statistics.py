from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "call_statistics" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "resolution" VARCHAR(6) NOT NULL,
    "level" VARCHAR(8) NOT NULL,
    "begins_at" TIMESTAMPTZ NOT NULL,
    "tenant_id" UUID,
    "carrier" VARCHAR(64) NOT NULL,
    "trunk" VARCHAR(64) NOT NULL,
    "prefix" VARCHAR(4) NOT NULL,
    "sip_code" INT NOT NULL,
    "attempts" INT NOT NULL,
    "answered" INT NOT NULL,
    "effective" INT NOT NULL,
    "timed" INT NOT NULL,
    "duration_ms" BIGINT NOT NULL,
    "pdd_buckets" INT[] NOT NULL,
    "pdd_counts" INT[] NOT NULL
);
CREATE INDEX IF NOT EXISTS "call_statistics_time" ON "call_statistics" ("resolution", "begins_at");
CREATE INDEX IF NOT EXISTS "call_statistics_tenant" ON "call_statistics" ("tenant_id", "resolution", "begins_at");
COMMENT ON COLUMN "call_statistics"."resolution" IS 'MINUTE: MINUTE\nHOUR: HOUR\nDAY: DAY';
COMMENT ON COLUMN "call_statistics"."level" IS 'CALLS: CALLS\nATTEMPTS: ATTEMPTS';
COMMENT ON TABLE "call_statistics" IS 'The counts (calls/call_statistics.py) of a minute, an hour or a day that have all of these in';
        CREATE TABLE IF NOT EXISTS "call_statistics_due" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "minute" TIMESTAMPTZ NOT NULL,
    "noted_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS "call_statistics_due_minute" ON "call_statistics_due" ("minute");
COMMENT ON TABLE "call_statistics_due" IS 'A minute of which a transaction changed calls: a row for each, since two transactions that';
        CREATE TABLE IF NOT EXISTS "call_statistics_mark" (
    "name" VARCHAR(10) NOT NULL PRIMARY KEY,
    "before" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "call_statistics_mark" IS 'Before when something is not kept any more: calls (`RECORDS`), or the counts of a';
        -- By hand, from here: what was stored before is counted like what comes.
        INSERT INTO "call_statistics_due" ("minute", "noted_at")
            SELECT DISTINCT date_trunc('minute', "started_at", 'UTC'), now() FROM "call_record";"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "call_statistics";
        DROP TABLE IF EXISTS "call_statistics_due";
        DROP TABLE IF EXISTS "call_statistics_mark";"""


MODELS_STATE = (
    "eJztXXtz2kqW/ypd/JOkivXE+HG9ZGursM3NZeKAF+PJzQxToo3aRmvRYiQRwty93337ob"
    "daQgIBktxVqYClPi3x6+7T591/NOaGinTrpLPQRsYrwo02+KOB4RyRL7F7TdCAi4V/h16w"
    "4ZPOGsOFpthesyfLNuHUJjeeoW4hcklF1tTUFrZm0Ic0foPWDKkA2sBEln0Cvmn2zFjaAA"
    "IbYYhtoJF/FoAYQHWuYY32ZxvmO6sJjGdgzxBYzQwdgYUO7WfDnJ/Qx6rGlLTT8MvenrDE"
    "2r+WiPzQF0RamOQ5//gnuaxhFf1Elvvn4lV51pCuhtDUVNoBu67Y6wW79vjYu/2VtaRv/6"
    "RMDX05x37rxZq8M/aaL5eaekJp6L0XhBF5Y6QGQMZLXXcGxL3E35hcsM0l8l5V9S+o6Bku"
    "dTpUjf96XuIpHSHAnkT/O/9v59UCzRSlPxgpD92RojRiI0tfITIUzqWpgSnGGrYpUH/8yf"
    "v1AWFXG/QBN791hu/PLj8wCAzLfjHZTQZX409GCG3ISRnoPsrsM4bzzQyaYpzd9hGkyYtu"
    "g7F7wQfZn/4ufC5Ae4C0MYc/FR3hF3tG/jz9+DEF4791hgxm0orhbJD1yldy37nV4vco3j"
    "6+bIkr1gy2Li7jOF9rGJprMdJRygjiT2sbWRXEPAXi67vBNe15bln/0h3Mr3v9zvD7+6+d"
    "3xnq87Vz627Q/+y2D0756++jbicyBlMTUXwUaMdH4JbcsbU5Eo9BmDIyAqpDeuJ+qeBoNM"
    "gPVAdYXzv8LWV0Rr2v3YdR5+t9aIhuO6MuvdMKjY579f1lZK14nYBvvdFvgP4J/j7od6PD"
    "6LUb/b1B3wkubUPBxkqBaoAVu1dd1MIrj+1aSr5tJES0w27ivGBZhnn7vYNuz8+vwq2DYx"
    "VH91fDRNoL/oI4Y+uRN4F4Kto1HIFp5HVUSVT9q/4rmnDliTThSUV+PvnRyOb7bOfhpnPb"
    "bTCYn+D0dQVNVQnhTe8YLSNyxWsbvzVvzaNXIIYvDB76O+hbO8DfQF3v2DaaL2yRIBu8nS"
    "rLTklDwiP9lhvF2QmZahr9YwKmxpLgyQRIAjeyqDQJAe0SPJvGHHwEGqZ3NRMYporMT2BC"
    "RMwpmlBplFLp6OWd5TSKSbX7etAYm0Q4RkT8JRKxtULmCZhoKmvqSMOsY4hV9of7FqQVWQ"
    "0m31O8jmnTd5YUmMvC9NIEZjbXTTQlUyTn3hKnLBL9OC+MwV/KDSa4ZftLI6+gFqasoaBW"
    "EcHMxSRVMnOZYXyQe9gWj2+QJDK6WibRoWzjSd6XfPxH6/T8l/Ors8vzK9KEvah35ZeUIe"
    "/1R5Glw3aqPIC67SWaAjQJ68SvecwiHkEN7SKX5xnMIpfniVYReisML8LqwtBEukMywkEa"
    "CXIGkKfQJFKumQfjAImEOAPElrYg6Kl5+G6QRLJeAeulAJkIWiLxIHnmhqlqOHlbF5cZZi"
    "9plTh92b0w1v+6uviYB2W3vcQ3G74WwvY2yoxPVoAmU06jWS0UGRPily3GN0Amx7fM40tk"
    "zq2sEUE6OcIlH2HxBtjFy3nMfREd5LLvhY1O/+Fbd9i9bQP32xgPu/d339uAfYwxBXHwOG"
    "oD5wu5MiRt7wdDes39OsY3nf5N9+6OduV9jRrbsznZM/nYU1zsH0ReqeP5T7o/EE70nvCb"
    "zY2+E+S12+w5cbwMmm2BV7QG72kH1l9YDyeL9YcmmIQNzRPWlLsYmmA106YzgA3wzL10rI"
    "+ZQX5tG8C492SPDxtjFa7f8cYWgCYCtgFeDLDS7BnrhT3FOiGPMLBNvrI3+evDoA8gfSOw"
    "Ih/kwUj7gdSMvpM/Gv7IRu3xtCn6uSDMxSJQe4MfsvuzV1IChGwonaXfYB2Q4WN//Cn9NN"
    "JPUz6tpxhHDRYaPVKixsQWj1JtlmWKGnvVkuQSMb5u+1riW4TAIL2Mb060zz+8clgrMKyu"
    "xLeN3SVMWsOBrnE4p6MExMd8RGTuBEHOJ6nFxpg2mt3fR6GBdDdAceS02zywYd7QYOo/RZ"
    "BvFb0ep5Xx69FRSItfL5uF48bAz7o2Tbd0eI2a2SweNHTWJ9ho+vg2gzaYkmdzGwGNnKQG"
    "BRrGibm1gMVbWnBtAcuYI3tGBhKQxyPyu4wnQ6XmBsJr7FmTEC5sanDQDeMVQDueDrXPh4"
    "1xIFb0yXC69ztlMaF8ATVJ5+Rv6KZfsa4MPEUyWrQ8ivEGKwSf61sYIYKEMlZUmiAOaYKQ"
    "WvJWcliJpGqpTkl1SqpTx1WnSiTGD7nDKkF+H3rurA2Cu+/3yuCr5JlvTNJdURmWCrZ0Iy"
    "Zis6Y2wcTLjJvwtCxeaIAlUBESt5KAJ//S9xb7Kff0oDHmP9fXAQyMmIi+cqojsGtU9nZq"
    "IxjmYgZxwPXpPMpCyDoBdHFxX+eU0hpj/KzZn4CnQIEZJLd13ckhm5+AibokS4rgqcwt9v"
    "NYqhp9Kk87o2oFUx6w2gYfAyltzguOMS3YwJo22azw3pyqMeSHsB9D3h95mFGfrG5MX5mD"
    "1UI2eD9hfysrKo3SCTn5QF5soar0nZpj7CS42f+halAHZNrAdTP0qkwiAEtsazpFl8Y/Ea"
    "BY//zVkHoChsaKQ8NUnKc1o1TheozJjwpmzTVdHUkjoKuchifl8bw9Bh7ZcGLe6m2cxOS5"
    "Ntu6AlJNFk+x4z/0yBOcxJQlB54WyhTN6JN2nuRn42Z7FKUlq0fBy/kTD/nO9zyHPt8DCX"
    "67PA+l+dsjj2OB1pR+GzADhBmfZizNKZlVbhpIvsdFqTNOlu0elvMpgZyAvBh6hDlGzNHS"
    "cuIXoJTRGGW0g3h8cJtIO4+4zGJngwjkwxGNj3O+jLEo+q7bv6UX2McY9/o3g6/3d91Rtw"
    "3871Hx5jhucmlg2bOBJbxB5cl0CZDVEO2L01YGtEmrRLTZvTDaVBZVbPiSB+ogTQ1x3kvK"
    "i23kRdmnkBhnxDih8E4Kxh5FDTEuPq9Tlo4qvLJHRMPJvNtF6OT0zZT5HVXtsyeARykl4B"
    "kBD5k28uAdIpRwZ4BbRVPNEtaPSUY6SCNBzgCyiX4kgHytvSSWNwhSbVXeoGS7n1Pd4D9b"
    "rbOzX1ofzy6vLs5/+eXi6qNX5iB+K63ewXXvMy15EBqFeA0EcU2JFDZSX9W7+Ik9h/Z0lg"
    "ddj0DCm6UmCpfYtMUWYh4nqiHM5xcZYD6/SISZ3hLCvDBMgSKYXH0mTCUL0Ahrf0FsiXFN"
    "q/8VIKrhBC7evOxFD+XjFBGyGkJdPK/wMMvJLWJ0kl8I+IWJyM+ybGVpavkmcoishhP59G"
    "Mri3RBm6XwjVZMwmBm+ZxoB2kk1Jmhto28QPsUEubsMMtyo7LcaMVBluVG969ay5SMt5CS"
    "4YbEbjHOEVJZe67M4yyrC9Z9hAOx+/ncKBFC6UnZ1pPCkxTyge/TSNy39mCFE0YEA2AYOo"
    "I4QTCMU0erRxDyeokp14PBXYivXfeiOWWPX6+7RLtkDI000uwE8GVZ+uKtfLIsvSxLXxd8"
    "p3Bp5YsvcAnqiHAWz1Yr2bPVinm2lgt1y+Nmw5RSTS+dcF+idO4Hm2gIlq1NOYSClO5Ai+"
    "bGtG4r3HhjaveIlShiB2o6abaRbmjCLU9Hnmt4aSOatQtmxpIerkkuqnDNs61n8AcKpDxb"
    "NJe3EZlM+33aGE+N+dzAbf+o+/eY5nmTNjyd2/rQZGnVzFzJso8hYCZ48H7cGDcCWdfsIb"
    "z8k5fa/KE5xpC/vrkGTogtoNKWT86S1jWLkNo0l7l7cnp5/sF50kPv3mnN8rvpq7n51xyT"
    "CU2BpmnYhsVemt16Wk5fEbm3TdIzWSWEJ7nn7T2hFw1bWROf/TFRXCa1Re5zUW+wKSk6V1"
    "pomtIoDPsXiM6OdpjGozdnhNZEXUxOFw0P/zY5o+Eeyiy3NL72+o80AZR/jvFvg8dhG9D/"
    "x/i2870NyH9RjpjJAZHF/5DsfoiKNTr6gfRth8MjLvVI3HTu7h7oARfkY4w7o1GXSAjkgv"
    "ttm1G4yjAKV4mjcBUdBZ8V5pQtQ4RStCydaCnzz3KPa478M+md3n/SpAxi2Se8ROZ91n7m"
    "wdenqCHAWfBNhlee5HoAkzm0bTRf2ALvWyKmQRKJqQhTx6aQB9MAicRUgCl6fkZTW/uRZ/"
    "GHaCSqojQaokbkmaZee4mmAM2jRpKUFNwjhJI4RtX4EHRMEyachBGhi4yArllVHIL0yfuP"
    "fwqw47bq3ND5ZG8GuVJ6mW4ZeBscTbRRM4evSVEdgo3+po7j2OHOElpbl7pgiGwDeWXE6Q"
    "xi8iv4aaLUk2MaK3rsKEBwOmsCS8NTBOyVESSymLsm5mza36PG2CLaGiGl3qWVsdRVsIKa"
    "7RHzSsJN6rPSqS+HlrTVydQ2KQEty8uevI1Hh/+ivO4TMjqKQ9mULpQybk/JLhR/3PJYiX"
    "0qaSIutYkYG9uFmATpajjENTuxoZSSwFdovm4WBVirXLLA3KXYKAxcI3qgOC1bjwNnbznh"
    "E6x8PMRrMCdt2s7x4u8nw+7NYHj7MPnAtlfbDyihwRsxGaDwJ9CTBFyP9K5Hd7HP2LpPqc"
    "zrtC/GDHzcvXUvVSmSd9EnNg/y+1pdqhqy2Iqw1PLH8HH3opCRep7HNO7pN9rIMAfPTOXg"
    "LmLGnnj8m3/yyXvvqBIedra0iJrCDuGgigg/e/CF6DNkmgLbiB+XuJcnyOMND7Fqdyjrf9"
    "yd6Niy5v5rxJPl8qSLzOip6VMBqgOmTbkTvLJpU1OiO2ynVIUpa7jn10ytktkadR51geTn"
    "vH0wwNg0ljathKhr03XOSDshsYy4kzX0i0c0pqxsPgXiV6J6ai/4C1rHQrIjiDrqxsjrqJ"
    "Ko+lf9VzThytMJwpOK/HzyoxGXAYaEjQx7N6NGCm8oAOAh7/De66+eOAvZYgLeyTq3Pw5M"
    "GRSFOzh0v34ZIh0mpHiEVenPZrYZXrYdOAn60Hx9IbAvFKJnT9GOaA3J+JHX+Uw7HLnRuf"
    "WYrPFQ5R2xqhs+B7B18VWYbPDyVulGq5fy4jXNEDngJHXO4RpY9MhbbrB3Ds51enxn8YxO"
    "6wR0AteMFXbJ6dG8zMRlGE1gGTEL2J6eQ/M6oc2uPPONB7yiNZgZBHgWOPBk2DNpLSuLwN"
    "ZMsZZJA0Mi4BVVNbMYGFyWlW+NhamKXGvl2ICqrF3WB9IU9TIxYy63+hNwZ1UT2I2aT3ix"
    "hlSem87DTee22xDM3kOq7lVFNovufiT/LYvFHLIDyIUybfB+ukzLWjpnmWf059LqJE//i6"
    "a2F436tGYyonsA1wmY8CiECYtaIe/OhMWbYZdsiU0wgc82Mifs2m2XHjr9Ke7S3cNDxhgj"
    "jUqnAP0g/3EpFhJxmUg49j6kWBlwSu8dIuDUWCDT05njDuHNNSJCHZTZQ9zgE7ztTPQxfr"
    "y/ZX/zzzHmk73tTProwjpkZFMwYHSZq3Sh277MA7Glq/48C7jnyeCex8DlbDKnOBoi2q84"
    "ekhuVAMBf7PNrnqAJkUy/vVh0M8bxagRkeD/QMYErHIaQEVoUihCRgV3yb//2vk9yg1u7g"
    "bXUdhpB9fRjG0qA+WB3SOQqG+PuiuhChlIlgNsxUxE5sumy4cp9oTk84TzGxQM/Ky9DAMd"
    "VmxAsntUQ5OxXPpveBBEGnBsmFJ0YNZWCU6SbFowLd2p2TRmmOuobtgx79BJfheEK+cilT"
    "ppiXlOM0UnJdPHyFX0yyOoodrTyhSh3EqJUG7FI5SlTysZ/Xr5tHLkzQSmB+OsuwbxREyp"
    "FZsHRwm5uNWEVulbbYMxWtUymqA7TpVqwMvMNQGHGxg4lPbzCXhpPzTM4QcydbiwwEqzZw"
    "BiVu/gnXUCejbQyWqxYhv1fh4zxrYBILi//t2p400TNg1WyoFFQAEWU+UKBBbB0OlcBlqU"
    "x7aRvO3LWolhY3KWStCnyaWgT2O1oGVeksxLKsU8r5eIJfOS6jzqWfKSFk8/FSaR5PR8RO"
    "lk7kzEHszlOoXHyudM9xLQSnxL5K4rG3+qSbpXSWEtPN/L451FgFufrBD3BULYRveZLOl0"
    "QfZZAMTBJKUaIy3adUrlALo15uT9GyIjE7/TTLUz+W02mpp6tgXoI2iQoW6skAmm0EK8iE"
    "yCNUgjJL51R7PYbd8+tBK4hPb2FGkuKsHO2kwxF8kqNoHzZs+y+IguzlLOmz2TPqK6q7LS"
    "gPEWR70iBoyyjbbUsEsEqdSw34iGXQVsd1Gxj6P0defIJMBP1/c6FOp+4QbNNBUQuU1p7Z"
    "IcIX/eaQnukdrs+G3HPw8meDl/QqbFUtIgC5dmfnz0kyhrkKloa3peNlA1qOtIFccG7uEZ"
    "Ug0sAftvpqiBzlDn0QQDJHVUBrOogsmKYCwDjS+aOL7JuRABkp2yIbbCOTCnn5aabmvYOq"
    "HPO8a03kuSBK1PQ02MHOVc8z5GWcPpX3zYjG5MUzJkxVAHaQ4HcmNfc/wAIckvyHBBU5am"
    "lgdsAWntML/IhPlFCuYXslC1DAgrKQevpmVN2lPf4qhnsadKs580+1XJ7JclKYiFNOyYEx"
    "SyM2WNBakK8HvNDBIgt8mO5+Gb1ZjnB/tkqc8aSrah5LRIqnOQEI/EmJAlrVGCCXjWTMuO"
    "G+227kWa5UrAnpspZjm5AxbuS3TXQRzRxLz0IMnhimJ83JfAyLPTW6fnv5xfnV2ee0np3p"
    "W0XPS4RhbhfvnmqpBYztnyRvDXB+AUsTjundtRPI55BquJ8mYHrnA9by4Ke+Q46crCXfpA"
    "6S5WFwb5AfRsZCSUtUMN0sVspyk7NxllE7BD/mxM+mQxzW5PbQDZgQKO4EzFsCdoIZYrz8"
    "47DtfDadOTOukRBTh+AsK+HkTPTuZ1gViHtCUv2MNL5p6ACaM058zGxZzy7OBm+hj2Gjq0"
    "bGBBTQWWPFi0NJtPmtDvTe+452ZzIVmPuMxOycbjPS0YO8a3g2/9NqD/j/Fj/0uf/el8iS"
    "6xTG7LwkvHWpqDch6js0dUQ3tzde3LcbeCiRb6moybKhjhlCqJQSKpD0b1QY6PiaCVz9kf"
    "paud8/m0dZWFO7WuktkTvRcxZ5jG01aOsRBhAXyqnLmGtWBT2EiSBxIix4xDiwBVDpkJys"
    "95F1GUVu73pV5IngaZ00gZJpPWs9jxCirKCWmARMKZbozEQvE0t0nsC5xDTdeMvtNdNaHd"
    "6KcPTKzNZkd3YRcAL0vN6Qb6qym+EV4oxvg4tsbQDBeYGqMrINnS+Oq0VNy1l61Og228Ik"
    "wtcDNozZAKoA3IKqc5M5YxfUW2NWGJMbRyAj3z9KF3D8jmRZpYiKXOzAhfaC8M046fR1Vs"
    "92M8IWNr0bi4qabSXB5qLvQbP5vGHKxm2nRGDZEYIZXZKNkLSBtiWfaMZooNUZZ1CNgEsx"
    "kF06yCMaWBLQXFmsHWxWUc52sNQ3OdEJ0RoYwGf69tXjK6YpinRX87KTmehkCAve71O8Pv"
    "XgKPpybcDfqfrwUpPNffR91O1DTLuV4c/uScqgCJzKkKjUkROVWhPSXPsMQI5eAUPjgycS"
    "J5v6hmCL1MnHiLo56UOBGzIGSJRg+HVOwalh4N5ajYhEiMSA97t140epulSRaB2jDQYe2Q"
    "26e63zfMOdS1fzPk7k3jWdOFar+wXTNN/cdBCmURINkcb/TMDol2Y+8NMxCUzwongvfeYR"
    "0feH1Fi58tDXWdhgP5dRidwov0GA9eLDIcb7SnB42xYz/gh4ZMzKWOqGGBdDBBP+F8wf80"
    "EZPGLPpUfparBTQWdaSRNzFVZEo7gbQTlJxtHcBOIOuq7LeuCmFEMCGAJ+WguyBR7ZzkWY"
    "JMkkNMYgEm5CHIxGwrhLqS/3ShJPoazu2Ckd8B9KPiXc15Ptew23cM6MRYwDBRnQ5MLiwc"
    "MDBmOXANEUlcRWGWVDDPY2T1CKRxtXDjqqsZ5RmPII0cEmnvlpZPae+Wo169QkHVCXyvUp"
    "2gcqJ6sDJBrAj2jp6FGp3HtX9nAivmekcFLpELwb/bTHUcsHaKK7cV7S6g+cV8YtBm1E4/"
    "haapIdMKGfR39BVkfMoYh/wGIOw24HYH5FYJtwyTTL9wsXDpICgL429KB8HRHASv5KeJ8d"
    "2c6+3SlhnrRufubvCtDdjHGF/fDW6+tAH7iPKpbGNQdIL3szuNtxkBj7jUQ3BDwO/etgH/"
    "HGP62et/5hfIl3IMhLtl5LGhBGmkDaVwGwrEBl7PjaVIEE2rbR2iO2B1a+9KZctby1riBw"
    "RbmgiTmX01jUXSRPgWR12aCKWJsDSoVspE6Bu26nS04AGthRy2VJOhh2wmu6F/VuRm6+Fo"
    "xqNwqY2NWu3oyVT0AD5og6kxRzyN157Rs9lpp/HC4dt0IC12JeDDzTSLXWAy5SzKEaOUtT"
    "niKY65j3eWRzvnKHYS9qDsKEqE/TbVxHdzxZPYqt1c+EQeSJxRVivrWcTxrDGBDCJMLUuW"
    "QuKpbRmdmBg5RwRTtCJVkJkwwXtGpgU0+xOYsPKoglLF7GCSUK3iWInlPT1HCjUl2BbShJ"
    "o3UBN52P3cexh1h9RT438f49HwO3PW8M8x/rXTY94c/jnGt72HzjW74n4ray1l9HOhkSHf"
    "wvIWppTVSstjaIvbV2nBeQWZppHrVOUwVe2SVfZSuVTWJq/xMpJlad/MUMv6qdJGUzZA0z"
    "w90niwm/FAaJKRZX7zYLuxzO+xzDL0RC50b+jadN0QmmSCDZrp5hjWVFn4bd9s+RkWRO5G"
    "jzv1ZqThpix7RTPNGyXjx/caPy7TwEsULysDCpOXQjVDy2RA4VscdRlQWAY1UwYUZtQzCw"
    "oodNM845DnCSm84b3UB+64bUnmZR8s0jJ0kLdIn44c9J2iTkePGM92potQS2WaLl928TCF"
    "zFRSdy3BBtSUuuvRdFcWbIReEqqjZonr8OkP6DG+H/YGw97oe87J7NG1gfttjL91e59/G9"
    "HgDffbGA8Hj30aA0I/xvhh1Lv5Qmj45xjfdTsPI+Vm8DBqA//7GP/PY+eOde58ifKlbF7q"
    "TE7qFB91rKpiYmnWzcPr0h5waB+6w17nLu/AcioyROxzjO87Q5ppTa6430oyGKT7KcSqpo"
    "rL1qeWYwwTHq4k4+npvhhcwQUZpfEnGepqmgGk8ectjnrpjT9lG+eaWH9KCuvBzD9kd9/R"
    "sHHL36EmZo1Q5PIcmeRnTdfKQod413OS3M7uSV+e5aImszMEG7O1UMimO5+SFLDz1M1+Vr"
    "R9cRusKjm9XJNegg98C8yGS7262QPHs8wmZsELp2JGG22eTPgOzwl7ZwHGbOhRVBCwXuL2"
    "2ZS2Y0xPxnb30wkw0YJoZhYz3LIWhIjf5gdiOR4T1pYZd52OnetNYBksMW2Mn7nYAl7R2g"
    "JQp7FTM0NXAyZhQmZNjQVqk7e5v/7dSXLTLB5YBW0v1gq63bMinC8muYhIRwbQpFm5NJJt"
    "M8WsvDA1w9Rsgdkz0QATJDmc6eXjnmAt2vKyIktrJtAVEuH0CQ5ox6oImLIC3aalX2QFOm"
    "8DycN4w1QyjCRi5UasHgKXIfIBKyCV6P4plLm3gVdEK+1g0ewlaVqsUUJYbXhAiqk2Flmz"
    "o8U2GtNTzTkb0sbdFwgZbkXssHyle8o5g4uo3JMkNBx+ClcAY+EMFshLGbCWrp0iXTsCda"
    "IAaGsXxRuFNqxDlau2V8AWnWxTdU3Vm62pptuykIDXT+ykH7bkqX1zaU4duycziVrTGVLJ"
    "8wA0aU0uFLO+Fv+IMfYMqMYKn4Bv1FhKO4DcTogRUi36OAvZ1LhKyKevbroqNdI9QQtltJ"
    "z+0fDHsEGrpSI1eMRywErnxoKS+UX7QD9JM8si7+ONv8iLoRimyledux4bjJiMG/vjT2m6"
    "lRHBNY4Iji2prEDH12LdKkidtTLAfdZKRJveEoJtohe0DdYeXe2gbl1cZgm9vYgGoAVib+"
    "m96PFG0uvTkI6KyjoqdJ0KKdtx5jBl7fjFflgzkwm34c0hwtqBvRfm7OoUirFAOCdHidFK"
    "vpKdr3AdTTzDN2cI+dQHnOafh4PH+5xznRO1AfsY42H3r92bES3zSz/H+GbQH/X6j902cL"
    "9F9ebjJAyZiFZaUixtQUAXJXIlii4Cyq0kmJJZl4qWYQIwmQhaSSthI8Y+ce34/V70zGfD"
    "ZHY6fnZCHtDjlLVDfA/ijEyNq1mSlEyNe4uj7mKUlhpXogChkgkPxQSzeOpGPmgjZBLVCK"
    "rMy6RsEykkIJXoypi2PUAq02WPEFNx5Oi2cvKDAoLbxGgHmWkRs7k+QW5ClAV7TxaQHVmg"
    "AIAfAl3VFeOw5FSqUCEPfkGcUHBokoOEgnOhoIp4YLIiY2qsrAnPkpwZuqbCNf3T5OcNW9"
    "Ey7vkL6G3xEJkYWQIZpglkdM2xrJ7UWKL828C5QA4R1RDpy/MMQF+eJ+JMb0XSUTljioOc"
    "XJQ/QCLL8ocMXUWU5Xf3hjwjEqSRQ1L4kEiPQDJ7qqZtWHoE3uKoZ/EISOuftP5VyfqXpV"
    "ieLD11xNJTziwV2Dz8+Zts8fAXy1b2DgOHzrk7AROo68aK7E1THVoWcg0S3lVjiQmGyLFM"
    "WIZp8/DjTTaPQh40xp4pxEY/pSGkPOy8KQ0hRzOEyNSBQ4b4hrlWHiVcQCp18cJ18dgGst"
    "UQBYnlIBU+SOHTgPPGVYmIZZCKNEnV2zghTVJvcdSTTFIx+0kWPR8uNKInvaJda753FtqI"
    "dlNZ5ppeiVseHZkZI4VVbC4Gqc9mvax1IbwOdR5FNcEx5uTWrviwTuoK0f7O7KgrYtgw51"
    "DX/s2wUBam8aztbN3uB/u8513WlMHzlECFGVx3BI31dJdNX64iVCGFVGhxyOVB4b3dM+22"
    "rogF46kLPCCmrrzsuEcPVRKyo/k0K4mWGzi9I1I5AugrCdPi6adSxKFWNcrk2L9/POk4pg"
    "xHMOU4dOkLwZQdVTSDFoDe+USv9PJNZzjsdYf+YUXJlTfBhNW3VGYIqsi0JkCzYu7x/T1q"
    "jCFzTASSBZpgYqIXjf58+lOpm9259QlMCGN7MpZYVRbQslaGqU5Ic1V7QZatzOAp88mPce"
    "CKYs1g6+KSO+WJBmGuF/S8pvcWMn9oZHP6i4WmJrKtk8X6wyf2ujqkr4Ppl+mrBVYzxAud"
    "AveRY7yCrJwpeEL0YCmg2YBeeUULeQRUiXwL0sF/LAc/ZQxifDcXlXJpy4x1w2F6bZf7jT"
    "Hhjm3KIqO8M8sYFF85SkZYHDDCwjE80CgxkRsr27SPdXLAukb3d48PSvf08jwnF/cJydR3"
    "v44xv8C/E7S6w35n1Bv0O3fKx49tEL0yxneDm85dG7CPciyfZ9OYKzPDShhN8eoJEdWuKl"
    "Xr4iwLyhdnKXUfz2J1HxGR5GhsEY2VVDQVYVtYoje9AGRiJ5KJZWdiz6ZC/eSmMhdoiol1"
    "BiNUh6uSfPHxY1UKJROMNPxjS3SjlIdD+OxjdSBWadf0gfk4R5DsgLzCu1JZZrEwjaf8cA"
    "eoJGfODraNprMtCn9HyGonkJxmqUN9mlyG+jRWhZodrECPJHICNbcV5UX9HFKa7zw85Bbk"
    "CQ2R4cn/Y/zrYHjTbQP2Mca3vVtl8K3fvW0D7+sYd/qD/vevg0dC5H0th+jug5+/uKyIVq"
    "6bjeuGCeCU0yDT3FGMF/ci9+Yc2wXD0URzg/r3oWmLg9U3D4WgCzkOebZtc2nZuU1wASop"
    "I2UHW9V+INNiYVM7bd2ifg64A/SdcOs8WzelaQP6P92s/9YdPvQGfbpZO1/H+Lfew2gw/K"
    "70+r8O2iD41xhfD0a/tQH9vxzbd8hBGB/F5ESoGKFMggqtrSKSoCxj+opy2UR9itrJUVdZ"
    "5v5V8ty/is19z7e9tJCZ10UpJK4d6KetqyzSa+sqWXyl9xJwNxHU51uB7lHWDvG92P1jUR"
    "wCKUnD0FxvgD1IHhWX1jaPDatkwJJQXHK4tMfSCcLXvX5n+N3j6V6S192g//lawNWvv4+6"
    "nZjsxGJltmE6AtLaLYC9sBwHuNwMJ0pXO7T3wm78aLB8fCZMJxnMlgwmGM2XR6SP0u0k0V"
    "dnGPYiuscCIrddCQFyuSC2XBCy1EHyblDNpHdZ6uAtjrqLUVr1TTftPF9gd5hKloqJBFyK"
    "EmVzIpzWh8RbFj86LMJHrdFbG0RjJWaOWaK3nKgWfj7X1C8asyOytSs/E4U2vKlnwFa4Rx"
    "WAdL2LQkRhT9vpsxxAF9q/CkC/puUSorAL9/0dSn4fqh5RReCW5YiOXx2m3uUoAtZXhfA0"
    "e/cyMX6HD7S/uiJ33NonVeRf8jiHPIXVsLowtJ1rGLL51HX6qutS5Ae0FoHUA+upTjjtvQ"
    "SKN7mSSqEEZ9+GkigKCrbdWBvlm1e0g1G/swCN7bf4yRwI2/FTTzNRyMIeJbDyNEFyYY+8"
    "OduHT9fepxdl/5EUC8MU4JuYwOo23yprtWR7c9E5q6RrbInxzBarHurggIFAj7f3OZkCJW"
    "kD8t8Yj27IN/If+Xb3QL7dbZU2dpqtZk1KyZrYxDY1wxQmLSVP7gDJ4dKyq5KSvULayywP"
    "r/AJDgfmaUXAlOV8Dpu4ReTNnK64AI08LXODK841ZOzqiauZ9a0Z9cQF5lTIbn7Tebjp3H"
    "azmc2LsNy5elrtrHZ7V4Edq0GSAuwbFTapv5bfMoPya4A5XFO1VQXQIkqtZnGt9gR0AEb2"
    "yjBfwUqzZ4CouOQ2tAGGpmmsLFrK8gnpBn4hFAargskIgfEs0Jj38ZgxDp26KbXukjD0Zo"
    "rWPdVUQQBAn8+AhAA3hyQq6y2gqpIHWye9+x/nTg/V5ThCnHu3w/KpgodRtqugCEoLR2EW"
    "Dlm46ICFi9QtoI4R1g7ss1YGsM9aiWDTW3Gwqa9yO7TDlBLujXBLbVxq41XXxvesZtKCQf"
    "em8XPdEOuZ/v3mBkWTtqQRkk7TjZrmgB/w4GlroGdbgL4APYaBKHmWpwZSNyof8rjrdete"
    "pGJYAt7STFEM5TkL+z1nQSreuyneMhE3efZWMyVTJuK+xVF3MdrhzPF9ymgdZGrTmUg6c+"
    "6kymXQb7NJIEse54JFpUR7mFBSEljDnHW6m4hUeltYsmTklJnMIxwFSGooH7UuLjKFq12k"
    "hKtdROUjuqhyIOw0ryG6+5E+DWwjUVJtckmfAMnh63MeR+wsrJzPUTezP/8f0APGzg=="
)
