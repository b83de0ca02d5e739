-- What all pages share. In: usage, matches, repertoire, pools, allocations, suspense, payouts, journal, problems.
-- line: every usage line with its outcome. held: suspense with the licensee of its pool.
CREATE OR REPLACE TABLE line AS
SELECT
    u.line_id AS line_id,
    u.licensee AS licensee,
    u.title AS title,
    array_to_string(u.performers, ' / ') AS performers,
    array_to_string(u.writers, ' / ') AS writers,
    u.plays AS plays,
    CAST(u.used_at AS DATE) AS day,
    CASE WHEN m.outcome IS NULL OR (m.outcome = 'matched' AND m.work_id IS NULL) THEN 'unmatched' ELSE m.outcome END AS outcome,
    m.work_id AS work_id,
    coalesce(m.rule, '') AS rule,
    m.candidates AS candidates
FROM usage AS u
LEFT JOIN matches AS m ON m.line_id = u.line_id;

-- One title a work, whichever society registered it.
CREATE OR REPLACE TABLE work AS
SELECT
    r.work_id AS work_id,
    min_by(r.title, r.society) AS title,
    min_by(array_to_string(r.writers, ' / '), r.society) AS writers,
    min_by(array_to_string(r.performers, ' / '), r.society) AS performers
FROM repertoire AS r
GROUP BY r.work_id;

-- What this run books of each pool: all of it, or the difference to the run that it adjusts.
CREATE OR REPLACE TABLE pool AS
WITH booked AS (
    SELECT j.pool_id AS pool_id, CAST(sum(j.amount_micro) AS BIGINT) AS amount_micro
    FROM journal AS j
    WHERE j.account = 'pool' AND (j.entry_id LIKE 'distribution/%' OR j.entry_id LIKE 'adjustment/distribution/%')
    GROUP BY j.pool_id
)
SELECT
    p.pool_id AS pool_id,
    p.licensee AS licensee,
    p.society AS society,
    p.tariff_id AS tariff_id,
    p.method AS method,
    p.period_from AS period_from,
    p.period_to AS period_to,
    p.allocation_key AS allocation_key,
    coalesce(b.amount_micro, 0) AS amount_micro
FROM pools AS p
LEFT JOIN booked AS b ON b.pool_id = p.pool_id;

-- Each allocation belongs to the payout of its party by the society of the share.
CREATE OR REPLACE VIEW share_paid AS
SELECT
    a.pool_id AS pool_id,
    a.work_id AS work_id,
    a.party_id AS party_id,
    a.society AS society,
    a.role AS role,
    a.share_ppm AS share_ppm,
    a.weight AS weight,
    a.amount_micro AS amount_micro
FROM allocations AS a;

-- Plays of each matched work in each pool, as `distribute` counts them: the pool's licensee, days in its period.
CREATE OR REPLACE TABLE played AS
WITH daily AS (
    SELECT
        l.licensee AS licensee,
        l.work_id AS work_id,
        l.day AS day,
        CAST(sum(l.plays) AS BIGINT) AS plays
    FROM line AS l
    WHERE l.outcome = 'matched'
    GROUP BY l.licensee, l.work_id, l.day
)
SELECT
    p.pool_id AS pool_id,
    d.work_id AS work_id,
    CAST(sum(d.plays) AS BIGINT) AS plays
FROM daily AS d
JOIN pool AS p
    ON (p.licensee = '' OR p.licensee = d.licensee)
    AND (d.day IS NULL OR (d.day >= p.period_from AND d.day <= p.period_to))
GROUP BY p.pool_id, d.work_id;

CREATE OR REPLACE TABLE held AS
SELECT
    s.pool_id AS pool_id,
    p.licensee AS licensee,
    p.society AS society,
    s.reason AS reason,
    s.line_id AS line_id,
    s.work_id AS work_id,
    s.since AS since,
    s.amount_micro AS amount_micro
FROM suspense AS s
JOIN pool AS p ON p.pool_id = s.pool_id;

-- Rows of usage lists that were set aside: one row a file and line, whatever was wrong with it, with its money.
CREATE OR REPLACE TABLE aside AS
WITH waiting AS (
    SELECT h.line_id AS line_id, CAST(sum(h.amount_micro) AS BIGINT) AS amount_micro
    FROM held AS h WHERE h.reason = 'quarantined' GROUP BY h.line_id
),
bad AS (
    SELECT q.file AS file, q.line AS line, min(q.code) AS code, max(q.plays) AS plays
    FROM problems AS q
    WHERE q.severity = 'quarantined' AND q.plays > 0
    GROUP BY q.file, q.line
)
SELECT
    b.file AS file,
    b.line AS line,
    b.code AS code,
    b.plays AS plays,
    coalesce(w.amount_micro, 0) AS amount_micro
FROM bad AS b
LEFT JOIN waiting AS w ON w.line_id = b.file || ':' || CAST(b.line AS VARCHAR);
