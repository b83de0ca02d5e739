-- One line of a run: its match, the pools it counts in, what those pools gave to its work, and what they hold back.
-- In: usage, matches, pools, allocations, suspense, shares; $line_id. The part of a line in its work's money is
-- line_weight of work_weight: its plays among all plays of the work that the pool counted.
CREATE OR REPLACE TABLE the_line AS SELECT * FROM usage WHERE line_id = $line_id;
CREATE OR REPLACE TABLE the_match AS SELECT * FROM matches WHERE line_id = $line_id;

CREATE OR REPLACE TABLE the_pools AS
SELECT p.*
FROM pools AS p
CROSS JOIN the_line AS u
WHERE (p.licensee = '' OR p.licensee = u.licensee)
  AND (u.used_at IS NULL OR (CAST(u.used_at AS DATE) >= p.period_from AND CAST(u.used_at AS DATE) <= p.period_to));

CREATE OR REPLACE TABLE fellow_lines AS
SELECT
    p.pool_id AS pool_id,
    CAST(sum(u.plays) AS BIGINT) AS work_plays
FROM the_pools AS p
JOIN usage AS u ON p.licensee = '' OR u.licensee = p.licensee
JOIN matches AS m ON m.line_id = u.line_id AND m.outcome = 'matched'
JOIN the_match AS t ON t.work_id = m.work_id
WHERE u.used_at IS NULL OR (CAST(u.used_at AS DATE) >= p.period_from AND CAST(u.used_at AS DATE) <= p.period_to)
GROUP BY p.pool_id;

CREATE OR REPLACE TABLE the_allocations AS
SELECT
    a.pool_id AS pool_id,
    p.currency AS currency,
    a.party_id AS party_id,
    coalesce(y.party_name, a.party_id) AS party_name,
    a.role AS role,
    a.society AS society,
    a.share_ppm AS share_ppm,
    a.amount_micro AS amount_micro,
    u.plays AS line_plays,
    f.work_plays AS work_plays
FROM allocations AS a
JOIN the_match AS t ON t.work_id = a.work_id AND t.outcome = 'matched'
JOIN the_pools AS p ON p.pool_id = a.pool_id
JOIN fellow_lines AS f ON f.pool_id = a.pool_id
CROSS JOIN the_line AS u
LEFT JOIN payouts AS y ON y.party_id = a.party_id AND y.society = a.society AND y.currency = p.currency;

CREATE OR REPLACE TABLE the_suspense AS
SELECT
    s.pool_id AS pool_id,
    p.currency AS currency,
    s.reason AS reason,
    s.line_id AS line_id,
    s.work_id AS work_id,
    s.weight AS weight,
    s.since AS since,
    s.amount_micro AS amount_micro
FROM suspense AS s
JOIN pools AS p ON p.pool_id = s.pool_id
WHERE s.line_id = $line_id
   OR (s.work_id <> '' AND s.work_id IN (SELECT work_id FROM the_match WHERE outcome = 'matched')
       AND s.pool_id IN (SELECT pool_id FROM the_pools));
