"""Where a stage runs: DuckDB in this process, or Spark through Spark Connect; both have the shape in `shape`."""
