"""Which encoding a text file is in: found by reading the whole of it, and said with its reason.

UTF-8 and UTF-16 prove themselves. The others are compared: each candidate decodes the same bytes, and the one under
which its characters are likeliest (common characters, then the levels of the national standards, then the rest) wins.
"""

from __future__ import annotations

import codecs
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from partita.errors import InputError
from partita.formats import common_characters as common
from partita.formats.headers import LISTS, words

BLOCK = 1 << 20
SCORED_MOST = 1 << 20
"""Bytes whose characters are compared; every byte is decoded all the same."""

REPLACEMENT = "\ufffd"
MARK = "\udfff"
"""Stands in decoded text for bytes that are no character."""
ERRORS = "partita-mark"

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("cp950", "big5hkscs", "gb18030", "cp932", "cp949", "cp1252")
_ACCEPTED = frozenset({
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii",
    "big5", "big5hkscs", "cp950", "gb2312", "gbk", "gb18030", "hz", "cp932", "shift_jis", "shift_jis_2004",
    "shift_jisx0213", "euc_jp", "euc_jis_2004", "iso2022_jp", "cp949", "euc_kr", "johab", "latin-1", "iso8859-1",
    "iso8859-2", "iso8859-15", "cp437", "cp850", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "cp1258",
    "koi8-r", "mac-roman", "cp874",
})  # fmt: skip
_ERROR_COST = 18.0
_BONUS = 12.0
_CLOSE = 4.0
_USUAL_LEAST = 0.3
"""Below this part of common characters beyond ASCII, even the likeliest encoding is a guess."""
_RARE = 1e-9
_USUAL = math.log(2e-5)
_HOPELESS = 1000
"""Errors after which a candidate that has few characters to show for them is given up."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """Python's name of the encoding, why, whether some bytes do not fit, and whether the choice was close."""

    name: str
    reason: str
    lossy: bool = False
    unsure: bool = False


@dataclass(slots=True)
class _Score:
    name: str
    errors: int = 0
    wide: int = 0
    usual: int = 0
    value: float = 0.0


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return MARK, error.end


codecs.register_error(ERRORS, _mark)


def detect(path: Path, given: str | None = None) -> Encoding:
    """The encoding of the text file at `path`; `given` wins, and raises InputError where the file is not in it."""
    if given:
        return _given(path, given)
    with path.open("rb") as file:
        head = file.read(4)
    for bom, name in _BOMS:
        if head.startswith(bom) and _decodes(path, name):
            return Encoding(name, "byte order mark")
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", "byte order mark; some bytes are not UTF-8", lossy=True)
    counts = _count_utf8(path)
    valid = f"valid UTF-8, {counts.wide:,} characters beyond ASCII" if counts.wide else "ASCII only"
    if counts.errors == 0:
        wide = _wide(path)
        return wide or Encoding("utf-8", f"{valid}, with NUL characters" if _wide_text(path) else valid)
    return _wide(path) or _damaged_utf8(path, counts) or _legacy(path)


def _given(path: Path, given: str) -> Encoding:
    try:
        name = codecs.lookup(given).name
    except (LookupError, ValueError):
        name = ""
    if name not in {codecs.lookup(n).name for n in _ACCEPTED}:
        raise InputError(
            f"encoding {given[:40]!r} is not known", file=str(path), mend="Write e.g. utf-8, cp950, gb18030"
        )
    if name == "utf-8" and next(_blocks(path), b"").startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    if not _decodes(path, name):
        raise InputError(f"the file is not in {given}, as the job says", file=str(path),
                         mend="Correct `encoding` in the job file, or leave it out to have it found")  # fmt: skip
    return Encoding(name, "given")


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _decodes(path: Path, name: str, errors: str = "strict") -> bool:
    decoder = codecs.getincrementaldecoder(name)(errors)
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except (UnicodeError, ValueError):
        return False
    return True


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _count_utf8(path: Path) -> _Score:
    """Errors and characters beyond ASCII, taking the file as UTF-8; counts no further once it clearly is not."""
    score = _Score("utf-8")
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for block in (*_blocks(path), b""):
        text = decoder.decode(block, final=not block)
        if not text.isascii():
            errors = max(text.count(REPLACEMENT) - block.count(REPLACEMENT.encode()), 0)
            score.errors += errors
            score.wide += int(np.count_nonzero(_points(text) > 0x7F)) - errors
        if score.errors > max(score.wide, _HOPELESS):
            break
    return score


