-- What is paid now and what is carried forward. In: totals, carried (payouts of the run before), units. Out: payouts, journal.
CREATE OR REPLACE TABLE payouts AS
SELECT d.party_id AS party_id, d.party_name AS party_name, d.society AS society, d.currency AS currency,
       d.gross AS gross_micro, d.fee AS fee_micro, d.fund AS fund_micro, d.carried_in AS carried_in_micro,
       CASE WHEN d.due > 0 AND d.due >= u.minimum_micro THEN d.due // u.unit_micro * u.unit_micro ELSE 0 END AS paid_micro,
       d.due - CASE WHEN d.due > 0 AND d.due >= u.minimum_micro THEN d.due // u.unit_micro * u.unit_micro ELSE 0 END AS carried_out_micro
FROM (SELECT COALESCE(t.party_id, c.party_id) AS party_id, COALESCE(t.party_name, c.party_name) AS party_name,
             COALESCE(t.society, c.society) AS society, COALESCE(t.currency, c.currency) AS currency,
             COALESCE(t.gross, 0) AS gross, COALESCE(t.fee, 0) AS fee, COALESCE(t.fund, 0) AS fund,
             COALESCE(c.carried_out_micro, 0) AS carried_in,
             COALESCE(t.gross, 0) - COALESCE(t.fee, 0) - COALESCE(t.fund, 0) + COALESCE(c.carried_out_micro, 0) AS due
      FROM totals AS t
      FULL OUTER JOIN (SELECT b.party_id AS party_id, b.party_name AS party_name, b.society AS society,
                              b.currency AS currency, b.carried_out_micro AS carried_out_micro
                       FROM carried AS b WHERE b.carried_out_micro <> 0) AS c
      ON c.party_id = t.party_id AND c.society = t.society AND c.currency = t.currency) AS d
JOIN units AS u ON u.currency = d.currency;

-- A slash in a society's name is escaped, so that two payees never share an entry.
CREATE OR REPLACE TABLE journal AS
WITH settled AS (
SELECT 'payout/' || p.currency || '/' || REPLACE(REPLACE(p.society, '%', '%25'), '/', '%2F') || '/'
       || CASE WHEN $by_party THEN p.party_id ELSE '' END AS entry_id,
       CASE WHEN $by_party THEN p.party_id ELSE '' END AS party_id, p.currency AS currency,
       CAST(SUM(p.gross_micro - p.fee_micro - p.fund_micro) AS BIGINT) AS net, CAST(SUM(p.paid_micro) AS BIGINT) AS paid,
       CAST(SUM(p.carried_in_micro) AS BIGINT) AS carried_in, CAST(SUM(p.carried_out_micro) AS BIGINT) AS carried_out
FROM payouts AS p GROUP BY p.currency, p.society, CASE WHEN $by_party THEN p.party_id ELSE '' END)
SELECT x.entry_id AS entry_id, x.account AS account, x.party_id AS party_id, x.currency AS currency,
       x.amount_micro AS amount_micro, x.pool_id AS pool_id, x.reason AS reason
FROM (SELECT p.entry_id AS entry_id, p.account AS account, p.party_id AS party_id, p.currency AS currency,
             p.amount_micro AS amount_micro, p.pool_id AS pool_id, p.reason AS reason
      FROM postings AS p
      UNION ALL
      SELECT s.entry_id AS entry_id, k.account AS account, s.party_id AS party_id, s.currency AS currency,
             CASE k.step WHEN 1 THEN s.net WHEN 2 THEN s.carried_in WHEN 3 THEN -s.paid ELSE -s.carried_out END AS amount_micro,
             '' AS pool_id, CASE k.step WHEN 2 THEN 'carried_in' ELSE 'payout' END AS reason
      FROM settled AS s
      CROSS JOIN (VALUES (1, 'payable'), (2, 'carried'), (3, 'paid'), (4, 'carried')) AS k(step, account)) AS x
WHERE x.amount_micro <> 0;
