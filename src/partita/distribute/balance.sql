-- Every way in which the books could fail to balance, one row each: what, of what, expected and found.
-- In: allocations, suspense, payouts, journal, pools, charges, earlier_journal. Out: differences, sums.
CREATE OR REPLACE TABLE sums AS
SELECT x.currency AS currency, CAST(SUM(x.collected) AS BIGINT) AS collected_micro, CAST(SUM(x.tax) AS BIGINT) AS tax_micro,
       CAST(SUM(x.paid) AS BIGINT) AS paid_micro, CAST(SUM(x.fees) AS BIGINT) AS fees_micro, CAST(SUM(x.funds) AS BIGINT) AS funds_micro,
       CAST(SUM(x.suspense) AS BIGINT) AS suspense_micro, CAST(SUM(x.carried_in) AS BIGINT) AS carried_in_micro,
       CAST(SUM(x.carried_out) AS BIGINT) AS carried_out_micro, CAST(SUM(x.gross) AS BIGINT) AS gross_micro
FROM (SELECT j.currency AS currency, CASE WHEN j.account IN ('receivable', 'tax') THEN j.amount_micro ELSE 0 END AS collected,
             CASE WHEN j.account = 'tax' THEN -j.amount_micro ELSE 0 END AS tax, 0 AS paid, 0 AS fees, 0 AS funds, 0 AS suspense,
             0 AS carried_in, 0 AS carried_out, 0 AS gross
      FROM journal AS j
      UNION ALL
      SELECT q.currency AS currency, 0 AS collected, 0 AS tax, q.paid_micro AS paid, q.fee_micro AS fees, q.fund_micro AS funds, 0 AS suspense,
             q.carried_in_micro AS carried_in, q.carried_out_micro AS carried_out, q.gross_micro AS gross
      FROM payouts AS q
      UNION ALL
      SELECT p.currency AS currency, 0 AS collected, 0 AS tax, 0 AS paid, 0 AS fees, 0 AS funds, COALESCE(u.amount_micro, 0) AS suspense,
             0 AS carried_in, 0 AS carried_out, 0 AS gross
      FROM pools AS p LEFT JOIN suspense AS u ON u.pool_id = p.pool_id) AS x
GROUP BY x.currency;

-- What was given out of each pool, and its extremes: one look at the allocations serves three questions.
CREATE OR REPLACE TABLE given AS
SELECT a.pool_id AS pool_id, FALSE AS suspended, a.party_id AS party_id, a.society AS society,
       CAST(SUM(a.amount_micro) AS HUGEINT) AS amount_micro, MIN(a.amount_micro) AS least, MAX(a.amount_micro) AS most
FROM allocations AS a GROUP BY a.pool_id, a.party_id, a.society
UNION ALL
SELECT s.pool_id AS pool_id, TRUE AS suspended, '' AS party_id, '' AS society,
       CAST(SUM(s.amount_micro) AS HUGEINT) AS amount_micro, MIN(s.amount_micro) AS least, MAX(s.amount_micro) AS most
FROM suspense AS s GROUP BY s.pool_id;

CREATE OR REPLACE TABLE differences AS
WITH pool_moves AS (
SELECT p.pool_id AS pool_id, p.currency AS currency, p.amount_micro - COALESCE(e.amount_micro, 0) AS amount_micro
FROM pools AS p
LEFT JOIN (SELECT j.pool_id AS pool_id, -CAST(SUM(j.amount_micro) AS BIGINT) AS amount_micro
           FROM earlier_journal AS j WHERE j.pool_id <> '' AND j.account IN ('payable', 'fee', 'fund', 'suspense')
           GROUP BY j.pool_id) AS e ON e.pool_id = p.pool_id),
owed AS (
SELECT o.currency AS currency, CAST(SUM(o.amount_micro) AS BIGINT) AS amount_micro, CAST(SUM(o.tax_micro) AS BIGINT) AS tax_micro
FROM (SELECT c.currency AS currency, c.amount_micro AS amount_micro, c.tax_micro AS tax_micro FROM charges AS c WHERE c.chosen
      UNION ALL
      SELECT p.currency AS currency, p.amount_micro AS amount_micro, 0 AS tax_micro FROM pools AS p
      WHERE p.pool_id NOT IN (SELECT c.charge_id FROM charges AS c WHERE c.chosen)
      UNION ALL
      SELECT j.currency AS currency, -j.amount_micro AS amount_micro,
             CASE WHEN j.account = 'tax' THEN j.amount_micro ELSE 0 END AS tax_micro
      FROM earlier_journal AS j WHERE j.account IN ('receivable', 'tax')) AS o
GROUP BY o.currency)
SELECT 'the entry does not sum to zero' AS what, j.entry_id || ' ' || j.currency AS subject, 0 AS expected_micro,
       CAST(SUM(j.amount_micro) AS HUGEINT) AS found_micro
