"""Publishing: one intent, from a file or from the registry, written into a folder as every carrier says it.

The folder can be served as it is; what is to be set up by hand (headers, elements for pages, assertions, the report)
lies below `setup/`. It is written whole or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partita import scope
from partita.errors import InputError
from partita.formats import intent_file, site, site_report
from partita.formats.carriers import embedded, tdm_ai
from partita.formats.reading import bounded
from partita.formats.signals import Effect, Intent, Stance, Statement
from partita.jobs import run
from partita.jobs.intent import of_registry
from partita.registry.store import open_store

MARK = f"{site.SETUP}/report.json"
"""The result for programs; it also marks a folder as one that may be replaced."""
FILE_MOST = 256 << 20
FILES_MOST = 1_000
ROBOTS_MOST = 500 << 10

KINDS = {"pdf": ("application/pdf",), "epub": ("application/epub+zip",), "image": ("image/jpeg", "image/png")}
"""Files that can carry an intent, by the option that names them."""

Progress = Callable[[str, int, int], None]

_NOTES = {
    "origin": ("Without the site's address no licence is pointed to; give --origin or `site`.",
               "未提供網站位址，故未寫入授權文件連結；請提供 --origin 或 site。"),
    "headers": ("Headers are sent only once the server is set up: see headers.txt and its neighbours in setup/.",
                "須設定伺服器後才會送出標頭：見 setup/ 內之設定檔。"),
    "head": ("Put setup/head.html into the head of every page.", "請將 setup/head.html 置入每一網頁之 head。"),
    "cawg": ("setup/cawg.json is an assertion to be signed into content credentials; unsigned it says nothing.",
             "setup/cawg.json 須簽署於內容憑證中，未簽署則無效力。"),
    "agreements": ("Licences and consents of the party are agreements, and stay unpublished: {}.",
                   "該權利人之授權與同意屬個別協議，未予發布：{} 件。"),
    "unsaid": ("Reservations that no carrier says but policy.json: {}.",
               "除 policy.json 外，無載體能表達之保留：{}。"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where the intent comes from: a file, or a registry and one of its parties."""

    file: Path | None = None
    registry: str = ""
    party: str = ""


@dataclass(frozen=True, slots=True)
class Extras:
    """What is published besides: works' files by kind, content codes, the site's address and its robots.txt so far."""

    files: Mapping[str, Sequence[Path]]
    codes: Sequence[str] = ()
    origin: str = ""
    robots: Path | None = None


def publish(source: Source, extras: Extras, out: Path, at: dt.date, progress: Progress) -> dict[str, Any]:
    """Writes the site into `out`; what became of each statement in each carrier. Raises InputError."""
    origin = _origin(extras.origin)
    intent, origin, agreements = _intent(source, origin, at)
    codes = _codes(extras.codes, intent)
    given = _given(extras.files, progress)
    robots = bounded(extras.robots, ROBOTS_MOST, "Give a smaller one") if extras.robots else b""
    progress("writing", 0, 1)
    made = site.made(intent, origin, at, robots=robots, given=given, codes=codes)
    result = _result(intent, origin, at, made, agreements)
    with run.new(out, mark=MARK) as folder:
        files = {
            **made.files,
            f"{site.SETUP}/report.md": site_report.markdown(result).encode(),
            f"{site.SETUP}/report.html": site_report.page(result).encode(),
            MARK: site.compact(result),
        }
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    progress("writing", 1, 1)
    return {"site": str(out), **result, "files": sorted(files)}


def _origin(text: str) -> str:
    try:
        return intent_file.origin(text)
    except ValueError as error:
        raise InputError(str(error), mend="Write --origin https://example.org") from None


def _intent(source: Source, origin: str, at: dt.date) -> tuple[Intent, str, int]:
    """The intent, the site's address, and how many agreements are not published."""
    if source.file is not None:
        told = intent_file.read(source.file)
        return told.intent, origin or told.site, 0
    store = open_store(source.registry, create=False)
    try:
        found = of_registry(store, source.party, origin, at)
    finally:
        store.close()
    return found.intent, origin, found.agreements


def _codes(codes: Sequence[str], intent: Intent) -> list[str]:
    """Content codes that were given, and those that the intent names."""
    for code in codes:
        if not tdm_ai.is_iscc(code):
            raise InputError(f"{code[:80]!r} is no ISCC", mend="Write it as ISCC:...")
    named = (target for one in intent.statements for target in one.targets if tdm_ai.is_iscc(target))
    return list(dict.fromkeys([*codes, *named]))


def _given(files: Mapping[str, Sequence[Path]], progress: Progress) -> list[site.Given]:
    """The works' files, each of the kind that its option says; no two of one name."""
    listed = [(kind, path) for kind, paths in files.items() for path in paths]
    if len(listed) > FILES_MOST:
        raise InputError(f"{len(listed):,} files are more than {FILES_MOST:,}", mend="Publish them in parts")
    found: list[site.Given] = []
    for number, (kind, path) in enumerate(listed):
        progress("reading files", number, len(listed))
        content = bounded(path, FILE_MOST, "Give a smaller one")
        if embedded.media_type(content, "") not in KINDS[kind]:
            raise InputError(
                f"is no {kind} that can be written to", file=str(path), mend=f"Give {', '.join(KINDS[kind])}"
            )
        if path.name in {one.name for one in found}:
            raise InputError("two files have this name", file=str(path), mend="Rename one: copies lie in one folder")
        found.append(site.Given(path.name, content))
    return found


def _result(intent: Intent, origin: str, at: dt.date, made: site.Site, agreements: int) -> dict[str, Any]:
    effects = site.effects(made)
    unsaid = _unsaid(intent, effects)
    notes = [_NOTES["origin"]] if not origin else []
    notes += [_NOTES[name] for name in ("headers", "head", "cawg") if _has(made, name)]
    if agreements:
        notes.append(_filled("agreements", str(agreements)))
    if unsaid:
        notes.append(_filled("unsaid", ", ".join(map(str, unsaid))))
    return {
        "party": intent.party,
        "policy": intent.policy,
        "origin": origin,
        "at": at.isoformat(),
        "broaden": intent.broaden,
        "statements": [site.shown(one) for one in intent.statements],
        "effects": effects,
        "unsaid": unsaid,
        "notes": [list(note) for note in notes],
    }


def _unsaid(intent: Intent, effects: Sequence[Mapping[str, Any]]) -> list[int]:
    """Numbers of reservations that no carrier says but the policy, and that lie in no reservation that is said."""
    said = {row["statement"] for row in effects if row["effect"] != Effect.LOST.value and row["carrier"] != "odrl"}
    reserved = {n: one for n, one in enumerate(intent.statements, 1) if one.stance is Stance.RESERVE}
    spoken = [one for n, one in reserved.items() if n in said]
    return [n for n, one in reserved.items() if n not in said and not any(_holds(wide, one) for wide in spoken)]


def _holds(wide: Statement, narrow: Statement) -> bool:
    """Whether one statement says all that another does."""
    return (
        not scope.PURPOSES[narrow.purpose] & ~scope.PURPOSES[wide.purpose]
        and scope.system_covers(wide.system, narrow.system)
        and scope.place_covers(wide.territory, narrow.territory)
        and (not wide.targets or (set(narrow.targets) <= set(wide.targets) and bool(narrow.targets)))
    )


def _has(made: site.Site, name: str) -> bool:
    return any(Path(path).stem == name for path in made.files)


def _filled(name: str, value: str) -> tuple[str, str]:
    english, chinese = _NOTES[name]
    return english.format(value), chinese.format(value)
