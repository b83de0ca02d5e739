"""The public summary as pages: HTML that prints, Markdown, and JSON; labels in English and traditional Chinese.

Nothing is computed here but what a page shows. Every text may come from a stranger's file and is escaped; the pages
allow no script and no network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from partita.formats import disclosure_file
from partita.formats.disclosure_words import LANGUAGES, Words, label, words
from partita.formats.pages import render

MILLISECONDS = 3_600_000
TEXT_MOST = 20_000
MODALITIES = ("text", "image", "audio", "video", "other")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#~!&])")
_BLOCK = re.compile(r"^(\d*)([-+.)=])(?=\s|$|[-=+])")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def write(folder: Path, summary: Mapping[str, Any], languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Writes `summary.json`, and `.html` and `.md` for each language, into `folder`; returns the files."""
    texts = {"summary.json": disclosure_file.dump(dict(summary))}
    for tag in languages:
        name = render.plain_name("summary", tag, tuple(languages))
        texts[name] = html(summary, tag, languages)
        texts[name.removesuffix(".html") + ".md"] = markdown(summary, tag)
    for name, text in texts.items():
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return [folder / name for name in texts]


def html(summary: Mapping[str, Any], language: str, languages: Sequence[str] = LANGUAGES) -> str:
    """The page in one language, with links to the others."""
    return page("disclosure_summary.html", language, links("summary", languages), s=summary)


def markdown(summary: Mapping[str, Any], language: str) -> str:
    """The same as Markdown, which no text of a stranger can break out of."""
    t = words(language)
    text = environment(markdown=True).get_template("disclosure_summary.md").render(s=summary, t=t, **_shared(t))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def page(template: str, language: str, pages: Sequence[tuple[str, str, str]], **values: Any) -> str:
    """A page of this room: `t` holds its words, `links` its languages."""
    t = words(language)
    shared = {"t": t, "language": language, "links": pages, **_shared(t), **values}
    return environment().get_template(template).render(shared)


def links(stem: str, languages: Sequence[str]) -> list[tuple[str, str, str]]:
    """For the language links of a page: (tag, the language's own name, path) of each."""
    return [(tag, words(tag)["language_name"], render.plain_name(stem, tag, tuple(languages))) for tag in languages]


def _shared(t: Words) -> dict[str, Any]:
    return {
        "label": lambda field: label(field, t),
        "modalities": MODALITIES,
        "shown": lambda modality, size: sized(modality, int(size), t),
        "value": lambda value: worded(value, t),
    }


def sized(modality: str, size: int, t: Words) -> str:
    """A size in the unit that people read: hours for milliseconds, rounded half up; never 0 for something."""
    if modality in ("audio", "video"):
        hours = (size + MILLISECONDS // 2) // MILLISECONDS
        return f"{hours:,} {t['u_' + modality]}" if hours or not size else f"< 1 {t['u_' + modality]}"
    return f"{size:,} {t['u_' + modality]}"


def worded(value: Any, t: Words) -> str:
    """A value of a changed field in words."""
    if value is None or value == "":
        return t["not_stated"]
    if isinstance(value, bool):
        return t["yes"] if value else t["no"]
    if isinstance(value, list):
        return ", ".join(t.get(f"m_{one}", str(one)) for one in value) or t["none"]
    return t.get(str(value), str(value)) if isinstance(value, str) else f"{value:,}"


def escaped(value: str) -> str:
    """Text that Markdown prints as it stands, on one line."""
    bare = _CONTROL.sub(" ", value[:TEXT_MOST])
    return _BLOCK.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", bare).strip())


def said(value: str) -> Markup:
    """Text of the provider with its line breaks."""
    return Markup("<br>").join(render.user(line, TEXT_MOST) for line in value.strip().splitlines())


@lru_cache(maxsize=2)
def environment(*, markdown: bool = False) -> Environment:
    """Jinja with escaping always on (for Markdown by its own filter); a misspelt name is an error."""
    made = Environment(
        loader=PackageLoader("partita.formats"),
        autoescape=not markdown,  # noqa: S701 - Markdown has an escape of its own
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"user": render.user, "count": render.count, "said": said, "md": escaped, "part": render.part}
    sheets = (("partita.formats.pages", "style.css"), ("partita.formats", "templates/disclosure.css"))
    style = "".join(resources.files(package).joinpath(name).read_text(encoding="utf-8") for package, name in sheets)
    made.globals["style"] = Markup(style)  # noqa: S704 - files of this package
    return made
