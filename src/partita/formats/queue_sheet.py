"""The review queue as a file to fill in: XLSX, CSV or JSON out, the filled-in file back in.

One row is one decision. The last column carries, unseen, what the decision is about, exactly: a spreadsheet may change
what is shown (leading zeros, control characters, lengths), and a sheet that was sorted by some of its columns only is
noticed. Headers are our names with the Chinese word behind them; a file is read back by our names, in any order.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats import workbook, xlsx
from partita.formats.encoding import detect
from partita.formats.pages import cells
from partita.text.ragged import POSITIONS_MOST

SHEET = "review queue 審核佇列"
CANDIDATES_MOST = 5
DATA_MOST = 30_000
"""Characters of the column `data`, so that it fits into a cell."""
FILE_BYTES_MOST = 1 << 30
CHOICES = ("same 1", "same 2", "same 3", "none", "not this", "new title 1")
SUFFIXES = (".xlsx", ".csv", ".json")

Column = xlsx.Column
_FIRST: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("item_id", "項目", 14, {}),
    ("answer", "答覆", 14, {"choices": CHOICES, "entry": True}),
    ("note", "備註", 18, {"entry": True}),
    ("title", "曲名", 28, {}),
    ("performers", "演唱者", 20, {}),
    ("writers", "詞曲作者", 20, {}),
    ("amount", "金額", 12, {"number": True}),
    ("currency", "幣別", 8, {}),
    ("plays", "次數", 8, {}),
    ("lines", "筆數", 8, {}),
    ("outcome", "結果", 11, {}),
    ("decided", "先前決定", 20, {}),
)
_OF_CANDIDATE: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("title", "候選曲名", 24, {}),
    ("performers", "候選演唱者", 18, {}),
    ("writers", "候選詞曲作者", 18, {}),
    ("probability", "機率", 9, {"number": True}),
    ("why", "未採用原因", 28, {}),
    ("work_id", "作品編號", 14, {}),
)
_LAST: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("licensees", "利用人數", 8, {}),
    ("licensee", "利用人", 14, {}),
    ("line_id", "使用清單列號", 14, {}),
    ("file", "檔案", 18, {}),
    ("line", "檔案行號", 9, {}),
    ("data", "內部資料", 9, {"hidden": True}),
)
_ESCAPED = re.compile("_(?=x)|[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Item = Mapping[str, Any]
"""One decision: the columns by name; `candidates`, each a mapping; `data`, what it is about."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One row with an answer: where it stands, what was answered, and what the question was (None: unreadable)."""

    place: str
    item_id: str
    answer: str
    note: str
    data: dict[str, Any] | None


def _columns() -> Iterator[tuple[str, Column]]:
    for name, chinese, width, how in _FIRST:
        yield name, Column(f"{name} {chinese}", width, **how)
    for place in range(1, CANDIDATES_MOST + 1):
        for name, chinese, width, how in _OF_CANDIDATE:
            yield f"{name}_{place}", Column(f"{name}_{place} {chinese} {place}", width, **how)
    for name, chinese, width, how in _LAST:
        yield name, Column(f"{name} {chinese}", width, **how)


COLUMNS: dict[str, Column] = dict(_columns())


def write(path: Path, items: Iterable[Item], about: Mapping[str, Any]) -> int:
    """Writes the queue in the form that the name of `path` asks for, whole or not at all; returns how many items.

    `about`: what JSON says of the run. Raises InputError for another form.
    """
    if path.suffix.lower() == ".xlsx":
        return xlsx.write(path, SHEET, list(COLUMNS.values()), map(_cells, items), frozen=4)
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path.suffix or 'no ending'} is no form of a queue", file=str(path),
                         mend="End the name in .xlsx, .csv or .json")  # fmt: skip
    part = path.with_name(f".{path.name}.partial")
    try:
        part.unlink(missing_ok=True)
        count = _csv(part, items) if path.suffix.lower() == ".csv" else _json(part, items, about)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def _csv(path: Path, items: Iterable[Item]) -> int:
    count = 0
    with cells.Sheet(path, [column.header for column in COLUMNS.values()]) as sheet:
        for item in items:
            sheet.write([[xlsx.legal(cell) if isinstance(cell, str) else cell for cell in _cells(item)]])
            count += 1
    return count


def _json(path: Path, items: Iterable[Item], about: Mapping[str, Any]) -> int:
    count = 0
    with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
        file.write(json.dumps(about, ensure_ascii=False)[:-1] + (", " if about else "") + '"items": [')
        for item in items:
            file.write(",\n" if count else "\n")
            file.write(json.dumps({"answer": "", "note": "", **item}, ensure_ascii=False, indent=1))
            count += 1
        file.write("\n]}\n")
    return count


