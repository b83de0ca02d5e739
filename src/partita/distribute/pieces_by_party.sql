-- Each party's amount in each pool; what nobody claims stays work by work. In: cut. Out: pieces.
SELECT c.pool_no AS pool_no, CASE WHEN c.party_no < 0 THEN c.work_no END AS work_no, c.party_no AS party_no,
       c.society AS society, '' AS role, 0 AS share_ppm, CAST(SUM(CASE WHEN c.party_no < 0 THEN c.weight ELSE 0 END) AS BIGINT) AS weight,
       CAST(SUM(c.amount) AS BIGINT) AS amount
FROM cut AS c
GROUP BY c.pool_no, CASE WHEN c.party_no < 0 THEN c.work_no END, c.party_no, c.society;
