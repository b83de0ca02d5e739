-- Who claims what of each work, for each group of pools that pays the same shares.
-- In: shares (with `share_right`), claim_groups. Out: works, parties, holdings, claims, claim_sets.
CREATE OR REPLACE TABLE works AS
SELECT d.work_id AS work_id, CAST(ROW_NUMBER() OVER (ORDER BY d.work_id) AS BIGINT) AS work_no
FROM (SELECT DISTINCT s.work_id AS work_id FROM shares AS s WHERE s.share_ppm > 0) AS d;

CREATE OR REPLACE TABLE parties AS
SELECT d.party_id AS party_id, d.party_name AS party_name, CAST(ROW_NUMBER() OVER (ORDER BY d.party_id) AS BIGINT) AS party_no
FROM (SELECT s.party_id AS party_id, MIN(s.party_name) AS party_name FROM shares AS s GROUP BY s.party_id) AS d;

CREATE OR REPLACE TABLE shared AS
SELECT g.group_no AS group_no, g.every_share AS every_share, g.share_right AS share_right, w.work_no AS work_no, p.party_no AS party_no, s.society AS society,
       s.role AS role, CAST(SUM(s.share_ppm) AS BIGINT) AS share_ppm
FROM shares AS s
JOIN claim_groups AS g ON (g.every_share OR g.society = s.society) AND (g.share_right = '' OR s.share_right IN ('', g.share_right))
JOIN works AS w ON w.work_id = s.work_id
JOIN parties AS p ON p.party_id = s.party_id
WHERE s.share_ppm > 0
GROUP BY g.group_no, g.every_share, g.share_right, w.work_no, p.party_no, s.society, s.role;

-- Works of which all societies together claim more than the whole of a right. Pools that pay every share see this in
-- what they pay; a society's pool has to look beyond its own shares. A share of no right is one of every right.
CREATE OR REPLACE TABLE holdings AS
WITH disputes AS (
SELECT DISTINCT t.asked_right AS share_right, w.work_no AS work_no
FROM (SELECT a.asked_right AS asked_right, a.share_right AS share_right, s.work_id AS work_id
      FROM shares AS s
      JOIN (SELECT DISTINCT g.share_right AS asked_right,
                   CASE WHEN g.share_right = '' THEN r.share_right ELSE g.share_right END AS share_right
            FROM claim_groups AS g
            CROSS JOIN (SELECT '' AS share_right UNION SELECT s.share_right AS share_right FROM shares AS s) AS r
            WHERE NOT g.every_share) AS a ON s.share_right IN ('', a.share_right)
      GROUP BY a.asked_right, a.share_right, s.work_id
      HAVING CAST(SUM(s.share_ppm) AS BIGINT) > 1000000) AS t
JOIN works AS w ON w.work_id = t.work_id)
SELECT h.group_no AS group_no, h.work_no AS work_no, h.held_ppm AS held_ppm,
       h.held_ppm > 1000000 OR (NOT h.every_share AND d.work_no IS NOT NULL) AS overclaimed
FROM (SELECT c.group_no AS group_no, c.every_share AS every_share, c.share_right AS share_right, c.work_no AS work_no,
             CAST(SUM(c.share_ppm) AS BIGINT) AS held_ppm
      FROM shared AS c GROUP BY c.group_no, c.every_share, c.share_right, c.work_no) AS h
LEFT JOIN disputes AS d ON d.share_right = h.share_right AND d.work_no = h.work_no;

-- What is left of a work that a pool pays whole is a claim of nobody (party -1), last in every tie.
CREATE OR REPLACE TABLE claims AS
SELECT c.group_no AS group_no, c.work_no AS work_no, c.party_no AS party_no, c.society AS society, c.role AS role, c.share_ppm AS share_ppm,
       ROW_NUMBER() OVER (PARTITION BY c.group_no, c.work_no ORDER BY c.party_no < 0, c.society, c.party_no, c.role) AS nth
FROM (SELECT s.group_no AS group_no, s.work_no AS work_no, s.party_no AS party_no, s.society AS society, s.role AS role,
             s.share_ppm AS share_ppm
      FROM shared AS s
      UNION ALL
      SELECT h.group_no AS group_no, h.work_no AS work_no, -1 AS party_no, '' AS society, '' AS role, 1000000 - h.held_ppm AS share_ppm
      FROM holdings AS h JOIN (SELECT DISTINCT g.group_no AS group_no FROM claim_groups AS g WHERE g.every_share) AS e
      ON e.group_no = h.group_no
      WHERE h.held_ppm < 1000000) AS c;

-- The first four claims of a work side by side: most works have no more, and side by side they are split without a sort.
CREATE OR REPLACE TABLE claim_sets AS
SELECT c.group_no AS group_no, c.work_no AS work_no, COUNT(*) AS size, CAST(SUM(c.share_ppm) AS BIGINT) AS whole,
       MAX(CASE WHEN c.nth = 1 THEN c.share_ppm ELSE 0 END) AS s1, MAX(CASE WHEN c.nth = 2 THEN c.share_ppm ELSE 0 END) AS s2,
       MAX(CASE WHEN c.nth = 3 THEN c.share_ppm ELSE 0 END) AS s3, MAX(CASE WHEN c.nth = 4 THEN c.share_ppm ELSE 0 END) AS s4
FROM claims AS c GROUP BY c.group_no, c.work_no;
