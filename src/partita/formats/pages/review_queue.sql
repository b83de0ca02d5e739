-- What waits for a person: lines that were ambiguous or unmatched, equal lines as one item, most money first.
-- In: line, work, held. Out: queue (rank is its total order).
CREATE OR REPLACE TABLE waiting_line AS
SELECT h.line_id AS line_id, CAST(sum(h.amount_micro) AS BIGINT) AS amount_micro
FROM held AS h
WHERE h.reason IN ('ambiguous', 'unmatched')
GROUP BY h.line_id;

CREATE OR REPLACE TABLE grouped AS
SELECT
    l.outcome AS outcome,
    l.title AS title,
    l.performers AS performers,
    l.writers AS writers,
    CAST(count(*) AS BIGINT) AS lines,
    CAST(sum(l.plays) AS BIGINT) AS plays,
    CAST(coalesce(sum(w.amount_micro), 0) AS BIGINT) AS amount_micro,
    CAST(count(DISTINCT l.licensee) AS BIGINT) AS licensee_count,
    min(l.licensee) AS licensee,
    min(l.line_id) AS line_id,
    min_by(l.rule, l.line_id) AS rule,
    min_by(l.candidates, l.line_id) AS candidates
FROM line AS l
LEFT JOIN waiting_line AS w ON w.line_id = l.line_id
WHERE l.outcome IN ('ambiguous', 'unmatched')
GROUP BY l.outcome, l.title, l.performers, l.writers;

CREATE OR REPLACE TABLE ranked AS
SELECT
    CAST(row_number() OVER (
        ORDER BY g.amount_micro DESC, g.plays DESC, g.title, g.performers, g.writers, g.outcome) AS BIGINT) AS rank,
    g.*
FROM grouped AS g;

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
