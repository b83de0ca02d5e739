-- What each work and each held line weighs in each pool.
-- In: counted, candidates, quarantined, list_licensees, baskets, pools, works, holdings. Out: items, others.
CREATE OR REPLACE TABLE played AS
SELECT s.basket_no AS basket_no, w.work_no AS work_no, CASE WHEN w.work_no IS NULL THEN s.work_id END AS work_id,
       CASE WHEN b.allocation_key = 'equal' THEN 1 ELSE s.base END AS base
FROM (SELECT c.basket_no AS basket_no, c.work_id AS work_id, CAST(SUM(c.base) AS BIGINT) AS base
      FROM counted AS c WHERE c.outcome = 'matched' GROUP BY c.basket_no, c.work_id) AS s
JOIN baskets AS b ON b.basket_no = s.basket_no
LEFT JOIN works AS w ON w.work_id = s.work_id;

CREATE OR REPLACE TABLE waiting AS
SELECT c.basket_no AS basket_no, c.allocation_key AS allocation_key, c.line_id AS line_id, c.title AS title, c.outcome AS outcome,
       c.base AS base
FROM counted AS c WHERE c.outcome IN ('ambiguous', 'unmatched');

-- A quarantined row has no category and no weight: it weighs its plays times the mean of the lines beside it.
CREATE OR REPLACE TABLE held AS
WITH means AS (
SELECT c.basket_no AS basket_no, CAST(SUM(c.base) AS BIGINT) AS base,
       CAST(SUM(CASE WHEN c.allocation_key = 'points' THEN c.plays ELSE 1 END) AS BIGINT) AS units
FROM counted AS c
WHERE c.allocation_key IN ('points', 'given')
  AND c.basket_no IN (SELECT b.basket_no FROM baskets AS b CROSS JOIN quarantined AS q)
GROUP BY c.basket_no)
SELECT c.basket_no AS basket_no, c.line_id AS line_id, c.outcome AS reason, c.base AS base
FROM waiting AS c WHERE c.allocation_key <> 'equal'
UNION ALL
SELECT f.basket_no AS basket_no, f.line_id AS line_id, f.outcome AS reason, 1 AS base
FROM (SELECT c.basket_no AS basket_no, c.line_id AS line_id, c.outcome AS outcome,
             ROW_NUMBER() OVER (PARTITION BY c.basket_no, c.title ORDER BY c.line_id) AS nth
      FROM waiting AS c WHERE c.allocation_key = 'equal') AS f
