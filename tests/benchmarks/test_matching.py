"""The benchmark's own arithmetic: rates, thresholds, made-up works and noise say what they claim to say."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import matching_data
import matching_page
import noise_v2
from matching_rates import NONE, Answers, Rates, best_threshold, over, rates, recall_at
from run import BENCHMARKS

ALL = np.ones(6, bool)
TRUTH = np.array([1, 2, 3, 4, NONE, NONE])


def answers(best: list[int], score: list[float]) -> Answers:
    """Answers to all six lines."""
    return Answers(np.array(best), np.array(score), ALL)


def test_rates_count_a_work_for_a_song_outside_as_wrong() -> None:
    """Three right of four given, of four that could be found."""
    assert rates(np.array([1, 2, 3, NONE, 9, NONE]), TRUTH, ALL) == Rates(0.75, 0.75, 0.75)


def test_a_threshold_cannot_part_equal_scores() -> None:
    """Of lines with one score all are taken or none, so that their order cannot make a threshold look better."""
    tied = answers([1, 2, 9, 9, 9, 9], [0.9, 0.9, 0.9, 0.5, 0.5, 0.5])
    assert recall_at(0.99, tied, TRUTH, ALL) == 0
    assert recall_at(0.6, tied, TRUTH, ALL) == 0.5


def test_the_best_threshold_is_one_of_the_scores() -> None:
    """It keeps the three right answers and leaves out the two wrong ones below them."""
    some = answers([1, 2, 3, NONE, 8, 9], [0.9, 0.8, 0.7, 0.0, 0.3, 0.2])
    assert best_threshold(some, TRUTH, ALL) == 0.7
    assert over(some, 0.7).tolist() == [1, 2, 3, NONE, NONE, NONE]


def test_names_are_split_where_there_are_any() -> None:
    """Nothing gives no name, and an empty piece is none."""
    assert matching_data.names(pa.array(["a / b", "", None, "c / "])).to_pylist() == [["a", "b"], [], [], ["c"]]


def test_made_up_works_are_new(shared: Path) -> None:
    """No work dealt anew has the title and performers of a real one or of another, and each has an id of its own."""
    assert (shared / "data/bench_repertoire.parquet").is_file()
    real = len(matching_data.works())
    made = matching_data.recombined(real + 5_000)
    assert len(made) == real + 5_000
    assert len(set(made["work_id"].to_pylist())) == len(made)
    pairs = list(zip(made["title"].to_pylist(), made["artist"].to_pylist(), strict=True))
    assert len(set(pairs[real:])) == 5_000
    assert set(pairs[real:]) & set(pairs[:real]) == set()


SONGS = [
    ("望春風", ["陳美麗"]),
    ("Yesterday and Today", ["The Long Beatles"]),
    ("さくら", ["ユキ"]),
    ("月亮二號", ["李明 Ming"]),
]


def noisy(seed: int) -> list[noise_v2.Line]:
    """Two hundred lines of four songs."""
    noise = noise_v2.Noise([title for title, _ in SONGS], ["Somebody"], seed)
    return [noise.line(*SONGS[i % len(SONGS)], ["SMITH JOHN"]) for i in range(200)]


def test_the_second_noise_is_the_same_for_the_same_seed() -> None:
    """A seed makes the same lines again, another seed others."""
    assert noisy(1) == noisy(1)
    assert noisy(1) != noisy(2)


def test_the_second_noise_leaves_a_title_and_says_what_it_did() -> None:
    """No title is empty, no list of performers holds an empty name; a line that nothing touched is the song."""
    for i, line in enumerate(noisy(3)):
        assert line.title.strip()
        assert all(line.performers)
        assert set(line.applied) <= set(noise_v2.MECHANISMS)
        if not line.applied:
            assert (line.title, line.performers) == SONGS[i % len(SONGS)]


@pytest.mark.parametrize("name", noise_v2.MECHANISMS)
def test_every_mechanism_is_told_of(name: str) -> None:
    """Each mechanism stands in the module's docstring and in the weights."""
    assert f"\n{name} " in (noise_v2.__doc__ or "")
    assert noise_v2.WEIGHTS[name] > 0


def test_the_page_names_what_could_not_run() -> None:
    """A part that failed is a note, not a missing row."""
    bench = {"f1": 0.99, "lines": 1, "lines_per_cpu_s": 50_000, "by_noise": {"clean": {"lines": 1, "recall": 1.0}}}
    page = matching_page.said({"bench": bench, "peers": {"x": {"failed": "no interpreter"}}}, quick=False)
    assert "Not measured: peers x: no interpreter." in page["notes"]
    met = {figure["name"]: figure["met"] for figure in page["figures"]}
    assert met == {
        "bench, F1": True, "bench, lines per CPU second, index apart": True, "bench, recall: clean": True,
    }  # fmt: skip


def test_every_benchmark_is_there() -> None:
    """`make bench` names no script that does not exist."""
    folder = Path(matching_data.__file__).parent
    assert [one.script for one in BENCHMARKS if not (folder / one.script).is_file()] == []
