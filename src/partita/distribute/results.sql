-- Allocations (with the numbers of what they name: sorted alike, and cheaper to sort) and suspense. In: pools, heaps, amounts, others, pieces, works, parties. Out: allocations, suspense.
CREATE OR REPLACE VIEW allocations AS
SELECT p.pool_id AS pool_id, COALESCE(w.work_id, '') AS work_id, q.party_id AS party_id, c.role AS role, c.society AS society,
       c.share_ppm AS share_ppm, c.weight * CASE WHEN p.every_share THEN 1000000 ELSE 1 END AS weight, c.amount AS amount_micro,
       c.pool_no AS pool_no, COALESCE(c.work_no, 0) AS work_no, c.party_no AS party_no
FROM pieces AS c
JOIN pools AS p ON p.pool_no = c.pool_no
JOIN parties AS q ON q.party_no = c.party_no
LEFT JOIN works AS w ON w.work_no = c.work_no;

CREATE OR REPLACE TABLE suspense AS
SELECT p.pool_id AS pool_id, o.reason AS reason, o.line_id AS line_id, o.work_id AS work_id,
       o.weight * CASE WHEN p.every_share THEN 1000000 ELSE 1 END AS weight, p.period_to AS since, h.sign * a.amount AS amount_micro
FROM others AS o
JOIN amounts AS a ON a.pool_no = o.pool_no AND a.item_no = o.item_no
JOIN heaps AS h ON h.pool_no = o.pool_no
JOIN pools AS p ON p.pool_no = o.pool_no
UNION ALL
SELECT p.pool_id AS pool_id, 'unclaimed_share' AS reason, '' AS line_id, w.work_id AS work_id,
       c.weight * 1000000 AS weight, p.period_to AS since, c.amount AS amount_micro
FROM pieces AS c
JOIN pools AS p ON p.pool_no = c.pool_no
JOIN works AS w ON w.work_no = c.work_no
WHERE c.party_no < 0
UNION ALL
SELECT p.pool_id AS pool_id, 'no_usage' AS reason, '' AS line_id, '' AS work_id, 0 AS weight, p.period_to AS since,
       p.amount_micro AS amount_micro
FROM pools AS p WHERE p.pool_no NOT IN (SELECT h.pool_no FROM heaps AS h);
