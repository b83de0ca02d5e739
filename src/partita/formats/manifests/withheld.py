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
from partita.formats.grid import Remark

_NAMES = (
    r"(?:[a-z0-9]+[._-])*(?:access[._-]?token|token|api[._-]?key|apikey|pass(?:word|wd|phrase)?|pwd|secret|"
    r"sig(?:nature)?|credentials?|security[._-]?token|awsaccesskeyid|googleaccessid|key[._-]?pair[._-]?id|policy|"
    r"auth(?:orization|key|token)?|bearer|jwt|session(?:[._-]?id)?|sid|client[._-]?secret|private[._-]?key|hdnts|hdnea)"
)
"""Names of parameters whose values open something; `policy` is part of an address signed for some time."""

_PARAMETER = re.compile(rf"{_NAMES}", re.IGNORECASE)
_SECRET = rf"(?i)((?:[?&#;,]|\b)(?:x-amz-|x-goog-)?{_NAMES}(?:=|%3d))[^&#\s\"'<>;,]+"
_USER = r"(?i)((?::|%3a|\\u003a)?(?:[/\\]|%2f|\\u002f){2,})[^\s\"'<>]*(?:@|%40|\\u0040)"
"""From the slashes to the last at sign: more than is needed, as what is shown may be cut less finely than parsed."""
_COLON = r"[^\s\"'<>/@:,;]+:[^\s\"'<>/@]+@"
"""`user:password@` without a scheme before it."""
_SIGNS = "[@=%]|u0040"
"""A text without any of these holds no credential in an address."""


def hidden(texts: pa.Array) -> pa.Array:
    """Texts to be shown, without anything that may be a credential in an address."""
    suspected = pc.fill_null(pc.match_substring_regex(texts, _SIGNS), False)
    if not pc.any(suspected).as_py():
        return texts
    bare = texts.filter(suspected)
    for pattern, kept in ((_USER, r"\1"), (_COLON, ""), (_SECRET, r"\1")):
        bare = pc.replace_substring_regex(bare, pattern, kept)
    return pc.replace_with_mask(texts, suspected, bare)


def hidden_text(text: str) -> str:
    """`hidden` of one text."""
    clean = text.encode("utf-8", "replace").decode()
    return str(hidden(pa.array([clean], pa.string()))[0].as_py())


_CUT = re.compile(r"(//|\\\\)[^\s\"'<>/\\]*$|[^\s\"'<>/:]+:[^\s\"'<>/:]*$")


def hidden_remark(remark: Remark) -> Remark:
    """The remark with a value that may be shown; what is cut off in an address's first part is left out with it."""
    if not remark.value:
        return remark
    return replace(remark, value=_CUT.sub(r"\1", hidden_text(remark.value)), reason=hidden_text(remark.reason))


def hidden_error(error: InputError) -> InputError:
    """The same error, saying nothing that may be a credential."""
    return InputError(hidden_text(error.reason), file=error.file, line=error.line, mend=hidden_text(error.mend))


def without_secrets(query: str) -> tuple[str, bool]:
    """The query of a URL without parameters whose names speak of credentials, and whether there were any."""
    kept, found = [], False
    for part in query.split("&"):
        name = unquote_plus(part.partition("=")[0]).strip().lower()
        if "=" in part and _PARAMETER.fullmatch(name):
            found = True
        else:
            kept.append(part)
    return "&".join(kept), found


_SUSPECTED_QUERY = (
    r"(?i)[?&;][^=&]*(?:token|key|pass|pwd|secret|sig|credential|auth|bearer|jwt|session|sid|policy|hdn|googleaccessid|%)"
    r"[^=&]*="
)


def may_hold_secrets(urls: pa.Array) -> pa.Array:
    """Which URLs may hold a parameter that `without_secrets` takes out: never False for one that does."""
    return pc.match_substring_regex(urls, _SUSPECTED_QUERY)
