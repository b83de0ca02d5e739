"""Labels of incoming files become rows of the registry's authorship record, and never overwrite what was declared.

Read are media files, DDEX messages, and usage lists and repertoires with a column `making`. A work is found by its
number in the label's record or the list, by an ISRC, or by a media file's name. What a label says of a part that
somebody declared is held against it: it agrees, or it is a contradiction for people to look at. Labels that contradict
each other, or are not valid, give no row.

What a label says of a recording as a whole is recorded of its production, never of the work's words and music: a
machine may sing a song that people wrote. Only a record or a list that names the work speaks of the whole work; a
picture's label speaks of the artwork, a document's without a record of nothing that is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats import contribution_file, repertoire
from partita.formats.labels import audio_tags, ddex, media
from partita.formats.labels.shape import Contribution, Label, Making, State
from partita.formats.reading import bounded
from partita.jobs import labels
from partita.jobs.inputs import Progress, silent
from partita.prove import contribution
from partita.registry import authorship, lookup, record
from partita.registry.authorship import Made
from partita.registry.store import Store, open_store

FILES_MOST = 100_000
SHOWN_MOST = 1_000
"""Entries of each list in the answer; the rest is counted."""
SINCE = dt.date(1900, 1, 1)
"""From when a row holds whose label names no day: how a work was made does not change."""
LABEL = "label "
"""How the source of a row that came from a label begins."""

_TAGS_MOST = 200 << 20
_MESSAGE, _LISTS = ".xml", (".csv", ".tsv", ".xlsx", ".parquet")
_WHOLE, _RECORDING = "whole", "production"
_OF_KIND = {
    **{kind.name: _RECORDING for kind in (media.WAV, media.FLAC, media.MP3)},
    **{kind.name: "artwork" for kind in (media.JPEG, media.PNG)},
}
"""What a file is of the work, by its kind, where its label does not say."""
_EITHER = frozenset({Making.ASSISTED, Making.GENERATED})
_WORTH = (State.TRUSTED, State.UNTRUSTED, State.UNSIGNED)


@dataclass(frozen=True, slots=True)
class Said:
    """What the labels of one file say of one part: names by which the work may be found, and where it stands."""

    names: tuple[str, ...]
    part: str
    making: str
    tool: str
    source: str
    since: dt.date
    file: str


@dataclass(slots=True)
class _Found:
    """What was read of all files, and what could not be."""

    said: list[Said] = field(default_factory=list)
    files: int = 0
    silent: int = 0
    unreadable: list[dict[str, str]] = field(default_factory=list)
    contradictions: list[dict[str, str]] = field(default_factory=list)


def take_in(
    where: str, folder: Path, by: str, at: dt.datetime, *, trust: Path | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Reads the labels in `folder` (or of one file) into the registry, in one act told by `by` at the moment `at`.

    `trust` is as in `labels.verify`. Raises InputError for a folder or registry that is not there.
    """
    store = open_store(where, create=False)
    try:
        found = _read(folder, trust, progress)
        rows, agreed, unplaced = _held_against(store, found, at.date())
        done = record.add_all(store, {"authorship": rows}, by, at) if rows else None
    finally:
        store.close()
    lists = {"contradictions": found.contradictions, "unplaced": unplaced, "unreadable": found.unreadable}
    return {
        "registry": where,
        "folder": str(folder),
        "files": found.files,
        "silent": found.silent,
        "recorded": done.added if done else 0,
        "recorded_at": done.moment.isoformat(sep=" ") if done else None,
        "rows": [{k: row[k] for k in ("work_id", "part", "making", "tool", "source")} for row in rows[:SHOWN_MOST]],
        "agreed": agreed,
        **{name: listed[:SHOWN_MOST] for name, listed in lists.items()},
        "counts": {name: len(listed) for name, listed in lists.items()},
    }


def _read(folder: Path, trust: Path | None, progress: Progress) -> _Found:
    """What the labels of every file say."""
    found = _Found()
    paths = list(_files(folder))
    for done, path in enumerate(paths):
        progress("reading labels", done, len(paths))
        found.files += 1
        name = _line(path.relative_to(folder).as_posix() if path != folder else path.name)
        try:
            said = list(_of_file(path, name, trust, found))
        except InputError as error:
            found.unreadable.append({"file": name, "reason": error.reason})
            continue
        found.said += said
        found.silent += not said
    return found


def _line(text: str) -> str:
    """A stranger's text as one line that a database and a terminal can hold."""
    return "".join(c if c.isprintable() else " " for c in text.encode("utf-8", "replace").decode())[:500]