def _damaged_utf8(path: Path, counts: _Score) -> Encoding | None:
    """UTF-8 with a few broken characters, where far more are whole than broken, or where only surrogates are broken."""
    if counts.wide < 4 * counts.errors and not _only_surrogates(path):
        return None
    reason = f"UTF-8: {counts.wide:,} characters beyond ASCII are valid, {counts.errors:,} bytes are not"
    return Encoding("utf-8", reason, lossy=True)


def _only_surrogates(path: Path) -> bool:
    """Whether all that is not UTF-8 are surrogates written as if they were characters, as some programs do."""
    return _decodes(path, "utf-8", "surrogatepass")


def _wide_text(path: Path) -> bool:
    """Whether every other byte is NUL often enough for UTF-16 without a mark."""
    with path.open("rb") as file:
        head = file.read(BLOCK)
    return head.count(0) * 50 > len(head)


def _wide(path: Path) -> Encoding | None:
    """UTF-16 without a byte order mark, where one byte order gives text and the other does not."""
    if not _wide_text(path) or path.stat().st_size % 2:
        return None
    with path.open("rb") as file:
        units = np.frombuffer(file.read(BLOCK), "<u2")
    plausible = {
        name: _plausible(units if name == "utf-16-le" else units.byteswap()) for name in ("utf-16-le", "utf-16-be")
    }
    name = max(plausible, key=lambda n: plausible[n])
    if plausible[name] < 0.9 or not _decodes(path, name):
        return None
    return Encoding(name, f"valid {name.upper()} without a byte order mark: {plausible[name]:.0%} letters and digits")


def _plausible(units: NDArray[np.uint16]) -> float:
    ranges = (
        (0x09, 0x0D), (0x20, 0x7E), (0xA0, 0x24F), (0x2010, 0x2027), (0x3000, 0x30FF), (0x4E00, 0x9FFF),
        (0xAC00, 0xD7A3), (0xD800, 0xDFFF), (0xFF00, 0xFFEF),
    )  # fmt: skip
    good = sum(int(np.count_nonzero((units >= low) & (units <= high))) for low, high in ranges)
    return good / max(len(units), 1)


def _legacy(path: Path) -> Encoding:
    """The likeliest of the national encodings; raises InputError where none fits."""
    scores = [_score(path, name) for name in _LEGACY]
    best, *others = sorted(scores, key=lambda s: -s.value)
    if best.errors * 5 > best.wide or best.value == -math.inf:
        mend = 'State encoding = "..." in the job file, or save the file as UTF-8'
        raise InputError("the encoding cannot be told", file=str(path), mend=mend)
    family = {"cp950", "big5hkscs"}
    rival = next(s for s in others if not {s.name, best.name} <= family)
    lead = best.value - rival.value
    fit = "all bytes valid" if not best.errors else f"{best.errors:,} bytes not valid"
    usual = best.usual / max(best.wide, 1)
    reason = f"{fit}, {usual:.0%} of the characters beyond ASCII are common ones; next best {rival.name}"
    return Encoding(best.name, reason, lossy=best.errors > 0, unsure=lead < _CLOSE or usual < _USUAL_LEAST)


