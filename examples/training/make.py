"""The files of the training case: registry, three manifests of about 50,000 items, outputs, and the truth beside them.

`python make.py OUT --seed 7` writes OUT/registry, OUT/manifests, OUT/outputs.csv and OUT/truth.parquet; the same seed
gives the same bytes. Reads the songs of the karaoke case beside this folder and touches nothing but OUT. No item was
ever crawled, no model trained, no figure measured: all of it is invented.
"""

import argparse
import datetime as dt
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from training_items import Item, Maker, address, page, recording  # noqa: E402 - stands beside this file
from training_rights import registry  # noqa: E402
from training_world import LITE, V1, V2, Day, Dice, Work, works, write_csv  # noqa: E402

ITEMS = 50_000
PARTS = (("pages", 48), ("audio", 36), ("addresses", 16))
"""Manifests, and how many items in a hundred each has."""
OUTPUTS = 6_000
LOGIN = "reader:not-a-real-password@"
"""Credentials as they are left in manifests; reading must take them out."""
_STAMP = "%Y-%m-%dT%H:%M:%SZ"


def make(out: Path, *, seed: int = 7, items: int = ITEMS) -> list[Path]:
    """Writes every file and returns their paths."""
    known = works()
    sizes = {name: items * part // 100 for name, part in PARTS}
    made = {
        "pages": _pages(known, seed, sizes["pages"]),
        "audio": _audio(known, seed, sizes["audio"]),
        "addresses": _addresses(known, seed, sizes["addresses"]),
    }
    files = [*registry(known, out), *_croissant(made["pages"], out, seed), _parquet(made["audio"], out)]
    files += [_list(made["addresses"], out, seed), _outputs(known, out, seed), _truth(made, out)]
    return files


def _pages(known: Sequence[Work], seed: int, count: int) -> list[Item]:
    maker = Maker(known, Dice(seed, 101), "pg", Day(2025, 11, 1))
    return [page(maker) for _ in range(count)]


def _audio(known: Sequence[Work], seed: int, count: int) -> list[Item]:
    maker, earlier = Maker(known, Dice(seed, 102), "au", Day(2025, 2, 25)), list[Item]()
    return [recording(maker, earlier) for _ in range(count)]


def _addresses(known: Sequence[Work], seed: int, count: int) -> list[Item]:
    maker = Maker(known, Dice(seed, 103), "ad", Day(2025, 11, 1))
    return [address(maker) for _ in range(count)]


def _croissant(items: list[Item], out: Path, seed: int) -> Iterator[Path]:
    """A crawl of pages: JSON lines, and a description in Croissant 1.1 with the hash of that file."""
    dice, lines = Dice(seed, 41), list[str]()
    for item in items:
        row = {
            "id": item.id, "page_url": item.url, "title": item.title, "sha256": item.sha256, "n_tokens": item.size,
            "crawl_date": item.taken_at.strftime(_STAMP) if item.taken_at else "", "user_agent": item.crawler,
            "language": item.language,
        }  # fmt: skip
        _spoil(item, row, dice)
        lines.append(json.dumps({key: value for key, value in row.items() if value != ""}, ensure_ascii=False))
        lines += _broken(dice, row)
    content = ("\n".join(lines) + "\n").encode()
    rows = out / "manifests" / "pages.jsonl"
    rows.parent.mkdir(parents=True, exist_ok=True)
    rows.write_bytes(content)
    about = out / "manifests" / "pages.croissant.json"
    text = json.dumps(_metadata(hashlib.sha256(content).hexdigest(), len(content)), ensure_ascii=False, indent=2)
    about.write_text(text + "\n", encoding="utf-8", newline="")
    yield from (rows, about)


def _spoil(item: Item, row: dict[str, object], dice: Dice) -> None:
    """What is wrong in some rows: days in the future, addresses with a login, sizes below zero, wrong hashes."""
    lot = float(dice.many(1)[0])
    if lot < 0.002:
        row["crawl_date"], item.taken_at, item.wrong = "2031-05-05T00:00:00Z", None, "future"
    elif lot < 0.004:
        row["page_url"], item.wrong = item.url.replace("//", f"//{LOGIN}", 1), "login"
    elif lot < 0.006:
        row["page_url"], item.wrong = f"{item.url}?access_token=not-a-real-token-{dice.below(9999)}", "token"
    elif lot < 0.007:
        row["n_tokens"], item.wrong = -1, "size"
    elif lot < 0.008:
        row["sha256"], item.wrong = item.sha256[:40], "hash"


def _broken(dice: Dice, row: dict[str, object]) -> list[str]:
    """Lines that are no rows: cut short, twice the same id, or no object."""
    lot = float(dice.many(1)[0])
    if lot < 0.0008:
        return [json.dumps(row, ensure_ascii=False)[:60]]
    if lot < 0.0012:
        return [json.dumps({"id": row["id"], "title": "the same id again"})]
    return ['["no object"]'] if lot < 0.0014 else []


def _metadata(digest: str, size: int) -> dict[str, object]:
    """The dataset's description; every name and address in it is invented."""
    fields = [
        {"@type": "cr:Field", "@id": f"pages/{name}", "name": name, "dataType": kind,
         "source": {"fileObject": {"@id": "pages.jsonl"}, "extract": {"jsonPath": f"$.{column}"}}}
        for name, column, kind in (
            ("id", "id", "sc:Text"), ("url", "page_url", "sc:URL"), ("title", "title", "sc:Text"),
            ("sha256", "sha256", "sc:Text"), ("tokens", "n_tokens", "sc:Integer"),
            ("taken_at", "crawl_date", "sc:DateTime"), ("crawler", "user_agent", "sc:Text"),
            ("language", "language", "sc:Text"),
        )
    ]  # fmt: skip
    return {
        "@context": {
            "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
            "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
            "dct": "http://purl.org/dc/terms/", "citeAs": "cr:citeAs", "column": "cr:column",
            "conformsTo": "dct:conformsTo",
            "data": {"@id": "cr:data", "@type": "@json"},
            "equivalentProperty": "cr:equivalentProperty",
            "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
            "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
            "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
            "format": "cr:format",
            "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
            "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
            "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
            "samplingRate": "cr:samplingRate",
            "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
        },
        "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.1", "name": "web-songs-crawl",
        "description": "Pages about songs, crawled for the training case of Partita. Fictional: nothing was crawled.",
        "url": "https://songbird-ai.example/datasets/web-songs-crawl", "version": "2.0.0",
        "datePublished": "2025-11-01",
        "license": "https://songbird-ai.example/terms",
        "creator": {"@type": "sc:Organization", "name": "Songbird AI (fictional)"},
        "citeAs": "Songbird AI (fictional), web-songs-crawl", "rai:dataCollectionType": ["Web Scraping"],
        "rai:dataCollection": "Two crawlers between January 2024 and October 2025 (fictional).",
        "distribution": [
            {"@type": "cr:FileObject", "@id": "pages.jsonl", "name": "pages.jsonl", "contentUrl": "pages.jsonl",
             "contentSize": f"{size} B", "encodingFormat": "application/jsonlines", "sha256": digest}
        ],
        "recordSet": [{"@type": "cr:RecordSet", "@id": "pages", "name": "pages", "field": fields}],
    }  # fmt: skip


def _parquet(items: list[Item], out: Path) -> Path:
    """Recordings with their file names and codes."""
    columns: dict[str, list[object]] = {
        "id": [i.id for i in items],
        "audio_path": [f"audio/{i.sha256[:2]}/{i.file_name}" for i in items],
        "sha256": [i.sha256 for i in items],
        "isrc": [i.isrc or None for i in items],
        "iswc": [i.iswc or None for i in items],
        "iscc": [i.iscc or None for i in items],
        "title": [i.title or None for i in items],
        "artist": [i.performer or None for i in items],
        "duration_ms": [i.size for i in items],
        "source_url": [i.url or None for i in items],
        "dataset": [i.dataset for i in items],
        "origin": [i.origin for i in items],
        "license": [i.claim or None for i in items],
        "country": [i.territory or None for i in items],
    }
    made = {name: pa.array(values) for name, values in columns.items()}
    made["downloaded_at"] = pa.array([i.taken_at for i in items], pa.timestamp("s"))
    path = out / "manifests" / "audio.parquet"
    pq.write_table(pa.table(made), path, compression="zstd")
    return path


def _list(items: list[Item], out: Path, seed: int) -> Path:
    """Addresses, one a line, with the day behind a tab where it is known."""
    dice, lines = Dice(seed, 43), ["# addresses handed over by a partner (fictional)"]
    for number, item in enumerate(items):
        item.id = str(number)
        lot = float(dice.many(1)[0])
        shown = item.url
        if lot < 0.003:
            shown, item.wrong = item.url.replace("//", f"//{LOGIN}", 1), "login"
        day = f"\t{item.taken_at.date().isoformat()}" if item.taken_at else ""
        if item.taken_at:
            item.taken_at = dt.datetime.combine(item.taken_at.date(), dt.time())
        lines.append(f"{shown}{day}")
    path = out / "manifests" / "addresses.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return path


def _outputs(known: Sequence[Work], out: Path, seed: int) -> Path:
    """What the models made, what it earned, and which works a fictional service says shaped it."""
    dice, songs = Dice(seed, 44), [work.id for work in known if work.id]
    rows = [["model", "output_id", "made_at", "use", "income", "work_id", "weight", "attributed_by"]]
    for number in range(OUTPUTS):
        model = dice.pick((V1, V1, V1, V2, V2, LITE))
        begin, days = (Day(2025, 4, 1), 270) if model == V1 else (Day(2025, 12, 15), 15)
        made = dt.datetime.combine(begin, dt.time()) + dt.timedelta(seconds=dice.below(86_400 * days))
        use = dice.pick(("download", "stream", "stream", "background"))
        income = f"0.{dice.below(350_000):06d}" if use == "stream" else f"{dice.below(9)}.{dice.below(1_000_000):06d}"
        head = [model, f"out-{number:06d}", made.strftime(_STAMP), use, income]
        shaping = list(dict.fromkeys(dice.pick(songs) for _ in range(1 + dice.below(4)))) if dice.happens(0.8) else []
        rows += [[*head, work, str(1 + dice.below(1000)), "Attributor (fictional)"] for work in shaping]
        rows += [[*head, "", "", ""]] if not shaping else []
    return write_csv(out / "outputs.csv", rows)


def _truth(made: dict[str, list[Item]], out: Path) -> Path:
    """What each item is, and which reservations held on the day on which it was taken; for measuring alone."""
    rows = [
        {"manifest": name, "item_id": item.id, "work_id": item.work.id if item.work else "", "kind": item.kind,
         "song_id": item.work.song.id if item.work else "", "taken_on": item.taken_at.date() if item.taken_at else None,
         "reserved": bool(item.reserved), "reserved_by": item.reserved, "wrong": item.wrong}
        for name, items in made.items() for item in items
    ]  # fmt: skip
    names = [(n, pa.string()) for n in ("manifest", "item_id", "work_id", "kind", "song_id")]
    schema = pa.schema([*names, ("taken_on", pa.date32()), ("reserved", pa.bool_()),
                        ("reserved_by", pa.list_(pa.string())), ("wrong", pa.string())])  # fmt: skip
    path = out / "truth.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")
    return path


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="The files of the training case: registry, manifests, outputs, truth.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--items", type=int, default=ITEMS)
    given = parser.parse_args()
    for path in make(given.out, seed=given.seed, items=given.items):
        print(path)


if __name__ == "__main__":
    main()
