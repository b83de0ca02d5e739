-- The distribution table of one society, $society. In: what prepare.sql made, payouts, journal.
-- received: each royalty that the society collected, or of which it is paid a part by the society that did.
CREATE OR REPLACE TABLE received AS
WITH own AS (
    SELECT s.pool_id AS pool_id, CAST(sum(s.amount_micro) AS BIGINT) AS own_micro
    FROM share_paid AS s WHERE s.society = $society GROUP BY s.pool_id
),
others AS (
    SELECT s.pool_id AS pool_id, CAST(sum(s.amount_micro) AS BIGINT) AS others_micro
    FROM share_paid AS s WHERE s.society <> $society GROUP BY s.pool_id
),
waiting AS (
    SELECT h.pool_id AS pool_id, CAST(sum(h.amount_micro) AS BIGINT) AS suspense_micro
    FROM held AS h WHERE h.society = $society GROUP BY h.pool_id
),
taken AS (
    SELECT
        j.pool_id AS pool_id,
        CAST(-coalesce(sum(j.amount_micro) FILTER (j.account = 'fee'), 0) AS BIGINT) AS fee_micro,
        CAST(-coalesce(sum(j.amount_micro) FILTER (j.account = 'fund'), 0) AS BIGINT) AS fund_micro
    FROM journal AS j
    WHERE j.account IN ('fee', 'fund') AND j.party_id = $society AND j.pool_id <> ''
    GROUP BY j.pool_id
)
SELECT
    p.pool_id AS pool_id,
    p.licensee AS licensee,
    p.society AS collected_by,
    p.tariff_id AS tariff_id,
    p.period_from AS period_from,
    p.period_to AS period_to,
    p.allocation_key AS allocation_key,
    CASE WHEN p.society = $society THEN p.amount_micro ELSE coalesce(o.own_micro, 0) END AS amount_micro,
    coalesce(t.fee_micro, 0) AS fee_micro,
    coalesce(t.fund_micro, 0) AS fund_micro,
    CASE WHEN p.society = $society THEN coalesce(x.others_micro, 0) ELSE 0 END AS passed_on_micro,
    coalesce(w.suspense_micro, 0) AS suspense_micro,
    coalesce(o.own_micro, 0) AS gross_micro
FROM pool AS p
LEFT JOIN own AS o ON o.pool_id = p.pool_id
LEFT JOIN others AS x ON x.pool_id = p.pool_id
LEFT JOIN waiting AS w ON w.pool_id = p.pool_id
LEFT JOIN taken AS t ON t.pool_id = p.pool_id
WHERE p.society = $society OR o.own_micro IS NOT NULL;

-- Who gets a part, and what this society paid: a party of two societies stands in both tables, each with its own sums.
CREATE OR REPLACE TABLE rightholder AS
WITH own AS (
    SELECT s.party_id AS party_id, CAST(count(DISTINCT s.work_id) AS BIGINT) AS works
    FROM share_paid AS s WHERE s.society = $society GROUP BY s.party_id
)
SELECT
    y.party_id AS party_id,
    y.party_name AS party_name,
    coalesce(o.works, 0) AS works,
    y.gross_micro AS gross_micro,
    y.fee_micro AS fee_micro,
    y.fund_micro AS fund_micro,
    y.gross_micro - y.fee_micro - y.fund_micro AS net_micro,
    y.carried_in_micro AS carried_in_micro,
    y.paid_micro AS paid_micro,
    y.carried_out_micro AS carried_out_micro
FROM payouts AS y
LEFT JOIN own AS o ON o.party_id = y.party_id
WHERE y.society = $society;

-- The rights of each rightholder, best paid first.
CREATE OR REPLACE TABLE holding AS
SELECT
    s.party_id AS party_id,
    s.work_id AS work_id,
    coalesce(min(w.title), s.work_id) AS title,
    s.role AS role,
    max(s.share_ppm) AS share_ppm,
    CAST(sum(s.amount_micro) AS BIGINT) AS amount_micro
FROM share_paid AS s
LEFT JOIN work AS w ON w.work_id = s.work_id
WHERE s.society = $society
GROUP BY s.party_id, s.work_id, s.role;

-- Works and shares that a page names of each rightholder.
CREATE OR REPLACE TABLE first_holding AS
SELECT n.party_id AS party_id, n.place AS place, n.title AS title, n.role AS role, n.share_ppm AS share_ppm
FROM (
    SELECT
        h.party_id AS party_id,
        row_number() OVER (PARTITION BY h.party_id ORDER BY h.amount_micro DESC, h.work_id, h.role) AS place,
        h.title AS title,
        h.role AS role,
        h.share_ppm AS share_ppm
    FROM holding AS h
) AS n
WHERE n.place <= 3;
