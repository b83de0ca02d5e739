"""Peer: splink on DuckDB, link_only, blocking rules as the key joins of the reference, parameters by EM."""

from __future__ import annotations

import logging
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import splink.comparison_level_library as levels
from common import THREADS, Case, Clock, Side, best, run
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison

RULES = (
    ("core",),
    ("artist", "begin"),
    ("artist", "ending"),
    ("bag",),
    ("begin5", "artist4"),
    ("writer", "begin"),
)
SEED = 7


def table(side: Side, name: str) -> pa.Table:
    """The columns that are compared and blocked on; empty texts are null."""

    def filled(texts: list[str]) -> pa.Array:
        return pa.array([t or None for t in texts], pa.string())

    pairs = list(zip(side.core, side.artist, strict=True))
    return pa.table({
        "unique_id": np.arange(len(side.core)), "source_dataset": [name] * len(side.core),
        "core": filled(side.core), "artist": filled(side.artist), "writers": filled(side.writers),
        "begin": filled([t[:3] for t, _ in pairs]), "ending": filled([t[-3:] for t, _ in pairs]),
        "begin5": filled([t[:5] for t, _ in pairs]), "artist4": filled([a[:4] for _, a in pairs]),
        "bag": filled([" ".join(sorted(b.split())) for b in side.bag]),
        "writer": filled([" ".join(w.split()[:2]) for w in side.writers]),
    })  # fmt: skip


def comparison(column: str, *, frequent: bool) -> CustomComparison:
    """Equal, nearly so by Jaro-Winkler, or not; how frequent the value is counts where asked."""
    exact = levels.ExactMatchLevel(column, term_frequency_adjustments=frequent)
    near = [levels.JaroWinklerLevel(column, least) for least in (0.95, 0.88, 0.75)]
    return CustomComparison([levels.NullLevel(column), exact, *near, levels.ElseLevel()], column)


def match(case: Case, clock: Clock) -> tuple[pa.Table, dict[str, Any]]:
    """The best work of each line."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    api = DuckDBAPI(connection=connection)
    sides = [api.register(table(case.lines, "a_lines")), api.register(table(case.entries, "b_works"))]
    settings = SettingsCreator(
        link_type="link_only", retain_matching_columns=False,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in RULES],
        comparisons=[comparison("core", frequent=True), comparison("artist", frequent=True),
                     comparison("bag", frequent=False), comparison("writers", frequent=False)],
    )  # fmt: skip
    linker = Linker(sides, settings, log_level=None)
    clock.end("build")
    linker.training.estimate_probability_two_random_records_match([block_on("core", "artist")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("core"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("artist", "begin"))
    clock.end("setup")
    found = linker.inference.predict(threshold_match_weight=-10).as_duckdbpyrelation()
    rows = found.project("unique_id_l, unique_id_r, match_weight").to_arrow_table()
    line, entry = (rows[f"unique_id_{side}"].to_numpy().astype(np.int64) for side in "lr")
    answer = best(case, line, entry, rows["match_weight"].to_numpy())
    clock.end("match")
    said = f"link_only, {len(RULES)} blocking rules, four fields by Jaro-Winkler, term frequencies, EM"
    return answer, {"settings": said}


if __name__ == "__main__":
    run(match, ["splink", "duckdb"])
