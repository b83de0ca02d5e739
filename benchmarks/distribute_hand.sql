-- The same task as SQL for this one task: no suspense, no fees, no journal, no checks. Keyed lines, pots and shares in,
-- each holder's part of each pot out. Largest remainder on integers, ties by id, as everywhere in Partita.
CREATE TABLE played AS
SELECT u.licensee AS licensee, COALESCE(u.work_id, k.work_id) AS work_id, CAST(SUM(u.plays) AS BIGINT) AS plays
FROM read_parquet('$folder/usage.parquet') AS u
LEFT JOIN read_parquet('$folder/decisions.parquet') AS k ON u.work_id IS NULL AND k.title = u.title
GROUP BY u.licensee, COALESCE(u.work_id, k.work_id);

CREATE TABLE amounts AS
WITH floors AS (
  SELECT p.licensee AS licensee, p.work_id AS work_id, t.amount_micro AS pot, t.amount_micro * p.plays // s.plays AS amount,
         t.amount_micro * p.plays % s.plays AS remainder
  FROM played AS p
  JOIN (SELECT licensee, CAST(SUM(plays) AS BIGINT) AS plays FROM played GROUP BY licensee) AS s ON s.licensee = p.licensee
  JOIN read_parquet('$folder/pots.parquet') AS t ON t.licensee = p.licensee),
ranked AS (
  SELECT licensee, work_id, amount, pot - CAST(SUM(amount) OVER (PARTITION BY licensee) AS BIGINT) AS units,
         ROW_NUMBER() OVER (PARTITION BY licensee ORDER BY remainder DESC, work_id) AS nth
  FROM floors)
SELECT licensee, work_id, amount + CASE WHEN nth <= units THEN 1 ELSE 0 END AS amount FROM ranked;

COPY (
WITH floors AS (
  SELECT a.licensee AS licensee, a.work_id AS work_id, h.party_id AS party_id, a.amount AS whole,
         a.amount * h.share_ppm // 1000000 AS amount, a.amount * h.share_ppm % 1000000 AS remainder
  FROM amounts AS a JOIN read_parquet('$folder/shares.parquet') AS h ON h.work_id = a.work_id),
ranked AS (
  SELECT licensee, party_id, amount, whole - CAST(SUM(amount) OVER (PARTITION BY licensee, work_id) AS BIGINT) AS units,
         ROW_NUMBER() OVER (PARTITION BY licensee, work_id ORDER BY remainder DESC, party_id) AS nth
  FROM floors)
SELECT party_id, licensee, CAST(SUM(amount + CASE WHEN nth <= units THEN 1 ELSE 0 END) AS BIGINT) AS amount_micro
FROM ranked GROUP BY party_id, licensee ORDER BY party_id, licensee
) TO '$folder/hand.parquet' (FORMAT parquet, COMPRESSION zstd);
