-- Who claims what of each work, for each group of pools that pays the same shares.
-- In: shares (with `shares_right`), claim_groups. Out: works, parties, claims, holdings.
CREATE OR REPLACE TABLE works AS
SELECT d.work_id AS work_id, CAST(ROW_NUMBER() OVER (ORDER BY d.work_id) AS BIGINT) AS work_no
FROM (SELECT DISTINCT s.work_id AS work_id FROM shares AS s WHERE s.share_ppm > 0) AS d;

CREATE OR REPLACE TABLE parties AS
SELECT d.party_id AS party_id, d.party_name AS party_name, CAST(ROW_NUMBER() OVER (ORDER BY d.party_id) AS BIGINT) AS party_no
FROM (SELECT s.party_id AS party_id, MIN(s.party_name) AS party_name FROM shares AS s GROUP BY s.party_id) AS d;

CREATE OR REPLACE TABLE claims AS
SELECT c.group_no AS group_no, c.work_no AS work_no, c.party_no AS party_no, c.society AS society, c.role AS role,
       c.share_ppm AS share_ppm,
       CAST(ROW_NUMBER() OVER (ORDER BY c.group_no, c.work_no, c.society, c.party_no, c.role) AS BIGINT) AS share_no
FROM (SELECT g.group_no AS group_no, w.work_no AS work_no, p.party_no AS party_no, s.society AS society, s.role AS role,
             CAST(SUM(s.share_ppm) AS BIGINT) AS share_ppm
      FROM shares AS s
      JOIN claim_groups AS g ON (g.every_share OR g.society = s.society) AND (g.share_right = '' OR s.share_right IN ('', g.share_right))
      JOIN works AS w ON w.work_id = s.work_id
      JOIN parties AS p ON p.party_id = s.party_id
      WHERE s.share_ppm > 0
      GROUP BY g.group_no, w.work_no, p.party_no, s.society, s.role) AS c;

CREATE OR REPLACE TABLE holdings AS
SELECT c.group_no AS group_no, c.work_no AS work_no, CAST(SUM(c.share_ppm) AS BIGINT) AS held_ppm
FROM claims AS c GROUP BY c.group_no, c.work_no;

-- What is left of a work that a pool pays whole: a claim of nobody, last in every tie.
INSERT INTO claims
SELECT h.group_no AS group_no, h.work_no AS work_no, -1 AS party_no, '' AS society, '' AS role,
       1000000 - h.held_ppm AS share_ppm, 9223372036854775807 AS share_no
FROM holdings AS h
WHERE h.held_ppm < 1000000 AND h.group_no IN (SELECT g.group_no FROM claim_groups AS g WHERE g.every_share);
