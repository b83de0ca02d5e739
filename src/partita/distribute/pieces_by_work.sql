-- Each claim's amount, work by work. In: cut. Out: pieces.
SELECT c.pool_no AS pool_no, c.work_no AS work_no, c.party_no AS party_no, c.society AS society, c.role AS role,
       c.share_ppm AS share_ppm, c.weight AS weight, c.amount AS amount
FROM cut AS c;
