-- Plays and money by month of use and by how the works were made. In: usage, matches, pools, allocations, and makings
-- (work_id, making). What a pool paid for a work is laid to the months in which it was played, in proportion to the
-- plays that the pool counted.
CREATE OR REPLACE TABLE used AS
WITH daily AS (
    SELECT
        u.licensee AS licensee,
        m.work_id AS work_id,
        CAST(u.used_at AS DATE) AS day,
        CAST(count(*) AS BIGINT) AS lines,
        CAST(sum(u.plays) AS BIGINT) AS plays
    FROM usage AS u
    JOIN matches AS m ON m.line_id = u.line_id AND m.outcome = 'matched'
    GROUP BY 1, 2, 3
)
SELECT d.*, coalesce(strftime(d.day, '%Y-%m'), '') AS month
FROM daily AS d;

CREATE OR REPLACE TABLE paid AS
SELECT a.pool_id AS pool_id, a.work_id AS work_id, CAST(sum(a.amount_micro) AS BIGINT) AS amount_micro
FROM allocations AS a
GROUP BY a.pool_id, a.work_id;

CREATE OR REPLACE TABLE counted AS
SELECT p.pool_id AS pool_id, u.work_id AS work_id, u.month AS month, CAST(sum(u.plays) AS BIGINT) AS plays
FROM pools AS p
JOIN used AS u
    ON (p.licensee = '' OR p.licensee = u.licensee)
    AND (u.day IS NULL OR (u.day >= p.period_from AND u.day <= p.period_to))
GROUP BY p.pool_id, u.work_id, u.month
HAVING sum(u.plays) > 0;

-- Each month gets what the plays up to its end come to, less what those before it came to, both rounded down: so the
-- months sum to the whole exactly. Amounts go without their sign, as the differences of an adjustment may be below zero.
CREATE OR REPLACE TABLE laid AS
WITH summed AS (
    SELECT c.pool_id AS pool_id, c.work_id AS work_id, CAST(sum(c.plays) AS BIGINT) AS whole
    FROM counted AS c
    GROUP BY c.pool_id, c.work_id
),
running AS (
    SELECT
        c.pool_id AS pool_id,
        c.work_id AS work_id,
        c.month AS month,
        c.plays AS plays,
        CAST(sum(c.plays) OVER (PARTITION BY c.pool_id, c.work_id ORDER BY c.month) AS BIGINT) AS so_far
    FROM counted AS c
)
SELECT
    d.work_id AS work_id,
    coalesce(r.month, '') AS month,
    CASE WHEN r.month IS NULL THEN d.amount_micro ELSE CAST(sign(d.amount_micro) * (
        (abs(CAST(d.amount_micro AS HUGEINT)) * r.so_far) // s.whole
        - (abs(CAST(d.amount_micro AS HUGEINT)) * (r.so_far - r.plays)) // s.whole
    ) AS BIGINT) END AS amount_micro
FROM paid AS d
LEFT JOIN summed AS s ON s.pool_id = d.pool_id AND s.work_id = d.work_id
LEFT JOIN running AS r ON r.pool_id = d.pool_id AND r.work_id = d.work_id;

CREATE OR REPLACE TABLE making_shares AS
WITH told AS (
    SELECT u.work_id AS work_id, u.month AS month, CAST(sum(u.lines) AS BIGINT) AS lines,
        CAST(sum(u.plays) AS BIGINT) AS plays, 0 AS amount_micro
    FROM used AS u
    GROUP BY u.work_id, u.month
    UNION ALL
    SELECT l.work_id AS work_id, l.month AS month, 0 AS lines, 0 AS plays, l.amount_micro AS amount_micro
    FROM laid AS l
)
SELECT
    t.month AS month,
    coalesce(k.making, 'unknown') AS making,
    CAST(count(DISTINCT t.work_id) AS BIGINT) AS works,
    CAST(sum(t.lines) AS BIGINT) AS lines,
    CAST(sum(t.plays) AS BIGINT) AS plays,
    CAST(sum(t.amount_micro) AS BIGINT) AS amount_micro
FROM told AS t
LEFT JOIN makings AS k ON k.work_id = t.work_id
GROUP BY 1, 2;
