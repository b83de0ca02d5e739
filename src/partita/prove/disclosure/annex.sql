-- The items of a model by holder, work and what was found of them. In: items, findings, owners. `$model` is the
-- model's id, `$detail` is `full` (whole URLs) or `domain`. Nothing here depends on an item of another work.
CREATE OR REPLACE TEMP TABLE annexed AS
SELECT
    o.holder AS holder, f.work_id AS work_id,
    COALESCE(CASE WHEN $detail = 'full' THEN i.url END, i.domain) AS source,
    f.taken_on AS taken_on, f.dated AS dated, f.answer AS answer, f.code AS code, f.statement_id AS statement_id,
    f.carrier AS carrier, f.evidence AS evidence, f.sha256 AS sha256, f.since AS since, f.trained_on AS trained_on,
    f.answer_trained AS answer_trained, f.code_trained AS code_trained, f.licences AS licences, f.claim AS claim,
    f.rule AS rule, COALESCE(i.isrc, '') AS isrc, COALESCE(i.iscc, '') AS iscc, i.modality AS modality,
    CASE i.modality
        WHEN 'text' THEN i.tokens WHEN 'image' THEN i.images WHEN 'audio' THEN i.milliseconds
        WHEN 'video' THEN i.milliseconds WHEN 'other' THEN i.bytes
    END AS size
FROM findings AS f
INNER JOIN items AS i ON i.item_id = f.item_id
INNER JOIN owners AS o ON o.work_id = f.work_id
WHERE f.model = $model AND f.outcome = 'matched';

CREATE OR REPLACE TABLE uses AS
SELECT
    holder, work_id, source, modality, taken_on, dated, answer, code, statement_id, carrier, evidence, sha256, since,
    trained_on, answer_trained, code_trained, licences, claim, rule, isrc, iscc, COUNT(*) AS items,
    CAST(COALESCE(SUM(CAST(size AS HUGEINT)), 0) AS VARCHAR) AS size, COUNT(*) FILTER (size IS NULL) AS unknown
FROM annexed GROUP BY ALL;
