"""Where a stage runs: DuckDB in this process."""
