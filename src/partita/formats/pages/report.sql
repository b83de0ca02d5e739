-- The figures of the report. In: what prepare.sql made. Every list is small: by outcome, reason, society, licensee, file,
-- or the first $most of an order that is total.
CREATE OR REPLACE TABLE by_outcome AS
WITH counted AS (
    SELECT l.outcome AS outcome, CAST(count(*) AS BIGINT) AS lines, CAST(sum(l.plays) AS BIGINT) AS plays
    FROM line AS l GROUP BY l.outcome
    UNION ALL
    SELECT 'quarantined' AS outcome, CAST(count(*) AS BIGINT) AS lines, CAST(coalesce(sum(a.plays), 0) AS BIGINT) AS plays
    FROM aside AS a
),
money AS (
    SELECT 'matched' AS outcome, CAST(coalesce(sum(a.amount_micro), 0) AS BIGINT) AS amount_micro
    FROM allocations AS a
    UNION ALL
    SELECT
        CASE WHEN h.reason IN ('ambiguous', 'unmatched', 'quarantined', 'no_usage') THEN h.reason ELSE 'unpaid_work' END
            AS outcome,
        CAST(sum(h.amount_micro) AS BIGINT) AS amount_micro
    FROM held AS h GROUP BY 1
)
SELECT
    coalesce(c.outcome, m.outcome) AS outcome,
    coalesce(c.lines, 0) AS lines,
    coalesce(c.plays, 0) AS plays,
    coalesce(m.amount_micro, 0) AS amount_micro
FROM counted AS c
FULL JOIN money AS m ON m.outcome = c.outcome;

CREATE OR REPLACE TABLE by_reason AS
SELECT
    h.reason AS reason,
    CAST(count(DISTINCT (h.line_id, h.work_id)) AS BIGINT) AS items,
    CAST(sum(h.amount_micro) AS BIGINT) AS amount_micro,
    CAST(coalesce(sum(h.amount_micro) FILTER (h.since >= DATE $day - INTERVAL 9 MONTH), 0) AS BIGINT) AS young_micro,
    CAST(coalesce(sum(h.amount_micro) FILTER (
        h.since < DATE $day - INTERVAL 9 MONTH AND h.since >= DATE $day - INTERVAL 3 YEAR), 0) AS BIGINT) AS middle_micro,
    CAST(coalesce(sum(h.amount_micro) FILTER (h.since < DATE $day - INTERVAL 3 YEAR), 0) AS BIGINT) AS old_micro
FROM held AS h
GROUP BY h.reason;

CREATE OR REPLACE TABLE by_society AS
WITH collected AS (
    SELECT p.society AS society, CAST(sum(p.amount_micro) AS BIGINT) AS collected_micro
    FROM pool AS p GROUP BY p.society
),
waiting AS (
    SELECT h.society AS society, CAST(sum(h.amount_micro) AS BIGINT) AS suspense_micro
    FROM held AS h GROUP BY h.society
),
shared AS (
    SELECT s.society AS society, CAST(sum(s.amount_micro) AS BIGINT) AS gross_micro
    FROM share_paid AS s GROUP BY s.society
),
taken AS (
    SELECT
        j.party_id AS society,
        CAST(-coalesce(sum(j.amount_micro) FILTER (j.account = 'fee'), 0) AS BIGINT) AS fee_micro,
        CAST(-coalesce(sum(j.amount_micro) FILTER (j.account = 'fund'), 0) AS BIGINT) AS fund_micro
    FROM journal AS j WHERE j.account IN ('fee', 'fund') GROUP BY j.party_id
),
settled AS (
    SELECT
        y.society AS society,
        CAST(count(*) AS BIGINT) AS payees,
        CAST(sum(y.carried_out_micro - y.carried_in_micro) AS BIGINT) AS carried_micro,
        CAST(sum(y.paid_micro) AS BIGINT) AS paid_micro
    FROM payouts AS y GROUP BY y.society
),
named AS (
    SELECT society AS society FROM collected
    UNION SELECT society AS society FROM shared
    UNION SELECT society AS society FROM settled
)
SELECT
    n.society AS society,
    coalesce(c.collected_micro, 0) AS collected_micro,
    coalesce(w.suspense_micro, 0) AS suspense_micro,
    coalesce(s.payees, 0) AS payees,
    coalesce(g.gross_micro, 0) AS gross_micro,
    coalesce(t.fee_micro, 0) AS fee_micro,
    coalesce(t.fund_micro, 0) AS fund_micro,
    coalesce(s.carried_micro, 0) AS carried_micro,
    coalesce(s.paid_micro, 0) AS paid_micro
