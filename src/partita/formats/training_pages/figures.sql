-- The figures of a training run's report. In: items, findings, shares and what the pages of every run made (`work`).
-- An item that several models took counts once for each where a model is named, else once.
CREATE OR REPLACE TABLE by_model AS
SELECT
    f.model AS model,
    CAST(count(*) AS BIGINT) AS items,
    CAST(count(DISTINCT f.work_id) AS BIGINT) AS works,
    CAST(count(*) FILTER (f.outcome = 'matched') AS BIGINT) AS matched,
    CAST(count(*) FILTER (f.outcome = 'ambiguous') AS BIGINT) AS ambiguous,
    CAST(count(*) FILTER (f.outcome = 'unmatched') AS BIGINT) AS unmatched,
    CAST(count(*) FILTER (f.answer = 'allowed') AS BIGINT) AS allowed,
    CAST(count(*) FILTER (f.answer = 'refused') AS BIGINT) AS refused,
    CAST(count(*) FILTER (f.answer = 'unknown') AS BIGINT) AS unknown,
    CAST(count(*) FILTER (len(f.licences) > 0) AS BIGINT) AS licensed,
    CAST(count(*) FILTER (NOT f.dated) AS BIGINT) AS undated
FROM findings AS f GROUP BY f.model;

CREATE OR REPLACE TABLE by_days AS
SELECT
    f.model AS model,
    CASE
        WHEN f.answer = 'refused' THEN 'taken'
        WHEN f.answer_trained = 'refused' THEN 'later'
        WHEN f.answer = 'allowed' AND f.answer_trained = 'allowed' THEN 'allowed'
        ELSE 'open'
    END AS state,
    CAST(count(*) AS BIGINT) AS items
FROM findings AS f GROUP BY ALL;

CREATE OR REPLACE TABLE by_month AS
SELECT
    f.model AS model,
    CASE WHEN f.dated THEN strftime(f.taken_on, '%Y-%m') ELSE '' END AS month,
    CAST(count(*) FILTER (f.answer = 'allowed') AS BIGINT) AS allowed,
    CAST(count(*) FILTER (f.answer = 'refused') AS BIGINT) AS refused,
    CAST(count(*) FILTER (f.answer = 'unknown') AS BIGINT) AS unknown,
    CAST(count(*) AS BIGINT) AS items
FROM findings AS f GROUP BY ALL;

CREATE OR REPLACE TABLE by_code AS
SELECT
    f.answer AS answer, f.code AS code, min(f.reason) AS reason, CAST(count(DISTINCT f.work_id) AS BIGINT) AS works,
    CAST(count(*) AS BIGINT) AS items
FROM findings AS f WHERE f.outcome = 'matched' GROUP BY f.answer, f.code;

CREATE OR REPLACE TABLE by_claim AS
SELECT
    f.claim AS claim, f.model AS model, CAST(count(*) AS BIGINT) AS items,
    CAST(count(DISTINCT f.work_id) AS BIGINT) AS works
FROM findings AS f WHERE f.claim <> '' GROUP BY ALL;

-- Each item once, whichever models took it.
CREATE OR REPLACE TABLE item AS
SELECT
    f.item_id AS item_id,
    any_value(f.work_id) AS work_id,
    bool_or(f.answer = 'refused') AS refused,
    bool_or(f.answer <> 'refused' AND f.answer_trained = 'refused') AS later,
    bool_or(len(f.licences) > 0) AS licensed
FROM findings AS f GROUP BY f.item_id;

CREATE OR REPLACE TABLE by_domain AS
SELECT
    i.domain AS domain,
    CAST(count(*) AS BIGINT) AS items,
    CAST(count(f.work_id) AS BIGINT) AS matched,
    CAST(count(*) FILTER (f.refused) AS BIGINT) AS refused,
    CAST(count(*) FILTER (f.later AND NOT f.refused) AS BIGINT) AS later
FROM item AS f
INNER JOIN items AS i ON i.item_id = f.item_id
WHERE i.domain <> ''
GROUP BY i.domain HAVING count(*) FILTER (f.refused) > 0;

CREATE OR REPLACE TABLE by_used_society AS
WITH owner AS (SELECT DISTINCT s.work_id AS work_id, s.society AS society FROM shares AS s)
SELECT
    o.society AS society,
    CAST(count(*) AS BIGINT) AS items,
    CAST(count(DISTINCT f.work_id) AS BIGINT) AS works,
    CAST(count(*) FILTER (f.refused) AS BIGINT) AS refused,
    CAST(count(*) FILTER (f.licensed) AS BIGINT) AS licensed
FROM item AS f
INNER JOIN owner AS o ON o.work_id = f.work_id
GROUP BY o.society;

CREATE OR REPLACE TABLE by_used_work AS
SELECT
    f.work_id AS work_id,
    coalesce(w.title, f.work_id) AS title,
    coalesce(w.writers, '') AS writers,
    CAST(count(*) AS BIGINT) AS items,
    CAST(count(*) FILTER (f.refused) AS BIGINT) AS refused,
    CAST(count(*) FILTER (f.licensed) AS BIGINT) AS licensed
FROM item AS f
LEFT JOIN work AS w ON w.work_id = f.work_id
WHERE f.work_id IS NOT NULL
GROUP BY ALL;

CREATE OR REPLACE TABLE by_licence AS
SELECT
    c.licence AS licence, CAST(count(*) AS BIGINT) AS items, CAST(count(DISTINCT c.work_id) AS BIGINT) AS works
FROM (SELECT f.work_id AS work_id, unnest(f.licences) AS licence FROM findings AS f) AS c
GROUP BY c.licence;

CREATE OR REPLACE TABLE by_payee AS
SELECT
    y.party_name AS party_name, y.party_id AS party_id, y.society AS society, y.gross_micro AS gross_micro,
    y.paid_micro AS paid_micro
FROM payouts AS y;
