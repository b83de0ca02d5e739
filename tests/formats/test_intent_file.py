"""Intent files: YAML and TOML mean the same, and whatever is wrong is said with its line."""

# ruff: noqa: E501  a file of one line and what is wrong with it read as a table

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats import intent_file
from partita.formats.signals import Stance, Statement

YAML = """\
party: A publisher
policy: https://example.org/policy
site: https://Example.org/
broaden: true
statements:
  - {purpose: train, stance: reserve, price: {type: training, amount: 0.02, currency: EUR}}
  - {purpose: search, stance: permit, territory: TW, from: 2026-01-01, to: 2027-01-01, targets: /songs/}
"""
TOML = """\
party = "A publisher"
policy = "https://example.org/policy"
site = "https://Example.org/"
broaden = true
[[statements]]
purpose = "train"
stance = "reserve"
price = {type = "training", amount = "0.02", currency = "EUR"}
[[statements]]
purpose = "search"
stance = "permit"
territory = "TW"
from = 2026-01-01
to = 2027-01-01
targets = ["/songs/"]
"""


def read(tmp_path: Path, text: str | bytes, name: str = "intent.yaml") -> intent_file.Told:
    """The intent in a file of this text."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return intent_file.read(path)


def test_yaml_and_toml_say_the_same(tmp_path: Path) -> None:
    """Every field, in both."""
    told = read(tmp_path, YAML)
    assert told == read(tmp_path, TOML, "intent.toml")
    assert (told.site, told.intent.broaden) == ("https://example.org", True)
    assert told.intent.statements == (
        Statement("train", Stance.RESERVE, price={"type": "training", "amount": "0.02", "currency": "EUR"}),
        Statement("search", Stance.PERMIT, "*", "TW", dt.date(2026, 1, 1), dt.date(2027, 1, 1), ("/songs/",)),
    )


def test_to_broaden_is_a_choice(tmp_path: Path) -> None:
    """Unless the file says so, nothing is reserved beyond what is meant; and only true and false say so."""
    text = "party: A\nstatements:\n  - {purpose: train, stance: reserve}\n"
    assert not read(tmp_path, text).intent.broaden
    with pytest.raises(InputError, match="broaden"):
        read(tmp_path, f"broaden: 'yes'\n{text}")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("party: A\nstatements:\n  - purpose: train\n    stance: maybe\n", 4, "stance"),
        ("party: A\nstatements:\n  - purpose: trian\n    stance: reserve\n", 3, "trian"),
        ("party: A\nstatements:\n  - purpose: train\n    stance: reserve\n    teritory: EU\n", 5, "teritory"),
        ("party: A\nstatements:\n  - {purpose: train, stance: reserve, territory: Europe}\n", 3, "territory"),
        ("party: A\nstatements:\n  - {purpose: train, stance: reserve, system: Suno V5}\n", 3, "system"),
        ("party: A\nstatements:\n  - purpose: train\n    stance: reserve\n    from: 2026-02-01\n    to: 2026-01-01\n", 3, "ends"),
        ("party: A\nstatements:\n  - {purpose: train, stance: permit, price: {type: training, amount: 1, currency: EUR}}\n", 3, "price"),
        ("party: A\nstatements:\n  - {purpose: train, stance: reserve, price: {type: free, amount: 1, currency: EUR}}\n", 3, "type"),
        ("party: A\nstatements:\n  - {purpose: train, stance: reserve, targets: ['a b']}\n", 3, "targets"),
        ("policy: javascript:alert(1)\nparty: A\nstatements: [{purpose: train, stance: reserve}]\n", 1, "address"),
        ("site: https://example.org/folder\nparty: A\nstatements: [{purpose: train, stance: reserve}]\n", 1, "more than a site"),
        ("site: https://u:p@example.org\nparty: A\nstatements: [{purpose: train, stance: reserve}]\n", 1, "no address"),
        ("party: A\nparty: B\nstatements: []\n", 2, "twice"),
        ("a: &x [1]\nb: *x\n", 2, "alias"),
        ("party: A\nstatements:\n  - {purpose: train\n", 4, "YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    """File, line, what, and how to mend it."""
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert caught.value.line == line
    assert said in str(caught.value)
    assert caught.value.mend


def test_toml_has_lines_too(tmp_path: Path) -> None:
    """The line of the key within its own statement, and of a mistake in the form."""
    with pytest.raises(InputError) as caught:
        read(tmp_path, TOML.replace('stance = "permit"', 'stance = "perhaps"'), "intent.toml")
    assert caught.value.line == 11
    with pytest.raises(InputError) as caught:
        read(tmp_path, 'party = "A"\nstatements = [\n', "intent.toml")
    assert "TOML" in str(caught.value)


@pytest.mark.parametrize(
    "text", [b"", b"\xff", b"- 1", b"[" * 5000, b"x" * (1 << 21), b"a: 2026-13-40\n", b"\0", b"party: A\n" * 2]
)
def test_files_that_are_no_intent_are_refused(tmp_path: Path, text: bytes) -> None:
    """In one line, whatever they hold."""
    for name in ("intent.yaml", "intent.toml"):
        with pytest.raises(InputError) as caught:
            read(tmp_path, text, name)
        assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(InputError, match=r"intent\.yaml"):
        intent_file.read(tmp_path / "intent.yaml")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200) | st.binary(max_size=200))
def test_bytes_made_at_random_are_an_input_error(tmp_path: Path, text: str | bytes) -> None:
    """Nothing else comes out of the reader."""
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    for name in ("intent.yaml", "intent.toml"):
        with pytest.raises(InputError) as caught:
            read(tmp_path, content, name)
        assert caught.value.reason
