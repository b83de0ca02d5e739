-- Corrected less earlier, row by row. In: allocations, suspense, totals, postings and the earlier_ tables.
-- Out: allocations, suspense, totals, postings.
ALTER VIEW allocations RENAME TO allocated;
ALTER TABLE suspense RENAME TO suspended;
ALTER VIEW totals RENAME TO earned_totals;
ALTER TABLE postings RENAME TO posted;

CREATE OR REPLACE TABLE allocations AS
SELECT d.pool_id AS pool_id, d.work_id AS work_id, d.party_id AS party_id, d.role AS role, d.society AS society,
       COALESCE(MAX(d.new_ppm), MAX(d.share_ppm)) AS share_ppm, COALESCE(MAX(d.new_weight), MAX(d.weight)) AS weight,
       CAST(SUM(d.amount_micro) AS BIGINT) AS amount_micro
FROM (SELECT a.pool_id AS pool_id, a.work_id AS work_id, a.party_id AS party_id, a.role AS role, a.society AS society,
             a.share_ppm AS share_ppm, a.weight AS weight, a.share_ppm AS new_ppm, a.weight AS new_weight, a.amount_micro AS amount_micro
      FROM allocated AS a
      UNION ALL
      SELECT e.pool_id AS pool_id, e.work_id AS work_id, e.party_id AS party_id, e.role AS role, e.society AS society,
             e.share_ppm AS share_ppm, e.weight AS weight, NULL AS new_ppm, NULL AS new_weight, -e.amount_micro AS amount_micro
      FROM earlier_allocations AS e) AS d
GROUP BY d.pool_id, d.work_id, d.party_id, d.role, d.society
HAVING CAST(SUM(d.amount_micro) AS BIGINT) <> 0;

CREATE OR REPLACE TABLE suspense AS
SELECT d.pool_id AS pool_id, d.reason AS reason, d.line_id AS line_id, d.work_id AS work_id,
       COALESCE(MAX(d.new_weight), MAX(d.weight)) AS weight, MAX(d.since) AS since, CAST(SUM(d.amount_micro) AS BIGINT) AS amount_micro
FROM (SELECT s.pool_id AS pool_id, s.reason AS reason, s.line_id AS line_id, s.work_id AS work_id, s.weight AS weight,
             s.weight AS new_weight, s.since AS since, s.amount_micro AS amount_micro
      FROM suspended AS s
      UNION ALL
      SELECT e.pool_id AS pool_id, e.reason AS reason, e.line_id AS line_id, e.work_id AS work_id, e.weight AS weight,
             NULL AS new_weight, e.since AS since, -e.amount_micro AS amount_micro
      FROM earlier_suspense AS e) AS d
GROUP BY d.pool_id, d.reason, d.line_id, d.work_id
HAVING CAST(SUM(d.amount_micro) AS BIGINT) <> 0;

CREATE OR REPLACE TABLE totals AS
SELECT d.party_id AS party_id, COALESCE(MAX(d.new_name), MAX(d.party_name)) AS party_name,
       d.society AS society, d.currency AS currency, CAST(SUM(d.gross) AS BIGINT) AS gross,
       CAST(SUM(d.fee) AS BIGINT) AS fee, CAST(SUM(d.fund) AS BIGINT) AS fund
FROM (SELECT t.party_id AS party_id, t.party_name AS party_name, t.party_name AS new_name, t.society AS society,
             t.currency AS currency, t.gross AS gross, t.fee AS fee, t.fund AS fund
      FROM earned_totals AS t
      UNION ALL
      SELECT e.party_id AS party_id, e.party_name AS party_name, NULL AS new_name, e.society AS society,
             e.currency AS currency, -e.gross_micro AS gross, -e.fee_micro AS fee, -e.fund_micro AS fund
      FROM earlier_payouts AS e) AS d
GROUP BY d.party_id, d.society, d.currency
HAVING CAST(SUM(d.gross) AS BIGINT) <> 0 OR CAST(SUM(d.fee) AS BIGINT) <> 0 OR CAST(SUM(d.fund) AS BIGINT) <> 0;

CREATE OR REPLACE TABLE postings AS
SELECT 'adjustment/' || d.entry_id AS entry_id, d.account AS account, d.party_id AS party_id, d.currency AS currency,
       CAST(SUM(d.amount_micro) AS BIGINT) AS amount_micro, d.pool_id AS pool_id, 'adjustment' AS reason
FROM (SELECT p.entry_id AS entry_id, p.account AS account, p.party_id AS party_id, p.currency AS currency,
             p.amount_micro AS amount_micro, p.pool_id AS pool_id
      FROM posted AS p
      UNION ALL
      SELECT CASE WHEN SUBSTRING(e.entry_id, 1, 11) = 'adjustment/' THEN SUBSTRING(e.entry_id, 12) ELSE e.entry_id END AS entry_id,
             e.account AS account, e.party_id AS party_id, e.currency AS currency, -e.amount_micro AS amount_micro, e.pool_id AS pool_id
      FROM earlier_journal AS e WHERE e.pool_id <> '') AS d
GROUP BY d.entry_id, d.account, d.party_id, d.currency, d.pool_id
HAVING CAST(SUM(d.amount_micro) AS BIGINT) <> 0;
