"""Headers: which column of a file is which column of ours, by the table `headers.yaml` or by the job's own mapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from partita import tables
from partita.errors import InputError

ROWS_SEARCHED = 20
"""How far down the header row may stand."""
COLUMNS_MOST = 512

LISTS = frozenset({"writers", "composer", "lyricist", "arranger", "publisher", "performers", "alt_titles", "isrc"})
"""Columns of which a file may have several: their values are joined."""

_NEEDS = {
    "usage": (("title", "isrc", "iswc"),),
    "repertoire": (("title",),),
    "uses": (("target", "title"),),
    "outputs": (("output_id",), ("income", "income_micro", "work_id")),
    "manifest": (("url", "source", "file_name", "hash", "isrc", "iswc", "iscc", "title"),),
    "shares": (("work_id",), ("party_id", "party_name"), ("share", "share_percent", "share_ppm", "role")),
}
_IGNORED = re.compile(r"[\s_\-.:*#]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PARTS = re.compile(
    r"[/|()\[\]\n]+|(?<=[\u3040-\u9fff\uac00-\ud7af])\s*(?=[A-Za-z])"
    r"|(?<=[A-Za-z])\s*(?=[\u3040-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """`places`: our name -> the columns' places, best first; `names`: our name -> header; `twice`: ignored doubles."""

    places: dict[str, tuple[int, ...]]
    names: dict[str, str]
    unused: list[str]
    twice: list[str]


@cache
def words(section: str) -> dict[str, tuple[str, int]]:
    """The section of `headers.yaml`, turned round: folded word -> (our word, rank in its list).

    A table of the contract without a section of its own has its columns' own names.
    """
    text = resources.files("partita.formats").joinpath("headers.yaml").read_text(encoding="utf-8")
    sections = yaml.safe_load(text)
    if section not in sections:
        return {key(column.name): (column.name, 0) for column in tables.ALL[section].columns}
    found: dict[str, tuple[str, int]] = {}
    for ours, others in sections[section].items():
        for rank, word in enumerate([str(w) for w in others]):
            found.setdefault(key(word), (str(ours), rank))
    return found


def key(text: str) -> str:
    """A header or code word as it is compared: without case, width, space and joining signs."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text[:200]).casefold())


def meaning(header: str, section: str) -> tuple[str, int] | None:
    """Our word for `header` and the rank of that word, or None; a bilingual header counts where its parts agree."""
    table = words(section)
    short = unicodedata.normalize("NFKC", header[:200])
    for text in (short, _BRACKETS.sub("", short)):
        if key(text) in table:
            return table[key(text)]
    found = [table[key(part)] for part in _PARTS.split(short) if key(part) in table]
    return min(found, key=lambda f: f[1]) if len({ours for ours, _ in found}) == 1 else None


def word(text: str, section: str) -> str | None:
    """Our code for a word in the file, e.g. `台語` -> `nan`, or None."""
    found = words(section).get(key(text))
    return found[0] if found else None


def find(rows: Sequence[Sequence[str]], kind: str, columns: Mapping[str, str]) -> tuple[int, int] | None:
    """The place of the header row among the first rows and how many columns it names; None where there is none."""
    best: tuple[int, int] | None = None
    for place, row in enumerate(rows[:ROWS_SEARCHED]):
        known = _known(row, kind, columns)
        if enough(known, kind) and (best is None or len(known) > best[1]):
            best = (place, len(known))
    return best


def _known(row: Sequence[str], kind: str, columns: Mapping[str, str]) -> set[str]:
    known = {found[0] for cell in row[:COLUMNS_MOST] if cell.strip() and (found := meaning(cell, kind))}
    folded = {key(cell) for cell in row[:COLUMNS_MOST]}
    return known | {ours for ours, theirs in columns.items() if key(theirs) in folded}


def enough(known: set[str], kind: str) -> bool:
    """Whether columns of these names are enough for a file of that kind."""
    return all(any(name in known for name in group) for group in _needs(kind))


def _needs(kind: str) -> tuple[tuple[str, ...], ...]:
    """The columns without which a file is none of its kind; one of each group will do."""
    return _NEEDS.get(kind) or tuple((name,) for name in tables.ALL[kind].key if name != "recorded_at")


def absent(rows: Sequence[Sequence[str]], kind: str, columns: Mapping[str, str], file: str) -> InputError:
    """The error for a file whose header row was not found."""
    fullest = max(rows[:ROWS_SEARCHED], key=lambda r: sum(1 for c in r if c.strip()), default=[])
    listed = ", ".join(repr(c.strip()[:40]) for c in fullest[:20] if c.strip()) or "nothing"
    unknown = [theirs for theirs in columns.values() if all(key(theirs) != key(c) for r in rows for c in r)]
    if unknown:
        return InputError(f"no column is called {unknown[0]!r}; the file has {listed}", file=file,
                          mend="Correct the name under `columns` in the job file")  # fmt: skip
    need = " and ".join(" or ".join(group) for group in _needs(kind))
    return InputError(
        f"no header row that names {need} in the first {ROWS_SEARCHED} rows; the file has {listed}",
        file=file,
        mend="Name the columns as docs/inputs.md lists them, or under `columns` in the job file",
    )


def match(headers: Sequence[str], kind: str, columns: Mapping[str, str], file: str) -> Columns:
    """Which of `headers` is which column; a mapping in `columns` wins. Raises InputError for what cannot be mapped."""
    known = {ours for ours, _ in words(kind).values()}
    candidates: dict[str, list[tuple[int, int]]] = {}
    taken: set[int] = set()
    for ours, theirs in columns.items():
        if ours not in known:
            raise InputError(f"columns maps {ours!r}, which is no column of a {kind} file", file=file,
                             mend=f"Use one of {', '.join(sorted(known))}")  # fmt: skip
        places = [i for i, header in enumerate(headers) if header.strip() == theirs.strip()]
        places = places or [i for i, header in enumerate(headers) if key(header) == key(theirs)]
        if not places:
            raise absent([headers], kind, {ours: theirs}, file)
        candidates[ours] = [(0, i) for i in places]
        taken |= set(places)
    mapped = set(candidates)
    for place, header in enumerate(headers):
        found = meaning(header, kind) if header.strip() and place not in taken else None
        if found and found[0] not in mapped:
            candidates.setdefault(found[0], []).append((found[1], place))
    return _columns(headers, candidates)


def _columns(headers: Sequence[str], candidates: Mapping[str, list[tuple[int, int]]]) -> Columns:
    chosen = {ours: tuple(p for _, p in sorted(places)) for ours, places in candidates.items()}
    chosen = {ours: places if ours in LISTS else places[:1] for ours, places in chosen.items()}
    used = {p for places in chosen.values() for p in places}
    doubles = {p for places in candidates.values() for _, p in places} - used
    names = {ours: " + ".join(headers[p].strip() for p in places) for ours, places in sorted(chosen.items())}
    unused = [h.strip() for i, h in enumerate(headers) if i not in used and h.strip()]
    return Columns(chosen, names, unused, [headers[p].strip() for p in sorted(doubles)])