def _score(path: Path, name: str) -> _Score:
    score = _Score(name)
    likely = _likelihood(name)
    decoder = codecs.getincrementaldecoder(name)("replace")
    done = 0
    for block in (*_blocks(path), b""):
        text = decoder.decode(block, final=not block)
        errors = text.count(REPLACEMENT)
        score.errors += errors
        if done < SCORED_MOST and text:
            points = _points(text)
            wide = points[(points > 0x7F) & (points != ord(REPLACEMENT))]
            score.wide += len(wide)
            score.usual += int(np.count_nonzero(likely[wide] > _USUAL))
            score.value += float(likely[points].sum(dtype=np.float64)) - _ERROR_COST * errors
            score.value += _BONUS * _header_words("" if done else text)
        done += len(block)
        if score.errors > max(score.wide // 4, _HOPELESS):
            score.value = -math.inf
            break
    return score


def _header_words(text: str) -> int:
    """How many known header words beyond ASCII stand in the first lines."""
    head = text[:4000].casefold()
    return sum(1 for word in _wide_words() if word in head)


@cache
def _wide_words() -> tuple[str, ...]:
    found = {w for section in ("usage", "repertoire", "shares") for w in words(section)}
    return tuple(sorted(w for w in found if len(w) > 1 and not w.isascii() and w not in LISTS))


@cache
def _likelihood(name: str) -> NDArray[np.float32]:
    """For each code point the logarithm of how likely it is in a list written in this encoding."""
    chances = np.full(0x110000, math.log(_RARE), np.float32)
    for low, high, chance in ((0x20, 0x7F, 1 / 64), (0x09, 0x0B, 1 / 64), (0x0D, 0x0E, 1 / 64)):
        chances[low:high] = math.log(chance)
    for sample, weight in _classes(name):
        points = _points(sample)
        if len(points):
            chances[points] = math.log(weight / len(points))
    chances[ord(REPLACEMENT)] = 0.0
    return chances


def _block(name: str, leads: range, trails: tuple[range, ...]) -> str:
    pairs = (bytes((lead, trail)).decode(name, "ignore") for lead in leads for part in trails for trail in part)
    return "".join(c for c in pairs if len(c) == 1 and not "\ue000" <= c <= "\uf8ff" and c > "\x7f")


def _fits(name: str, text: str) -> str:
    return "".join(sorted(set(text.encode(name, "ignore").decode(name))))


_LOW, _HIGH = range(0x40, 0x7F), range(0xA1, 0xFF)
_GBK, _SJIS, _UHC = (
    (_LOW, range(0x80, 0xFF)),
    (_LOW, range(0x80, 0xFD)),
    (range(0x41, 0x5B), range(0x61, 0x7B), range(0x81, 0xFF)),
)
_BIG5 = (
    (range(0x87, 0xA1), (_LOW, _HIGH), 0.0005), (range(0xF9, 0xFF), (_LOW, _HIGH), 0.0005),
    (range(0xC9, 0xFA), (_LOW, _HIGH), 0.012), (range(0xC6, 0xC9), (_LOW, _HIGH), 0.005),
    (range(0xA1, 0xA4), (_LOW, _HIGH), 0.01), (range(0xA4, 0xC6), (_LOW, _HIGH), 0.45),
)  # fmt: skip
_BLOCKS: dict[str, tuple[tuple[range, tuple[range, ...], float], ...]] = {
    "cp950": _BIG5,
    "big5hkscs": _BIG5,
    "gb18030": ((range(0x81, 0xFF), _GBK, 0.004), (range(0xA1, 0xAA), (_HIGH,), 0.01),
                (range(0xD8, 0xF8), (_HIGH,), 0.02),
                (range(0xB0, 0xD8), (_HIGH,), 0.45)),
    "cp932": ((range(0xFA, 0xFD), _SJIS, 0.0005), (range(0x81, 0x89), _SJIS, 0.01), (range(0x98, 0xEB), _SJIS, 0.008),
              (range(0x89, 0x98), _SJIS, 0.25)),
    "cp949": ((range(0x81, 0xC7), _UHC, 0.003), (range(0xCA, 0xFE), (_HIGH,), 0.005),
              (range(0xA1, 0xAD), (_HIGH,), 0.01),
              (range(0xB0, 0xC9), (_HIGH,), 0.45)),
    "cp1252": (),
}  # fmt: skip
"""Lead bytes, trail bytes, and the chance in all of the characters that they make: the levels of each standard."""

_HALF = "".join(map(chr, range(0xFF61, 0xFFA0)))
_KANA = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC)))
_SAMPLES: dict[str, tuple[tuple[str, float], ...]] = {
    "cp950": ((common.TRADITIONAL, 0.45), (common.PUNCTUATION, 0.06)),
    "big5hkscs": ((common.TRADITIONAL, 0.45), (common.PUNCTUATION, 0.06)),
    "gb18030": ((common.SIMPLIFIED, 0.45), (common.PUNCTUATION, 0.06)),
    "cp932": ((_HALF, 0.02), (common.JAPANESE, 0.2), (common.PUNCTUATION, 0.04), (_KANA, 0.5)),
    "cp949": ((common.KOREAN, 0.45), (common.PUNCTUATION, 0.04)),
    "cp1252": (("".join(map(chr, range(0xA0, 0x100))), 0.004), (common.LATIN, 0.03)),
}


def _classes(name: str) -> list[tuple[str, float]]:
    """Classes of characters with their chance in all, later ones overriding earlier ones."""
    blocks = [(_block(name, leads, trails), chance) for leads, trails, chance in _BLOCKS[name]]
    return blocks + [(_fits(name, text), chance) for text, chance in _SAMPLES[name]]
