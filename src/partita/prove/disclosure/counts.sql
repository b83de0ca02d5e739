-- What one model was trained on, counted: one pass over its items, one small table for each question of the template.
-- In: items, findings. `$model` is the model's id. Sums are exact in any size, and come as text.
CREATE OR REPLACE TEMP TABLE used AS
SELECT
    i.item_id AS item_id, i.dataset AS dataset, i.origin AS origin, i.domain AS domain, i.modality AS modality,
    i.language AS language, i.taken_at AS taken_at, i.crawler AS crawler, i.bytes AS bytes,
    CASE i.modality
        WHEN 'text' THEN i.tokens WHEN 'image' THEN i.images WHEN 'audio' THEN i.milliseconds
        WHEN 'video' THEN i.milliseconds WHEN 'other' THEN i.bytes
    END AS size,
    f.answer AS answer, f.answer_trained AS answer_trained, f.carrier AS carrier, f.dated AS dated,
    LEN(f.licences) > 0 AS covered
FROM items AS i
INNER JOIN findings AS f ON f.item_id = i.item_id
WHERE f.model = $model;

CREATE OR REPLACE TEMP TABLE cells AS
SELECT
    origin, modality, dataset, COUNT(*) AS items, COUNT(*) FILTER (size IS NULL) AS unknown,
    CAST(COALESCE(SUM(CAST(size AS HUGEINT)), 0) AS VARCHAR) AS known,
    MIN(taken_at) AS first, MAX(taken_at) AS last, COUNT(*) FILTER (taken_at IS NULL) AS undated
FROM used GROUP BY origin, modality, dataset;

CREATE OR REPLACE TEMP TABLE crawled AS
SELECT
    domain, modality, COUNT(*) AS items,
    CASE WHEN COUNT(*) = COUNT(size) THEN CAST(SUM(CAST(size AS HUGEINT)) AS VARCHAR) END AS unit,
    CASE WHEN COUNT(*) = COUNT(bytes) THEN CAST(SUM(CAST(bytes AS HUGEINT)) AS VARCHAR) END AS bytes
FROM used WHERE origin = 'crawled' GROUP BY domain, modality;

CREATE OR REPLACE TEMP TABLE crawlers AS
SELECT crawler, COUNT(*) AS items FROM used WHERE origin = 'crawled' GROUP BY crawler;

CREATE OR REPLACE TEMP TABLE covered AS
SELECT DISTINCT modality FROM used WHERE covered OR origin = 'licensed';

CREATE OR REPLACE TEMP TABLE languages AS
SELECT COALESCE(language, '') AS language, COUNT(*) AS items
FROM used WHERE modality IN ('text', 'audio', 'video') GROUP BY 1;

CREATE OR REPLACE TEMP TABLE reserved AS
SELECT carrier, answer, answer_trained, dated, COUNT(*) AS items
FROM used GROUP BY ALL;
