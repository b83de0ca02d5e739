-- A run that adjusts nothing books what it found. In: allocated, suspended, earned_totals, posted. Out: the books' tables.
CREATE OR REPLACE VIEW allocations AS SELECT * FROM allocated;
CREATE OR REPLACE VIEW suspense AS SELECT * FROM suspended;
CREATE OR REPLACE VIEW totals AS SELECT * FROM earned_totals;
CREATE OR REPLACE VIEW postings AS SELECT * FROM posted;
