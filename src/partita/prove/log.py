"""The log: an append-only list of entries in a folder that can be published as it is (c2sp.org/tlog-tiles).

`checkpoint` holds what was signed last, `tile/` the hashes and the entries, `.state/head` how far the tree is written.
A log is read without changing a byte. It is written by one writer at a time, in this order: tiles, then the head; so a
writer that is killed leaves the tree as it was. Whoever opens a log has its right edge and its checkpoint verified;
`Log.check` verifies every byte. A log that is damaged, shorter than its checkpoint, or another than its checkpoint says
is refused, and so never continued.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from partita.errors import InputError
from partita.prove import checkpoint as checkpoints
from partita.prove import merkle, note, tiles
from partita.prove.checkpoint import Checkpoint, Policy
from partita.prove.faults import DamagedTile, LogBusy, RolledBack, SplitView
from partita.prove.note import Note, Signature, SigningKey, VerifierKey
from partita.prove.proof_file import Proof
from partita.prove.tiles import WIDTH, Tree

CHECKPOINT = "checkpoint"
HEAD = ".state/head"
LOCK = ".state/lock"


@dataclass
class Log:
    """A log as it lies in a folder: its origin, its number of leaves and their root, and the note signed last."""

    folder: Path
    origin: str
    size: int
    root: bytes
    note: Note | None = None
    keys: tuple[VerifierKey, ...] = field(default=(), repr=False)

    @property
    def checkpoint(self) -> Checkpoint | None:
        """What was signed last, None where nothing was."""
        return checkpoints.parse(self.note.text) if self.note else None

    @property
    def tree(self) -> Tree:
        """The tiles."""
        return Tree(self.folder, self.size)

    def append(self, entries: Sequence[bytes]) -> range:
        """Adds entries, durably, all or none; gives their numbers. They are public once `sign` has been called.

        Raises `LogBusy`, `InputError` (an entry above 65,535 bytes) and what `open_log` raises.
        """
        with self._writing():
            first = self.size
            width = first % WIDTH
            old = self.tree.bundle(first // WIDTH) if width else []
            size = first + len(entries)
            bundled = [*old, *entries]
            hashes = [merkle.leaf_hash(entry) for entry in entries]
            for start in range(0, len(bundled) if entries else 0, WIDTH):
                part = bundled[start : start + WIDTH]
                place = (first - width + start) // WIDTH
                self._put(tiles.path(tiles.ENTRIES, place, len(part)), tiles.encode(part))
            level, at = 0, first
            while hashes:
                width = at % WIDTH
                kept = tiles.cut(self._tile_before(level, at)) if width else []
                row = [*kept, *hashes]
                base = (at - width) // WIDTH
                above = []
                for start in range(0, len(row), WIDTH):
                    part = row[start : start + WIDTH]
                    self._put(tiles.path(level, base + start // WIDTH, len(part)), b"".join(part))
                    if len(part) == WIDTH:
                        above.append(merkle.root(part))
                hashes, level, at = above, level + 1, at // WIDTH
            grown = Tree(self.folder, size)
            root = grown.root(0, size)
            self._put(HEAD, _head(self.origin, size, root))
            self.size, self.root = size, root
            return range(first, size)

    def _tile_before(self, level: int, at: int) -> bytes:
        return self.tree.tile(level, at // WIDTH)

    def sign(self, signer: SigningKey) -> Note:
        """Signs the log as it stands and publishes that as its checkpoint; the same log is signed anew without harm."""
        if signer.name != self.origin:
            raise InputError(f"the key of {signer.name} cannot sign the log {self.origin}")
        with self._writing():
            signed = checkpoints.sign(Checkpoint(self.origin, self.size, self.root), signer)
            self._put(CHECKPOINT, str(signed).encode())
            self.note = signed
        return signed

    def cosign(self, signatures: Sequence[Signature]) -> Note:
        """Adds witnesses' signatures to the checkpoint."""
        with self._writing():
            if self.note is None:
                raise InputError("the log has no checkpoint yet", file=str(self.folder))
            self.note = checkpoints.cosigned(self.note, tuple(signatures))
            self._put(CHECKPOINT, str(self.note).encode())
        return self.note

    def root_at(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        if not 0 <= size <= self.size:
            raise InputError(f"the log has {self.size} leaves, not {size}")
        return self.tree.root(0, size)

    def prove(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that entry `index` is among the first `size` (all), deepest hash first."""
        total = self.size if size is None else size
        self._has(total)
        return [self.tree.root(low, high) for low, high in merkle.inclusion_ranges(index, total)]

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the log of `old` entries is a beginning of that of `new` (all); empty from 0."""
        total = self.size if new is None else new
        self._has(total)
        return [self.tree.root(low, high) for low, high in merkle.consistency_ranges(0, old, total)]

    def proof(self, index: int, extra: bytes = b"") -> Proof:
        """The proof file of an entry, in the tree that was signed last."""
        if self.note is None or self.checkpoint is None:
            raise InputError("the log has no checkpoint yet", file=str(self.folder), mend="Sign one first")
        return Proof(index, tuple(self.prove(index, self.checkpoint.size)), str(self.note), extra)

    def entry(self, index: int) -> bytes:
        """The data of one entry."""
        if not 0 <= index < self.size:
            raise InputError(f"the log has no entry {index}; it has {self.size}", file=str(self.folder))
        return self.tree.bundle(index // WIDTH)[index % WIDTH]

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The data of the entries from `start` to `end` (all), in order."""
        last = self.size if end is None else min(end, self.size)
        for index in range(start // WIDTH, -(-last // WIDTH)):
            base = index * WIDTH
            yield from self.tree.bundle(index)[max(start - base, 0) : last - base]

    def holds(self, seen: Checkpoint) -> None:
        """Raises `RolledBack` or `SplitView` unless this log continues a checkpoint that was seen earlier."""
        if seen.size > self.size:
            raise RolledBack(f"the log has {self.size} leaves; {seen.size} were signed", file=str(self.folder))
        if self.root_at(seen.size) != seen.root:
            raise SplitView(f"the log's first {seen.size} leaves are not those that were signed", file=str(self.folder))

    def check(self) -> None:
        """Recomputes the whole tree from the entries and compares every tile; raises `DamagedTile` or `MissingTile`."""
        tree = self.tree
        for level, count in tiles.levels(self.size):
            for index in range(-(-count // WIDTH)):
                found = tiles.cut(tree.tile(level, index))
                if level == 0:
                    right = [merkle.leaf_hash(entry) for entry in tree.bundle(index)]
                else:
                    right = [
                        merkle.root(tiles.cut(tree.tile(level - 1, below)))
                        for below in range(index * WIDTH, index * WIDTH + len(found))
                    ]
                if found != right:
                    raise DamagedTile("the tile is not what lies under it", file=tiles.path(level, index, len(found)))
        self._edge()

    def _edge(self) -> None:
        """Raises unless the right edge of the tree leads to the head's root."""
        if self.tree.root(0, self.size) != self.root:
            raise DamagedTile("the tree does not have the root that it was written with", file=str(self.folder))

    def _has(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise InputError(f"the log has {self.size} leaves, not {size}", file=str(self.folder))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Holds the only writer's place, and takes over what another has written since."""
        (self.folder / LOCK).parent.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LogBusy("another writer is at work in this log", file=str(self.folder)) from error
            now = open_log(self.folder, self.keys)
            self.size, self.root, self.note = now.size, now.root, now.note
            yield

    def _put(self, name: str, data: bytes) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(file.name + ".new")
        with fresh.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(file)


def create_log(folder: Path, origin: str) -> Log:
    """Makes an empty log; raises `InputError` where the folder is not empty or the origin cannot be one."""
    if folder.exists() and any(folder.iterdir()):
        raise InputError("the folder is not empty", file=str(folder), mend="Name a new folder for the log")
    note.make_key(origin, bytes(note.SEED_BYTES))
    made = Log(folder, origin, 0, merkle.EMPTY_ROOT)
    made._put(HEAD, _head(origin, 0, merkle.EMPTY_ROOT))
    return made


def open_log(folder: Path, keys: Sequence[VerifierKey] = ()) -> Log:
    """Opens a log for reading or writing, and changes nothing; with `keys`, its checkpoint must be signed by one.

    Raises `InputError` (no log), `RolledBack` (shorter than its checkpoint), `SplitView` (another tree than its
    checkpoint's), `MissingTile`, `DamagedTile`, and where keys are given what `checkpoint.accept` raises.
    """
    file = folder / CHECKPOINT
    signed = note.parse(file.read_bytes()) if file.is_file() else None
    told = checkpoints.parse(signed.text) if signed else None
    head = _read_head(folder, told)
    log = Log(folder, head.origin, head.size, head.root, signed, tuple(keys))
    log._edge()
    if signed and told:
        if keys:
            checkpoints.accept(signed, Policy(tuple(keys)))
        log.holds(told)
    return log


def _read_head(folder: Path, told: Checkpoint | None) -> Checkpoint:
    file = folder / HEAD
    if not file.is_file():
        if told is None:
            raise InputError("there is no log in this folder", file=str(folder))
        return told
    try:
        said = json.loads(file.read_bytes())
        return Checkpoint(str(said["origin"]), int(said["size"]), bytes.fromhex(said["root"]))
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedTile("the head of the log cannot be read", file=str(file)) from error


def _head(origin: str, size: int, root: bytes) -> bytes:
    return json.dumps({"origin": origin, "root": root.hex(), "size": size}, ensure_ascii=False).encode()
