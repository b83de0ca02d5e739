"""Runs django-music-publisher's royalty calculation on one statement; started by `against_dmp.py`.

Works and writers are put into its database (SQLite in memory) through its own models; timed is what its view does with
an uploaded statement: from the form's data to the finished output file. Prints one JSON object.
"""

from __future__ import annotations

import csv
import json
import logging
import sys
import time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import django
from django.conf import settings

SHARES = {
    "PUBLISHING_AGREEMENT_PUBLISHER_PR": Decimal("0.5"),
    "PUBLISHING_AGREEMENT_PUBLISHER_MR": Decimal(1),
    "PUBLISHING_AGREEMENT_PUBLISHER_SR": Decimal(1),
}
APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "taggit",
    "music_publisher.apps.MusicPublisherConfig",
]


def main() -> None:
    """Sets the peer up, fills it, and times it."""
    statement, works = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    settings.configure(
        INSTALLED_APPS=APPS,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=False,
        SECRET_KEY="benchmark only",  # noqa: S106
        SOFTWARE="benchmark",
        SOFTWARE_VERSION="1",
        OPTION_FORCE_CASE=None,
        OPTION_FILES=False,
        PUBLISHER_NAME="BENCHMARK",
        PUBLISHER_CODE="BM",
        PUBLISHER_IPI_NAME="00000000199",
        PUBLISHER_IPI_BASE=None,
        PUBLISHER_SOCIETY_PR="52",
        PUBLISHER_SOCIETY_MR="44",
        PUBLISHER_SOCIETY_SR=None,
        **SHARES,
    )
    logging.disable(logging.CRITICAL)
    django.setup()
    fill(works)
    print(json.dumps([calculate(statement, algorithm) for algorithm in ("fee", "share")]))


def fill(works: dict[str, list[list[str]]]) -> None:
    """Works and their writers (name, manuscript share in per cent) in the peer's own tables."""
    from django.core.management import call_command  # noqa: PLC0415 - only after django.setup()
    from music_publisher.models import Work, Writer, WriterInWork  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    names = sorted({name for writers in works.values() for name, _ in writers})
    writers = {name: Writer(last_name=name, generally_controlled=True, saan=name[:14]) for name in names}
    Writer.objects.bulk_create(writers.values())
    made = {code: Work(title=f"WORK {code}", _work_id=code) for code in works}
    Work.objects.bulk_create(made.values())
    stored = {work.work_id: work for work in Work.objects.all()}
    known = {writer.last_name: writer for writer in Writer.objects.all()}
    WriterInWork.objects.bulk_create(
        WriterInWork(
            work=stored[code], writer=known[name], controlled=True, relative_share=Decimal(share), capacity="CA"
        )
        for code, shares in works.items()
        for name, share in shares
    )


def calculate(statement: Path, algorithm: str) -> dict[str, object]:
    """CPU and wall seconds of one calculation, and what it paid out before its fee."""
    from music_publisher.royalty_calculation import RoyaltyCalculation  # noqa: PLC0415 - only after django.setup()

    data = {
        "work_id_column": "0",
        "amount_column": "5",
        "right_type_column": "4",
        "algo": algorithm,
        "default_fee": Decimal(0),
        "work_id_source": settings.PUBLISHER_CODE,
        "in_file": SimpleNamespace(name=statement.name),
    }
    with statement.open(encoding="utf-8") as file:
        cpu, wall = time.process_time(), time.perf_counter()
        path = Path(RoyaltyCalculation(SimpleNamespace(file=file, cleaned_data=data)).out_file_path)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    path.unlink()
    gross = sum(Decimal(row[13] if algorithm == "fee" else row[-1]) for row in rows)
    return {"algorithm": algorithm, "cpu": cpu, "wall": wall, "rows_out": len(rows), "gross": str(gross)}


if __name__ == "__main__":
    main()
