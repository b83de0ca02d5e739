-- Scenario by scenario where the money goes, against the scenario `base`.
-- In: scenarios (scenario, kind, share), allocations, suspense, payouts, pools (each with scenario), generated (scenario,
-- currency, amount_micro), makings (work_id), languages (work_id, language). Out: totals, members, repertoires.
CREATE OR REPLACE TABLE earned AS
SELECT
    a.scenario AS scenario,
    a.work_id AS work_id,
    a.party_id AS party_id,
    a.society AS society,
    p.currency AS currency,
    g.work_id IS NOT NULL AS recorded,
    CAST(sum(a.amount_micro) AS BIGINT) AS amount_micro
FROM allocations AS a
JOIN pools AS p ON p.scenario = a.scenario AND p.pool_id = a.pool_id
LEFT JOIN makings AS g ON g.work_id = a.work_id
GROUP BY 1, 2, 3, 4, 5, 6;

CREATE OR REPLACE TABLE payees AS
SELECT party_id AS party_id, min(party_name) AS party_name, society AS society, currency AS currency
FROM payouts GROUP BY 1, 3, 4;

CREATE OR REPLACE TABLE members AS
WITH recorded AS (
    SELECT scenario, party_id, society, currency, CAST(sum(amount_micro) AS BIGINT) AS amount_micro
    FROM earned WHERE recorded
    GROUP BY 1, 2, 3, 4
)
SELECT
    s.scenario AS scenario,
    y.party_id AS party_id,
    y.party_name AS party_name,
    y.society AS society,
    y.currency AS currency,
    coalesce(p.gross_micro, 0) AS gross_micro,
    coalesce(r.amount_micro, 0) AS recorded_micro,
    coalesce(p.fee_micro, 0) AS fee_micro,
    coalesce(p.fund_micro, 0) AS fund_micro,
    coalesce(p.carried_in_micro, 0) AS carried_in_micro,
    coalesce(p.paid_micro, 0) AS paid_micro,
    coalesce(p.carried_out_micro, 0) AS carried_out_micro,
    coalesce(p.gross_micro, 0) - coalesce(b.gross_micro, 0) AS gross_change_micro,
    coalesce(p.paid_micro, 0) - coalesce(b.paid_micro, 0) AS paid_change_micro,
    CAST(coalesce(b.paid_micro, 0) > 0 AND coalesce(p.paid_micro, 0) = 0 AS BIGINT) AS below_minimum
FROM scenarios AS s
CROSS JOIN payees AS y
LEFT JOIN payouts AS p
    ON p.scenario = s.scenario AND p.party_id = y.party_id AND p.society = y.society AND p.currency = y.currency
LEFT JOIN payouts AS b
    ON b.scenario = 'base' AND b.party_id = y.party_id AND b.society = y.society AND b.currency = y.currency
LEFT JOIN recorded AS r
    ON r.scenario = s.scenario AND r.party_id = y.party_id AND r.society = y.society AND r.currency = y.currency;

CREATE OR REPLACE TABLE repertoires AS
WITH told AS (
    SELECT e.scenario AS scenario, e.society AS society, coalesce(l.language, '') AS language, e.currency AS currency,
           e.work_id AS work_id, e.amount_micro AS amount_micro
    FROM earned AS e
    LEFT JOIN languages AS l ON l.work_id = e.work_id
    WHERE NOT e.recorded
),
summed AS (
    SELECT scenario, society, language, currency, CAST(sum(amount_micro) AS BIGINT) AS amount_micro
    FROM told GROUP BY 1, 2, 3, 4
),
found AS (
    SELECT society, language, currency, CAST(count(DISTINCT work_id) AS BIGINT) AS works FROM told GROUP BY 1, 2, 3
)
SELECT
    s.scenario AS scenario,
    f.society AS society,
    f.language AS language,
    f.currency AS currency,
    f.works AS works,
    coalesce(t.amount_micro, 0) AS gross_micro,
    coalesce(t.amount_micro, 0) - coalesce(b.amount_micro, 0) AS change_micro
FROM scenarios AS s
CROSS JOIN found AS f
LEFT JOIN summed AS t
    ON t.scenario = s.scenario AND t.society = f.society AND t.language = f.language AND t.currency = f.currency
LEFT JOIN summed AS b
    ON b.scenario = 'base' AND b.society = f.society AND b.language = f.language AND b.currency = f.currency;

CREATE OR REPLACE TABLE totals AS
WITH parts AS (
    SELECT scenario, currency, CASE WHEN recorded THEN 'recorded' ELSE 'people' END AS part, amount_micro FROM earned
    UNION ALL
    SELECT u.scenario, p.currency, 'suspense', u.amount_micro
    FROM suspense AS u JOIN pools AS p ON p.scenario = u.scenario AND p.pool_id = u.pool_id
    UNION ALL
    SELECT scenario, currency, 'generated', amount_micro FROM generated
),
summed AS (
    SELECT
        scenario,
        currency,
        CAST(sum(amount_micro) AS BIGINT) AS collected,
        CAST(coalesce(sum(amount_micro) FILTER (part = 'people'), 0) AS BIGINT) AS people,
        CAST(coalesce(sum(amount_micro) FILTER (part = 'recorded'), 0) AS BIGINT) AS recorded,
        CAST(coalesce(sum(amount_micro) FILTER (part = 'generated'), 0) AS BIGINT) AS generated,
        CAST(coalesce(sum(amount_micro) FILTER (part = 'suspense'), 0) AS BIGINT) AS suspense
    FROM parts GROUP BY 1, 2
),
settled AS (
    SELECT
        scenario,
        currency,
        CAST(sum(fee_micro) AS BIGINT) AS fees,
        CAST(sum(fund_micro) AS BIGINT) AS funds,
        CAST(sum(paid_micro) AS BIGINT) AS paid,
        CAST(sum(carried_out_micro) AS BIGINT) AS carried_out,
        CAST(count(*) FILTER (paid_micro > 0) AS BIGINT) AS payees_paid,
        CAST(sum(below_minimum) AS BIGINT) AS payees_below
    FROM members GROUP BY 1, 2
),
currencies AS (
    SELECT DISTINCT currency AS currency FROM pools UNION SELECT DISTINCT currency AS currency FROM payees
)
SELECT
    s.scenario AS scenario,
    s.kind AS kind,
    s.share AS share,
    c.currency AS currency,
    coalesce(t.collected, 0) AS collected_micro,
    coalesce(t.people, 0) AS people_micro,
    coalesce(t.recorded, 0) AS recorded_micro,
    coalesce(t.generated, 0) AS generated_micro,
    coalesce(t.suspense, 0) AS suspense_micro,
    coalesce(p.fees, 0) AS fees_micro,
    coalesce(p.funds, 0) AS funds_micro,
    coalesce(p.paid, 0) AS paid_micro,
    coalesce(p.carried_out, 0) AS carried_out_micro,
    coalesce(t.people, 0) - coalesce(b.people, 0) AS people_change_micro,
    coalesce(p.payees_paid, 0) AS payees_paid,
    coalesce(p.payees_below, 0) AS payees_below
FROM scenarios AS s
CROSS JOIN currencies AS c
LEFT JOIN summed AS t ON t.scenario = s.scenario AND t.currency = c.currency
LEFT JOIN summed AS b ON b.scenario = 'base' AND b.currency = c.currency
LEFT JOIN settled AS p ON p.scenario = s.scenario AND p.currency = c.currency;
