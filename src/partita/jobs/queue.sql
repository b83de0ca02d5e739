-- What people are asked. In: queue, ranked, open_line (the review queue), usage, decided_item.
-- Out: asked (the first $most items; what was decided comes last), sender_number.
CREATE OR REPLACE TABLE asked AS
SELECT
    q.rank AS rank,
    q.item_id AS item_id,
    q.outcome AS outcome,
    q.rule AS rule,
    q.title AS title,
    q.performers AS performers,
    q.writers AS writers,
    q.lines AS lines,
    q.plays AS plays,
    q.amount_micro AS amount_micro,
    q.licensee_count AS licensee_count,
    q.licensee AS licensee,
    q.line_id AS line_id,
    u.file AS file,
    u.line AS line,
    r.candidates AS candidates,
    d.item_id IS NOT NULL AS was_decided
FROM queue AS q
JOIN ranked AS r ON r.rank = q.rank
JOIN usage AS u ON u.line_id = q.line_id
LEFT JOIN decided_item AS d ON d.item_id = q.item_id
ORDER BY was_decided, q.rank
LIMIT $most;

-- The senders' own numbers of the songs that are asked about.
CREATE OR REPLACE TABLE sender_number AS
SELECT DISTINCT
    o.item_id AS item_id,
    CASE WHEN u.licensee <> '' THEN u.licensee ELSE u.list END AS sender,
    u.sender_number AS number
FROM open_line AS o
JOIN asked AS a ON a.item_id = o.item_id
JOIN usage AS u ON u.line_id = o.line_id
WHERE u.sender_number <> '';
