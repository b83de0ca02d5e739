"""Policies as files (c2sp.org/tlog-policy): which logs and witnesses are known, and which of them must have signed.

A file is lines of words: `log VKEY [URL]`, `witness NAME VKEY [URL]`, `group NAME all|any|K MEMBER...`, and one
`quorum NAME|none`. Members are witnesses and groups of the lines before; each is a member once, so that nobody counts
twice. Addresses are read over: nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from partita.errors import InputError
from partita.prove import note
from partita.prove.checkpoint import Group, Policy
from partita.prove.encoding import NUMBER
from partita.prove.note import VerifierKey

NONE = b"none"
BYTES_MOST = 1 << 20
NAMES_MOST = 500
BLANKS = re.compile(rb"[ \t]+")
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass
class _Reading:
    """What the lines so far have defined."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: list[VerifierKey] = field(default_factory=list)
    named: dict[bytes, VerifierKey | Group] = field(default_factory=dict)
    members: set[bytes] = field(default_factory=set)
    quorum: list[Group] = field(default_factory=list)


def parse(data: bytes, file: str = "") -> Policy:
    """The policy that a file's bytes say; raises `InputError` with the line that says what none can."""
    if len(data) > BYTES_MOST or CONTROL.search(data):
        raise InputError("this is no policy: it is too long, or holds control characters", file=file)
    found = _Reading()
    verbs: dict[bytes, Callable[[_Reading, list[bytes]], None]] = {
        b"log": _log, b"witness": _witness, b"group": _group, b"quorum": _quorum,
    }  # fmt: skip
    for number, line in enumerate(data.split(b"\n"), start=1):
        verb, *words = BLANKS.split(line.strip(b" \t"))
        if verb and not verb.startswith(b"#"):
            try:
                verbs.get(verb, _unknown)(found, words)
            except InputError as error:
                raise InputError(error.reason, file=file, line=number, mend=error.mend) from error
    if len(found.quorum) != 1:
        raise InputError("a policy has one line `quorum`", file=file, mend="Write `quorum none` to ask for no witness")
    return Policy(tuple(found.logs), tuple(found.witnesses), rule=found.quorum[0])


def _unknown(_: _Reading, __: list[bytes]) -> None:
    raise InputError("this line says nothing that a policy says", mend="Begin with log, witness, group or quorum")


def _log(found: _Reading, words: list[bytes]) -> None:
    if len(words) not in (1, 2):
        raise InputError("a log is `log VKEY [URL]`")
    _once(found.logs, words[0])


def _witness(found: _Reading, words: list[bytes]) -> None:
    if len(words) not in (2, 3):
        raise InputError("a witness is `witness NAME VKEY [URL]`")
    _define(found, words[0], _once(found.witnesses, words[1]))


def _group(found: _Reading, words: list[bytes]) -> None:
    name, least, *members = [*words, b"", b""][: max(len(words), 2)]
    most = len(members)
    if not members:
        raise InputError("a group is `group NAME all|any|K MEMBER...`")
    if least not in (b"all", b"any") and not (NUMBER.fullmatch(least.decode("latin-1")) and 1 <= int(least) <= most):
        raise InputError(f"of {most} members all, any or a number up to {most} must sign")
    for member in members:
        if member not in found.named or member in found.members:
            raise InputError("a member is defined on a line before, and is a member once")
        found.members.add(member)
    count = {b"all": most, b"any": 1}[least] if least in (b"all", b"any") else int(least)
    _define(found, name, Group(count, tuple(found.named[member] for member in members)))


def _quorum(found: _Reading, words: list[bytes]) -> None:
    if len(words) != 1 or (words[0] != NONE and words[0] not in found.named):
        raise InputError("a quorum is `quorum NAME`, a witness or group of a line before, or none")
    found.quorum.append(Group(0, ()) if words[0] == NONE else Group(1, (found.named[words[0]],)))


def _define(found: _Reading, name: bytes, meaning: VerifierKey | Group) -> None:
    if name == NONE or name in found.named:
        raise InputError("this name has a meaning already", mend="Name each witness and each group differently")
    if len(found.named) == NAMES_MOST:
        raise InputError(f"a policy of more than {NAMES_MOST} witnesses and groups is not read")
    found.named[name] = meaning


def _once(keys: list[VerifierKey], word: bytes) -> VerifierKey:
    """Reads a key and adds it; raises `InputError` where the same key stands there under any name."""
    try:
        key = note.read_verifier(word.decode())
    except UnicodeError as error:
        raise InputError("the name of the key is not UTF-8") from error
    if key.public in {each.public for each in keys}:
        raise InputError("one key stands twice in the policy", mend="Name each log and each witness once")
    keys.append(key)
    return key
