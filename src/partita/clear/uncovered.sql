-- Uses of identified works that are not wholly allowed on both days. In: findings, items, repertoire, shares,
-- licensors (`licence_id`, `licensor`).
CREATE OR REPLACE TABLE uncovered AS
SELECT f.* FROM findings AS f
WHERE f.outcome = 'matched' AND NOT (f.answer = 'allowed' AND f.answer_trained = 'allowed');

CREATE OR REPLACE TABLE owner AS
SELECT DISTINCT work_id AS work_id, society AS society FROM shares;

CREATE OR REPLACE TABLE licensed AS
SELECT DISTINCT g.model AS model, g.item_id AS item_id, l.licensor AS licensor
FROM (SELECT u.model AS model, u.item_id AS item_id, UNNEST(u.licences) AS licence_id FROM uncovered AS u) AS g
INNER JOIN licensors AS l ON l.licence_id = g.licence_id;

-- A society that licensed its part of an item has nothing to claim for it; a work without a known holder counts under ''.
CREATE OR REPLACE TABLE open_use AS
SELECT u.model AS model, COALESCE(o.society, '') AS society, u.item_id AS item_id, u.work_id AS work_id,
    u.taken_on AS taken_on, u.offers AS offers, u.answer = 'allowed' AS lapsed
FROM uncovered AS u
LEFT JOIN owner AS o ON o.work_id = u.work_id
LEFT JOIN licensed AS l ON l.model = u.model AND l.item_id = u.item_id AND l.licensor = o.society
WHERE l.item_id IS NULL;

CREATE OR REPLACE TABLE by_society AS
SELECT model AS model, society AS society, COUNT(DISTINCT work_id) AS works, COUNT(*) AS items,
    MIN(taken_on) AS first_use, MAX(taken_on) AS last_use, BOOL_OR(lapsed) AS lapsed
FROM open_use GROUP BY ALL;

CREATE OR REPLACE TABLE offered AS
SELECT DISTINCT model AS model, society AS society, UNNEST(offers) AS offer_id FROM open_use;

CREATE OR REPLACE TABLE owners AS
SELECT work_id AS work_id, STRING_AGG(society, '; ' ORDER BY society) AS societies FROM owner
WHERE society <> '' GROUP BY ALL;

CREATE OR REPLACE TABLE title AS
SELECT work_id AS work_id, MIN(title) AS title FROM repertoire GROUP BY ALL;

CREATE OR REPLACE VIEW evidence AS
SELECT
    u.model AS model, u.item_id AS item_id, u.work_id AS work_id, COALESCE(t.title, '') AS title,
    COALESCE(o.societies, '') AS societies, COALESCE(i.url, '') AS url, COALESCE(i.file_name, '') AS file_name,
    i.file AS manifest, i.line AS line, i.title AS item_title, u.taken_on AS taken_on, u.dated AS dated,
    u.answer AS answer, u.code AS code, u.reason AS reason, COALESCE(u.statement_id, '') AS statement_id,
    u.carrier AS carrier, u.evidence AS evidence, u.source AS source, u.sha256 AS sha256, u.since AS since,
    u.allowed_ppm AS allowed_ppm, u.trained_on AS trained_on, u.answer_trained AS answer_trained,
    u.code_trained AS code_trained, u.licences AS licences, u.claim AS claim, u.rule AS rule,
    COALESCE(i.sha256, '') AS item_sha256, u.offers AS offers, u.payee AS payee
FROM uncovered AS u
INNER JOIN items AS i ON i.item_id = u.item_id
LEFT JOIN title AS t ON t.work_id = u.work_id
LEFT JOIN owners AS o ON o.work_id = u.work_id;
