-- Fee and fund by party, society and pool: floor of the absolute amount, in the party's favour. In: pieces, pools, parties, rates,
-- suspense, charges. Out: earned, totals, postings.
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
CREATE OR REPLACE VIEW totals AS
SELECT q.party_id AS party_id, q.party_name AS party_name, e.society AS society, e.currency AS currency, e.gross AS gross,
       e.fee AS fee, e.fund AS fund
FROM (SELECT x.party_no AS party_no, x.society AS society, x.currency AS currency, CAST(SUM(x.gross) AS BIGINT) AS gross,
             CAST(SUM(x.fee) AS BIGINT) AS fee, CAST(SUM(x.fund) AS BIGINT) AS fund
      FROM earned AS x GROUP BY x.party_no, x.society, x.currency) AS e
JOIN parties AS q ON q.party_no = e.party_no;

CREATE OR REPLACE TABLE postings AS
SELECT 'charge/' || c.charge_id AS entry_id, k.account AS account,
       CASE k.account WHEN 'receivable' THEN c.licensee ELSE c.society END AS party_id, c.currency AS currency,
       CASE k.account WHEN 'receivable' THEN c.amount_micro + c.tax_micro WHEN 'pool' THEN -c.amount_micro
                      ELSE -c.tax_micro END AS amount_micro,
       c.charge_id AS pool_id, 'charge' AS reason
FROM charges AS c CROSS JOIN (VALUES ('receivable'), ('pool'), ('tax')) AS k(account)
WHERE c.chosen
UNION ALL
SELECT CASE k.step WHEN 3 THEN 'distribution/' ELSE 'charge/' END || p.pool_id AS entry_id,
       CASE k.step WHEN 1 THEN 'receivable' ELSE 'pool' END AS account,
       CASE k.step WHEN 1 THEN p.licensee ELSE p.society END AS party_id, p.currency AS currency,
       CASE k.step WHEN 2 THEN -p.amount_micro ELSE p.amount_micro END AS amount_micro, p.pool_id AS pool_id,
       CASE k.step WHEN 3 THEN 'distribution' ELSE 'charge' END AS reason
FROM pools AS p CROSS JOIN (VALUES (1), (2), (3)) AS k(step)
WHERE k.step = 3 OR p.pool_id NOT IN (SELECT c.charge_id FROM charges AS c WHERE c.chosen)
UNION ALL
SELECT 'distribution/' || p.pool_id AS entry_id, e.account AS account,
       CASE WHEN e.account <> 'payable' THEN e.society ELSE COALESCE(q.party_id, '') END AS party_id, e.currency AS currency,
       -e.amount_micro AS amount_micro, p.pool_id AS pool_id,
       CASE e.account WHEN 'payable' THEN 'distribution' ELSE 'fees' END AS reason
FROM (SELECT x.pool_no AS pool_no, k.account AS account, x.currency AS currency,
             CASE WHEN k.account = 'payable' AND $by_party = 1 THEN x.party_no ELSE -1 END AS party_no,
             CASE WHEN k.account = 'payable' THEN '' ELSE x.society END AS society,
             CAST(SUM(CASE k.account WHEN 'payable' THEN x.gross - x.fee - x.fund WHEN 'fee' THEN x.fee ELSE x.fund END) AS BIGINT)
             AS amount_micro
      FROM earned AS x CROSS JOIN (VALUES ('payable'), ('fee'), ('fund')) AS k(account)
      GROUP BY x.pool_no, k.account, x.currency, CASE WHEN k.account = 'payable' AND $by_party = 1 THEN x.party_no ELSE -1 END,
               CASE WHEN k.account = 'payable' THEN '' ELSE x.society END) AS e
JOIN pools AS p ON p.pool_no = e.pool_no
LEFT JOIN parties AS q ON q.party_no = e.party_no
UNION ALL
SELECT 'distribution/' || p.pool_id AS entry_id, 'suspense' AS account, s.reason AS party_id, p.currency AS currency,
       -CAST(SUM(s.amount_micro) AS BIGINT) AS amount_micro, p.pool_id AS pool_id, 'distribution' AS reason
FROM suspense AS s JOIN pools AS p ON p.pool_id = s.pool_id GROUP BY p.pool_id, s.reason, p.currency;
