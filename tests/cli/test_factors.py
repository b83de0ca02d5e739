"""`partita factors`: what speaks for and against something made of a work, and never a verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partita.cli.main import main
from partita.law.factors import VERDICTS

CHAIN = "examples/rights/meme.yaml"


def run(*words: str) -> Result:
    """Runs the program in this process."""
    return CliRunner().invoke(main, ["factors", *words], prog_name="partita")


def test_the_shirts_speak_otherwise_than_the_shared_scenes(repository: Path) -> None:
    """Selling speaks against where money is looked at; the joke still speaks for where humour is."""
    found = json.loads(run(str(repository / CHAIN), "--at", "2026-11-22", "--json").stdout)
    by_place = {place["place"]: place for place in found["places"]}

    assert {"US", "TW", "EU", "JP", "KR", "SG", "CN", "IN", "GB"} <= set(by_place)
    assert {"for", "against"} <= {factor["speaks"] for factor in by_place["TW"]["factors"]}
    assert "step 3: sold, on goods or by itself" in {f["why"]["english"] for f in by_place["US"]["factors"]}


def test_no_word_of_it_is_a_verdict(repository: Path) -> None:
    """Whatever the place, nothing that is printed concludes."""
    said = run(str(repository / CHAIN), "--at", "2026-11-22").stdout

    assert "not legal advice" in said
    assert not [found[0] for found in VERDICTS.finditer(said.replace("not legal advice", ""))]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("steps: [", "not YAML"),
        ("title: x\nsteps: []", "steps"),
        ("title: x\nsteps: [{made_on: 2026-01-01, character: sold, observed: [nonsense]}]", "nonsense"),
        ("title: x\nsteps: [{made_on: 2026-01-01, character: stolen}]", "commercial character"),
        ("!!python/object/apply:os.system [ls]", "not YAML"),
        ("[" * 100_000, "nested deeper"),
    ],
)
def test_a_chain_that_is_none_is_said_in_one_line(tmp_path: Path, text: str, wrong: str) -> None:
    """Bad chains are exit 2 with what is wrong."""
    (tmp_path / "chain.yaml").write_text(text, encoding="utf-8")
    done = run(str(tmp_path / "chain.yaml"), "--place", "TW")

    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert wrong in done.stderr
