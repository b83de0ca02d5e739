-- Each line with what was found for the distinct line that it is.
CREATE OR REPLACE TEMP VIEW matches AS
SELECT
    l.line_id AS line_id,
    f.outcome AS outcome,
    f.work_id AS work_id,
    f.probability AS probability,
    f.rule AS rule,
    f.candidates AS candidates
FROM lines AS l
INNER JOIN found AS f
    ON l.title = f.title AND l.performers = f.performers AND l.writers = f.writers AND l.isrc = f.isrc
    AND l.iswc = f.iswc AND l.work_number = f.work_number AND l.sender_number = f.sender_number AND l.list = f.list
    AND l.licensee = f.licensee AND l.language = f.language AND l.territory = f.territory AND l.used_on = f.used_on;
