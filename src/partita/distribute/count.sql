-- Which lines count in which pools: a basket is the licensee, period and key that several pools have in common.
-- In: lines, licensees, points, baskets. Out: basket_licensees, counted.
CREATE OR REPLACE TABLE basket_licensees AS
SELECT b.basket_no AS basket_no, b.licensee AS licensee, b.period_from AS period_from, b.period_to AS period_to,
       b.allocation_key AS allocation_key
FROM baskets AS b WHERE b.licensee <> ''
UNION ALL
SELECT b.basket_no AS basket_no, l.licensee AS licensee, b.period_from AS period_from, b.period_to AS period_to,
       b.allocation_key AS allocation_key
FROM baskets AS b CROSS JOIN licensees AS l WHERE b.licensee = '';

CREATE OR REPLACE VIEW counted AS
SELECT b.basket_no AS basket_no, b.allocation_key AS allocation_key, l.line_id AS line_id, l.title AS title,
       l.outcome AS outcome, l.work_id AS work_id, l.plays AS plays,
       CASE b.allocation_key WHEN 'plays' THEN l.plays WHEN 'points' THEN l.plays * v.points
                             WHEN 'given' THEN l.weight ELSE 1 END AS base
FROM lines AS l
JOIN basket_licensees AS b ON b.licensee = l.licensee
                          AND (l.used_on IS NULL OR (l.used_on >= b.period_from AND l.used_on <= b.period_to))
LEFT JOIN points AS v ON v.category = COALESCE(l.category, '')
WHERE l.outcome <> 'out_of_scope';
