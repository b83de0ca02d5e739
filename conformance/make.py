"""Writes the conformance suite: each intent in every carrier, the expected answers, and the manifest with SHA-256.

    python conformance/make.py            writes cases/ and manifest.json beside this file
    python conformance/make.py --check    says what differs from what is there, and exits 1

The carriers' files are written by Partita. The expected answers are computed by `rules.py` from `crosswalk.yaml` and
the intent, without any of Partita's readers.
"""

# ruff: noqa: INP001  a folder of data with two scripts, no package

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from rules import Rules, may_fetch  # noqa: E402 - its folder is no package

from partita.formats import intent_file, site  # noqa: E402
from partita.formats.carriers import (  # noqa: E402
    content_signal,
    content_usage,
    epub,
    robots_groups,
    tdm_metadata,
    xmp,
)

AT = dt.date(2026, 11, 22)
CODE = "ISCC:KUAJCFWFTB5RG7GH3H4ZDDAUI4Q2U"
URLS = ["/", "/songs/waltz", "/songs/waltz.mp3", "/press/today"]
PACKAGE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A book</dc:title></metadata></package>\n'
)
CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def book(package: bytes) -> bytes:
    """An EPUB of nothing but a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (("mimetype", b"application/epub+zip"), ("META-INF/container.xml", CONTAINER.encode()),
                              ("package.opf", package)):  # fmt: skip
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def carriers(path: Path) -> dict[str, bytes]:
    """The files of one intent, by name; a carrier that says nothing has no file."""
    intent = intent_file.read(path).intent
    made = site.made(intent, "", AT, codes=[CODE])
    out = site.not_now(intent, AT)
    parts = {
        "robots-groups.txt": site.said(robots_groups.write, intent, out),
        "robots-content-usage.txt": site.said(content_usage.write_robots, intent, out),
        "robots-content-signal.txt": site.said(content_signal.write, intent, out, everywhere=True),
    }
    names = {"robots.txt": "robots.txt", ".well-known/tdmrep.json": "tdmrep.json", "rsl.xml": "rsl.xml",
             "headers.json": "headers.json", "setup/head.html": "head.html", "setup/cawg.json": "cawg.json",
             "setup/sidecar.xmp": "sidecar.xmp",
             f"tdm-ai/{CODE.removeprefix('ISCC:')}.json": "tdm-ai.json"}  # fmt: skip
    files = {name: part.content for name, part in parts.items()}
    files |= {new: made.files.get(old, b"") for old, new in names.items()}
    written = site.said(lambda told: epub.write(told, book(PACKAGE.encode())), intent, out).content
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        package = archive.read("package.opf")
    files["package.opf"] = package if b"tdm:reservation" in package else b""
    values: list[str] = []
    site.said(lambda told: _noting(told, values), intent, out)
    said = {f"{{{tdm_metadata.NAMESPACE_XMP}}}reservation": values[-1]}
    files["document.xmp"] = xmp.merged(None, said) if values[-1] else b""
    return {name: content for name, content in files.items() if content}


def _noting(intent: Any, values: list[str]) -> Any:
    """An artefact of the value that a PDF would carry, which is noted."""
    value, fates = tdm_metadata.value_of(intent, frozenset())
    values.append(value)
    return site.Artefact(site.Carrier.PDF, "document.xmp", value.encode(), fates)


def expected(path: Path, files: dict[str, bytes]) -> dict[str, Any]:
    """What readers must find in the files of one intent, and what became of each statement."""
    intent = yaml.safe_load(path.read_text(encoding="utf-8"))
    crosswalk = yaml.safe_load((HERE / "crosswalk.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    for carrier, of in crosswalk["carriers"].items():
        rules = Rules(crosswalk, carrier, AT.isoformat())
        names = frozenset({CODE}) if carrier == "tdm_ai" else frozenset()
        urls = URLS if of.get("paths") else ["/"]
        place = intent["statements"][0].get("territory", "world") if of.get("territory") else "world"
        rows = [
            {
                "url": url if of.get("paths") else "",
                "purpose": leaf,
                "stance": stance,
                "system": "*",
                "territory": place,
            }
            for url in urls
            for leaf, stance in sorted(rules.answers(intent, url, names).items())
        ]
        effects = [rules.effect(intent, number, urls, names) for number in range(len(intent["statements"]))]
        found[carrier] = {"file": of["file"] if of["file"] in files else None, "answers": rows, "effects": effects}
    names_of = crosswalk["crawlers"]["names"]
    fetching = {
        name: {url: may_fetch(intent, crosswalk, name, url, AT.isoformat()) for url in URLS} for name in names_of
    }
    file = crosswalk["crawlers"]["file"]
    robots = {"file": file if file in files else None, "may_fetch": fetching}
    return {"intent": f"intents/{path.name}", "at": AT.isoformat(), "carriers": found, "robots": robots}


def suite() -> dict[str, bytes]:
    """Every generated file, by its path below this folder."""
    made: dict[str, bytes] = {}
    for path in sorted((HERE / "intents").glob("*.yaml")):
        files = carriers(path)
        answers = json.dumps(expected(path, files), indent=1, ensure_ascii=False) + "\n"
        files["expected.json"] = answers.encode()
        made |= {f"cases/{path.stem}/{name}": content for name, content in files.items()}
    listed = dict(made)
    for path in [*sorted((HERE / "intents").glob("*.yaml")), HERE / "crosswalk.yaml"]:
        listed[path.relative_to(HERE).as_posix()] = path.read_bytes()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(listed.items())}
    return made | {"manifest.json": json.dumps({"files": hashes}, indent=1).encode() + b"\n"}


def there() -> dict[str, bytes]:
    """The generated files as they lie in this folder."""
    found = [*(path for path in (HERE / "cases").rglob("*") if path.is_file()), HERE / "manifest.json"]
    return {path.relative_to(HERE).as_posix(): path.read_bytes() for path in found if path.is_file()}


def main() -> int:
    """Writes the suite, or with --check says what differs."""
    new, old = suite(), there()
    if "--check" in sys.argv[1:]:
        differing = sorted(name for name in {*new, *old} if new.get(name) != old.get(name))
        sys.stdout.write(("\n".join(differing) or f"{len(new):,} files are as they should be") + "\n")
        return 1 if differing else 0
    for name in old.keys() - new.keys():
        (HERE / name).unlink()
    for name, content in new.items():
        (HERE / name).parent.mkdir(parents=True, exist_ok=True)
        (HERE / name).write_bytes(content)
    sys.stdout.write(f"wrote {len(new):,} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
