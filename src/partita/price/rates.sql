-- Rates under every combination of assumptions. In: line, chance, title, claim, society, held, setting (see rates.py).
-- Out: coverage, scenario. All amounts are counts of songs or plays, parts in millionths of one.

CREATE OR REPLACE TABLE fated AS
SELECT
    l.rate AS rate,
    l.operator AS operator,
    l.line_id AS line_id,
    l.plays AS plays,
    CASE
        WHEN l.outcome = 'out_of_scope' AND l.is_foreign THEN 'foreign_language'
        ELSE l.outcome
    END AS fate
FROM line AS l;

CREATE OR REPLACE TABLE coverage AS
SELECT
    f.rate AS rate,
    f.operator AS operator,
    f.fate AS fate,
    CAST(count(*) AS BIGINT) AS lines,
    CAST(sum(f.plays) AS BIGINT) AS plays
FROM fated AS f
GROUP BY f.rate, f.operator, f.fate
UNION ALL
SELECT
    h.rate AS rate,
    h.operator AS operator,
    'quarantined' AS fate,
    h.lines AS lines,
    h.plays AS plays
FROM held AS h;

-- Where the title is enough, whoever has a work of that title counts the line as well; language and scope stay.
CREATE OR REPLACE TABLE titled AS
SELECT DISTINCT
    t.rate AS rate,
    t.line_id AS line_id
FROM title AS t;

CREATE OR REPLACE TABLE judged AS
SELECT
    f.rate AS rate,
    f.operator AS operator,
    f.line_id AS line_id,
    f.plays AS plays,
    'identified' AS matching,
    f.fate AS fate
FROM fated AS f
UNION ALL
SELECT
    f.rate AS rate,
    f.operator AS operator,
    f.line_id AS line_id,
    f.plays AS plays,
    'title' AS matching,
    CASE
        WHEN f.fate IN ('foreign_language', 'out_of_scope') THEN f.fate
        WHEN t.line_id IS NULL THEN f.fate
        ELSE 'matched'
    END AS fate
FROM fated AS f
LEFT JOIN titled AS t ON t.rate = f.rate AND t.line_id = f.line_id;

-- What a society has of a work, never more than the whole.
CREATE OR REPLACE TABLE owned AS
SELECT
    c.work_id AS work_id,
    c.society AS society,
    least(CAST(sum(c.share_ppm) AS BIGINT), 1000000) AS share_ppm
FROM claim AS c
WHERE c.share_ppm > 0
GROUP BY c.work_id, c.society;

CREATE OR REPLACE TABLE option AS
SELECT
    c.rate AS rate,
    c.line_id AS line_id,
    'identified' AS matching,
    c.work_id AS work_id
FROM chance AS c
UNION ALL
SELECT
    c.rate AS rate,
    c.line_id AS line_id,
    'title' AS matching,
    c.work_id AS work_id
FROM chance AS c
UNION ALL
SELECT
    t.rate AS rate,
    t.line_id AS line_id,
    'title' AS matching,
    t.work_id AS work_id
FROM title AS t;

-- Of several works that a line may be, a society counts the one of which it has most.
CREATE OR REPLACE TABLE earned AS
SELECT
    o.rate AS rate,
    o.line_id AS line_id,
    o.matching AS matching,
    w.society AS society,
    max(w.share_ppm) AS share_ppm
FROM option AS o
JOIN owned AS w ON w.work_id = o.work_id
GROUP BY o.rate, o.line_id, o.matching, w.society;

CREATE OR REPLACE TABLE society_cell AS
SELECT
    j.rate AS rate,
    j.operator AS operator,
    j.matching AS matching,
    j.fate AS fate,
    e.society AS society,
    CAST(sum(CAST(j.plays AS HUGEINT) * 1000000) AS BIGINT) AS whole_part,
    CAST(sum(CAST(j.plays AS HUGEINT) * e.share_ppm) AS BIGINT) AS share_part
FROM judged AS j
JOIN earned AS e ON e.rate = j.rate AND e.line_id = j.line_id AND e.matching = j.matching
WHERE j.fate IN ('matched', 'ambiguous')
GROUP BY j.rate, j.operator, j.matching, j.fate, e.society;

CREATE OR REPLACE TABLE total_cell AS
SELECT
    j.rate AS rate,
    j.operator AS operator,
    j.matching AS matching,
    j.fate AS fate,
    CAST(sum(j.plays) AS BIGINT) AS plays
FROM judged AS j
GROUP BY j.rate, j.operator, j.matching, j.fate
UNION ALL
SELECT
    h.rate AS rate,
    h.operator AS operator,
    m.matching AS matching,
    'quarantined' AS fate,
    h.plays AS plays
FROM held AS h
CROSS JOIN (SELECT DISTINCT s.matching AS matching FROM setting AS s) AS m;

