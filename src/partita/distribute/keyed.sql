-- Lines that carry their work, or whose title was decided once for all lines that bear it.
-- In: usage, decisions (title, outcome, work_id), blank_lines (no rows, every column). Out: lines, licensees, and the empty candidates,
-- quarantined and list_licensees: what is undecided here is unmatched.
CREATE OR REPLACE VIEW whole_usage AS SELECT * FROM usage UNION ALL BY NAME SELECT * FROM blank_lines;

CREATE OR REPLACE VIEW lines AS
SELECT u.line_id AS line_id, u.licensee AS licensee, CAST(u.used_at AS DATE) AS used_on, u.title AS title,
       u.category AS category, u.plays AS plays, u.weight AS weight,
       CASE WHEN u.work_id IS NOT NULL THEN 'matched' ELSE COALESCE(d.outcome, 'unmatched') END AS outcome,
       COALESCE(u.work_id, d.work_id) AS work_id
FROM whole_usage AS u LEFT JOIN decisions AS d ON u.work_id IS NULL AND d.title = u.title;

CREATE OR REPLACE TABLE licensees AS
SELECT u.licensee AS licensee, CAST(SUM(u.plays) AS HUGEINT) AS plays, CAST(SUM(u.weight) AS HUGEINT) AS weight,
       LEAST(MIN(u.plays), MIN(u.weight)) AS least,
       COUNT(*) - COUNT(u.weight) AS unweighed
FROM whole_usage AS u GROUP BY u.licensee;

CREATE OR REPLACE VIEW candidates AS SELECT '' AS line_id, '' AS work_id WHERE FALSE;
CREATE OR REPLACE VIEW quarantined AS SELECT '' AS line_id, '' AS list, CAST(0 AS BIGINT) AS plays WHERE FALSE;
CREATE OR REPLACE VIEW list_licensees AS SELECT '' AS list, '' AS licensee WHERE FALSE;
