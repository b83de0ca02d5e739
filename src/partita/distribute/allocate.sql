-- Each pool's money to its items: largest remainder on integers, every tie by number.
-- floor(size x weight / total) is (size // total) x weight + ((size % total) x weight) // total; where the last product
-- could pass 2^63 it is taken in 128 bits. In: pools, items. Out: heaps, amounts.
CREATE OR REPLACE TABLE heaps AS
SELECT p.pool_no AS pool_no, p.group_no AS group_no, t.total AS total, t.total // 1024 + 1 AS bucket_size,
       ABS(p.amount_micro) // t.total AS each, ABS(p.amount_micro) % t.total AS rest,
       CASE WHEN p.amount_micro < 0 THEN -1 ELSE 1 END AS sign,
       CAST(t.total AS HUGEINT) * t.heaviest < 9223372036854775807 AS narrow
FROM pools AS p
JOIN (SELECT i.pool_no AS pool_no, CAST(SUM(i.weight) AS BIGINT) AS total, MAX(i.weight) AS heaviest
      FROM items AS i GROUP BY i.pool_no) AS t ON t.pool_no = p.pool_no;

CREATE OR REPLACE TABLE floors AS
SELECT i.pool_no AS pool_no, i.item_no AS item_no, i.weight AS weight,
       h.each * i.weight
       + CASE WHEN h.narrow THEN h.rest * i.weight // h.total
              ELSE CAST(CAST(h.rest AS HUGEINT) * i.weight // h.total AS BIGINT) END AS amount,
       CASE WHEN h.narrow THEN h.rest * i.weight % h.total
            ELSE CAST(CAST(h.rest AS HUGEINT) * i.weight % h.total AS BIGINT) END AS remainder
FROM items AS i JOIN heaps AS h ON h.pool_no = i.pool_no;

-- Which remainders are large enough for one more unit: they are counted in 1,024 buckets a pool, and only the bucket in
-- which the units run out is sorted.
CREATE OR REPLACE TABLE buckets AS
SELECT b.pool_no AS pool_no, b.bucket AS bucket, b.floors AS floors,
       CAST(SUM(b.items) OVER (PARTITION BY b.pool_no ORDER BY b.bucket DESC) AS BIGINT) - b.items AS before, b.items AS items
FROM (SELECT f.pool_no AS pool_no, f.remainder // h.bucket_size AS bucket, COUNT(*) AS items, CAST(SUM(f.amount) AS BIGINT) AS floors
      FROM floors AS f JOIN heaps AS h ON h.pool_no = f.pool_no
      GROUP BY f.pool_no, f.remainder // h.bucket_size) AS b;

CREATE OR REPLACE TABLE cutoffs AS
SELECT b.pool_no AS pool_no, MIN(CASE WHEN b.before < l.units THEN b.bucket ELSE 1025 END) AS bucket, MIN(l.units) AS units,
       MAX(CASE WHEN b.before < l.units THEN b.before ELSE 0 END) AS before
FROM buckets AS b
JOIN (SELECT u.pool_no AS pool_no, MIN(ABS(p.amount_micro)) - CAST(SUM(u.floors) AS BIGINT) AS units
      FROM buckets AS u JOIN pools AS p ON p.pool_no = u.pool_no GROUP BY u.pool_no) AS l ON l.pool_no = b.pool_no
GROUP BY b.pool_no;

CREATE OR REPLACE TABLE amounts AS
WITH lucky AS (
SELECT r.pool_no AS pool_no, r.item_no AS item_no
FROM (SELECT f.pool_no AS pool_no, f.item_no AS item_no, c.units - c.before AS units,
             ROW_NUMBER() OVER (PARTITION BY f.pool_no ORDER BY f.remainder DESC, f.item_no) AS nth
      FROM floors AS f
      JOIN heaps AS h ON h.pool_no = f.pool_no
      JOIN cutoffs AS c ON c.pool_no = f.pool_no AND c.bucket = f.remainder // h.bucket_size) AS r
WHERE r.nth <= r.units)
SELECT f.pool_no AS pool_no, f.item_no AS item_no, f.weight AS weight,
       f.amount + CASE WHEN f.remainder // h.bucket_size > c.bucket OR k.item_no IS NOT NULL THEN 1 ELSE 0 END AS amount
FROM floors AS f
JOIN heaps AS h ON h.pool_no = f.pool_no
JOIN cutoffs AS c ON c.pool_no = f.pool_no
LEFT JOIN lucky AS k ON k.pool_no = f.pool_no AND k.item_no = f.item_no;