CREATE OR REPLACE TABLE whole AS
SELECT
    t.rate AS rate,
    t.operator AS operator,
    s.scenario AS scenario,
    CAST(sum(CASE
        WHEN t.fate = 'matched' THEN t.plays
        WHEN t.fate = 'ambiguous' AND s.ambiguous <> 'out' THEN t.plays
        WHEN t.fate = 'unmatched' AND s.unmatched = 'in' THEN t.plays
        WHEN t.fate = 'foreign_language' AND s.foreign_language = 'in' THEN t.plays
        WHEN t.fate = 'quarantined' AND s.quarantined = 'in' THEN t.plays
        ELSE 0
    END) AS BIGINT) AS whole
FROM total_cell AS t
JOIN setting AS s ON s.matching = t.matching
GROUP BY t.rate, t.operator, s.scenario;

CREATE OR REPLACE TABLE part AS
SELECT
    c.rate AS rate,
    c.operator AS operator,
    c.society AS society,
    s.scenario AS scenario,
    CAST(sum(CASE
        WHEN c.fate = 'ambiguous' AND s.ambiguous <> 'for' THEN 0
        WHEN s.counting = 'whole' THEN c.whole_part
        ELSE c.share_part
    END) AS BIGINT) AS part
FROM society_cell AS c
JOIN setting AS s ON s.matching = c.matching
GROUP BY c.rate, c.operator, c.society, s.scenario;

CREATE OR REPLACE TABLE by_operator AS
SELECT
    w.rate AS rate,
    'operator' AS level,
    w.operator AS operator,
    y.society AS society,
    w.scenario AS scenario,
    coalesce(p.part, 0) AS part,
    w.whole AS whole,
    CASE WHEN w.whole > 0 THEN coalesce(p.part, 0) // w.whole END AS rate_ppm
FROM whole AS w
CROSS JOIN society AS y
LEFT JOIN part AS p
    ON p.rate = w.rate AND p.operator = w.operator AND p.society = y.society AND p.scenario = w.scenario;

CREATE OR REPLACE TABLE pooled AS
SELECT
    o.rate AS rate,
    'pooled' AS level,
    '' AS operator,
    o.society AS society,
    o.scenario AS scenario,
    CAST(sum(o.part) AS BIGINT) AS part,
    CAST(sum(o.whole) AS BIGINT) AS whole
FROM by_operator AS o
GROUP BY o.rate, o.society, o.scenario;

CREATE OR REPLACE TABLE averaged AS
SELECT
    o.rate AS rate,
    'mean' AS level,
    '' AS operator,
    o.society AS society,
    o.scenario AS scenario,
    coalesce(CAST(sum(o.rate_ppm) AS BIGINT), 0) AS part,
    CAST(count(o.rate_ppm) AS BIGINT) AS whole
FROM by_operator AS o
GROUP BY o.rate, o.society, o.scenario;

CREATE OR REPLACE TABLE levels AS
SELECT b.rate AS rate, b.level AS level, b.operator AS operator, b.society AS society, b.scenario AS scenario,
    b.part AS part, b.whole AS whole, b.rate_ppm AS rate_ppm
FROM by_operator AS b
UNION ALL
SELECT p.rate AS rate, p.level AS level, p.operator AS operator, p.society AS society, p.scenario AS scenario,
    p.part AS part, p.whole AS whole, CASE WHEN p.whole > 0 THEN p.part // p.whole END AS rate_ppm
FROM pooled AS p
UNION ALL
SELECT a.rate AS rate, a.level AS level, a.operator AS operator, a.society AS society, a.scenario AS scenario,
    a.part AS part, a.whole AS whole, CASE WHEN a.whole > 0 THEN a.part // a.whole END AS rate_ppm
FROM averaged AS a;

CREATE OR REPLACE TABLE scenario AS
SELECT
    v.rate AS rate,
    v.level AS level,
    v.operator AS operator,
    v.society AS society,
    v.scenario AS scenario,
    s.foreign_language AS "foreign",
    s.ambiguous AS ambiguous,
    s.unmatched AS unmatched,
    s.quarantined AS quarantined,
    s.matching AS matching,
    s.counting AS counting,
    v.part AS part,
    v.whole AS whole,
    v.rate_ppm AS rate_ppm
FROM levels AS v
JOIN setting AS s ON s.scenario = v.scenario
ORDER BY v.rate, v.level, v.operator, v.society, v.scenario;

CREATE OR REPLACE TABLE rated AS
WITH reach AS (
    SELECT
        v.rate AS rate,
        v.level AS level,
        v.operator AS operator,
        v.society AS society,
        min(v.rate_ppm) AS low_ppm,
        max(v.rate_ppm) AS high_ppm
    FROM levels AS v
    GROUP BY v.rate, v.level, v.operator, v.society
)
SELECT
    v.rate AS rate,
    v.level AS level,
    v.operator AS operator,
    v.society AS society,
    p.party AS party,
    v.scenario AS scenario,
    v.part AS part,
    v.whole AS whole,
    v.rate_ppm AS rate_ppm,
    r.low_ppm AS low_ppm,
    r.high_ppm AS high_ppm
FROM levels AS v
JOIN party AS p ON p.scenario = v.scenario
JOIN reach AS r ON r.rate = v.rate AND r.level = v.level AND r.operator = v.operator AND r.society = v.society
ORDER BY v.rate, v.level, v.operator, v.society, p.party;