WHERE f.nth = 1
UNION ALL
SELECT q.basket_no AS basket_no, q.line_id AS line_id, 'quarantined' AS reason,
       CASE q.allocation_key WHEN 'plays' THEN q.plays WHEN 'equal' THEN 1
            WHEN 'points' THEN q.plays * GREATEST(1, COALESCE(m.base // NULLIF(m.units, 0), 1))
            ELSE GREATEST(1, COALESCE(m.base // NULLIF(m.units, 0), 1)) END AS base
FROM (SELECT b.basket_no AS basket_no, b.allocation_key AS allocation_key, r.line_id AS line_id, r.plays AS plays
      FROM quarantined AS r CROSS JOIN baskets AS b WHERE b.licensee = ''
      UNION ALL
      SELECT b.basket_no AS basket_no, b.allocation_key AS allocation_key, r.line_id AS line_id, r.plays AS plays
      FROM quarantined AS r JOIN list_licensees AS l ON l.list = r.list
      JOIN baskets AS b ON b.licensee = l.licensee WHERE b.licensee <> '') AS q
LEFT JOIN means AS m ON m.basket_no = q.basket_no;

-- How much of an average matched line a pool's society controls: what an unmatched line is expected to weigh.
CREATE OR REPLACE TABLE expected AS
SELECT p.pool_no AS pool_no, CASE WHEN p.every_share THEN 1 ELSE COALESCE(e.ppm, 1000000) END AS ppm
FROM pools AS p
LEFT JOIN (SELECT q.pool_no AS pool_no,
                  CAST(CAST(SUM(CAST(y.base AS HUGEINT) * LEAST(COALESCE(h.held_ppm, 0), 1000000)) AS HUGEINT)
                       // NULLIF(CAST(SUM(y.base) AS HUGEINT), 0) AS BIGINT) AS ppm
           FROM pools AS q
           JOIN played AS y ON y.basket_no = q.basket_no AND y.work_no IS NOT NULL
           LEFT JOIN holdings AS h ON h.group_no = q.group_no AND h.work_no = y.work_no
           WHERE NOT q.every_share
           GROUP BY q.pool_no) AS e ON e.pool_no = p.pool_no;

CREATE OR REPLACE TABLE others AS
WITH likeliest AS (
SELECT p.pool_no AS pool_no, c.line_id AS line_id,
       MAX(CASE WHEN w.work_no IS NULL THEN x.ppm ELSE LEAST(COALESCE(h.held_ppm, 0), 1000000) END) AS ppm
FROM pools AS p
JOIN expected AS x ON x.pool_no = p.pool_no
JOIN held AS d ON d.basket_no = p.basket_no AND d.reason = 'ambiguous'
JOIN candidates AS c ON c.line_id = d.line_id
LEFT JOIN works AS w ON w.work_id = c.work_id
LEFT JOIN holdings AS h ON h.group_no = p.group_no AND h.work_no = w.work_no
WHERE NOT p.every_share
GROUP BY p.pool_no, c.line_id)
SELECT o.pool_no AS pool_no, o.reason AS reason, o.line_id AS line_id, o.work_id AS work_id, o.weight AS weight,
       1125899906842624
       + ROW_NUMBER() OVER (PARTITION BY o.pool_no ORDER BY o.line_id <> '', o.work_id, o.line_id, o.reason) AS item_no
FROM (SELECT p.pool_no AS pool_no, d.reason AS reason, d.line_id AS line_id, '' AS work_id,
             d.base * CASE WHEN d.reason = 'ambiguous' THEN COALESCE(k.ppm, x.ppm) ELSE x.ppm END AS weight
      FROM held AS d
      JOIN pools AS p ON p.basket_no = d.basket_no
      JOIN expected AS x ON x.pool_no = p.pool_no
      LEFT JOIN likeliest AS k ON k.pool_no = p.pool_no AND k.line_id = d.line_id
      UNION ALL
      SELECT p.pool_no AS pool_no, 'no_shares' AS reason, '' AS line_id, y.work_id AS work_id, y.base * x.ppm AS weight
      FROM played AS y
      JOIN pools AS p ON p.basket_no = y.basket_no
      JOIN expected AS x ON x.pool_no = p.pool_no
      WHERE y.work_no IS NULL
      UNION ALL
      SELECT p.pool_no AS pool_no, CASE WHEN h.held_ppm IS NULL THEN 'no_shares' ELSE 'overclaimed' END AS reason,
             '' AS line_id, w.work_id AS work_id, y.base * CASE WHEN p.every_share THEN 1 ELSE LEAST(h.held_ppm, 1000000) END AS weight
      FROM played AS y
      JOIN pools AS p ON p.basket_no = y.basket_no
      JOIN works AS w ON w.work_no = y.work_no
      LEFT JOIN holdings AS h ON h.group_no = p.group_no AND h.work_no = y.work_no
      WHERE h.overclaimed OR (h.held_ppm IS NULL AND p.every_share)) AS o
WHERE o.weight > 0;

-- Weights of pools that pay every share are counted in whole works, those of a society's pools in ppm of a work.
CREATE OR REPLACE TABLE items AS
SELECT p.pool_no AS pool_no, y.work_no AS item_no, y.base * CASE WHEN p.every_share THEN 1 ELSE h.held_ppm END AS weight
FROM played AS y
JOIN pools AS p ON p.basket_no = y.basket_no
JOIN holdings AS h ON h.group_no = p.group_no AND h.work_no = y.work_no
WHERE NOT h.overclaimed AND y.base > 0
UNION ALL
SELECT o.pool_no AS pool_no, o.item_no AS item_no, o.weight AS weight FROM others AS o;
