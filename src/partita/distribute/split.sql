-- Each work's amount to its claims: largest remainder on integers, ties to the earlier claim. A claim gets one more unit
-- where fewer claims come before it (by remainder, then by number) than there are units left over.
-- In: amounts, heaps, claims, claim_sets. Out: cut, from which the file that follows in the same statement makes pieces.
CREATE OR REPLACE TABLE pieces AS
WITH few AS (
SELECT w.pool_no AS pool_no, w.group_no AS group_no, w.work_no AS work_no, w.weight AS weight, w.sign AS sign, w.size AS size,
       w.each * w.s1 + w.rest * w.s1 // w.whole
       + CASE WHEN CASE WHEN w.r2 > w.r1 THEN 1 ELSE 0 END
                   + CASE WHEN w.r3 > w.r1 THEN 1 ELSE 0 END
                   + CASE WHEN w.r4 > w.r1 THEN 1 ELSE 0 END
                   < w.units THEN 1 ELSE 0 END AS a1,
       w.each * w.s2 + w.rest * w.s2 // w.whole
       + CASE WHEN CASE WHEN w.r1 >= w.r2 THEN 1 ELSE 0 END
                   + CASE WHEN w.r3 > w.r2 THEN 1 ELSE 0 END
                   + CASE WHEN w.r4 > w.r2 THEN 1 ELSE 0 END
                   < w.units THEN 1 ELSE 0 END AS a2,
       w.each * w.s3 + w.rest * w.s3 // w.whole
       + CASE WHEN CASE WHEN w.r1 >= w.r3 THEN 1 ELSE 0 END
                   + CASE WHEN w.r2 >= w.r3 THEN 1 ELSE 0 END
                   + CASE WHEN w.r4 > w.r3 THEN 1 ELSE 0 END
                   < w.units THEN 1 ELSE 0 END AS a3,
       w.each * w.s4 + w.rest * w.s4 // w.whole
       + CASE WHEN CASE WHEN w.r1 >= w.r4 THEN 1 ELSE 0 END
                   + CASE WHEN w.r2 >= w.r4 THEN 1 ELSE 0 END
                   + CASE WHEN w.r3 >= w.r4 THEN 1 ELSE 0 END
                   < w.units THEN 1 ELSE 0 END AS a4
FROM (SELECT v.*, (v.r1 + v.r2 + v.r3 + v.r4) // v.whole AS units
      FROM (SELECT a.pool_no AS pool_no, h.group_no AS group_no, a.item_no AS work_no, a.weight AS weight, h.sign AS sign,
                   c.size AS size, c.whole AS whole, c.s1 AS s1, c.s2 AS s2, c.s3 AS s3, c.s4 AS s4,
                   a.amount // c.whole AS each, a.amount % c.whole AS rest,
                   a.amount % c.whole * c.s1 % c.whole AS r1, a.amount % c.whole * c.s2 % c.whole AS r2,
                   a.amount % c.whole * c.s3 % c.whole AS r3, a.amount % c.whole * c.s4 % c.whole AS r4
            FROM amounts AS a
            JOIN heaps AS h ON h.pool_no = a.pool_no
            JOIN claim_sets AS c ON c.group_no = h.group_no AND c.work_no = a.item_no
            WHERE c.size <= 4) AS v) AS w),
many AS (
SELECT r.pool_no AS pool_no, r.group_no AS group_no, r.work_no AS work_no, r.weight AS weight, r.sign AS sign, r.nth AS nth,
       r.amount + CASE WHEN r.place <= r.remainders // r.whole THEN 1 ELSE 0 END AS amount
FROM (SELECT v.*, ROW_NUMBER() OVER (PARTITION BY v.pool_no, v.work_no ORDER BY v.remainder DESC, v.nth) AS place,
             CAST(SUM(v.remainder) OVER (PARTITION BY v.pool_no, v.work_no) AS BIGINT) AS remainders
      FROM (SELECT a.pool_no AS pool_no, h.group_no AS group_no, a.item_no AS work_no, a.weight AS weight, h.sign AS sign, k.nth AS nth,
                   c.whole AS whole, a.amount // c.whole * k.share_ppm + a.amount % c.whole * k.share_ppm // c.whole AS amount,
                   a.amount % c.whole * k.share_ppm % c.whole AS remainder
            FROM amounts AS a
            JOIN heaps AS h ON h.pool_no = a.pool_no
            JOIN claim_sets AS c ON c.group_no = h.group_no AND c.work_no = a.item_no
            JOIN claims AS k ON k.group_no = h.group_no AND k.work_no = a.item_no
            WHERE c.size > 4) AS v) AS r),
cut AS (
SELECT f.pool_no AS pool_no, f.work_no AS work_no, f.weight AS weight, k.party_no AS party_no, k.society AS society, k.role AS role,
       k.share_ppm AS share_ppm, f.sign * CASE k.nth WHEN 1 THEN f.a1 WHEN 2 THEN f.a2 WHEN 3 THEN f.a3 ELSE f.a4 END AS amount
FROM few AS f
JOIN claims AS k ON k.group_no = f.group_no AND k.work_no = f.work_no
UNION ALL
SELECT m.pool_no AS pool_no, m.work_no AS work_no, m.weight AS weight, k.party_no AS party_no, k.society AS society, k.role AS role,
       k.share_ppm AS share_ppm, m.sign * m.amount AS amount
FROM many AS m
JOIN claims AS k ON k.group_no = m.group_no AND k.work_no = m.work_no AND k.nth = m.nth)
