"""Writes the generated pages, docs/tables.md and docs/commands.md, from the code; `--check` only says what is stale."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from partita import tables

ROOT = Path(__file__).resolve().parents[1]
MADE = "<!-- Made by `make docs`; edit the code instead. -->\n"


def main(arguments: list[str]) -> int:
    """Writes the pages, or with `--check` names those that differ; the process's exit code."""
    stale = [name for name, text in pages().items() if not is_current(name, text)]
    if "--check" in arguments:
        for name in stale:
            print(f"{name} is not current; run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).write_text(pages()[name], encoding="utf-8")
        print(f"wrote {name}")
    return 0


def pages() -> dict[str, str]:
    """Each generated page's path and text."""
    return {"docs/tables.md": tables_page(), "docs/commands.md": commands_page()}


def is_current(name: str, text: str) -> bool:
    """Whether the page on disk is `text`."""
    file = ROOT / name
    return file.is_file() and file.read_text(encoding="utf-8") == text


def tables_page() -> str:
    """Every table of the contract: its columns with type, unit, null or not, and meaning."""
    top = [
        "# Tables",
        "",
        MADE,
        "Every hand-over between two rooms, and every Parquet file of a run folder, is one of these tables. They are",
        "declared in `src/partita/tables`. Columns stand in this order; files are sorted by the key named here.",
        "Names and meanings are a contract: other programs read them.",
        "",
    ]
    return "\n".join([*top, *(line for table in tables.ALL.values() for line in table_section(table))])


def table_section(table: tables.Table) -> Iterator[str]:
    """One table as a heading, a line of meaning and a Markdown table."""
    yield from (f"## {table.name}", "", table.meaning, "", f"Sorted by {', '.join(f'`{k}`' for k in table.key)}.", "")
    yield "| column | type | unit | null | meaning |"
    yield "|---|---|---|---|---|"
    for column in table.columns:
        null = "yes" if column.null else "no"
        yield f"| `{column.name}` | {arrow_type(column)} | {column.unit} | {null} | {cell(column.meaning)} |"
    yield ""


def arrow_type(column: tables.Column) -> str:
    """The Arrow type, short enough to read."""
    return f"`{str(column.type).replace('element: ', '').replace('item: ', '')}`"


def cell(text: str) -> str:
    """Text that may stand in a Markdown table."""
    return text.replace("|", "\\|")


def commands_page() -> str:
    """Every command's own help, as it prints it."""
    from partita.cli.main import main as root  # noqa: PLC0415 - so that the tables can be made while no command exists

    top = ["# Commands", "", MADE, "What each command says of itself with `--help`.", ""]
    return "\n".join([*top, *(line for section in command_sections(root, "partita", None) for line in section)])


def command_sections(command: click.Command, name: str, parent: click.Context | None) -> Iterator[list[str]]:
    """A section for `command`, then one for each command under it."""
    settings = {**command.context_settings, "terminal_width": 100, "max_content_width": 100}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield [f"## {context.command_path}", "", "```text", command.get_help(context).rstrip(), "```", ""]
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found and not found.hidden:
                yield from command_sections(found, child, context)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
