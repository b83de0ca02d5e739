-- Plays that each licence is charged for, counted from matched usage.
-- In: needs (licence, licensee, period_from, period_to), need_societies (licence, society), usage, matches, shares.
-- A licence without societies counts every managed work. Out: counted (licence, songs, songs_managed), in plays.
CREATE OR REPLACE TABLE managed AS
SELECT ns.licence AS licence, s.work_id AS work_id
FROM need_societies AS ns
JOIN shares AS s ON s.society = ns.society
WHERE s.share_ppm > 0
UNION
SELECT ns.licence AS licence, s.work_id AS work_id
FROM need_societies AS ns
CROSS JOIN (SELECT DISTINCT work_id AS work_id FROM shares WHERE share_ppm > 0) AS s
WHERE ns.society = '';

CREATE OR REPLACE TABLE counted AS
SELECT
    n.licence AS licence,
    CAST(sum(u.plays) AS BIGINT) AS songs,
    CAST(sum(CASE WHEN g.work_id IS NULL THEN 0 ELSE u.plays END) AS BIGINT) AS songs_managed
FROM needs AS n
JOIN usage AS u ON u.licensee = n.licensee
JOIN matches AS m ON m.line_id = u.line_id
LEFT JOIN managed AS g ON g.licence = n.licence AND g.work_id = m.work_id AND m.outcome = 'matched'
WHERE u.used_at IS NULL OR (CAST(u.used_at AS DATE) >= n.period_from AND CAST(u.used_at AS DATE) <= n.period_to)
GROUP BY n.licence;
