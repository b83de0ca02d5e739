-- Each pool's money to its items, then each work's to its claims: largest remainder on integers, every tie by number.
-- floor(size x weight / total) is (size // total) x weight + ((size % total) x weight) // total; where the last product
-- could pass 2^63 it is taken in 128 bits. In: pools, items, claims, holdings. Out: amounts, cut.
CREATE OR REPLACE TABLE heaps AS
SELECT p.pool_no AS pool_no, p.group_no AS group_no, p.every_share AS every_share, t.total AS total,
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

CREATE OR REPLACE TABLE amounts AS
SELECT r.pool_no AS pool_no, r.item_no AS item_no, r.weight AS weight,
       r.amount + CASE WHEN r.nth <= l.units THEN 1 ELSE 0 END AS amount
FROM (SELECT f.pool_no AS pool_no, f.item_no AS item_no, f.weight AS weight, f.amount AS amount,
             ROW_NUMBER() OVER (PARTITION BY f.pool_no ORDER BY f.remainder DESC, f.item_no) AS nth
      FROM floors AS f) AS r
JOIN (SELECT f.pool_no AS pool_no, ABS(MIN(p.amount_micro)) - CAST(SUM(f.amount) AS BIGINT) AS units
      FROM floors AS f JOIN pools AS p ON p.pool_no = f.pool_no GROUP BY f.pool_no) AS l ON l.pool_no = r.pool_no;

CREATE OR REPLACE VIEW cut AS
SELECT r.pool_no AS pool_no, r.work_no AS work_no, r.weight AS weight, r.party_no AS party_no, r.society AS society,
       r.role AS role, r.share_ppm AS share_ppm,
       r.sign * (r.amount + CASE WHEN r.nth <= r.remainders // r.whole THEN 1 ELSE 0 END) AS amount
FROM (SELECT c.pool_no AS pool_no, c.work_no AS work_no, c.weight AS weight, c.party_no AS party_no,
             c.society AS society, c.role AS role, c.share_ppm AS share_ppm, c.sign AS sign, c.whole AS whole,
             c.each * c.share_ppm + c.rest * c.share_ppm // c.whole AS amount,
             ROW_NUMBER() OVER (PARTITION BY c.pool_no, c.work_no ORDER BY c.rest * c.share_ppm % c.whole DESC, c.share_no) AS nth,
             CAST(SUM(c.rest * c.share_ppm % c.whole) OVER (PARTITION BY c.pool_no, c.work_no) AS BIGINT) AS remainders
      FROM (SELECT a.pool_no AS pool_no, a.item_no AS work_no, a.weight AS weight, k.party_no AS party_no,
                   k.society AS society, k.role AS role, k.share_ppm AS share_ppm, k.share_no AS share_no, h.sign AS sign,
                   CASE WHEN h.every_share THEN 1000000 ELSE d.held_ppm END AS whole,
                   a.amount // CASE WHEN h.every_share THEN 1000000 ELSE d.held_ppm END AS each,
                   a.amount % CASE WHEN h.every_share THEN 1000000 ELSE d.held_ppm END AS rest
            FROM amounts AS a
            JOIN heaps AS h ON h.pool_no = a.pool_no
            JOIN holdings AS d ON d.group_no = h.group_no AND d.work_no = a.item_no
            JOIN claims AS k ON k.group_no = h.group_no AND k.work_no = a.item_no) AS c) AS r;
