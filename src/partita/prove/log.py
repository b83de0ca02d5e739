"""The log: an append-only list of entries in a folder that can be published as it is (c2sp.org/tlog-tiles).

`checkpoint` holds what was signed last, `tile/` the hashes and the entries, `.state/head` how far the tree is written.
Reading changes nothing. One writer at a time writes the tiles first and the head last, so a writer that is killed
leaves the tree as it was. Whoever opens a log has its right edge and its checkpoint verified; `Log.check` verifies
every byte. A log that is damaged, shorter than its checkpoint, or another than its checkpoint says is refused, and so
is never continued.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from partita.errors import InputError
from partita.prove import audit, edge, files, merkle, note
from partita.prove import checkpoint as checkpoints
from partita.prove import head as heads
from partita.prove.checkpoint import Checkpoint, Policy
from partita.prove.edge import Edge
from partita.prove.encoding import SHOWN
from partita.prove.faults import DamagedTile, ForgedProof, RolledBack, SplitView, WrongOrigin
from partita.prove.head import Head
from partita.prove.note import Note, Signature, SigningKey, VerifierKey
from partita.prove.proof_file import Proof
from partita.prove.tiles import ENTRIES, ENTRY_BYTES_MOST, WIDTH, Tree, path

CHECKPOINT = "checkpoint"
LOCK = ".state/lock"


@dataclass
class Log:
    """A log as it lies in a folder: its origin, its number of leaves and their root, and the note signed last."""

    folder: Path
    origin: str
    size: int
    root: bytes
    note: Note | None
    tree: Tree = field(repr=False)
    edge: Edge = field(repr=False)
    keys: tuple[VerifierKey, ...] = field(default=(), repr=False)

    @property
    def checkpoint(self) -> Checkpoint | None:
        """What was signed last, None where nothing was."""
        return checkpoints.parse(self.note.text) if self.note else None

    def append(self, entries: Sequence[bytes]) -> range:
        """Adds entries, durably, all or none; gives their numbers. A proof can be drawn once `sign` has been called.

        Raises `LogBusy`, `InputError` (an entry above 65,535 bytes) and what `open_log` raises.
        """
        if not all(len(entry) <= ENTRY_BYTES_MOST for entry in entries):
            longest = max(map(len, entries))
            raise InputError(f"an entry of {longest} bytes is too long; {ENTRY_BYTES_MOST} are the most")
        with self._writing():
            before, grown = self.size, self.edge
            after = before + len(entries)
            if entries:
                Head(self.origin, before, self.root, after).write(self.folder)
                files.put_all(self.folder, grown.add(entries))
                head = Head(self.origin, after, grown.root())
                head.write(self.folder)
                heads.tidy(self.folder, before, after)
                signed = self.checkpoint.size if self.checkpoint else 0
                self.size, self.root, self.tree = after, head.root, Tree(self.folder, after, signed)
            return range(before, after)

    def sign(self, signer: SigningKey) -> Note:
        """Signs the log as it stands and publishes that as its checkpoint; what witnesses signed of it already stays.

        Raises `InputError` where the key has another name than the log, and what `append` raises.
        """
        if signer.name != self.origin:
            raise InputError(f"the key of {signer.name} cannot sign the log {self.origin}", file=str(self.folder))
        with self._writing():
            signed = checkpoints.sign(Checkpoint(self.origin, self.size, self.root), signer)
            if self.note and self.note.text == signed.text:
                signed = checkpoints.cosigned(self.note, signed.signatures)
            self._publish(signed)
        return self._signed()[0]

    def cosign(self, signatures: Sequence[Signature], witnesses: Sequence[VerifierKey] = ()) -> Note:
        """Adds signatures to the checkpoint; where witnesses are named, theirs alone, and each verified.

        Raises `UnknownKey` where none of those named signed, `ForgedSignature` where one does not fit the checkpoint,
        and what `append` raises.
        """
        with self._writing():
            signed, _ = self._signed()
            kept = tuple(signatures)
            if witnesses:
                _, found = note.verify(Note(signed.text, kept), witnesses)
                kept = tuple(each for each in kept if any(known.key.made(each) for known in found))
            self._publish(checkpoints.cosigned(signed, kept))
        return self._signed()[0]

    def root_at(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return self.tree.root(0, self._has(size))

    def prove(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that entry `index` is among the first `size` (all), deepest hash first.

        Raises `MissingTile`, and `DamagedTile` where what the tiles say is not in the tree.
        """
        total = self._has(self.size if size is None else size)
        ranges = merkle.inclusion_ranges(index, total)
        leaf = self.tree.root(index, index + 1)
        proof = [self.tree.root(low, high) for low, high in ranges]
        try:
            merkle.verify_inclusion(index, total, leaf, proof, self.root_at(total))
        except ForgedProof as error:
            raise self.tree.blame(index) from error
        return proof

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the log of `old` entries is a beginning of that of `new` (all); without a hash from 0."""
        total = self._has(self.size if new is None else new)
        return [self.tree.root(low, high) for low, high in merkle.consistency_ranges(0, old, total)]

    def proof(self, index: int, extra: bytes = b"") -> Proof:
        """The proof file of an entry in the tree that was signed last; raises `InputError` where it is not in that."""
        signed, told = self._signed()
        return Proof(index, tuple(self.prove(index, told.size)), str(signed), extra)

    def entry(self, index: int) -> bytes:
        """The data of one entry; raises `DamagedTile` where its hash is another than the tree's."""
        if not 0 <= index < self.size:
            raise InputError(f"the log has no entry {index}; it has {self.size}", file=str(self.folder))
        data = self.tree.bundle(index // WIDTH)[index % WIDTH]
        if merkle.leaf_hash(data) != self.tree.root(index, index + 1):
            raise DamagedTile("the entry is not the one that the tree names", file=path(ENTRIES, index // WIDTH))
        return data

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The data of the entries from `start` up to, and without, `end` (all), in order, as the bundles say it."""
        last = self.size if end is None else min(end, self.size)
        for index in range(start // WIDTH, -(-last // WIDTH)):
            base = index * WIDTH
            yield from self.tree.bundle(index)[max(start - base, 0) : last - base]

    def holds(self, seen: Checkpoint) -> None:
        """Raises `WrongOrigin`, `RolledBack` or `SplitView` unless this log continues a checkpoint seen earlier."""
        place = str(self.folder)
        if seen.origin != self.origin:
            raise WrongOrigin(f"this is the log {self.origin}, not {seen.origin[:SHOWN]}", file=place)
        if seen.size > self.size:
            raise RolledBack(f"the log has {self.size} leaves; {seen.size} were signed", file=place)
        if self.root_at(seen.size) != seen.root:
            raise SplitView(f"the first {seen.size} leaves of the log are not those that were signed", file=place)

    def check(self) -> None:
        """Recomputes the whole tree from its entries and compares every tile; raises `DamagedTile`, `MissingTile`.

        Raises what `open_log` raises, too: the log is opened afresh.
        """
        now = open_log(self.folder, self.keys)
        audit.check(now.tree, now.root)

    def _has(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise InputError(f"the log has {self.size} leaves, not {size}", file=str(self.folder))
        return size

    def _signed(self) -> tuple[Note, Checkpoint]:
        if self.note is None:
            raise InputError("the log has no checkpoint yet", file=str(self.folder), mend="Sign one first")
        return self.note, checkpoints.parse(self.note.text)

    def _publish(self, signed: Note) -> None:
        files.put(self.folder / CHECKPOINT, str(signed).encode())
        self.note = signed

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Holds the only writer's place, verifies the log afresh, and clears away what a killed writer left."""
        with files.alone(self.folder / LOCK):
            now = open_log(self.folder, self.keys)
            now.holds(Checkpoint(self.origin, self.size, self.root))
            self.size, self.root, self.note, self.tree, self.edge = now.size, now.root, now.note, now.tree, now.edge
            heads.clear(self.folder, heads.read(self.folder, self.checkpoint))
            yield


def create_log(folder: Path, origin: str) -> Log:
    """Makes an empty log; raises `InputError` where the folder is not empty, or the origin cannot name a key."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("there is something here already", file=str(folder), mend="Name a new folder for the log")
    note.make_key(origin, bytes(note.SEED_BYTES))
    Head(origin, 0, merkle.EMPTY_ROOT).write(folder)
    return open_log(folder)


def open_log(folder: Path, keys: Sequence[VerifierKey] = ()) -> Log:
    """Opens a log and changes nothing; with `keys`, its checkpoint must be signed by one of them.

    The checkpoint is read before the head, so that a log that grows meanwhile seems no shorter than its checkpoint.
    Raises `InputError` (no log), `MalformedNote`, `RolledBack` (shorter than its checkpoint), `SplitView` (another tree
    than its checkpoint's), `WrongOrigin`, `MissingTile`, `DamagedTile`; with keys what `checkpoint.accept` raises.
    """
    file = folder / CHECKPOINT
    signed = note.parse(files.beginning(file, note.NOTE_BYTES_MOST)) if file.is_file() else None
    told = checkpoints.parse(signed.text) if signed else None
    if signed and keys:
        checkpoints.accept(signed, Policy(tuple(keys)))
    head = heads.read(folder, told)
    if told and told.size > head.size:
        raise RolledBack(f"the log has {head.size} leaves; {told.size} were signed", file=str(folder))
    tree = Tree(folder, head.size, told.size if told else 0)
    right = edge.read(tree)
    if right.root() != head.root:
        raise DamagedTile("the last tiles do not have the root that they were written with", file=str(folder))
    log = Log(folder, head.origin, head.size, head.root, signed, tree, right, tuple(keys))
    if told:
        log.holds(told)
    return log
