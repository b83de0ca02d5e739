"""What must be shown nowhere: users, passwords, tokens and signatures that stand in addresses.

A manifest's addresses often carry them, and whatever is shown of a manifest is kept: in tables, logs and reports.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote_plus

import pyarrow as pa
import pyarrow.compute as pc

from partita.errors import InputError
from partita.formats.grid import Grid, Remark

_NAMES = (
    r"(?:[a-z0-9]+[._-])*(?:access[._-]?token|token|api[._-]?key|apikey|pass(?:word|wd|phrase)?|pwd|secret|"
    r"sig(?:nature)?|credentials?|security[._-]?token|awsaccesskeyid|googleaccessid|key[._-]?pair[._-]?id|policy|"
    r"auth(?:orization|key|token)?|bearer|jwt|(?:j|php|asp)?sess(?:ion)?(?:[._-]?id[a-z]*)?|sid|client[._-]?secret|private[._-]?key|hdnts|hdnea)"
)
"""Names of parameters whose values open something; `policy` is part of an address signed for some time."""

_LONG_KEY = 20
"""Signs from which on the value of a parameter that is only called `key` is taken for a secret."""
_PARAMETER = re.compile(_NAMES, re.IGNORECASE)
_VALUE = rf"(?:{_NAMES}(?:=|%3d)|key=[A-Za-z0-9_-]{{12}})[^&#\s\"'<>;,]+"
_SLASHES = r"((?::|%3a|\\u003a)?(?:[/\\]|%2f|\\u002f){2,})"
_HOST = r"((?:[\w-]+\.)+[A-Za-z]{2,}|[0-9.]{7,15}\b|localhost\b|\[)"
_FOLLOWED = rf"[^\s\"'<>/@:,;]+:[^\s\"'<>/@]+@{_HOST}"
"""`user:password@host` without a scheme before it."""
_SHOWN = (
    (rf"(?i){_SLASHES}[^\s\"'<>]*(?:@|%40|\\u0040)", r"\1"),
    (_FOLLOWED, r"\1"),
    (rf"(?i)([?&#;,]|\b)(?:{_VALUE})", r"\1"),
)
"""For what is shown of a text: from the slashes to the last at sign, whatever stands between."""
_KEPT = (
    (rf"(?i){_SLASHES}[^\s\"'<>/@:]+:[0-9]*[^0-9\s/@\"'<>][^\s\"'<>]*@", r"\1"),
    (rf"(?i){_SLASHES}[^\s\"'<>/?#\\]*(?:@|%40)", r"\1"),
    (_FOLLOWED, r"\1"),
    (rf"(?i)([?&#;])(?:{_VALUE})", r"\1"),
)
"""For texts that are kept: no more than is needed, so that `https://a.example/@name` stays."""
_SIGNS = "[@=%]|u0040"
"""A text without any of these holds no credential in an address."""


def hidden(texts: pa.Array) -> pa.Array:
    """Texts to be shown, without anything that may be a credential in an address."""
    return _without(texts, _SHOWN)


def bare(texts: pa.Array) -> pa.Array:
    """Texts to be kept, without credentials in the addresses that stand in them."""
    return _without(texts, _KEPT)


def _without(texts: pa.Array, patterns: tuple[tuple[str, str], ...]) -> pa.Array:
    suspected = pc.fill_null(pc.match_substring_regex(texts, _SIGNS), False)
    if not pc.any(suspected).as_py():
        return texts
    some = texts.filter(suspected)
    for pattern, kept in patterns:
        some = pc.replace_substring_regex(some, pattern, kept)
    return pc.replace_with_mask(texts, suspected, some)


def hidden_text(text: str) -> str:
    """`hidden` of one text."""
    clean = text.encode("utf-8", "replace").decode()
    return str(hidden(pa.array([clean], pa.string()))[0].as_py())


def bare_text(text: str) -> str:
    """`bare` of one text."""
    return str(bare(pa.array([text], pa.string()))[0].as_py())


_CUT = re.compile(r"(//|\\\\)[^\s\"'<>/\\]*$|[^\s\"'<>/:]+:[^\s\"'<>/:]*$")


_QUOTED_CUT = re.compile(r"(//)(?:[^\s\"'<>/]*:[^\s\"'<>/]*|[^\s\"'<>/.]+)(?=[\"'])")
"""An address of which an error shows no more than the beginning: its first part may be a user, or a password's half."""


def hidden_remark(remark: Remark) -> Remark:
    """The remark with a value that may be shown; what is cut off in an address's first part is left out with it."""
    if not remark.value:
        return remark
    return replace(remark, value=_CUT.sub(r"\1", hidden_text(remark.value)), reason=hidden_text(remark.reason))


def hidden_grid(grid: Grid) -> Grid:
    """The grid with remarks and headers that may be shown."""
    names = {ours: hidden_text(theirs) for ours, theirs in grid.found.names.items()}
    found = replace(grid.found, names=names, twice=[hidden_text(header) for header in grid.found.twice])
    return replace(grid, found=found, remarks=tuple(map(hidden_remark, grid.remarks)))


def hidden_error(error: InputError) -> InputError:
    """The same error, saying nothing that may be a credential."""
    reason = _QUOTED_CUT.sub(r"\1", hidden_text(error.reason))
    return InputError(reason, file=error.file, line=error.line, mend=hidden_text(error.mend))


def without_secrets(query: str) -> tuple[str, bool]:
    """The query of a URL without parameters whose names speak of credentials, and whether there were any."""
    kept, found = [], False
    parts = re.split("([&;])", query)
    for part, sign in zip(parts[::2], [*parts[1::2], ""], strict=True):
        name, equals, value = unquote_plus(part).partition("=")
        word = name.strip().lower()
        if equals and (_PARAMETER.fullmatch(word) or (word == "key" and len(value) >= _LONG_KEY)):
            found = True
        else:
            kept.append(part + sign)
    return ("".join(kept).rstrip("&;") if found else query), found


_SUSPECTED_QUERY = (
    r"(?i)[?&;][^=&]*(?:token|key|pass|pwd|secret|sig|credential|auth|bearer|jwt|sess|sid|policy|hdn|googleaccessid|%)"
    r"[^=&]*="
)


def may_hold_secrets(urls: pa.Array) -> pa.Array:
    """Which URLs may hold a parameter that `without_secrets` takes out: never False for one that does."""
    return pc.match_substring_regex(urls, _SUSPECTED_QUERY)
