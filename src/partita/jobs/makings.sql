-- Plays and money by month of use and by how the works were made. In: usage, matches, pools, allocations, and makings
-- (work_id, making). What a pool paid for a work is laid to the months in which it was played, in proportion to the
-- plays that the pool counted: each month gets the floor, the units left go to the largest remainders, then by month.
CREATE OR REPLACE TABLE used AS
SELECT
    u.licensee AS licensee,
    m.work_id AS work_id,
    CAST(u.used_at AS DATE) AS day,
    coalesce(strftime(u.used_at, '%Y-%m'), '') AS month,
    u.plays AS plays
FROM usage AS u
JOIN matches AS m ON m.line_id = u.line_id AND m.outcome = 'matched';

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

-- Amounts without their sign, so that an adjustment's differences are shared out like what they adjust.
CREATE OR REPLACE TABLE laid AS
WITH weighed AS (
    SELECT
        d.pool_id AS pool_id,
        d.work_id AS work_id,
        coalesce(c.month, '') AS month,
        CAST(abs(d.amount_micro) AS HUGEINT) AS size,
        sign(d.amount_micro) AS side,
        CAST(coalesce(c.plays, 1) AS HUGEINT) AS plays,
        CAST(sum(coalesce(c.plays, 1)) OVER (PARTITION BY d.pool_id, d.work_id) AS HUGEINT) AS whole
    FROM paid AS d
    LEFT JOIN counted AS c ON c.pool_id = d.pool_id AND c.work_id = d.work_id
),
floored AS (
    SELECT
        *,
        (size * plays) // whole AS units,
        row_number() OVER (PARTITION BY pool_id, work_id ORDER BY (size * plays) % whole DESC, month) AS place
    FROM weighed
),
left_over AS (
    SELECT *, size - CAST(sum(units) OVER (PARTITION BY pool_id, work_id) AS HUGEINT) AS rest
    FROM floored
)
SELECT work_id AS work_id, month AS month, CAST(side * (units + CAST(place <= rest AS INTEGER)) AS BIGINT) AS amount_micro
FROM left_over;

CREATE OR REPLACE TABLE making_shares AS
WITH told AS (
    SELECT u.work_id AS work_id, u.month AS month, 1 AS lines, u.plays AS plays, 0 AS amount_micro FROM used AS u
    UNION ALL
    SELECT l.work_id AS work_id, l.month AS month, 0 AS lines, 0 AS plays, l.amount_micro AS amount_micro FROM laid AS l
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