FROM journal AS j GROUP BY j.entry_id, j.currency HAVING CAST(SUM(j.amount_micro) AS HUGEINT) <> 0
UNION ALL
SELECT 'the pool does not end at zero' AS what, j.pool_id AS subject, 0 AS expected_micro, CAST(SUM(j.amount_micro) AS HUGEINT) AS found_micro
FROM journal AS j WHERE j.account = 'pool' GROUP BY j.pool_id HAVING CAST(SUM(j.amount_micro) AS HUGEINT) <> 0
UNION ALL
SELECT 'allocations and suspense differ from the pool' AS what, COALESCE(m.pool_id, d.pool_id) AS subject,
       COALESCE(m.amount_micro, 0) AS expected_micro, COALESCE(d.amount_micro, 0) AS found_micro
FROM pool_moves AS m
FULL OUTER JOIN (SELECT g.pool_id AS pool_id, CAST(SUM(g.amount_micro) AS HUGEINT) AS amount_micro
                 FROM given AS g GROUP BY g.pool_id) AS d ON d.pool_id = m.pool_id
WHERE COALESCE(m.amount_micro, 0) <> COALESCE(d.amount_micro, 0)
UNION ALL
SELECT CASE WHEN g.suspended THEN 'suspense' ELSE 'an allocation' END || ' has another sign than its pool' AS what, g.pool_id AS subject,
       0 AS expected_micro, CASE WHEN p.amount_micro >= 0 THEN g.least ELSE g.most END AS found_micro
FROM given AS g JOIN pools AS p ON p.pool_id = g.pool_id
WHERE $first_run = 1 AND ((p.amount_micro >= 0 AND g.least < 0) OR (p.amount_micro < 0 AND g.most > 0))
UNION ALL
SELECT CASE WHEN p.paid_micro < 0 THEN 'a payout is negative' ELSE 'a payout does not add up' END AS what,
       p.party_id || ' ' || p.society || ' ' || p.currency AS subject,
       CASE WHEN p.paid_micro < 0 THEN 0 ELSE p.gross_micro - p.fee_micro - p.fund_micro + p.carried_in_micro END AS expected_micro,
       CASE WHEN p.paid_micro < 0 THEN p.paid_micro ELSE p.paid_micro + p.carried_out_micro END AS found_micro
FROM payouts AS p
WHERE p.paid_micro < 0
      OR p.gross_micro - p.fee_micro - p.fund_micro + p.carried_in_micro <> p.paid_micro + p.carried_out_micro
UNION ALL
SELECT 'gross of the payouts differs from the allocations' AS what, 
       COALESCE(g.party_id, p.party_id) || ' ' || COALESCE(g.society, p.society) || ' ' || COALESCE(g.currency, p.currency) AS subject,
       COALESCE(g.amount_micro, 0) AS expected_micro, COALESCE(p.gross_micro, 0) AS found_micro
FROM (SELECT a.party_id AS party_id, a.society AS society, m.currency AS currency, CAST(SUM(a.amount_micro) AS HUGEINT) AS amount_micro
      FROM given AS a JOIN pools AS m ON m.pool_id = a.pool_id WHERE NOT a.suspended
      GROUP BY a.party_id, a.society, m.currency) AS g
FULL OUTER JOIN payouts AS p ON p.party_id = g.party_id AND p.society = g.society AND p.currency = g.currency
WHERE COALESCE(g.amount_micro, 0) <> COALESCE(p.gross_micro, 0)
UNION ALL
SELECT 'the journal differs from the tables: ' || x.account AS what, x.currency AS subject, x.expected_micro AS expected_micro,
       COALESCE(y.found_micro, 0) AS found_micro
FROM (SELECT k.account AS account, s.currency AS currency,
             CASE k.account WHEN 'paid' THEN -s.paid_micro WHEN 'fee' THEN -s.fees_micro WHEN 'fund' THEN -s.funds_micro
                            WHEN 'suspense' THEN -s.suspense_micro WHEN 'carried' THEN s.carried_in_micro - s.carried_out_micro
                            ELSE 0 END AS expected_micro
      FROM sums AS s CROSS JOIN (VALUES ('paid'), ('fee'), ('fund'), ('suspense'), ('payable'), ('carried')) AS k(account)
      UNION ALL
      SELECT k.account AS account, o.currency AS currency,
             CASE k.account WHEN 'tax' THEN -o.tax_micro ELSE o.amount_micro + o.tax_micro END AS expected_micro
      FROM owed AS o CROSS JOIN (VALUES ('receivable'), ('tax')) AS k(account)) AS x
LEFT JOIN (SELECT j.account AS account, j.currency AS currency, CAST(SUM(j.amount_micro) AS HUGEINT) AS found_micro FROM journal AS j
           GROUP BY j.account, j.currency) AS y ON y.account = x.account AND y.currency = x.currency
WHERE x.expected_micro <> COALESCE(y.found_micro, 0)
UNION ALL
SELECT 'collected and carried in differ from paid, fees, funds, suspense and carried out' AS what, s.currency AS subject,
       s.collected_micro + s.carried_in_micro AS expected_micro,
       s.paid_micro + s.fees_micro + s.funds_micro + s.suspense_micro + s.carried_out_micro AS found_micro
FROM sums AS s
WHERE s.collected_micro + s.carried_in_micro <> s.paid_micro + s.fees_micro + s.funds_micro + s.suspense_micro + s.carried_out_micro;
