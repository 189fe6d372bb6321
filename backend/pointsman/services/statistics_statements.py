"""The SQL that counts calls, and adds counts up."""


def _sql(*parts: str) -> str:
    return " ".join(parts)


# What counts are told apart by, and the counts. A row of `part` has the delay of `heard` calls in
# `bucket`, or none.
_DIMENSIONS = "level, begins_at, tenant_id, carrier, trunk, prefix, sip_code"
_COUNTS = (
    "sum(attempts)::bigint AS attempts, sum(answered)::bigint AS answered, "
    "sum(effective)::bigint AS effective, sum(timed)::bigint AS timed, "
    "sum(duration_ms)::bigint AS duration_ms, "
)
_SUMMED = _sql(
    "SELECT", _DIMENSIONS, ",", _COUNTS,
    "coalesce(array_agg(bucket ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL), '{}')",
    "AS pdd_buckets,",
    "coalesce(array_agg(heard ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL), '{}')",
    "AS pdd_counts FROM (SELECT", _DIMENSIONS, ", bucket,", _COUNTS,
    "sum(heard)::bigint AS heard FROM part GROUP BY", _DIMENSIONS, ", bucket) AS by_bucket",
    "GROUP BY", _DIMENSIONS,
)  # fmt: skip
_INSERT = (
    "INSERT INTO call_statistics (resolution, level, begins_at, tenant_id, carrier, trunk, prefix, "
    "sip_code, attempts, answered, effective, timed, duration_ms, pdd_buckets, pdd_counts)"
)
# The calls of a span of time, and the tries that were made for them. Ids are in the order of time
# (calls/event.py), and their index finds them; the times name the days that are looked at.
# The call of a try is left to be found by its key: the planner believes that a new day has few
# calls, and would look at all of them for each try.
# A call that is being set up is not counted until it is known what became of it.
_UNITS = (
    "SELECT 'CALLS' AS level, started_at, tenant_id, carrier, trunk, called_number, sip_code, "
    "answered_at IS NOT NULL AS is_answered, duration_ms, pdd_ms FROM call_record "
    "WHERE id >= $3 AND id < $4 AND started_at >= $1 AND started_at < $2 AND state <> 'STARTED' "
    "UNION ALL "
    "SELECT 'ATTEMPTS', call.started_at, call.tenant_id, attempt.carrier, attempt.trunk, "
    "call.called_number, attempt.sip_code, attempt.\"end\" = 'ANSWERED', "
    "CASE WHEN call.answered_at IS NOT NULL THEN call.duration_ms END, delay.ms "
    "FROM call_attempt AS attempt JOIN call_record AS call "
    "ON call.id = attempt.call_record_id AND call.started_at = attempt.started_at, "
    "LATERAL (SELECT floor(1000 * extract(epoch FROM coalesce(attempt.rang_at, "
    "CASE WHEN attempt.\"end\" = 'ANSWERED' THEN attempt.ended_at END) - attempt.sent_at))::bigint "
    "AS passed) AS heard, "
    "LATERAL (SELECT CASE WHEN passed >= 0 THEN passed END AS ms) AS delay "
    "WHERE attempt.id >= $3 AND attempt.id < $4 "
    "AND attempt.started_at >= $1 AND attempt.started_at < $2 "
    "AND call.started_at >= $1 AND call.started_at < $2"
)
_PART_OF_UNIT = (
    "SELECT level, date_trunc('minute', started_at, 'UTC') AS begins_at, tenant_id, carrier, "
    "trunk, CASE WHEN left(called_number, 2) = ANY($5) THEN left(called_number, 2) "
    "WHEN left(called_number, 3) = ANY($5) THEN left(called_number, 3) "
    "WHEN left(called_number, 4) = ANY($5) THEN left(called_number, 4) ELSE '' END AS prefix, "
    "sip_code, 1 AS attempts, is_answered::int AS answered, "
    "(is_answered OR sip_code = ANY($6) OR (sip_code = 408 AND pdd_ms IS NOT NULL))::int "
    "AS effective, (is_answered AND duration_ms IS NOT NULL)::int AS timed, "
    "CASE WHEN is_answered THEN coalesce(duration_ms, 0) ELSE 0 END AS duration_ms, "
    "width_bucket(pdd_ms, $7::bigint[]) AS bucket, (pdd_ms IS NOT NULL)::int AS heard FROM unit"
)
# A row of counts, and each of its buckets.
_PARTS_OF_CHOSEN = _sql(
    "SELECT", _DIMENSIONS, ", attempts, answered, effective, timed, duration_ms,",
    "NULL::int AS bucket, 0 AS heard FROM chosen UNION ALL",
    "SELECT", _DIMENSIONS, ", 0, 0, 0, 0, 0, bucket, heard",
    "FROM chosen, unnest(pdd_buckets, pdd_counts) AS delay (bucket, heard)",
)  # fmt: skip

