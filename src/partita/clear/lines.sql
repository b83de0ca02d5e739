-- What was matched, by licensee, work and society: under a licence of that society on that day, or not.
-- In: usage, matches, shares, licensed (licensee, society, every, period_from, period_to), withheld (work_id, society,
-- party_id, answer, code, reason, share_ppm). A licensee or society that is empty in `licensed` is any.
-- Out: clearances, unlicensed_uses (licensee, society, works, plays, first_use, last_use).
CREATE OR REPLACE TABLE used AS
SELECT u.licensee AS licensee, m.work_id AS work_id, CAST(u.used_at AS DATE) AS used_on,
       CAST(COUNT(*) AS BIGINT) AS lines, CAST(SUM(u.plays) AS BIGINT) AS plays
FROM usage AS u
JOIN matches AS m ON m.line_id = u.line_id
WHERE m.outcome = 'matched'
GROUP BY u.licensee, m.work_id, CAST(u.used_at AS DATE);

CREATE OR REPLACE TABLE held AS
SELECT s.work_id AS work_id, s.society AS society, CAST(SUM(s.share_ppm) AS BIGINT) AS share_ppm
FROM shares AS s
WHERE s.share_ppm > 0
GROUP BY s.work_id, s.society;

-- Every day on which somebody used something, under the licences that it had that day.
CREATE OR REPLACE TABLE licences_on AS
SELECT DISTINCT d.licensee AS licensee, d.used_on AS used_on, l.society AS society, l.every AS every
FROM (SELECT DISTINCT u.licensee AS licensee, u.used_on AS used_on FROM used AS u) AS d
JOIN licensed AS l ON l.licensee IN ('', d.licensee)
                  AND (d.used_on IS NULL OR d.used_on BETWEEN l.period_from AND l.period_to);

CREATE OR REPLACE TABLE cleared AS
SELECT u.licensee AS licensee, u.work_id AS work_id, u.used_on AS used_on, u.lines AS lines, u.plays AS plays,
       COALESCE(h.society, '') AS society, COALESCE(h.share_ppm, 0) AS share_ppm,
       CASE WHEN h.work_id IS NULL THEN 'shares_unknown'
            WHEN EXISTS (SELECT 1 FROM licences_on AS l
                         WHERE l.licensee = u.licensee AND l.used_on IS NOT DISTINCT FROM u.used_on
                           AND (l.every OR (l.society = h.society AND h.society <> ''))) THEN 'licensed'
            WHEN h.society = '' THEN 'not_represented'
            ELSE 'unlicensed' END AS code
FROM used AS u
LEFT JOIN held AS h ON h.work_id = u.work_id
-- A work of which every share is withheld is known, share by share, below.
WHERE h.work_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM withheld AS w WHERE w.work_id = u.work_id);

CREATE OR REPLACE TABLE clearances AS
SELECT c.licensee AS licensee, c.work_id AS work_id, c.society AS society, '' AS party_id, r.answer AS answer,
       c.code AS code, r.reason AS reason, CAST(SUM(c.lines) AS BIGINT) AS lines, CAST(SUM(c.plays) AS BIGINT) AS plays,
       c.share_ppm AS share_ppm, MIN(c.used_on) AS first_use, MAX(c.used_on) AS last_use
FROM cleared AS c
JOIN reasons AS r ON r.code = c.code
GROUP BY c.licensee, c.work_id, c.society, r.answer, c.code, r.reason, c.share_ppm
UNION ALL
SELECT u.licensee AS licensee, w.work_id AS work_id, w.society AS society, w.party_id AS party_id, w.answer AS answer,
       w.code AS code, w.reason AS reason, CAST(SUM(u.lines) AS BIGINT) AS lines, CAST(SUM(u.plays) AS BIGINT) AS plays,
       w.share_ppm AS share_ppm, MIN(u.used_on) AS first_use, MAX(u.used_on) AS last_use
FROM used AS u
JOIN withheld AS w ON w.work_id = u.work_id
GROUP BY u.licensee, w.work_id, w.society, w.party_id, w.answer, w.code, w.reason, w.share_ppm;

CREATE OR REPLACE TABLE unlicensed_uses AS
SELECT c.licensee AS licensee, c.society AS society, CAST(COUNT(DISTINCT c.work_id) AS BIGINT) AS works,
       CAST(SUM(c.plays) AS BIGINT) AS plays, MIN(c.used_on) AS first_use, MAX(c.used_on) AS last_use
FROM cleared AS c
WHERE c.code = 'unlicensed'
GROUP BY c.licensee, c.society;
