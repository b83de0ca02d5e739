"""Pictures of pages: renders HTML files in a real Chromium into small PNGs.

    python tools/pictures.py -o docs/pictures out/demo/report.html:report [PAGE.html[:NAME] ...]

`--width` sets the window, `--height` what is shown of a page (default: all of it). Needs Playwright's Python package
and a Chromium (`--browser`, else the one on the PATH); opens nothing but the files given.
"""

from __future__ import annotations

import argparse
import shutil
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

SIZE_MOST_BYTES = 150_000
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
]  # fmt: skip


def find_browser() -> str | None:
    """The path of a Chromium on this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def draw(browser: Browser, page_path: Path, out: Path, *, width: int, height: int) -> int:
    """One PNG of one page; returns its size in bytes. A height of 0 draws the whole page."""
    page = browser.new_page(viewport={"width": width, "height": height or 900})
    page.goto(page_path.resolve().as_uri())
    page.screenshot(path=out, full_page=not height)
    page.close()
    out.write_bytes(smaller(out.read_bytes()))
    return out.stat().st_size


def smaller(png: bytes) -> bytes:
    """The same picture with at most 64 colours: Chromium's PNG (8 bits, RGB or RGBA) into an indexed one."""
    width, height, channels, rows = _decode(png)
    pixels = [row[i : i + 3] for row in rows for i in range(0, len(row), channels)]
    seen: dict[bytes, int] = {}
    for pixel in pixels:
        seen[pixel] = seen.get(pixel, 0) + 1
    palette = _palette(seen)
    place = {pixel: _nearest(pixel, palette) for pixel in seen}
    flat = bytes(place[pixel] for pixel in pixels)
    lines = b"".join(b"\0" + flat[i * width : (i + 1) * width] for i in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _palette(seen: dict[bytes, int], most: int = 64) -> list[bytes]:
    """The colours used most, no two of them closer than the eye tells apart."""
    chosen: list[bytes] = []
    for pixel, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0])):
        if len(chosen) < most and all(_distance(pixel, other) > 300 for other in chosen):
            chosen.append(pixel)
    return chosen


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _nearest(pixel: bytes, palette: list[bytes]) -> int:
    return min(range(len(palette)), key=lambda i: (_distance(pixel, palette[i]), i))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place < len(png):
        size, kind = struct.unpack(">I4s", png[place : place + 8])
        yield kind, png[place + 8 : place + 8 + size]
        place += size + 12


def _decode(png: bytes) -> tuple[int, int, int, list[bytes]]:
    parts = list(_chunks(png))
    width, height, depth, colour = struct.unpack(">IIBB", parts[0][1][:10])
    channels = {2: 3, 6: 4}[colour]
    if depth != 8:
        raise ValueError(f"a PNG with {depth} bits a channel, not 8")
    raw = zlib.decompress(b"".join(data for kind, data in parts if kind == b"IDAT"))
    size, rows, before = width * channels, [], bytes(width * channels)
    for i in range(height):
        line = raw[i * (size + 1) : (i + 1) * (size + 1)]
        before = _unfilter(line[0], bytearray(line[1:]), before, channels)
        rows.append(before)
    return width, height, channels, rows


def _unfilter(kind: int, line: bytearray, above: bytes, step: int) -> bytes:
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        up, corner = above[i], above[i - step] if i >= step else 0
        line[i] = (line[i] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255
    return bytes(line)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def main() -> int:
    """Draws what the command line names; exit 1 where a picture came out too big."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", metavar="PAGE.html[:NAME]")
    parser.add_argument("-o", "--out", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--width", type=int, default=1080)
    parser.add_argument("--height", type=int, default=0)
    parser.add_argument("--browser", default=find_browser())
    args = parser.parse_args()
    if not args.browser:
        parser.error("no Chromium is on the PATH; install the package `chromium` or name one with --browser")
    args.out.mkdir(parents=True, exist_ok=True)
    big = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=args.browser, args=ARGUMENTS)
        for item in args.pages:
            path, _, name = item.partition(":")
            out = args.out / f"{name or Path(path).stem}.png"
            size = draw(browser, Path(path), out, width=args.width, height=args.height)
            big += size > SIZE_MOST_BYTES
            print(f"{out}: {size:,} bytes{' - above 150,000' if size > SIZE_MOST_BYTES else ''}")
        browser.close()
    return 1 if big else 0


if __name__ == "__main__":
    sys.exit(main())
