"""A column of addresses in their one spelling: no user, password, token or fragment; and the host of each.

Most addresses of a manifest are regular already; a pattern finds those, and only the others are spelled one by one.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita import urls
from partita.errors import InputError
from partita.formats.manifests import withheld
from partita.formats.sieve import Mask, mask

_PATH = (
    r"^https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
    r"/(?:[A-Za-z0-9\-_~!&'()+,=:@]+(?:[./][A-Za-z0-9\-_~!&'()+,=:@]+)*/?)?"
)
_QUERY = r"\?[A-Za-z0-9\-._~!&'()+,;=:/?]*"
"""Addresses that are their own spelling: no capitals in the host, nothing to encode, no dot that stands alone."""
_REGULAR_MOST = 1_000
_INNER = re.compile(r"((?:https?|ftp)(?::|%3A)(?:/|%2F){1,2})[^/?#&]*?(?:@|%40)", re.IGNORECASE)
"""An address within an address, with a user."""
_USER = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*@", re.IGNORECASE)
_HOST = r"^https?://(?:www\.)?(?P<host>\[[0-9a-f:.]*\]|[^/:?#]*)"


def spelled(texts: pa.Array) -> tuple[pa.Array, Mask, Mask]:
    """Each address in its spelling (null where empty or none), which are none, and which held credentials."""
    size = len(texts)
    regular = mask(pc.match_substring_regex(texts, f"{_PATH}$"))
    rest = np.flatnonzero(~regular)
    if len(rest):
        others = texts.take(pa.array(rest))
        queried = pc.match_substring_regex(others, f"{_PATH}{_QUERY}$")
        regular[rest] = mask(pc.and_not(queried, withheld.may_hold_secrets(others)))
    odd = ~(regular & mask(pc.less_equal(pc.binary_length(texts), _REGULAR_MOST)))
    found = pc.if_else(pa.array(~odd), texts, pa.scalar(None, pa.string()))
    bad, held = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    places = np.flatnonzero(odd)
    if not len(places):
        return found, bad, held
    made: list[str | None] = []
    for place, text in zip(places, texts.take(pa.array(places)).to_pylist(), strict=True):
        one, secret = _one(text)
        made.append(one)
        bad[place], held[place] = one is None and text != "", secret
    return pc.replace_with_mask(found, pa.array(odd), pa.array(made, pa.string())), bad, held


def _one(text: str) -> tuple[str | None, bool]:
    """One address in its spelling, and whether it held credentials; None for what is none."""
    if not text:
        return None, False
    bare, marked, fragment = text.partition("#")
    held = _USER.match(text) is not None
    path, mark, query = bare.partition("?")
    clean, secret = withheld.without_secrets(query) if mark else ("", False)
    path, told_in_path = _without_parameters(path)
    secret |= told_in_path
    whole = f"{path}{'?' if clean or (mark and not secret) else ''}{clean}"
    try:
        found = urls.canonical(whole)
    except InputError:
        return None, held or secret or "@" in text
    scheme, slashes, rest = found.partition("://")
    inner = _INNER.sub(r"\1", rest)
    told = bool(marked) and withheld.hidden_text(f"#{fragment}") != f"#{fragment}"
    return scheme + slashes + inner, held or secret or inner != rest or told


def _without_parameters(path: str) -> tuple[str, bool]:
    """The path without its own parameters (`;jsessionid=...`) that speak of credentials, and whether it had any."""
    kept, found = [], False
    for part in path.split("/"):
        name, sign, parameters = part.partition(";")
        clean, secret = withheld.without_secrets(parameters) if sign else ("", False)
        kept.append(f"{name};{clean}" if clean or (sign and not secret) else name)
        found |= secret
    return "/".join(kept), found


def hosts(spelled_urls: pa.Array) -> pa.Array:
    """The host of each address without `www.` and port; empty where there is none."""
    host = pc.struct_field(pc.extract_regex(spelled_urls, _HOST), "host")
    return pc.fill_null(host, "")


def shown(texts: pa.Array, bad: NDArray[np.bool_]) -> pa.Array:
    """The addresses at fault as they may be shown."""
    return pc.if_else(pa.array(bad), withheld.hidden(pc.utf8_slice_codeunits(texts, 0, 400)), "")
