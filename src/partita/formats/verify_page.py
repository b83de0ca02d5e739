"""A page that verifies a statement in the reader's browser: one file, no server, no network, the key in it."""

from __future__ import annotations

from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = "formats/templates"


def page(key: str) -> str:
    """The page as HTML; `key` is the society's public key, `NAME+HASH+BASE64`."""
    script = resources.files("partita").joinpath(TEMPLATES, "verify.js").read_text(encoding="utf-8")
    environment = Environment(loader=PackageLoader("partita", TEMPLATES), autoescape=True, undefined=StrictUndefined)
    # The script is ours and holds no text from outside.
    return environment.get_template("verify.html").render(key=key, script=Markup(script)) + "\n"  # noqa: S704
