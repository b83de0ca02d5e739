"""Hostile usage lines and repertoires, run through `identify` in a process of its own: `hostile_lines.py CASE ...`.

The process has bounds (memory, CPU seconds) that only a blow-up reaches. Prints one JSON object a case: how many lines
went in, how many came out with each outcome, whether ids and order are those of the input, how many distinct lines were
looked at, and the process's memory before and at its peak.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.identify import identify

ADDRESS_SPACE_MOST = 8 << 30
CPU_S_MOST = 240
Case = tuple[pa.Table, pa.Table]
Texts = list[str]

SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~…—–·•、。「」『』【】《》〈〉（）！？：；～〜♪♥★☆※§¶†‡"
FORMULAS = ["=cmd|' /C calc'!A0", "+SUM(1,1)", "-2+3", "@SUM(A1)", '=HYPERLINK("http://a.b","c")', "\t=1+1", "=1+1"]
BIDI = ["\u202eetihw\u202c song", "\u200fשלום\u200e", "\u2067abc\u2069", "\u061cمرحبا", "Yes\u202dter\u202cday"]
INVISIBLE = [
    "\u200b",
    "\u200d\u200c\u2060",
    "Yes\u200bter\u200dday",
    "\ufeffYesterday",
    "\u00ad" * 50,
    "\u3164",
    "\u2800",
]
EMOJI = ["👨‍👩‍👧‍👦", "🏳️‍🌈🏴‍☠️", "😀" * 500, "Yesterday 🎵", "❤️", "1️⃣2️⃣", "🇹🇼🇯🇵"]
CONTROLS = [
    "\0",
    "Yes\0terday",
    "\0" * 1000,
    "\x1b[31mYesterday",
    "a\x08b",
    "\x7f",
    "\r\n\t",
    "\ufffe\uffff",
    "\U0010ffff",
]
STACKED = ["Z" + "\u0301\u0316\u0489" * 500, "が" + "\u3099" * 500, "\u1100" * 300, "\ufdfa" * 500, "ﬃ" * 500]
EMPTY = ["", " ", "\u3000", "-", "()", "[]", "feat.", " - ", "'", ".", "Unknown", "(Live)", "（KTV版）"]


def filled(table: tables.Table, count: int, columns: dict[str, pa.Array]) -> pa.Table:
    """A contract table of `count` rows with these columns, the others empty."""
    result = {}
    for column in table.columns:
        number = column.name in {"plays", "line"}
        empty = pa.scalar(
            [] if column.type == tables.TEXTS else None if column.null else 1 if number else "", column.type
        )
        result[column.name] = columns[column.name] if column.name in columns else repeated(empty, count)
    return tables.conform(pa.table(result), table)


def repeated(value: pa.Scalar, count: int) -> pa.Array:
    """A column of one value."""
    return pa.repeat(value, count) if count else pa.array([], value.type)


def numbered(count: int, letter: str = "") -> pa.Array:
    """Ids."""
    return pa.array([f"{letter}{i}" for i in range(count)], pa.string())


def usage(titles: Texts | pa.Array, performers: list[Texts] | pa.Array | None = None) -> pa.Table:
    """A USAGE table of these titles."""
    columns = {"line_id": numbered(len(titles)), "title": pa.array(titles, pa.string())}
    if performers is not None:
        columns["performers"] = pa.array(performers, tables.TEXTS)
    return filled(tables.USAGE, len(titles), columns)


def repertoire(titles: Texts, performers: list[Texts] | None = None) -> pa.Table:
    """A REPERTOIRE table of these titles."""
    columns = {"work_id": numbered(len(titles), "W"), "title": pa.array(titles, pa.string())}
    if performers is not None:
        columns["performers"] = pa.array(performers, tables.TEXTS)
    return filled(tables.REPERTOIRE, len(titles), columns)


def ordinary(count: int = 2_000) -> pa.Table:
    """A repertoire in which nothing is odd."""
    dice = random.Random(5)  # noqa: S311
    words = [
        "Yesterday",
        "Night",
        "Love",
        "River",
        "心願",
        "月亮",
        "望春風",
        "さくら",
        "사랑",
        "Corazón",
        "Home",
        "Again",
    ]
    titles = [f"{dice.choice(words)} {dice.choice(words)} {i}" for i in range(count)]
    return repertoire(["Yesterday", *titles], [["The Beatles"], *([f"Singer {i % 97}"] for i in range(count))])


def long_texts() -> Iterator[str]:
    """Titles of 100 KB and of ten thousand brackets, dashes and `feat.`."""
    pieces = (
        "a", "月", "a ", "月 ", "ab cd ", "feat. ", "ft. x ", "(", ")", "[", "([{", "()", "(a)", "(feat. b) ", " - ",
        "-", "- a ", "～", "'", ".", "1", "1. ", " / ", " & ", "版", "(Live) ", "【", "《》", "\u0301", "I ", "vs ",
    )  # fmt: skip
    for piece in pieces:
        yield piece * (100_000 // len(piece.encode()))
        yield piece * 10_000
        yield "Yesterday " + piece * 10_000 + " Yesterday"
    yield "(" * 10_000 + "Live" + ")" * 10_000
    yield "(a" * 10_000 + ")" * 10_000
    yield "a - " * 10_000 + "(feat. " * 10_000


def odd() -> Texts:
    """All small odd texts, alone and beside a title that is known."""
    small = [*EMPTY, *FORMULAS, *BIDI, *INVISIBLE, *EMOJI, *CONTROLS, *STACKED]
    return [*small, *(f"Yesterday {text}" for text in small), *(f"{text} Yesterday" for text in small)]


def odd_lines() -> Case:
    """Odd texts as titles and as performers."""
    texts = odd()
    names = [[], *([text] for text in texts[1:])]
    return usage([*texts, *texts, *["Yesterday"] * len(texts)], [*[[]] * len(texts), *names, *names]), ordinary()


def odd_works() -> Case:
    """A repertoire of odd texts, asked for each of them."""
    texts = odd()
    return usage(texts, [[text] for text in texts]), repertoire(texts, [[text] for text in texts])


def every_character() -> Case:
    """Characters of every script and plane as titles, alone and within one."""
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assigned = [c for c in characters if ord(c) < 0x32000 or ord(c) >= 0xE0000]
    return usage([*assigned[::20], *(f"Yester{c}day" for c in assigned[1::20])]), ordinary()


def long_lines() -> Case:
    """100 KB titles."""
    texts = list(long_texts())
    return usage(texts, [["The Beatles"]] * len(texts)), ordinary()


def long_names() -> Case:
    """100 KB performers."""
    texts = list(long_texts())
    return usage(["Yesterday"] * len(texts), [[text] for text in texts]), ordinary()


def long_works() -> Case:
    """100 KB titles and performers in the repertoire, asked for as they stand."""
    texts = list(long_texts())
    return usage(texts, [[text] for text in texts]), repertoire(texts, [[text] for text in texts])


def many_names() -> Case:
    """Ten thousand performers of one line and of one work, in lists and in one text."""
    names = [f"Singer Number {i}" for i in range(10_000)]
    lines = usage(["Yesterday", "Medley", "Medley", "Medley"], [names, names, [" / ".join(names)], [", ".join(names)]])
    return lines, repertoire(["Yesterday", "Medley"], [["The Beatles"], names])


def equal_lines() -> Case:
    """A million equal lines."""
    count = 1_000_000
    return usage(
        pa.repeat("Yesterday (Live)", count), pa.repeat(pa.scalar(["The Beatles"], tables.TEXTS), count)
    ), ordinary()


def signs_only() -> Case:
    """Two hundred thousand distinct lines of nothing but signs."""
    dice = random.Random(6)  # noqa: S311
    texts = {"".join(dice.choices(SIGNS, k=dice.randrange(1, 30))) for _ in range(215_000)}
    return usage(sorted(texts)[:200_000]), ordinary()


def no_works() -> Case:
    """A repertoire of none."""
    return usage([*odd(), "Yesterday"]), repertoire([])


def one_work() -> Case:
    """A repertoire of one."""
    texts = [*odd(), *(f"Yesterday {i}" for i in range(1000)), "Yesterday"]
    return usage(texts, [["The Beatles"]] * len(texts)), repertoire(["Yesterday"], [["The Beatles"]])


def no_lines() -> Case:
    """A usage list of none."""
    return usage([]), ordinary()


def empty_works() -> Case:
    """A repertoire whose titles are all empty."""
    return usage(["", "Yesterday", " "] * 1000), repertoire([""] * 20_000)


def one_title(performers: Callable[[int], Texts]) -> Case:
    """Two hundred thousand works of one title."""
    count = 200_000
    works = repertoire(["Love"] * count, [performers(i) for i in range(count)])
    names = [[f"Singer {i}"] for i in range(2_000)]
    lines = usage([*["Love", "Lvoe", "LOVE (Live)", "Love - Singer 7"] * 2_000, *["Love"] * 2_000],
                  [*[[]] * 4_000, *[["Singer 5"]] * 4_000, *names])  # fmt: skip
    return lines, works


def one_title_named() -> Case:
    """Two hundred thousand works of one title, each of another performer."""
    return one_title(lambda i: [f"Singer {i}"])


def one_title_bare() -> Case:
    """Two hundred thousand works of one title and no performer."""
    return one_title(lambda _: [])


def one_title_one_name() -> Case:
    """Two hundred thousand works of one title and one performer."""
    return one_title(lambda _: ["Singer 5"])


def one_name() -> Case:
    """Two hundred thousand works of one performer, with titles that begin and end alike."""
    count = 200_000
    works = repertoire([f"Etude {i} major" for i in range(count)], [["Orchestra"]] * count)
    return usage([f"Etude {i}a major" for i in range(5_000)], [["Orchestra"]] * 5_000), works


CASES: dict[str, Callable[[], Case]] = {
    made.__name__: made
    for made in (
        odd_lines, odd_works, every_character, long_lines, long_names, long_works, many_names, equal_lines, signs_only,
        no_works, one_work, no_lines, empty_works, one_title_named, one_title_bare, one_title_one_name, one_name,
    )
}  # fmt: skip


def said(name: str) -> dict[str, object]:
    """What comes of one case."""
    lines, works = CASES[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    looked_at = [0]
    matches = identify(lines, works, progress=lambda _stage, _done, total: looked_at.append(total))
    known = {None, *works.column("work_id").to_pylist()}
    return {
        "case": name,
        "lines": lines.num_rows,
        "looked_at": max(looked_at),
        "outcomes": Counter(matches.column("outcome").to_pylist()),
        "in_order": matches.column("line_id").equals(lines.column("line_id")),
        "works_known": set(pc.unique(matches.column("work_id")).to_pylist()) <= known,
        "probable": not matches.num_rows or 0 <= pc.min(matches.column("probability")).as_py() <= 1,
        "candidates_most": max(pc.list_value_length(matches.column("candidates")).to_pylist(), default=0),
        "before_mib": before // 1024,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main(names: list[str]) -> None:
    """Runs the named cases, one after the other; one that fails does not stop the next."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_MOST, ADDRESS_SPACE_MOST))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S_MOST, CPU_S_MOST))
    for name in names:
        try:
            answer = said(name)
        except Exception:  # noqa: BLE001 - whatever it is, the test shows it
            answer = {"case": name, "failed": traceback.format_exc()[-3000:]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
