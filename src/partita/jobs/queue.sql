-- The senders' own numbers of the songs in the review queue. In: open_line, usage. Out: sender_number.
CREATE OR REPLACE TABLE sender_number AS
SELECT DISTINCT
    o.item_id AS item_id,
    CASE WHEN u.licensee <> '' THEN u.licensee ELSE u.list END AS sender,
    u.sender_number AS number
FROM open_line AS o
JOIN usage AS u ON u.line_id = o.line_id
WHERE u.sender_number <> '';

-- Where the example line of each item stands.
CREATE OR REPLACE TABLE example AS
SELECT
    q.item_id AS item_id,
    u.file AS file,
    u.line AS line
FROM queue AS q
JOIN usage AS u ON u.line_id = q.line_id;