def _cells(item: Item) -> list[xlsx.Cell]:
    flat: dict[str, Any] = {**item, "data": data_text(item["data"])}
    for place, candidate in enumerate(item["candidates"][:CANDIDATES_MOST], start=1):
        flat |= {f"{name}_{place}": candidate[name] for name, *_ in _OF_CANDIDATE}
    return [flat.get(name, "") for name in COLUMNS]


def data_text(data: Mapping[str, Any]) -> str:
    """The JSON of `data`, in characters that every form of file can hold; cut to what makes lines equal."""
    short = {**data, "title": data["title"][:POSITIONS_MOST]}
    short |= {name: [text[:POSITIONS_MOST] for text in data[name]] for name in ("performers", "writers")}
    plain = json.dumps(short, ensure_ascii=False, separators=(",", ":"))
    text = _ESCAPED.sub(lambda found: json.dumps(found[0])[1:-1] if found[0] != "_" else "\\u005f", plain)
    return text if len(text.encode("utf-16-le")) <= 2 * DATA_MOST else json.dumps({"item": data["item"], "long": True})


def read(path: Path) -> list[Filled]:
    """The rows of a filled-in queue that have an answer; raises InputError where the file is no queue."""
    if not path.is_file():
        raise InputError("there is no such file", file=str(path), mend="Name the queue that was filled in")
    if path.stat().st_size > FILE_BYTES_MOST:
        raise InputError(f"larger than {FILE_BYTES_MOST:,} bytes", file=str(path), mend="Name a filled-in queue")
    readers = {".xlsx": _from_xlsx, ".xlsm": _from_xlsx, ".json": _from_json}
    return list(readers.get(path.suffix.lower(), _from_csv)(path))


def _from_xlsx(path: Path) -> Iterator[Filled]:
    found = False
    for name, rows in workbook.sheets(path):
        if rows and _is_header(rows[0]):
            found = True
            yield from _filled(rows, f"sheet {name!r}, row")
    if not found:
        raise _no_queue(path)


def _from_csv(path: Path) -> Iterator[Filled]:
    encoding = detect(path)
    try:
        text = path.read_text(encoding=encoding.name).removeprefix("\ufeff")
        csv.field_size_limit(1 << 24)
        tables = (list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)) for mark in ",;\t")
        rows = next((rows for rows in tables if rows and _is_header(rows[0])), None)
    except (UnicodeError, csv.Error) as error:
        raise InputError(f"cannot be read: {error}", file=str(path), mend="Save it as CSV in UTF-8") from None
    if rows is None:
        raise _no_queue(path)
    yield from _filled(rows, "row")


def _from_json(path: Path) -> Iterator[Filled]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        items = found["items"]
        for number, item in enumerate(items, start=1):
            answer, note = (str(item.get(name) or "").strip() for name in ("answer", "note"))
            if answer:
                yield Filled(f"item {number}", str(item["item_id"]), answer, note, _sound(item.get("data")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _no_queue(path) from None


def _no_queue(path: Path) -> InputError:
    return InputError("is no review queue: the columns item_id, answer and data are not there", file=str(path),
                      mend="Fill in the file that `partita queue` wrote, and keep its header row")  # fmt: skip


def _name(header: str) -> str:
    return header.strip().split(" ")[0].lower()


def _is_header(row: Sequence[str]) -> bool:
    return {"item_id", "answer", "data"} <= {_name(cell) for cell in row}


def _filled(rows: Sequence[Sequence[str]], place: str) -> Iterator[Filled]:
    at = {_name(cell): number for number, cell in reversed(list(enumerate(rows[0])))}
    for number, row in enumerate(rows[1:], start=2):
        cell = {name: row[at[name]].strip() if name in at and at[name] < len(row) else ""
                for name in ("item_id", "answer", "note", "data")}  # fmt: skip
        if cell["answer"]:
            yield Filled(f"{place} {number}", cell["item_id"], cell["answer"], cell["note"], _parsed(cell["data"]))


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return _sound(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _sound(data: object) -> dict[str, Any] | None:
    """What the question was, or None where it is not as it was written."""
    if not isinstance(data, dict) or data.get("long"):
        return data if isinstance(data, dict) and isinstance(data.get("item"), str) else None
    lists = all(isinstance(data.get(name), list) for name in ("performers", "writers", "works", "senders"))
    sound = lists and all(isinstance(data.get(name), str) for name in ("item", "title", "run"))
    texts = sound and all(isinstance(x, str) for name in ("performers", "writers", "works") for x in data[name])
    pairs = texts and all(isinstance(p, list) and len(p) == 2 and all(isinstance(x, str) for x in p)
                          for p in data["senders"])  # fmt: skip
    return data if pairs else None