def _files(folder: Path) -> Iterator[Path]:
    """The media files, messages and lists of a folder, in order, without hidden ones; or one file."""
    if folder.is_file():
        yield folder
        return
    if not folder.is_dir():
        raise InputError("is no folder or file", file=str(folder), mend="Name a folder of media files or messages")
    count = 0
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or not path.is_file() or not (path.suffix.lower() in (*_LISTS, _MESSAGE) or media.is_media(path)):
            continue
        count += 1
        if count > FILES_MOST:
            raise InputError(f"holds more than {FILES_MOST:,} files", file=str(folder), mend="Take it in by parts")
        yield path


def _of_file(path: Path, name: str, trust: Path | None, found: _Found) -> Iterator[Said]:
    if path.suffix.lower() in _LISTS:
        return _of_list(path, name)
    return _of_message(path, name, found) if path.suffix.lower() == _MESSAGE else _of_media(path, name, trust, found)


def _of_list(path: Path, name: str) -> Iterator[Said]:
    """What a list's column `making` says: of a recording where the row has an ISRC, else of the whole work."""
    read = repertoire.read(path, name=path.stem)
    if read.makings is None:
        return
    rows = {(row["work_id"], row["society"]): row for row in read.table.to_pylist()}
    for said in read.makings.to_pylist():
        row = rows[said["work_id"], said["society"]]
        names = tuple(text for text in (said["work_id"], row["iswc"], *row["isrc"]) if text)
        part = _RECORDING if row["isrc"] else _WHOLE
        yield Said(names, part, said["making"], "", f"{LABEL}column (unsigned) in {name}", SINCE, name)


def _of_media(path: Path, name: str, trust: Path | None, found: _Found) -> Iterator[Said]:
    """What the labels of a media file say; contradictions between them are noted, and nothing is said then."""
    told = labels.verify(path, trust)
    clashes = [one for one in told["findings"] if not one["note"]]
    for one in clashes:
        if one["code"] == "label_invalid":
            found.unreadable.append({"file": name, "reason": one["words"]})
            continue
        clash = {"file": name, "work_id": "", "part": "", "code": one["code"], "words": one["words"]}
        found.contradictions.append(clash)
    worth = [one for one in told["labels"] if one["state"] in _WORTH]
    if clashes or not worth:
        return
    source = f"{LABEL}{_listed(worth)} in {name}"[:500]
    written = next((one["record"] for one in worth if one["record"]), None)
    held = contribution_file.of(dict(written)) if written else None
    names = tuple(text for text in (held.work_id if held else "", *_codes(path), path.stem) if text)
    since = held.produced_at.date() if held and held.produced_at else SINCE
    if held:
        for part, making, tool in _parts(held):
            if of := part if held.work_id or part != _WHOLE else _OF_KIND.get(told["kind"], ""):
                yield Said(names, of, making, tool, source, since, name)
        return
    making, of = told["making"] or _at_least(worth), _OF_KIND.get(told["kind"], "")
    if making and of:
        yield Said(names, of, making, "", source, since, name)


def _parts(held: Contribution) -> Iterator[tuple[str, str, str]]:
    """Each part of a record once, whoever had a hand in it: how it was made, and with which tools."""
    for name in dict.fromkeys(part.part for part in held.parts):
        rows = [part for part in held.parts if part.part == name]
        tools = dict.fromkeys(part.tool for part in rows if part.tool)
        yield name, authorship.whole([part.making.value for part in rows]), ", ".join(tools)[:500]


def _listed(worth: Sequence[dict[str, Any]]) -> str:
    """The labels that speak: kind, worth, signer."""
    told = (f"{one['kind']} ({one['state']}{', ' + one['signer'] if one['signer'] else ''})" for one in worth)
    return " and ".join(dict.fromkeys(told))


def _at_least(worth: Sequence[dict[str, Any]]) -> str:
    """The least that labels say which leave open whether a machine made all or part; empty where none of them does."""
    left = frozenset(Making)
    for one in worth:
        making = Making(one["making"]) if one["making"] else None
        left &= contribution.allowed(Label(one["kind"], State(one["state"]), making=making, details=one["details"]))
    return Making.ASSISTED.value if left == _EITHER else ""


def _codes(path: Path) -> list[str]:
    """The ISRC in a FLAC file's comments, where it has one."""
    if media.look(path).kind is not media.FLAC or path.stat().st_size > _TAGS_MOST:
        return []
    try:
        found = audio_tags.find(bounded(path, _TAGS_MOST, "Take a smaller file"), media.FLAC.media_type, "ISRC")
    except ValueError:
        return []
    return [text.decode("utf-8", "replace")[:100] for text in found[:1]]


