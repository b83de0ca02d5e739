"""The job file: what it takes, and how it says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from partita.errors import InputError
from partita.jobs import jobfile

SHORT = """
[job]
title = { en = "Harbour Karaoke 2019" }
currency = "TWD"
period_from = 2019-01-01
period_to = 2019-12-31
[[repertoire]]
file = "works.csv"
[[usage]]
file = "log.csv"
[[pool]]
id = "p"
amount = 120000.10
"""


def written(folder: Path, text: str) -> Path:
    """The path of a job file with this text."""
    path = folder / "job.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_decimals_stay_exact(tmp_path: Path) -> None:
    """A decimal without quotes is kept as written, not as a float."""
    job = jobfile.load(written(tmp_path, SHORT))

    assert job.pool[0].amount == "120000.10"


def test_chinese_title_falls_back_to_english(tmp_path: Path) -> None:
    """Without a Chinese title the English one stands in both languages."""
    job = jobfile.load(written(tmp_path, SHORT))

    assert job.job.title.by_language() == {"en": "Harbour Karaoke 2019", "zh-Hant": "Harbour Karaoke 2019"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('currency = "TWD"', 'currency = "dollars"', "job.currency"),
        ("period_to = 2019-12-31", "period_to = 2018-12-31", "period_to 2018-12-31 lies before period_from 2019-01-01"),
        ('file = "log.csv"', 'file = "https://example.org/log.csv"', "is not a path"),
        ('file = "log.csv"', 'file = "log.csv"\nplayz = "Anzahl"', "usage.0.playz"),
        ("amount = 120000.10", 'amount = "much"', "'much' is not an exact number"),
        ("[[pool]]", "[[pool", "not TOML"),
        ('[[pool]]\nid = "p"\namount = 120000.10', "", "there is no money"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each mistake gives one line that names the file, the key and what is wrong."""
    path = written(tmp_path, SHORT.replace(old, new))

    with pytest.raises(InputError) as caught:
        jobfile.load(path)

    assert said in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_deductions_cannot_exceed_the_whole(tmp_path: Path) -> None:
    """A fee and a fund of more than 100 % together are refused."""
    society = '[[society]]\nid = "S"\nname = { en = "S" }\nmanagement_fee = "60 %"\nfund = "41 %"\n'

    with pytest.raises(InputError, match="100 %"):
        jobfile.load(written(tmp_path, SHORT + society))


def test_missing_and_binary_job_files_are_one_line(tmp_path: Path) -> None:
    """A job file that is absent, or no text, is said in one line."""
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00PK")
    for name in ("absent.toml", "binary.toml"):
        with pytest.raises(InputError) as caught:
            jobfile.load(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_every_key_is_documented(repository: Path) -> None:
    """Each key of the job file's models stands in docs/job-file.md."""
    page = (repository / "docs" / "job-file.md").read_text(encoding="utf-8")
    models = [
        jobfile.About,
        jobfile.Clear,
        jobfile.Identify,
        jobfile.Price,
        jobfile.Distribute,
        jobfile.Earlier,
        jobfile.Statements,
        jobfile.Society,
    ]
    models += [jobfile.Licensee, jobfile.Licence, jobfile.GivenPool, jobfile.Source, jobfile.Repertoire, jobfile.Usage]

    keys = {name for model in [*models, jobfile.Job] for name in model.model_fields}

    missing = sorted(key for key in keys if f"`{key}`" not in page and f"[{key}]" not in page)
    assert missing == []


@pytest.mark.parametrize("amount", ["1000.1234567", "1/3", "9999999999999999", "1e400"])
def test_amounts_are_checked_before_the_work(tmp_path: Path, amount: str) -> None:
    """An amount that is finer than a millionth or beyond the books is one line that names its key."""
    path = written(tmp_path, SHORT.replace("amount = 120000.10", f'amount = "{amount}"'))

    with pytest.raises(InputError, match=r"pool\.0\.amount: "):
        jobfile.load(path)


@pytest.mark.parametrize(
    "address", ["postgresql://clerk:s3cret@host/registry", "postgresql://clerk@host/registry?password=s3cret"]
)
def test_a_job_holds_no_password(tmp_path: Path, address: str) -> None:
    """A registry's address with a password is refused, and the password is not repeated."""
    path = written(tmp_path, SHORT + f'\n[clear]\nregistry = "{address}"\n')
    with pytest.raises(InputError, match="password file") as caught:
        jobfile.load(path)
    assert "s3cret" not in str(caught.value)
