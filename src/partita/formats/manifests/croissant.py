"""Croissant 1.0 and 1.1 (MLCommons): a dataset's metadata in JSON-LD, and which files beside it hold which columns.

The JSON is read as it is mostly written, with the context's own short names or with prefixes; it is not expanded.
Nothing is fetched and no archive is unpacked: what does not lie beside the metadata is named as a problem.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from partita.errors import InputError
from partita.formats import headers, problems, values
from partita.formats.manifests import withheld
from partita.formats.manifests.columns import KIND
from partita.formats.manifests.croissant_files import Folder, Wanted, wanted_of
from partita.formats.reading import bounded

METADATA_MOST = 64 << 20
TEXT_MOST = 4_000
"""Characters of a description."""
VERSIONS = ("0.8", "1.0", "1.1")
_PREFIXES = ("", "sc:", "schema:", "cr:", "rai:", "dct:", "https://schema.org/", "http://mlcommons.org/croissant/",
             "http://mlcommons.org/croissant/RAI/", "http://purl.org/dc/terms/")  # fmt: skip
_STEP = re.compile(r"\.?([A-Za-z_][\w-]*)|\[(?:\*|\d+|'([^']*)'|\"([^\"]*)\")\]|\.\*|\.\.")


@dataclass(frozen=True, slots=True)
class Source:
    """A file with rows: where it lies, how the job calls it, its form, and which of its columns serve as which."""

    path: Path
    called: str
    form: str
    columns: Mapping[str, str]
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a dataset's metadata says: its row of DATASETS, its files that can be read, rows in it, PROBLEMS."""

    dataset: dict[str, Any]
    sources: tuple[Source, ...]
    rows: tuple[dict[str, Any], ...]
    problems: pa.Table
    sha256: str


