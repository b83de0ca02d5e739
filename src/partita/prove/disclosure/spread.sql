-- Whose culture was used: the items of a model by one dimension after another. In: items, findings, works, shares,
-- and countries (`label`: the last part of a domain, `country`). `$model` is the model's id. Empty: unknown.
CREATE OR REPLACE TEMP TABLE society AS
SELECT work_id, STRING_AGG(name, ' + ' ORDER BY name) AS names
FROM (
    SELECT DISTINCT work_id AS work_id, society AS name FROM shares WHERE society <> ''
    UNION
    SELECT DISTINCT work_id AS work_id, society AS name FROM works WHERE society <> ''
) GROUP BY work_id;

CREATE OR REPLACE TEMP TABLE work AS
SELECT work_id, MIN(language) AS language, MIN(genre) AS genre, MIN(year) AS year FROM works GROUP BY work_id;

CREATE OR REPLACE TEMP TABLE spread_items AS
SELECT
    i.modality AS modality,
    CASE i.modality
        WHEN 'text' THEN i.tokens WHEN 'image' THEN i.images WHEN 'audio' THEN i.milliseconds
        WHEN 'video' THEN i.milliseconds WHEN 'other' THEN i.bytes
    END AS size,
    COALESCE(i.language, w.language, '') AS language, COALESCE(i.territory, '') AS territory,
    COALESCE(CAST(YEAR(i.taken_at) AS VARCHAR), '') AS year_taken,
    COALESCE(CAST(w.year // 10 * 10 AS VARCHAR), '') AS decade_of_work, COALESCE(w.genre, '') AS genre,
    COALESCE(CASE WHEN f.outcome = 'matched' THEN COALESCE(s.names, 'none') END, '') AS society,
    COALESCE(c.country, '') AS domain_country, i.origin AS origin
FROM findings AS f
INNER JOIN items AS i ON i.item_id = f.item_id
LEFT JOIN work AS w ON f.outcome = 'matched' AND w.work_id = f.work_id
LEFT JOIN society AS s ON f.outcome = 'matched' AND s.work_id = f.work_id
LEFT JOIN countries AS c ON c.label = REGEXP_EXTRACT(i.domain, '[^.]*$')
WHERE f.model = $model;

CREATE OR REPLACE TEMP TABLE spread AS
SELECT
    dimension, value, modality, COUNT(*) AS items,
    CAST(COALESCE(SUM(CAST(size AS HUGEINT)), 0) AS VARCHAR) AS size, COUNT(*) FILTER (size IS NULL) AS unknown
FROM (
    SELECT * FROM spread_items UNPIVOT INCLUDE NULLS (
        value FOR dimension IN (
            language, territory, year_taken, decade_of_work, genre, society, domain_country, origin
        )
    )
) GROUP BY dimension, value, modality
UNION ALL
SELECT
    'modality' AS dimension, modality AS value, modality, COUNT(*) AS items,
    CAST(COALESCE(SUM(CAST(size AS HUGEINT)), 0) AS VARCHAR) AS size, COUNT(*) FILTER (size IS NULL) AS unknown
FROM spread_items GROUP BY modality;
