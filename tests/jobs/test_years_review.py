"""A dossier whose every rate is known by hand: five songs, 1,600 plays, three parties."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))
import lantern
from lantern import rows

from partita import tables
from partita.cli.main import main

PARTIES = ("authority", "society", "licensee")

CATALOGUE = """line_id,title,composer,language
1,Paper Lantern,Composer One,en
2,Harbour Rain,Composer Two,en
3,Stone Bridge,Composer Three,en
4,Nobody Knows This,Unknown,en
5,雨のうた,Unknown,ja
"""

LOG = """line_id,title,composer,language,plays
1,Paper Lantern,Composer One,en,600
2,Harbour Rain,Composer Two,en,300
3,Stone Bridge,Composer Three,en,500
4,Nobody Knows This,Unknown,en,90
5,雨のうた,Unknown,ja,110
"""

REVIEW = """
cases = ["tw-ipca-108-xingzhusu-2"]

[review]
title = {{ en = "Tariff of ACMA" }}
party = "{party}"
society = "ACMA"
languages = ["en"]

[identify]
languages_out = ["ja"]

[[repertoire]]
file = "works.csv"

[[shares]]
file = "shares.csv"

[[operator]]
id = "lantern"
catalogue = "catalogue.csv"
usage = "log.csv"

[[measured]]
id = "must-by-play-rate"
other = "MUST"
rate = "play"
tariff = {{ value = 5000, source = "MUST's tariff" }}
unit = "TWD/room-year"
"""


@pytest.fixture(scope="module")
def dossiers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The dossier of each party, through the command line."""
    made = {}
    for party in PARTIES:
        folder = tmp_path_factory.mktemp(party)
        files = {"works.csv": lantern.WORKS, "shares.csv": lantern.SHARES, "catalogue.csv": CATALOGUE, "log.csv": LOG}
        for name, text in {**files, "review.toml": REVIEW.format(party=party)}.items():
            (folder / name).write_text(text, encoding="utf-8")
        made[party] = folder / "run"
        result = CliRunner().invoke(main, ["review", str(folder / "review.toml"), "-o", str(made[party])])
        assert result.exit_code == 0, result.output
    return made


def test_each_partys_rates_are_those_by_hand(dossiers: dict[str, Path]) -> None:
    """Unmatched lines count for the authority, Japanese ones for the licensee too; it counts shared works by share."""
    found = {
        (r["rate"], r["party"]): r["rate_ppm"]
        for r in rows(dossiers["authority"], tables.RATES)
        if r["society"] == "ACMA" and r["level"] == "pooled"
    }

    assert found == {
        ("reproduction", "authority"): 1_000_000 * 2 // 4,
        ("reproduction", "society"): 1_000_000 * 2 // 3,
        ("reproduction", "licensee"): 1_500_000 // 5,
        ("play", "authority"): 1_000_000 * 900 // 1490,
        ("play", "society"): 1_000_000 * 900 // 1400,
        ("play", "licensee"): 1_000_000 * 750 // 1600,
    }


def test_every_switch_moves_the_rate_as_by_hand(dossiers: dict[str, Path]) -> None:
    """The play rate under each way to count foreign lines, unmatched lines and shared works."""
    found = {
        (r["foreign"], r["unmatched"], r["counting"]): (r["part"] // 1_000_000, r["whole"])
        for r in rows(dossiers["authority"], tables.SCENARIOS)
        if (r["rate"], r["level"], r["society"]) == ("play", "pooled", "ACMA")
    }

    for (foreign, unmatched, counting), figures in found.items():
        whole = 1400 + (110 if foreign == "in" else 0) + (90 if unmatched == "in" else 0)
        assert figures == (900 if counting == "whole" else 750, whole), (foreign, unmatched, counting)
    assert len(found) == 8


def test_comparables_are_those_by_hand_and_of_the_real_case(dossiers: dict[str, Path]) -> None:
    """MUST's 5,000 x 900 / 800 plays; and the case's own 5,000 x 1.5 / 70 = 107."""
    found = {r["comparable_id"]: r for r in rows(dossiers["licensee"], tables.COMPARABLES)}

    assert found["must-by-play-rate@authority"]["value_micro"] == 5_000_000_000 * 900 // 800
    assert found["must-by-play-rate@licensee"]["value_micro"] == 5_000_000_000 * 750 // 650
    assert found["tw-ipca-108-xingzhusu-2:acma-by-play-rate"]["shown"] == "107"


def test_who_asks_changes_no_table(dossiers: dict[str, Path]) -> None:
    """Authority, society and licensee get the same bytes."""
    for name in ("coverage", "scenarios", "rates", "comparables", "recounts"):
        assert len({(folder / f"{name}.parquet").read_bytes() for folder in dossiers.values()}) == 1, name
