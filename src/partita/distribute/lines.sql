-- Usage lines with what `identify` said of them. In: usage, matches, problems. Out: lines, licensees, candidates, quarantined, list_licensees.
CREATE OR REPLACE TABLE lines AS
SELECT u.line_id AS line_id, u.licensee AS licensee, CAST(u.used_at AS DATE) AS used_on, u.title AS title,
       u.category AS category, u.plays AS plays, u.weight AS weight,
       CASE WHEN m.outcome IS NULL OR (m.outcome = 'matched' AND m.work_id IS NULL) THEN 'unmatched'
            ELSE m.outcome END AS outcome,
       m.work_id AS work_id
FROM usage AS u LEFT JOIN matches AS m ON m.line_id = u.line_id;

CREATE OR REPLACE TABLE licensees AS
SELECT u.licensee AS licensee, CAST(SUM(u.plays) AS HUGEINT) AS plays, CAST(SUM(u.weight) AS HUGEINT) AS weight,
       LEAST(MIN(u.plays), MIN(u.weight)) AS least,
       COUNT(*) - COUNT(u.weight) AS unweighed
FROM lines AS u GROUP BY u.licensee;

CREATE OR REPLACE TABLE candidates AS
SELECT DISTINCT c.line_id AS line_id, c.work_id AS work_id FROM match_candidates AS c;

CREATE OR REPLACE TABLE quarantined AS
SELECT q.file || ':' || CAST(q.line AS VARCHAR) AS line_id, MIN(q.list) AS list, CAST(MAX(q.plays) AS BIGINT) AS plays
FROM problems AS q
WHERE q.severity = 'quarantined' AND q.plays > 0
GROUP BY q.file, q.line;

CREATE OR REPLACE TABLE list_licensees AS
SELECT DISTINCT u.list AS list, u.licensee AS licensee FROM usage AS u;
