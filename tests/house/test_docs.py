"""The docs are true: commands run, links lead somewhere, generated pages are current, each code is explained."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import click
import pytest

from .conftest import copy_tree
from .console import FIXED, NAMED, RUN, Command, commands, needs_shared, run, unsaid

HERE = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path.relative_to(HERE).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "examples/*/*.md", "benchmarks/**/*.md")
    for path in HERE.glob(pattern)
)
TRANSLATED = "README.zh-Hant.md"
"""Shows the commands of README.md, in the same order: `test_the_readmes_say_the_same` looks; they are run once."""
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
KINDS = "file|row|text|id|usage|repertoire|shares|uses|merge|tariff|licence|items|outputs"
CODE = re.compile(rf"""["']((?:{KINDS})\.[a-z_]+)["']""")
"""A problem code as it stands in the source."""


def read(page: str) -> str:
    """The text of a page."""
    return (HERE / page).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of the project, and what `partita demo` printed there."""

    folder: Path
    demo: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory, repository: Path, files: list[Path]) -> Checkout:
    """A copy of the project in which `partita demo` was run, beside the measuring data where there is any."""
    top = tmp_path_factory.mktemp("docs")
    copied = copy_tree(repository, files, top / "partita")
    shared = repository.parent / "shared"
    if shared.is_dir():
        (top / "shared").symlink_to(shared)
    return Checkout(copied, run(Command("partita demo"), copied))


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if commands(read(page)) and page != TRANSLATED])
def test_commands_of_the_docs_run(page: str, checkout: Checkout, shared_or_none: Path | None) -> None:
    """Each command line runs, in order, ends with the exit code the page states, and prints what the page shows."""
    folder, left_out = checkout.folder, []
    for old in (*(folder / "out").glob("registry.db*"), *(folder / "out").glob("log*")):
        # Each page begins without what another one recorded.
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    for command in commands(read(page)):
        place = f"{page}:{command.line}: {command.text}"
        if command.text == "make demo":  # is `partita demo`; tests/house/test_install.py runs it as it stands
            assert unsaid(command, checkout.demo) == [], f"{place}\n{checkout.demo.stdout}"
        elif command.name in NAMED:
            continue
        elif command.name == "cd":
            folder = checkout.folder if command.text == "cd partita" else folder / command.text[3:].strip()
            assert folder.is_dir(), place
        elif shared_or_none is None and needs_shared(command, folder):
            left_out.append(command.line)
        else:
            done = checkout.demo if command.text == "partita demo" else run(command, folder)
            assert done.returncode == command.exit_code, f"{place}\n{done.stderr[-2000:]}"
            assert unsaid(command, done) == [], f"{place}\n{done.stdout[-4000:]}"
    if left_out:
        pytest.skip(f"{page}: measuring data is absent, so lines {left_out} were not run")


@pytest.fixture(scope="session")
def shared_or_none(repository: Path) -> Path | None:
    """The folder of measuring data beside the checkout, where there is one."""
    folder = repository.parent / "shared"
    return folder if (folder / "data").is_dir() else None


@pytest.mark.parametrize("page", PAGES)
def test_commands_are_ones_that_are_tested(page: str, repository: Path) -> None:
    """A page shows no command that the test above would not run, but `make` targets that exist, and cloning."""
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    for command in commands(read(page)):
        place = f"{page}:{command.line}: {command.text}"
        assert command.name in RUN | NAMED, place
        if command.name == "make":
            targets = [word for word in command.text.split()[1:] if "=" not in word and not word.startswith("-")]
            assert all(re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE) for target in targets), place
        elif command.name in NAMED:
            assert any(command.text.startswith(fixed) for fixed in FIXED), place


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str, repository: Path) -> None:
    """Each link to a file of the project finds it, and each `#part` finds a heading."""
    wrong = []
    for target in LINK.findall(FENCE.sub("", read(page))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, part = target.partition("#")
        file = (repository / page).parent / name if name else repository / page
        if not file.exists() or (part and part not in anchors(file)):
            wrong.append(target)
    assert wrong == []


def anchors(file: Path) -> set[str]:
    """The anchors of a page's headings."""
    return {slug(heading) for heading in HEADING.findall(file.read_text(encoding="utf-8"))}


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_every_page_is_in_the_index() -> None:
    """docs/README.md names each page of docs/."""
    index = read("docs/README.md")
    names = [Path(page).name for page in PAGES if page.startswith("docs/") and page != "docs/README.md"]
    assert [name for name in names if f"({name})" not in index] == []


@pytest.fixture(scope="session")
def maker(repository: Path) -> ModuleType:
    """tools/make_docs.py as a module."""
    spec = importlib.util.spec_from_file_location("make_docs", repository / "tools/make_docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["docs/tables.md", "docs/commands.md"])
def test_generated_pages_are_current(page: str, maker: ModuleType) -> None:
    """The page is what `make docs` would write now."""
    assert read(page) == maker.pages()[page]


def test_every_command_explains_itself() -> None:
    """Each verb has a help text that says what it does and shows an example, and every option has its line."""
    from partita.cli.main import main  # noqa: PLC0415 - a broken command line should fail this test alone

    assert {"demo", "settle", "identify", "explain", "review"} <= set(main.commands)
    for name, command in verbs(main):
        assert f"partita {name}" in (command.help or ""), name
        assert "\\b" not in (command.help or ""), f"{name}: a raw docstring, which folds the example"
        options = [p for p in command.params if isinstance(p, click.Option)]
        assert [o.name for o in options if not o.help] == [], name
        assert isinstance(command, click.Group) or any(o.name == "json_" for o in options), name


def verbs(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every verb, and those below a verb, by the words that call it."""
    for name, command in group.commands.items():
        yield f"{above}{name}", command
        if isinstance(command, click.Group):
            yield from verbs(command, f"{name} ")


def test_every_problem_code_is_explained(repository: Path, files: list[Path]) -> None:
    """Each problem code in the source stands in docs/problems.md, a tariff file's in docs/tariffs.md."""
    explained = read("docs/problems.md") + read("docs/tariffs.md")
    source = [f for f in files if f.suffix == ".py" and f.parts[:2] == ("src", "partita")]
    codes = {code for f in source for code in CODE.findall((repository / f).read_text(encoding="utf-8"))}
    assert sorted(code for code in codes if f"`{code}`" not in explained) == []


def test_pictures_of_the_readme_are_there() -> None:
    """Both READMEs show what the pages look like."""
    for page in ("README.md", "README.zh-Hant.md"):
        pictures = [target for target in LINK.findall(read(page)) if target.endswith(".png")]
        assert len(pictures) >= 2
        assert all((HERE / picture).is_file() for picture in pictures)


def test_the_readmes_say_the_same() -> None:
    """The English and the Chinese README show the same commands and the same pictures."""
    english, chinese = read("README.md"), read("README.zh-Hant.md")
    assert [c.text for c in commands(english)] == [c.text for c in commands(chinese)]
    assert [t for t in LINK.findall(english) if t.endswith(".png")] == [
        t for t in LINK.findall(chinese) if t.endswith(".png")
    ]


def test_this_python_is_the_environment_s() -> None:
    """The commands of the docs are run by the environment under test: its `partita` stands beside this Python."""
    assert shutil.which("partita", path=str(Path(sys.executable).parent))