FROM named AS n
LEFT JOIN collected AS c ON c.society = n.society
LEFT JOIN waiting AS w ON w.society = n.society
LEFT JOIN shared AS g ON g.society = n.society
LEFT JOIN taken AS t ON t.society = n.society
LEFT JOIN settled AS s ON s.society = n.society;

CREATE OR REPLACE TABLE by_licensee AS
WITH used AS (
    SELECT
        l.licensee AS licensee,
        CAST(count(*) AS BIGINT) AS lines,
        CAST(count(*) FILTER (l.outcome = 'matched') AS BIGINT) AS matched_lines,
        CAST(sum(l.plays) AS BIGINT) AS plays,
        CAST(coalesce(sum(l.plays) FILTER (l.outcome = 'matched'), 0) AS BIGINT) AS matched_plays
    FROM line AS l GROUP BY l.licensee
),
collected AS (
    SELECT p.licensee AS licensee, CAST(sum(p.amount_micro) AS BIGINT) AS collected_micro
    FROM pool AS p GROUP BY p.licensee
),
waiting AS (
    SELECT h.licensee AS licensee, CAST(sum(h.amount_micro) AS BIGINT) AS suspense_micro
    FROM held AS h GROUP BY h.licensee
)
SELECT
    coalesce(u.licensee, c.licensee) AS licensee,
    coalesce(u.lines, 0) AS lines,
    coalesce(u.matched_lines, 0) AS matched_lines,
    coalesce(u.plays, 0) AS plays,
    coalesce(u.matched_plays, 0) AS matched_plays,
    coalesce(c.collected_micro, 0) AS collected_micro,
    coalesce(w.suspense_micro, 0) AS suspense_micro
FROM used AS u
FULL JOIN collected AS c ON c.licensee = u.licensee
LEFT JOIN waiting AS w ON w.licensee = c.licensee;

CREATE OR REPLACE TABLE by_work AS
WITH paid AS (
    SELECT a.work_id AS work_id, CAST(sum(a.amount_micro) AS BIGINT) AS amount_micro
    FROM allocations AS a GROUP BY a.work_id
),
counted AS (
    SELECT l.work_id AS work_id, CAST(sum(l.plays) AS BIGINT) AS plays
    FROM line AS l WHERE l.outcome = 'matched' GROUP BY l.work_id
)
SELECT
    p.work_id AS work_id,
    coalesce(w.title, p.work_id) AS title,
    coalesce(c.plays, 0) AS plays,
    p.amount_micro AS amount_micro
FROM paid AS p
LEFT JOIN work AS w ON w.work_id = p.work_id
LEFT JOIN counted AS c ON c.work_id = p.work_id;

-- The same (file, line) may be named by several problems; its plays and money are counted with the first code alone.
CREATE OR REPLACE TABLE by_problem AS
SELECT
    q.file AS file,
    q.code AS code,
    q.severity AS severity,
    CAST(count(*) AS BIGINT) AS rows,
    CAST(coalesce(sum(a.plays), 0) AS BIGINT) AS plays,
    CAST(coalesce(sum(a.amount_micro), 0) AS BIGINT) AS amount_micro,
    min(q.line) AS first_line,
    min_by(q.reason, (q.line, q."column")) AS reason,
    min_by(q.mend, (q.line, q."column")) AS mend
FROM problems AS q
LEFT JOIN aside AS a
    ON a.file = q.file AND a.line = q.line AND a.code = q.code AND q.severity = 'quarantined'
GROUP BY q.file, q.code, q.severity;

-- What may be used and what may not, in plays: a play of a work that two societies share counts for each.
CREATE OR REPLACE TABLE by_clearance AS
SELECT c.answer AS answer, c.code AS code, min(c.reason) AS reason,
       CAST(count(DISTINCT c.work_id) AS BIGINT) AS works, CAST(sum(c.lines) AS BIGINT) AS lines,
       CAST(sum(c.plays) AS BIGINT) AS plays
FROM clearances AS c
GROUP BY c.answer, c.code;
