-- Statements: one row an allocation in the order in which they are written, payees with pages marked. In: what
-- prepare.sql made, payouts; $most payees get pages of their own, those with the most at stake first.
CREATE OR REPLACE TABLE payee AS
SELECT
    CAST(row_number() OVER (ORDER BY
        greatest(abs(y.gross_micro), abs(y.paid_micro), abs(y.carried_out_micro)) DESC, y.party_id, y.society
    ) AS BIGINT) AS place,
    y.party_id AS party_id,
    y.party_name AS party_name,
    y.society AS society,
    y.gross_micro AS gross_micro,
    y.fee_micro AS fee_micro,
    y.fund_micro AS fund_micro,
    y.carried_in_micro AS carried_in_micro,
    y.paid_micro AS paid_micro,
    y.carried_out_micro AS carried_out_micro
FROM payouts AS y;

-- What an amount is recomputed from: all that a pool weighs, and all that is claimed of a work in it.
CREATE OR REPLACE TABLE pool_weight AS
SELECT x.pool_id AS pool_id, CAST(sum(x.weight) AS BIGINT) AS weight
FROM (
    SELECT DISTINCT a.pool_id AS pool_id, a.work_id AS work_id, '' AS line_id, a.weight AS weight FROM allocations AS a
    UNION
    SELECT s.pool_id AS pool_id, s.work_id AS work_id, s.line_id AS line_id, s.weight AS weight FROM suspense AS s
) AS x
GROUP BY x.pool_id;

CREATE OR REPLACE TABLE work_claim AS
SELECT a.pool_id AS pool_id, a.work_id AS work_id,
       CASE WHEN max(s.work_id) IS NULL THEN CAST(sum(a.share_ppm) AS BIGINT) ELSE 1000000 END AS claimed_ppm
FROM allocations AS a
LEFT JOIN (SELECT DISTINCT u.pool_id AS pool_id, u.work_id AS work_id FROM suspense AS u WHERE u.reason = 'unclaimed_share') AS s
    ON s.pool_id = a.pool_id AND s.work_id = a.work_id
GROUP BY a.pool_id, a.work_id;

-- Works are named once, and joined here, so that what is sorted is as narrow as it can be.
CREATE OR REPLACE TABLE statement_line AS
SELECT
    y.place AS place,
    s.pool_id AS pool_id,
    s.work_id AS work_id,
    coalesce(w.title, s.work_id) AS title,
    s.role AS role,
    s.society AS society,
    s.share_ppm AS share_ppm,
    coalesce(p.plays, 0) AS plays,
    s.weight AS weight,
    c.claimed_ppm AS claimed_ppm,
    s.amount_micro AS amount_micro
FROM share_paid AS s
JOIN work_claim AS c ON c.pool_id = s.pool_id AND c.work_id = s.work_id
JOIN payee AS y ON y.party_id = s.party_id AND y.society = s.society
LEFT JOIN work AS w ON w.work_id = s.work_id
LEFT JOIN played AS p ON p.pool_id = s.pool_id AND p.work_id = s.work_id;
