"""The files of a Croissant distribution: what each is, and where it lies beside the metadata, never outside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from partita.formats.manifests import figures

FILES_MOST = 100_000
"""Files of a folder that are looked through for those of a set."""

_FORMS = {
    "text/csv": "csv", "text/tab-separated-values": "csv", "text/tsv": "csv", "application/csv": "csv",
    "application/jsonlines": "jsonl", "application/x-jsonlines": "jsonl", "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl", "application/ndjson": "jsonl", "application/json": "json", "text/json": "json",
    "application/x-parquet": "parquet", "application/parquet": "parquet", "application/vnd.apache.parquet": "parquet",
}  # fmt: skip
_ENDINGS = {
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".xlsx": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
_ARCHIVES = re.compile(
    r"(?:^application/(?:x-)?(?:zip|tar|gzip|gtar|7z-compressed|rar|bzip2?|xz|zstd|compressed|warc)\b)|(?:\.(?:zip|tar|tgz|gz|bz2|xz|7z|rar|zst|warc)$)",
    re.IGNORECASE,
)
_REPOSITORY = re.compile(r"^git\+|\.git$", re.IGNORECASE)

Get = Callable[[Mapping[str, Any], str], Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file object or file set: `ids` by which fields name it; `form` of a table, `archive`, `item` or none."""

    ids: frozenset[str]
    shown: str
    form: str
    names: tuple[str, ...]
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    inside: bool
    sha256: str
    url: str
    kind: str
    bytes: str

    def item(self, path: Path | None, folder: Folder) -> dict[str, Any]:
        """The thing itself as a row: a recording, a picture, a text."""
        if path is None or not self.includes:
            name = path.name if path else next(iter(self.names), "")
            row = {
                "file_name": name,
                "url": self.url,
                "sha256": self.sha256,
                "media_type": self.kind,
                "bytes": self.bytes,
            }
        else:
            row = {"file_name": folder.inner(path), "media_type": self.kind, "bytes": str(path.stat().st_size)}
        return {key: value for key, value in row.items() if value}


def wanted_of(
    listed: list[Any], get: Get, several: Callable[[Any], list[Any]], text: Callable[[Any], str]
) -> Iterator[Wanted]:
    """The things of a distribution; what is contained in an archive of it is `inside`."""
    nodes = [node for node in listed if isinstance(node, dict)]
    forms = {str(node.get("@id") or text(get(node, "name"))): _form(node, get, text) for node in nodes}
    for node in nodes:
        ids = {str(node.get("@id") or ""), text(get(node, "name"))} - {""}
        holders = [h.get("@id") if isinstance(h, dict) else h for h in several(get(node, "containedIn"))]
        inside = any(forms.get(str(h).removeprefix("#").strip("{}"), "") == "archive" for h in holders)
        address = str(get(node, "contentUrl") or "")
        includes = tuple(str(one) for one in several(get(node, "includes")))
        is_set = "FileSet" in str(node.get("@type"))
        form = _form(node, get, text)
        if form == "repository":
            continue
        stated = () if is_set else (address, text(get(node, "name")), str(node.get("@id") or ""))
        names = tuple(dict.fromkeys(name for name in map(_beside, stated) if name))
        digest = get(node, "sha256")
        yield Wanted(
            frozenset(ids), " ".join([*sorted(ids)[:1], address or ", ".join(includes)])[:300], form, names, includes,
            tuple(str(one) for one in several(get(node, "excludes"))), inside, str(digest or "").strip(),
            address if address.lower().startswith(("http://", "https://")) else "",
            str(get(node, "encodingFormat") or ""), _bytes(get(node, "contentSize")),
        )  # fmt: skip


def _bytes(stated: Any) -> str:
    found = re.fullmatch(r"\s*([0-9]{1,15})\s*(?:B|bytes?)?\s*", str(stated or ""), re.IGNORECASE)
    return found[1] if found else ""


def _form(node: Mapping[str, Any], get: Get, text: Callable[[Any], str]) -> str:
    kind = text(get(node, "encodingFormat")).lower()
    name = str(get(node, "contentUrl") or get(node, "includes") or text(get(node, "name")))
    if _REPOSITORY.search(kind) or _REPOSITORY.search(name):
        return "repository"
    ending = PurePosixPath(urlsplit(name).path if "://" in name else name.strip("[]'\"")).suffix.lower()
    if _ARCHIVES.search(kind) or _ARCHIVES.search(name.strip("[]'\"")):
        return "archive"
    if found := _FORMS.get(kind) or _ENDINGS.get(ending):
        return "jsonl" if found == "json" and ending in {".jsonl", ".ndjson"} else found
    try:
        return "item" if figures.modality(kind) in {"audio", "image", "video", "text"} and kind != "text/plain" else ""
    except ValueError:
        return ""


def _beside(name: str) -> str:
    """A relative path, or the last part of an address; empty for one that leads out of the folder."""
    if re.match(r"[a-z][a-z0-9+.-]*:", name, re.IGNORECASE):
        name = unquote(urlsplit(name).path).rpartition("/")[2]
    path = PurePosixPath(name)
    unsafe = not name or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or len(name) > 1000
    return "" if unsafe else str(path)


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of the metadata; `before` is what the job writes before the names of its files."""

    root: Path
    before: str

    def called(self, path: Path) -> str:
        """How the job would call a file of the folder."""
        inner = self.inner(path)
        return f"{self.before}/{inner}" if self.before else inner

    def inner(self, path: Path) -> str:
        """The file's path within the folder."""
        return path.relative_to(self.root).as_posix()

    def find(self, thing: Wanted) -> list[Path]:
        """The thing's files that lie in the folder, in order; links that lead out of it are not followed."""
        if thing.includes:
            return [path for path in self._all() if self._included(path, thing)]
        for name in thing.names:
            path = self.root / name
            if path.is_file() and self._inside(path):
                return [path]
        return []

    def form(self, path: Path, stated: str) -> str:
        """The form of one file, which may lie there as JSON lines where JSON is stated."""
        if stated != "json":
            return stated
        with path.open("rb") as file:
            return "json" if file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") else self._lines_or_one(path)

    def _lines_or_one(self, path: Path) -> str:
        with path.open("rb") as file:
            first = file.readline(1 << 20).strip()
        return "jsonl" if first.startswith(b"{") and first.endswith(b"}") else "json"

    def _inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.root.resolve())

    def _all(self) -> Iterator[Path]:
        count = 0
        for folder, inner, files in os.walk(self.root):
            inner.sort()
            for name in sorted(files):
                count += 1
                if count > FILES_MOST:
                    return
                path = Path(folder) / name
                if self._inside(path):
                    yield path

    def _included(self, path: Path, thing: Wanted) -> bool:
        inner = self.inner(path)
        return any(_matches(p, inner) for p in thing.includes) and not any(_matches(p, inner) for p in thing.excludes)


def _matches(pattern: str, name: str) -> bool:
    """Whether a path fits a pattern in which `*` and `?` stand for signs of one name, and `**` for whole folders."""
    if len(pattern) > 300 or pattern.count("*") > 10:
        return False
    parts = re.split(r"(\*\*/?|\*|\?)", pattern.removeprefix("./"))
    made = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return re.fullmatch("".join(made.get(part, re.escape(part)) for part in parts), name) is not None
