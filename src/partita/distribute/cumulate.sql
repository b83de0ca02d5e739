-- A run and its adjustments as one. In: the four all_ tables, each row with the number of its run. Out: allocations, suspense, payouts, journal.
CREATE OR REPLACE TABLE allocations AS
SELECT s.pool_id AS pool_id, s.work_id AS work_id, s.party_id AS party_id, s.role AS role, s.society AS society,
       l.share_ppm AS share_ppm, l.weight AS weight, s.amount_micro AS amount_micro
FROM (SELECT a.pool_id AS pool_id, a.work_id AS work_id, a.party_id AS party_id, a.role AS role, a.society AS society,
             MAX(a.run) AS run, CAST(SUM(a.amount_micro) AS BIGINT) AS amount_micro
      FROM all_allocations AS a GROUP BY a.pool_id, a.work_id, a.party_id, a.role, a.society) AS s
JOIN all_allocations AS l ON l.pool_id = s.pool_id AND l.work_id = s.work_id AND l.party_id = s.party_id
                         AND l.role = s.role AND l.society = s.society AND l.run = s.run
WHERE s.amount_micro <> 0;

CREATE OR REPLACE TABLE suspense AS
SELECT s.pool_id AS pool_id, s.reason AS reason, s.line_id AS line_id, s.work_id AS work_id, l.weight AS weight,
       l.since AS since, s.amount_micro AS amount_micro
FROM (SELECT a.pool_id AS pool_id, a.reason AS reason, a.line_id AS line_id, a.work_id AS work_id, MAX(a.run) AS run,
             CAST(SUM(a.amount_micro) AS BIGINT) AS amount_micro
      FROM all_suspense AS a GROUP BY a.pool_id, a.reason, a.line_id, a.work_id) AS s
JOIN all_suspense AS l ON l.pool_id = s.pool_id AND l.reason = s.reason AND l.line_id = s.line_id
                      AND l.work_id = s.work_id AND l.run = s.run
WHERE s.amount_micro <> 0;

CREATE OR REPLACE TABLE payouts AS
SELECT s.party_id AS party_id, l.party_name AS party_name, s.society AS society, s.currency AS currency, s.gross AS gross_micro,
       s.fee AS fee_micro, s.fund AS fund_micro, l.carried_out_micro - s.gross + s.fee + s.fund + s.paid AS carried_in_micro,
       s.paid AS paid_micro, l.carried_out_micro AS carried_out_micro
FROM (SELECT a.party_id AS party_id, a.society AS society, a.currency AS currency, MAX(a.run) AS run, CAST(SUM(a.gross_micro) AS BIGINT) AS gross,
             CAST(SUM(a.fee_micro) AS BIGINT) AS fee, CAST(SUM(a.fund_micro) AS BIGINT) AS fund,
             CAST(SUM(a.paid_micro) AS BIGINT) AS paid
      FROM all_payouts AS a GROUP BY a.party_id, a.society, a.currency) AS s
JOIN all_payouts AS l ON l.party_id = s.party_id AND l.society = s.society AND l.currency = s.currency AND l.run = s.run;

CREATE OR REPLACE VIEW journal AS
SELECT a.entry_id AS entry_id, a.account AS account, a.party_id AS party_id, a.currency AS currency,
       a.amount_micro AS amount_micro, a.pool_id AS pool_id, a.reason AS reason
FROM all_journal AS a;
