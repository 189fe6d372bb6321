"""Calls of any number, straight into the database's tables: a day at a time into a table without
indexes, which then becomes that day's partition and gets them at once.

Each call is of one of many tenants, few of which have most calls; numbers, outcomes and SIP codes
are as unevenly spread, and some are rare.
"""

import math
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from uuid import UUID

import asyncpg

from pointsman.database_url import connection_parameters

DAYS = 60
# A call in so many, with a SIP code and a called number that no other has.
RARE = 1_000_000
RARE_CODE, RARE_NUMBER, RARE_PREFIX = 488, "+8835100000001", "+88351"
_DAY = timedelta(days=1)
# Seeded: the same calls come again. `n` counts them from 1, over all days.
_SPREAD = """
    SELECT n, $1::timestamptz + ((n - $2 + 0.5) / $4) * interval '1 day' AS started_at,
        floor(1000 * power(random(), 3))::int AS tenant, floor(10 * power(random(), 2))::int AS way,
        random() AS fate, random() AS cc, power(random(), 4) AS callee, random() AS caller
    FROM generate_series($2::bigint, $3::bigint) AS n
"""
_CALLS = """
    INSERT INTO {name} (id, state, outcome, node, sip_call_id, from_tag, to_tag, tenant, tenant_id,
        source_trunk, calling_number, called_number, decision, revision, code, match, source_ip,
        source_port, transport, received_ip, received_port, request_uri, from_uri, to_uri, trunk,
        endpoint, carrier, started_at, answered_at, ended_at, duration_ms, pdd_ms, clock_went_back,
        sip_code, sip_reason, q850, cause, updated_at)
    SELECT (lpad(to_hex((extract(epoch FROM started_at) * 1000000)::bigint), 14, '0')
            || substr(md5(n::text), 1, 18))::uuid,
        CASE outcome WHEN 'INCOMPLETE' THEN outcome ELSE 'ENDED' END, outcome, 'node-' || n % 4,
        md5('call' || n) || '@192.0.2.1', substr(md5('from' || n), 1, 10),
        substr(md5('to' || n), 1, 10), md5('tenant' || tenant)::uuid::text,
        md5('tenant' || tenant)::uuid, md5('pbx' || tenant)::uuid::text,
        '+3904' || lpad(tenant::text, 4, '0') || lpad(floor(caller * 100)::text, 3, '0'), called,
        substr(md5('decision' || n), 1, 16), 1, code, '', '192.0.2.1', 5060, 'udp', '192.0.2.9',
        5060, 'sip:' || called || '@192.0.2.9', 'sip:' || tenant || '@acme.example',
        'sip:' || called || '@192.0.2.9',
        CASE outcome WHEN 'ANSWERED' THEN md5('trunk' || way)::uuid::text ELSE '' END, '',
        CASE outcome WHEN 'ANSWERED' THEN md5('carrier' || way)::uuid::text ELSE '' END,
        started_at, CASE outcome WHEN 'ANSWERED' THEN started_at + interval '5 s' END,
        started_at + interval '95 s', CASE outcome WHEN 'ANSWERED' THEN 90000 ELSE 0 END, 2000,
        false, sip_code, '', '', 'bye_caller', started_at
    FROM (
        SELECT *,
            CASE WHEN n % {rare} = 0 THEN '{rare_number}'
                ELSE CASE WHEN cc < 0.6 THEN '+39' WHEN cc < 0.8 THEN '+44' WHEN cc < 0.95 THEN '+1'
                    ELSE '+' || 30 + floor(cc * 1000)::int % 60 END
                || lpad(floor(callee * 10000000)::text, 9, '0') END AS called,
            CASE WHEN n % {rare} = 0 THEN {rare_code} WHEN fate < 0.58 THEN 200
                WHEN fate < 0.68 THEN 486 WHEN fate < 0.76 THEN 480 WHEN fate < 0.9 THEN 487
                WHEN fate < 0.94 THEN 404 WHEN fate < 0.97 THEN 503 WHEN fate < 0.9999 THEN 403
                ELSE 0 END AS sip_code,
            CASE WHEN fate < 0.58 THEN 'ANSWERED' WHEN fate < 0.76 THEN 'FAILED'
                WHEN fate < 0.9 THEN 'CANCELLED' WHEN fate < 0.97 THEN 'FAILED'
                WHEN fate < 0.9999 THEN 'REJECTED' ELSE 'INCOMPLETE' END AS outcome,
            CASE WHEN fate BETWEEN 0.97 AND 0.9999 THEN 'NO_ROUTE' ELSE 'ROUTING_RULE' END AS code
        FROM ({spread}) AS spread) AS calls
"""


async def generate_calls(database_url: str, count: int, last_day: date) -> float:
    """Fill the days up to the last one of a migrated database without calls; seconds."""
    started = time.perf_counter()
    connection = await asyncpg.connect(**connection_parameters(database_url))
    try:
        await connection.execute("SET maintenance_work_mem = '256MB'")
        for day, first, last in _shares(count, last_day):
            await _fill(connection, day, first, last)
        await connection.execute("ANALYZE call_record")
    finally:
        await connection.close()
    return time.perf_counter() - started


def tenant_id(number: int) -> str:
    """Of the tenant of this number, 0 of that with most calls."""
    return _named(f"tenant{number}")


def source_trunk_id(tenant: int) -> str:
    """Of the PBX of the tenant of this number."""
    return _named(f"pbx{tenant}")


def trunk_id(number: int) -> str:
    """Of a carrier's trunk, 0 of the busiest."""
    return _named(f"trunk{number}")


def carrier_id(number: int) -> str:
    """Of the carrier of the trunk of this number."""
    return _named(f"carrier{number}")


def _named(name: str) -> str:
    return str(UUID(md5(name.encode(), usedforsecurity=False).hexdigest()))


def _shares(count: int, last_day: date) -> Iterator[tuple[date, int, int]]:
    """The days, with the numbers of the first and the last call of each."""
    for place in range(DAYS):
        first, last = count * place // DAYS + 1, count * (place + 1) // DAYS
        yield last_day - (DAYS - 1 - place) * _DAY, first, last


async def _fill(connection: asyncpg.Connection, day: date, first: int, last: int) -> None:
    name = f"call_record_{day:%Y%m%d}"
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    await connection.execute(
        f"CREATE TABLE {name} (LIKE call_record INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
    )
    # Another one each day.
    await connection.execute("SELECT setseed($1)", math.sin(first))
    calls = _CALLS.format(
        name=name, spread=_SPREAD, rare=RARE, rare_number=RARE_NUMBER, rare_code=RARE_CODE
    )
    await connection.execute(calls, begin, first, last, float(last - first + 1))
    await connection.execute(
        f"ALTER TABLE call_record ATTACH PARTITION {name} "
        f"FOR VALUES FROM ('{begin.isoformat()}') TO ('{(begin + _DAY).isoformat()}')"
    )
