-- What identify looks at in a line, and each such thing once. Columns that this policy does not look at are blank.
CREATE OR REPLACE TEMP VIEW lines AS
SELECT
    line_id AS line_id,
    title AS title,
    performers AS performers,
    writers AS writers,
    COALESCE(isrc, '') AS isrc,
    COALESCE(iswc, '') AS iswc,
    COALESCE(work_number, '') AS work_number,
    CASE WHEN $senders = 1 THEN COALESCE(sender_number, '') ELSE '' END AS sender_number,
    CASE WHEN $senders = 1 THEN list ELSE '' END AS list,
    CASE WHEN $senders = 1 THEN licensee ELSE '' END AS licensee,
    CASE WHEN $languages = 1 THEN COALESCE(language, '') ELSE '' END AS language,
    CASE WHEN $territories = 1 THEN COALESCE(territory, '') ELSE '' END AS territory,
    CASE WHEN $period = 1 THEN COALESCE(CAST(used_at AS DATE), DATE '0001-01-01') ELSE DATE '0001-01-01' END AS used_on
FROM usage_lines;

CREATE OR REPLACE TEMP VIEW distinct_lines AS
SELECT
    MIN(line_id) AS line_id, title AS title, performers AS performers, writers AS writers, isrc AS isrc, iswc AS iswc,
    work_number AS work_number, sender_number AS sender_number, list AS list, licensee AS licensee,
    language AS language, territory AS territory, used_on AS used_on
FROM lines
GROUP BY
    title, performers, writers, isrc, iswc, work_number, sender_number, list, licensee, language, territory, used_on;