def _of_message(path: Path, name: str, found: _Found) -> Iterator[Said]:
    """What a DDEX message says of each recording; a recording that contradicts itself says nothing."""
    for told in ddex.read(bounded(path, ddex.SIZE_MOST, "Give the message in parts")):
        label = ddex.label(told)
        clashes = [one for one in contribution.check_labels([label]) if not one.note]
        for one in clashes:
            found.contradictions.append(
                {"file": name, "work_id": told.isrc, "part": "", "code": one.code, "words": one.words}
            )
        if clashes or label.state is State.NONE:
            continue
        source = f"{LABEL}ddex ({label.state}) in {name}"[:500]
        parts = ddex.parts(told)
        for part in parts:
            yield Said((told.isrc,), part.part, part.making.value, part.tool, source, SINCE, name)
        if label.making and not any(part.part == _RECORDING for part in parts):
            tools = dict.fromkeys(one.credit for one in told.contributors if one.special == ddex.MACHINE and one.credit)
            yield Said((told.isrc,), _RECORDING, label.making.value, ", ".join(tools)[:500], source, SINCE, name)


def _held_against(store: Store, found: _Found, day: dt.date) -> tuple[list[dict[str, Any]], int, list[dict[str, str]]]:
    """Rows to record, how many statements agree with what is known, and files whose work is not known."""
    placed: dict[str, list[Said]] = {}
    works: dict[tuple[str, ...], str] = {}
    unplaced = []
    for one in found.said:
        if one.names not in works:
            works[one.names] = _work(store, one.names, day)
        if work := works[one.names]:
            placed.setdefault(work, []).append(one)
        else:
            unplaced.append({"file": one.file, "part": one.part, "making": one.making})
    rows, agreed = [], 0
    for work, said in sorted(placed.items()):
        known = authorship.made(store, work, day)
        new: dict[str, Said] = {}
        told = {(row.part, row.making): row.source for row in known}
        for one in said:
            told.setdefault((one.part, one.making), one.source)
        for one in said:
            if clash := _clash(one, told):
                found.contradictions.append(_contradiction(work, one, clash))
            elif _told(one, known) or one.part in new:
                agreed += 1
            else:
                new[one.part] = one
        rows += [_row(work, one, day) for one in new.values()]
    return rows, agreed, unplaced


def _work(store: Store, names: Iterable[str], day: dt.date) -> str:
    """The one work that the first of the names finds which finds any; empty for none, or for several."""
    for name in names:
        things = lookup.find(store, name, day) if "://" not in name else ()
        works = {thing for kind, thing in things if kind == "work"}
        works |= {lookup.facts(store, kind, thing, day).work_id or "" for kind, thing in things if kind == "recording"}
        if works - {""}:
            return works.pop() if len(works - {""}) == len(works) == 1 else ""
    return ""


def _clash(one: Said, told: Mapping[tuple[str, str], str]) -> tuple[str, str, str] | None:
    """What was said otherwise of the same part; or of the whole or a part, where the whole is said to be all alike.

    `told` has the source of each part and making that anybody told of the work.
    """
    for (part, making), source in told.items():
        alike = making != Making.ASSISTED.value if part == _WHOLE else one.making != Making.ASSISTED.value
        if making != one.making and (part == one.part or (_overlap(part, one.part) and alike)):
            return part, making, source
    return None


def _overlap(part: str, other: str) -> bool:
    """Whether two parts are one, or one is the whole work and the other is of its words and music."""
    return part == other or (_WHOLE in (part, other) and {part, other} <= set(authorship.AUTHORED))


def _told(one: Said, known: Sequence[Made]) -> bool:
    """Whether the registry already knows of this part: itself, the whole that it is of, or a part of this whole."""
    return any(_overlap(one.part, row.part) for row in known)


def _contradiction(work: str, one: Said, other: tuple[str, str, str]) -> dict[str, str]:
    part, making, source = other
    words = f"{one.part} is {one.making} by the {one.source}; {part} is {making} by {source}"
    code = "labels_contradict" if source.startswith(LABEL) else "label_contradicts_declaration"
    return {"file": one.file, "work_id": work, "part": one.part, "code": code, "words": words}


def _row(work: str, one: Said, day: dt.date) -> dict[str, Any]:
    """One row of AUTHORSHIP: a label speaks for nobody, so it names no party, shows no evidence, and is never ahead."""
    return {
        "work_id": work,
        "part": one.part,
        "party_id": "",
        "making": one.making,
        "tool": _line(one.tool),
        "evidence": [],
        "sha256": [],
        "source": _line(one.source),
        "valid_from": min(one.since, day),
    }
