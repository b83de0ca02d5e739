-- What waits for a person: lines that were ambiguous or unmatched, equal lines as one item, most money first.
-- In: line, work, held, alike (which texts a person calls equal). Out: queue (rank is its total order).
CREATE OR REPLACE TABLE waiting_line AS
SELECT h.line_id AS line_id, CAST(sum(h.amount_micro) AS BIGINT) AS amount_micro
FROM held AS h
WHERE h.reason IN ('ambiguous', 'unmatched')
GROUP BY h.line_id;

CREATE OR REPLACE TABLE open_line AS
SELECT
    a.item_id AS item_id,
    l.line_id AS line_id,
    l.outcome AS outcome,
    l.licensee AS licensee,
    l.plays AS plays,
    coalesce(w.amount_micro, 0) AS amount_micro,
    row_number() OVER (PARTITION BY a.item_id ORDER BY l.outcome, l.line_id) AS place
FROM line AS l
JOIN alike AS a ON a.title = l.title AND a.performers = l.performers AND a.writers = l.writers
LEFT JOIN waiting_line AS w ON w.line_id = l.line_id
WHERE l.outcome IN ('ambiguous', 'unmatched');

CREATE OR REPLACE TABLE grouped AS
SELECT
    o.item_id AS item_id,
    CAST(count(*) AS BIGINT) AS lines,
    CAST(sum(o.plays) AS BIGINT) AS plays,
    CAST(sum(o.amount_micro) AS BIGINT) AS amount_micro,
    CAST(count(DISTINCT o.licensee) AS BIGINT) AS licensee_count,
    min(o.licensee) AS licensee
FROM open_line AS o
GROUP BY o.item_id;

CREATE OR REPLACE TABLE ranked AS
SELECT
    CAST(row_number() OVER (
        ORDER BY g.amount_micro DESC, g.plays DESC, l.title, l.performers, l.writers, l.line_id) AS BIGINT) AS rank,
    g.*,
    l.outcome AS outcome,
    l.title AS title,
    l.performers AS performers,
    l.writers AS writers,
    l.line_id AS line_id,
    l.rule AS rule,
    l.candidates AS candidates
FROM grouped AS g
JOIN open_line AS o ON o.item_id = g.item_id AND o.place = 1
JOIN line AS l ON l.line_id = o.line_id;

CREATE OR REPLACE TABLE named_candidate AS
WITH numbered AS (
    SELECT
        r.rank AS rank,
        CAST(n.place AS BIGINT) AS place,
        r.candidates[n.place].work_id AS work_id,
        r.candidates[n.place].probability AS probability
    FROM ranked AS r
    JOIN range(1, 4) AS n(place) ON n.place <= len(r.candidates)
)
SELECT
    c.rank AS rank,
    c.place AS place,
    c.work_id AS work_id,
    coalesce(w.title, '') AS title,
    coalesce(w.writers, '') AS writers,
    coalesce(w.performers, '') AS performers,
    c.probability AS probability
FROM numbered AS c
LEFT JOIN work AS w ON w.work_id = c.work_id;

CREATE OR REPLACE TABLE queue AS
SELECT
    r.rank AS rank,
    r.item_id AS item_id,
    r.outcome AS outcome,
    r.title AS title,
    r.performers AS performers,
    r.writers AS writers,
    r.lines AS lines,
    r.plays AS plays,
    r.amount_micro AS amount_micro,
    r.licensee_count AS licensee_count,
    r.licensee AS licensee,
    r.line_id AS line_id,
    r.rule AS rule,
    CAST(coalesce(len(r.candidates), 0) AS BIGINT) AS candidate_count,
    coalesce(a.work_id, '') AS work_id_1, coalesce(a.title, '') AS title_1, coalesce(a.writers, '') AS writers_1,
    coalesce(a.performers, '') AS performers_1, a.probability AS probability_1,
    coalesce(b.work_id, '') AS work_id_2, coalesce(b.title, '') AS title_2, coalesce(b.writers, '') AS writers_2,
    coalesce(b.performers, '') AS performers_2, b.probability AS probability_2,
    coalesce(c.work_id, '') AS work_id_3, coalesce(c.title, '') AS title_3, coalesce(c.writers, '') AS writers_3,
    coalesce(c.performers, '') AS performers_3, c.probability AS probability_3
FROM ranked AS r
LEFT JOIN named_candidate AS a ON a.rank = r.rank AND a.place = 1
LEFT JOIN named_candidate AS b ON b.rank = r.rank AND b.place = 2
LEFT JOIN named_candidate AS c ON c.rank = r.rank AND c.place = 3;
