"""The stage as a whole: hostile rows, order, chunks, progress, evidence and the shipped scorer."""

# ruff: noqa: E501, S311 - tables of Han characters; a seeded shuffle

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from partita.identify import IdentifyPolicy, evidence, identify, prepare
from partita.identify.features import NAMES
from partita.identify.scorer import probabilities, scorer_v1

sys.path.insert(0, str(Path(__file__).parent))
import identify_rows as rows

HOSTILE = [
    "", " ", "\0", "x" * 100_000, "ab " * 33_000, "\u202eabc\u200f", "😀😀", "!!!", "((((" * 5_000, "- " * 3_000, "愛" * 50_000, "[", ")", "-",
    "a\u0301" * 2_000, "\ufeff", "ﷺ" * 300, "1", "T0345246801",
]  # fmt: skip


def test_hostile_titles_have_an_outcome(works: pa.Table) -> None:
    """Long, empty, invisible and broken titles are decided like any other, in lines and in works."""
    lines = [{"title": t, "performers": [p]} for t in HOSTILE for p in ("", "x y " * 5_000)]
    assert {o for o, _ in rows.outcomes(works, *lines)} <= {"ambiguous", "unmatched"}
    hostile = rows.repertoire(*({"work_id": f"H{i:02d}", "title": t} for i, t in enumerate(HOSTILE)))
    assert len(rows.outcomes(hostile, *lines)) == len(lines)


def test_sizes_at_the_edge(works: pa.Table) -> None:
    """No lines, no works, one work, and very many equal lines."""
    assert identify(rows.usage(), works).num_rows == 0
    assert rows.outcomes(rows.repertoire(), {"title": "望春風"}) == [("unmatched", None)]
    assert rows.outcomes(works.slice(6, 1), {"title": "Yesterday", "performers": ["The Beatles"]}) == [
        ("matched", "W07")
    ]
    one = rows.usage({"title": "Yesterday", "performers": ["The Beatles"]})
    many = pa.concat_tables([one] * 2_000).combine_chunks()
    assert set(identify(many, works).column("work_id").to_pylist()) == {"W07"}


def test_order_and_chunks_change_nothing(works: pa.Table) -> None:
    """Rows of either table in any order, and lines in chunks of any size, give the same rows."""
    titles = ["望春风", "Yesterday", "愛情", "雨夜花", "故鄉", "long and winding road", "心愿", "Beatles - Yesterday"]
    lines = rows.usage(*({"title": t, "performers": p} for t in titles for p in ([], ["純純"], ["The Beatles"])))
    expected = identify(lines, works).sort_by("line_id").to_pylist()
    dice = random.Random(5)
    for chunk in (1, 3, 100):
        shuffled = lines.take(dice.sample(range(len(lines)), len(lines)))
        other = works.take(dice.sample(range(len(works)), len(works)))
        policy = IdentifyPolicy(chunk_lines=chunk)
        assert identify(shuffled, other, policy).sort_by("line_id").to_pylist() == expected


def test_threads_change_nothing(works: pa.Table) -> None:
    """One thread or two give the same rows."""
    lines = rows.usage(
        *({"title": t, "performers": ["純純"]} for t in ("望春风", "long and winding road", "雨夜", "yesterdy"))
    )
    policy = IdentifyPolicy(chunk_lines=1)
    assert identify(lines, works, policy, threads=1).equals(identify(lines, works, policy, threads=2))


def test_a_prepared_repertoire_gives_the_same(works: pa.Table) -> None:
    """The index may be built once and used again."""
    lines = rows.usage({"title": "望春風", "performers": ["純純"]}, {"title": "愛情"})
    assert identify(lines, prepare(works)).equals(identify(lines, works))


def test_progress_is_told_by_chunk(works: pa.Table) -> None:
    """A caller may follow: stage, lines done, lines in all."""
    told: list[tuple[str, int, int]] = []
    lines = rows.usage(*({"title": f"title {i}"} for i in range(5)))
    identify(lines, works, IdentifyPolicy(chunk_lines=2), progress=lambda *step: told.append(step))
    assert [t for t in told if t[0] == "identify"] == [("identify", n, 5) for n in (0, 2, 4, 5)]


def test_evidence_says_why(works: pa.Table) -> None:
    """Fields, normal forms, candidates with features, and why the runner-up lost; all of it fit for JSON."""
    found = evidence({"line_id": "7", "title": "愛情 (KTV版)", "performers": ["莫文蔚"]}, works)
    assert (found.outcome, found.work_id, found.rule) == ("matched", "W03", "title+performer")
    assert found.normal["title"] == "爱情"
    assert found.normal["tags"] == ["ktv版"]
    assert found.candidates[0].work_id == "W03"
    assert found.candidates[1].work_id == "W04"
    assert set(found.candidates[0].features) == set(NAMES)
    assert "W04 lost" in found.runner_up
    assert json.loads(json.dumps(found.as_dict()))["work_id"] == "W03"


def test_evidence_agrees_with_the_stage(works: pa.Table) -> None:
    """What is explained is what was decided."""
    for title in ("愛情", "望春風", "nothing like it", ""):
        line = {"line_id": "1", "title": title}
        match = identify(rows.usage(line), works).to_pylist()[0]
        found = evidence(line, works)
        assert (found.outcome, found.work_id, found.probability) == (
            match["outcome"],
            match["work_id"],
            match["probability"],
        )


def test_evidence_shows_the_work_of_an_identifier(works: pa.Table) -> None:
    """Also where the title alone would not have proposed it; it comes first, with the probability that was decided."""
    for line in ({"title": "", "iswc": "T0345246801"}, {"title": "Yesterday", "isrc": "GBAYE0601477"},
                 {"title": "Completely Other Words", "iswc": "T0345246801"}):  # fmt: skip
        found = evidence(line, works)
        best = identify(rows.usage(line), works).to_pylist()[0]["candidates"][0]
        assert (found.candidates[0].work_id, found.candidates[0].probability) == (best["work_id"], best["probability"])


@settings(max_examples=25)
@given(st.lists(st.tuples(st.text(max_size=12), st.lists(st.text(max_size=8), max_size=2)), max_size=6))
def test_any_text_is_decided_within_the_rules(works: pa.Table, made: list[tuple[str, list[str]]]) -> None:
    """Probabilities lie between 0 and 1, candidates are sorted, and only matched lines have a work."""
    for match in identify(rows.usage(*({"title": t, "performers": p} for t, p in made)), works).to_pylist():
        shares = [c["probability"] for c in match["candidates"]]
        assert shares == sorted(shares, reverse=True)
        assert 0 <= sum(shares) <= 1.0001
        assert (match["work_id"] is not None) == (match["outcome"] == "matched")


def test_probabilities_of_a_line_and_of_none_sum_to_one() -> None:
    """Two works alike share what one would have had."""
    alone, first, second = probabilities(np.array([0, 1, 1]), np.array([99.0, 99.0, 99.0])).tolist()
    assert alone == 0.99
    assert first == second < 0.5


def test_the_scorer_gives_its_golden_scores() -> None:
    """Version 1 scores these rows of features so, on any machine."""
    golden = json.loads(Path(__file__).with_name("golden_scores_v1.json").read_text(encoding="utf-8"))
    assert golden["features"] == list(NAMES)
    logits = scorer_v1().logits(np.array(golden["rows"], np.float32))
    assert [round(x * 1000) for x in logits.tolist()] == golden["logits_milli"]