# Begin, end, the first id from each on, CALLING_CODES, EFFECTIVE_CODES, BOUNDS_MS.
COUNT_MINUTES = _sql(
    "WITH unit AS (", _UNITS, "), part AS (", _PART_OF_UNIT, ")",
    _INSERT, "SELECT 'MINUTE', summed.* FROM (", _SUMMED, ") AS summed",
)  # fmt: skip
# The resolution to sum up, into which, and the begin and the end of a row of the latter.
ADD_UP = _sql(
    "WITH chosen AS (SELECT level, $3::timestamptz AS begins_at, tenant_id, carrier, trunk,",
    "prefix, sip_code, attempts, answered, effective, timed, duration_ms, pdd_buckets, pdd_counts",
    "FROM call_statistics WHERE resolution = $1 AND begins_at >= $3 AND begins_at < $4),",
    "part AS (", _PARTS_OF_CHOSEN, ")",
    _INSERT, "SELECT $2, summed.* FROM (", _SUMMED, ") AS summed",
)  # fmt: skip
CLEAR = "DELETE FROM call_statistics WHERE resolution = $1 AND begins_at >= $2 AND begins_at < $3"
# Level, resolution, begin, end; the dimensions to tell apart by; a tenant, carrier, trunk, prefix,
# each null for any; the carriers and the trunks that may be told, null for all; how many rows.
SELECT = _sql(
    "WITH chosen AS (SELECT level,",
    "CASE WHEN 'TIME' = ANY($5::text[]) THEN begins_at END AS begins_at,",
    "CASE WHEN 'TENANT' = ANY($5::text[]) THEN tenant_id END AS tenant_id,",
    "CASE WHEN 'CARRIER' = ANY($5::text[]) AND",
    "($10::text[] IS NULL OR carrier = ANY($10::text[])) THEN nullif(carrier, '') END AS carrier,",
    "CASE WHEN 'TRUNK' = ANY($5::text[]) AND",
    "($11::text[] IS NULL OR trunk = ANY($11::text[])) THEN nullif(trunk, '') END AS trunk,",
    "CASE WHEN 'PREFIX' = ANY($5::text[]) THEN prefix END AS prefix,",
    "CASE WHEN 'SIP_CODE' = ANY($5::text[]) THEN sip_code END AS sip_code,",
    "attempts, answered, effective, timed, duration_ms, pdd_buckets, pdd_counts",
    "FROM call_statistics WHERE level = $1 AND resolution = $2",
    "AND begins_at >= $3 AND begins_at < $4",
    "AND ($6::uuid IS NULL OR tenant_id = $6) AND ($7::text IS NULL OR carrier = $7)",
    "AND ($8::text IS NULL OR trunk = $8) AND ($9::text IS NULL OR prefix = $9)),",
    "part AS (", _PARTS_OF_CHOSEN, ")", _SUMMED,
    "ORDER BY begins_at, tenant_id, carrier, trunk, prefix, sip_code LIMIT $12",
)  # fmt: skip