def is_metadata(value: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a dataset's metadata rather than a row of one."""
    if "@graph" in value:
        return any(isinstance(node, dict) and is_metadata(node) for node in several(value["@graph"]))
    kinds = {str(kind).rpartition(":")[2].rpartition("/")[2] for kind in several(value.get("@type"))}
    return "Dataset" in kinds and any(get(value, key) is not None for key in ("distribution", "recordSet", "name"))


def is_metadata_file(path: Path) -> bool:
    """Whether a file of at most some megabytes is one JSON object that is a dataset's metadata."""
    if path.stat().st_size > METADATA_MOST:
        return False
    try:
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and is_metadata(value)


def get(node: Mapping[str, Any], name: str) -> Any:
    """A property by its short name, whatever prefix it is written with; None where it is absent."""
    return next((node[prefix + name] for prefix in _PREFIXES if prefix + name in node), None)


def several(value: Any) -> list[Any]:
    """A value, several, or none, as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """A value in words: a text, a text with its language, the name or address of a thing, or the first of several."""
    if isinstance(value, list):
        return next((found for part in value[:20] if (found := text(part))), "")
    if isinstance(value, dict):
        inner = [get(value, "name"), value.get("@value"), value.get("en"), get(value, "url"), value.get("@id")]
        return next(
            (found for part in inner if part is not None and not isinstance(part, dict) and (found := text(part))), ""
        )
    return "" if value is None else withheld.hidden_text(" ".join(str(value)[: TEXT_MOST * 2].split()))[:TEXT_MOST]


@dataclass(slots=True)
class _Remarks:
    parts: list[pa.Table] = field(default_factory=list)

    def add(self, code: str, what: str, reason: str = "") -> None:
        shown = withheld.hidden_text(what)
        said = [withheld.hidden_text(reason)] if reason else None
        self.parts.append(problems.rows(code, lines=[0], columns="", values=[shown], reasons=said))


def read(path: Path, name: str, called: str, origin: str) -> Metadata:
    """The metadata at `path`, of the dataset that the job calls `name`; raises InputError for what is none."""
    content = bounded(path, METADATA_MOST, "Metadata is smaller; is this a file of rows?")
    try:
        whole = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise InputError(f"not JSON: {str(error)[:100]}", file=str(path), line=line, mend="Write it again") from None
    node = _dataset_node(whole)
    if node is None:
        mend = "Name the dataset's metadata.json, or state another `format`"
        raise InputError("the JSON describes no dataset (`@type` is not Dataset)", file=str(path), mend=mend)
    remarks = _Remarks()
    _version(node, remarks)
    folder = Folder(path.parent, called.rpartition("/")[0])
    fields = list(_fields(node))
    sources: list[Source] = []
    rows: list[dict[str, Any]] = []
    for thing in wanted_of(several(get(node, "distribution")), get, several, text):
        _follow(thing, folder, fields, (sources, rows, remarks))
    rows += _inline(node)
    found = problems.table(remarks.parts, file=called, name=name)
    return Metadata(_dataset(node, name, called, origin), tuple(sources), tuple(rows), found, _digest(content))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _dataset_node(whole: Any) -> dict[str, Any] | None:
    if not isinstance(whole, dict):
        return None
    if "@graph" in whole:
        nodes = [node for node in several(whole["@graph"]) if isinstance(node, dict)]
        return next((node for node in nodes if is_metadata(node)), None)
    return whole if is_metadata(whole) else None


def _version(node: Mapping[str, Any], remarks: _Remarks) -> None:
    stated = text(get(node, "conformsTo"))
    found = re.search(r"croissant/v?(\d+\.\d+)", stated)
    if found and found[1] not in VERSIONS:
        remarks.add("manifest.metadata", stated, f"Croissant {found[1]} is not known; it was read as {VERSIONS[-1]}")


def _dataset(node: Mapping[str, Any], name: str, called: str, origin: str) -> dict[str, Any]:
    """The row of DATASETS."""
    collection = [text(v) for key in ("dataCollectionType", "dataCollection") for v in several(get(node, key))]
    return {
        "dataset": name,
        "title": text(get(node, "name")) or name,
        "origin": origin,
        "publisher": text(get(node, "publisher")) or text(get(node, "creator")),
        "url": text(get(node, "url")) or text(get(node, "sameAs")),
        "version": text(get(node, "version")),
        "licence": text(get(node, "license")),
        "description": text(get(node, "description")),
        "collection": [one for one in dict.fromkeys(collection) if one],
        "published": _day(text(get(node, "datePublished"))),
        "file": called,
    }


def _day(stated: str) -> dt.date | None:
    try:
        return values.moment(stated[:10]).date() if stated else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record set: its names, and the file (or set of files) and column that it comes from."""

    names: tuple[str, ...]
    source: str
    column: str
    kind: str


def _fields(node: Mapping[str, Any]) -> Iterator[Field]:
    for records in several(get(node, "recordSet")):
        if isinstance(records, dict):
            yield from _fields_of(several(get(records, "field")))


def _fields_of(listed: list[Any]) -> Iterator[Field]:
    for one in listed:
        if not isinstance(one, dict):
            continue
        source = get(one, "source")
        if isinstance(source, dict):
            whole = str(one.get("@id") or "")
            names = (text(get(one, "name")), whole.rpartition("/")[2])
            place = next((get(source, k) for k in ("fileObject", "fileSet", "distribution") if get(source, k)), None)
            extract = get(source, "extract") or get(source, "dataExtraction") or {}
            column = _column(extract) if isinstance(extract, dict) else ""
            kind = " ".join(str(k) for k in several(get(one, "dataType")))
            yield Field(tuple(dict.fromkeys(n for n in names if n)), identity(place), column, kind)
        yield from _fields_of(several(get(one, "subField")))


def identity(value: Any) -> str:
    """The id that a reference names: `{"@id": "a"}` or `a` or `#{a}`."""
    found = value.get("@id") if isinstance(value, dict) else value
    return str(found or "").removeprefix("#").strip("{}")


def _column(extract: Mapping[str, Any]) -> str:
    """The column of a table, or the path within an object as `a.b`; empty where it is neither."""
    if column := get(extract, "column") or get(extract, "csvColumn"):
        return str(column)
    path = str(get(extract, "jsonPath") or "")
    if path.startswith("$"):
        return ".".join(
            next(filter(None, found.groups()), "") for found in _STEP.finditer(path[1:]) if any(found.groups())
        )
    return ""


def _follow(
    thing: Wanted, folder: Folder, fields: list[Field], into: tuple[list[Source], list[dict[str, Any]], _Remarks]
) -> None:
    """One file or set of files of the distribution: read, listed as an item, or named as a problem."""
    sources, rows, remarks = into
    if thing.form == "archive":
        remarks.add("manifest.archive", thing.shown)
        return
    if thing.inside:
        return
    found = folder.find(thing)
    if thing.form == "item":
        rows += [thing.item(path, folder) for path in found] or (
            [thing.item(None, folder)] if not thing.includes else []
        )
        return
    if thing.form == "":
        remarks.add("manifest.kind", thing.shown)
        return
    if not found:
        remarks.add("manifest.absent", thing.shown)
        return
    for path in found:
        if thing.sha256 and not _hash_agrees(path, thing, remarks):
            continue
        sources.append(Source(path, folder.called(path), folder.form(path, thing.form), _columns(thing, fields)))


def _hash_agrees(path: Path, thing: Wanted, remarks: _Remarks) -> bool:
    if not re.fullmatch("[0-9a-f]{64}", thing.sha256.lower()):
        remarks.add("manifest.metadata", thing.shown, f"{thing.sha256[:80]!r} is no SHA-256; the file was not checked")
        return True
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() == thing.sha256.lower():
            return True
    remarks.add("manifest.hash_differs", thing.shown)
    return False


def _columns(thing: Wanted, fields: list[Field]) -> dict[str, str]:
    """Our name -> the file's column, by the names of the fields that come from it, then by their type."""
    ranked: dict[str, tuple[int, str]] = {}
    for one in fields:
        if one.source not in thing.ids or not one.column:
            continue
        named = [found for name in one.names if (found := headers.meaning(name, KIND))]
        own = headers.meaning(one.column.rpartition(".")[2], KIND)
        typed = ("url", 50) if re.search(r"\bURL$", one.kind) and not named and not own else None
        for ours, rank in [*named[:1], *([typed] if typed else [])]:
            if ours not in ranked or rank < ranked[ours][0]:
                ranked[ours] = (rank, one.column)
    return {ours: column for ours, (_, column) in ranked.items()}


_VALUES = re.compile(r"\b(?:Split|Label|Enumeration)$")
"""Record sets that list the values of a field, not things."""


def _inline(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows that stand in the metadata itself; their keys are the fields' ids, `set/field`."""
    rows = []
    for records in several(get(node, "recordSet")):
        if not isinstance(records, dict) or any(_VALUES.search(str(k)) for k in several(get(records, "dataType"))):
            continue
        data = [row for row in several(get(records, "data")) if isinstance(row, dict)]
        made = [{str(key).rpartition("/")[2]: value for key, value in row.items()} for row in data]
        found = [headers.meaning(key, KIND) for row in made[:1] for key in row]
        if any(one and one[0] in {"url", "file_name"} for one in found):
            rows += made
    return rows
