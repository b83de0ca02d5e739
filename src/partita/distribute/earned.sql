-- Fee and fund by party, society and pool: floor of the absolute amount, in the party's favour. In: pieces, pools, parties, rates,
-- suspended, charges. Out: earned, earned_totals, posted.
CREATE OR REPLACE TABLE earned AS
SELECT g.pool_no AS pool_no, g.party_no AS party_no, g.society AS society, p.currency AS currency, g.gross AS gross,
       CASE WHEN g.gross < 0 THEN -1 ELSE 1 END
       * (ABS(g.gross) // 1000000 * r.fee_ppm + ABS(g.gross) % 1000000 * r.fee_ppm // 1000000) AS fee,
       CASE WHEN g.gross < 0 THEN -1 ELSE 1 END
       * (ABS(g.gross) // 1000000 * r.fund_ppm + ABS(g.gross) % 1000000 * r.fund_ppm // 1000000) AS fund
FROM (SELECT c.pool_no AS pool_no, c.party_no AS party_no, c.society AS society, CAST(SUM(c.amount) AS BIGINT) AS gross
      FROM pieces AS c WHERE c.party_no >= 0 GROUP BY c.pool_no, c.party_no, c.society) AS g
JOIN pools AS p ON p.pool_no = g.pool_no
JOIN rates AS r ON r.society = g.society;

-- Each society pays its own rightholders: a party of two societies is two payees.
CREATE OR REPLACE TABLE earned_totals AS
SELECT q.party_id AS party_id, q.party_name AS party_name, e.society AS society, e.currency AS currency, e.gross AS gross,
       e.fee AS fee, e.fund AS fund
FROM (SELECT x.party_no AS party_no, x.society AS society, x.currency AS currency, CAST(SUM(x.gross) AS BIGINT) AS gross,
             CAST(SUM(x.fee) AS BIGINT) AS fee, CAST(SUM(x.fund) AS BIGINT) AS fund
      FROM earned AS x GROUP BY x.party_no, x.society, x.currency) AS e
JOIN parties AS q ON q.party_no = e.party_no;

CREATE OR REPLACE TABLE posted AS
SELECT 'charge/' || c.charge_id AS entry_id, 'receivable' AS account, c.licensee AS party_id, c.currency AS currency,
       c.amount_micro + c.tax_micro AS amount_micro, c.charge_id AS pool_id, 'charge' AS reason
FROM charges AS c WHERE c.chosen
UNION ALL
SELECT 'charge/' || c.charge_id AS entry_id, 'pool' AS account, c.society AS party_id, c.currency AS currency,
       -c.amount_micro AS amount_micro, c.charge_id AS pool_id, 'charge' AS reason
FROM charges AS c WHERE c.chosen
UNION ALL
SELECT 'charge/' || c.charge_id AS entry_id, 'tax' AS account, c.society AS party_id, c.currency AS currency,
       -c.tax_micro AS amount_micro, c.charge_id AS pool_id, 'charge' AS reason
FROM charges AS c WHERE c.chosen
UNION ALL
SELECT 'charge/' || p.pool_id AS entry_id, 'receivable' AS account, p.licensee AS party_id, p.currency AS currency,
       p.amount_micro AS amount_micro, p.pool_id AS pool_id, 'charge' AS reason
FROM pools AS p WHERE p.pool_id NOT IN (SELECT c.charge_id FROM charges AS c WHERE c.chosen)
UNION ALL
SELECT 'charge/' || p.pool_id AS entry_id, 'pool' AS account, p.society AS party_id, p.currency AS currency,
       -p.amount_micro AS amount_micro, p.pool_id AS pool_id, 'charge' AS reason
FROM pools AS p WHERE p.pool_id NOT IN (SELECT c.charge_id FROM charges AS c WHERE c.chosen)
UNION ALL
SELECT 'distribution/' || p.pool_id AS entry_id, 'pool' AS account, p.society AS party_id, p.currency AS currency,
       p.amount_micro AS amount_micro, p.pool_id AS pool_id, 'distribution' AS reason
FROM pools AS p
UNION ALL
SELECT 'distribution/' || p.pool_id AS entry_id, 'payable' AS account, COALESCE(q.party_id, '') AS party_id,
       e.currency AS currency, -e.amount_micro AS amount_micro, p.pool_id AS pool_id, 'distribution' AS reason
FROM (SELECT x.pool_no AS pool_no, CASE WHEN $by_party THEN x.party_no ELSE -1 END AS party_no, x.currency AS currency,
             CAST(SUM(x.gross - x.fee - x.fund) AS BIGINT) AS amount_micro
      FROM earned AS x GROUP BY x.pool_no, CASE WHEN $by_party THEN x.party_no ELSE -1 END, x.currency) AS e
JOIN pools AS p ON p.pool_no = e.pool_no
LEFT JOIN parties AS q ON q.party_no = e.party_no
UNION ALL
SELECT 'distribution/' || p.pool_id AS entry_id, 'fee' AS account, e.society AS party_id, p.currency AS currency,
       -CAST(SUM(e.fee) AS BIGINT) AS amount_micro, p.pool_id AS pool_id, 'fees' AS reason
FROM earned AS e JOIN pools AS p ON p.pool_no = e.pool_no GROUP BY p.pool_id, e.society, p.currency
UNION ALL
SELECT 'distribution/' || p.pool_id AS entry_id, 'fund' AS account, e.society AS party_id, p.currency AS currency,
       -CAST(SUM(e.fund) AS BIGINT) AS amount_micro, p.pool_id AS pool_id, 'fees' AS reason
FROM earned AS e JOIN pools AS p ON p.pool_no = e.pool_no GROUP BY p.pool_id, e.society, p.currency
UNION ALL
SELECT 'distribution/' || s.pool_id AS entry_id, 'suspense' AS account, s.reason AS party_id, p.currency AS currency,
       -CAST(SUM(s.amount_micro) AS BIGINT) AS amount_micro, s.pool_id AS pool_id, 'distribution' AS reason
FROM suspended AS s JOIN pools AS p ON p.pool_id = s.pool_id GROUP BY s.pool_id, s.reason, p.currency;
