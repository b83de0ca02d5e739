"""`.sql` files as text: read from their package, with values put in as literals."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources


def text(package: str, scripts: tuple[str, ...], values: Mapping[str, str | int]) -> str:
    """The scripts of `package` as one text; `$name` in it becomes the value of that name, quoted."""
    sql = "".join(resources.files(package).joinpath(script).read_text(encoding="utf-8") for script in scripts)
    for name in sorted(values, key=len, reverse=True):
        value = values[name]
        literal = str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
        sql = sql.replace(f"${name}", literal)
    return sql
