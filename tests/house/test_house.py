"""The house plan and the house rules, enforced over the source as it is parsed, not as it is described."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path("src/partita")
FLOORS = {
    "cli": 5,
    "web": 5,
    "jobs": 4,
    "cases": 4,
    "identify": 3,
    "clear": 3,
    "price": 3,
    "distribute": 3,
    "prove": 3,
    "registry": 2,
    "formats": 2,
    "law": 2,
    "scope": 1,
    "tables": 1,
    "money": 1,
    "ids": 1,
    "urls": 1,
    "errors": 1,
    "text": 1,
    "engine": 1,
}
STAGES = {room for room, floor in FLOORS.items() if floor == 3}
ONLY = {
    "click": ("cli/",),
    "rich": ("cli/",),
    "duckdb": ("engine/",),
    "sqlglot": ("engine/spark",),
    "pyspark": ("engine/spark",),
    "jinja2": ("formats/",),
    "jsonschema": ("formats/",),
    "altair": ("formats/",),
    "vl_convert": ("formats/",),
    "python_calamine": ("formats/",),
    "rapidfuzz": ("text/", "identify/"),
    "numba": ("text/compiled",),
    "opencc": ("text/",),
    "pypinyin": ("text/",),
    "sqlalchemy": ("registry/",),
    "alembic": ("registry/",),
    "psycopg": ("registry/",),
    "adbc_driver_manager": ("registry/",),
    "adbc_driver_sqlite": ("registry/",),
    "adbc_driver_postgresql": ("registry/",),
    "protego": ("formats/",),
    "http_sf": ("formats/",),
    "lxml": ("formats/",),
    "pypdf": ("formats/",),
    "c2pa": ("formats/",),
    "iscc_core": ("formats/",),
    "cryptography": ("prove/", "formats/"),
    "urllib3": ("formats/fetch",),
}
"""Outside packages that only these rooms may import."""

NETWORK = {"socket", "urllib", "http", "requests", "httpx", "aiohttp", "ftplib", "smtplib"}
IMPURE = {*NETWORK, "random", "secrets", "uuid", "time", "subprocess", "tempfile"}
"""What a stage may not import: clock, chance, network, environment."""

EXACT = ("money.py", "distribute", "price")
"""Rooms in which money is computed."""

LINES_IN_FILE = 600
LINES_IN_FUNCTION = 70


@pytest.fixture(scope="session")
def modules(repository: Path, files: list[Path]) -> dict[Path, ast.Module]:
    """Each module of the package, by its path within it, parsed."""
    found = [f for f in files if f.is_relative_to(SOURCE) and f.suffix == ".py"]
    return {f.relative_to(SOURCE): ast.parse((repository / f).read_text(encoding="utf-8")) for f in found}


@pytest.fixture(scope="session")
def scripts(repository: Path, files: list[Path]) -> dict[Path, ast.Module]:
    """Every Python file of the project, parsed: package, tests, tools, benchmarks, examples."""
    return {f: ast.parse((repository / f).read_text(encoding="utf-8")) for f in files if f.suffix == ".py"}


def room(path: Path) -> str:
    """The room that a module lies in: `identify` for `identify/score.py`, `money` for `money.py`."""
    return path.parts[0].removesuffix(".py")


def imports(path: Path, tree: ast.Module) -> Iterator[str]:
    """The full name of everything that a module imports, relative imports resolved."""
    package = ["partita", *path.parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path, tree: ast.Module) -> set[str]:
    """The rooms of Partita that a module imports from, without its own."""
    names = [name.split(".") for name in imports(path, tree)]
    return {n[1] for n in names if n[0] == "partita" and len(n) > 1 and n[1] != "__version__"} - {room(path)}


def test_every_room_stands_on_a_floor(modules: dict[Path, ast.Module]) -> None:
    """A module lies in a room that the house plan knows."""
    assert {room(path) for path in modules} - set(FLOORS) - {"__init__"} == set()


def test_rooms_import_only_floors_below(modules: dict[Path, ast.Module]) -> None:
    """A room imports only rooms on floors below its own; so no stage imports a stage, a job or a face."""
    wrong = [
        f"{path} imports {other}"
        for path, tree in modules.items()
        for other in rooms_imported(path, tree)
        if FLOORS.get(other, 9) >= FLOORS.get(room(path), 0) and FLOORS.get(other, 9) > 1
    ]
    assert wrong == []


def test_the_ground_floor_has_no_circles(modules: dict[Path, ast.Module]) -> None:
    """On the ground floor, whoever is imported imports nobody of those who import it."""
    ground = {r for r, floor in FLOORS.items() if floor == 1}
    below: dict[str, set[str]] = {r: set() for r in ground}
    for path, tree in modules.items():
        if room(path) in ground:
            below[room(path)] |= rooms_imported(path, tree)
    standing: set[str] = set()
    while free := {r for r in ground - standing if below[r] <= standing}:
        standing |= free
    assert ground - standing == set()


def test_stages_are_named_in_no_format_or_law(modules: dict[Path, ast.Module]) -> None:
    """A format knows no stage: what it reads and writes are tables."""
    wrong = [f"{p}: {STAGES & rooms_imported(p, t)}" for p, t in modules.items() if FLOORS.get(room(p), 9) <= 2]
    assert [line for line in wrong if not line.endswith("set()")] == []


@pytest.mark.parametrize("package", ONLY)
def test_outside_packages_stay_in_their_rooms(modules: dict[Path, ast.Module], package: str) -> None:
    """What the house buys in is used where the plan says, so that it can be replaced there."""
    wrong = [
        str(path)
        for path, tree in modules.items()
        if package in {name.split(".")[0] for name in imports(path, tree)}
        and not path.as_posix().startswith(ONLY[package])
    ]
    assert wrong == []


def test_compiled_functions_call_their_own_file_alone(modules: dict[Path, ast.Module]) -> None:
    """What is compiled is kept until its own file changes, so nothing that it calls may stand in another."""
    wrong = []
    for path, tree in modules.items():
        imported = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("partita")
            for alias in node.names
        }
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and any(
                isinstance(mark, ast.Name) and mark.id == "compiled" for mark in function.decorator_list
            ):
                called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
                roots = {ast.unparse(call).split(".")[0] for call in called}
                wrong += [f"{path}: {function.name} calls {name}" for name in roots & imported]
    assert not wrong, wrong


def test_two_modules_touch_the_network(modules: dict[Path, ast.Module]) -> None:
    """One module opens connections, for the verb `observe`; one answers, for `log serve`, and can open none."""
    others = {p: t for p, t in modules.items() if p != Path("formats/fetch.py")}
    wrong = [f"{p}: {n}" for p, t in others.items() for n in imports(p, t) if n.split(".")[0] in NETWORK]
    allowed = ("urllib.parse", "jobs/log_serve.py: http.server")
    assert [line for line in wrong if not any(each in line for each in allowed)] == []


def test_stages_are_pure(modules: dict[Path, ast.Module]) -> None:
    """No stage imports a clock, chance, the network or the environment, or asks what day it is."""
    stages = {path: tree for path, tree in modules.items() if room(path) in STAGES}
    wrong = [
        f"{path} imports {n}" for path, tree in stages.items() for n in imports(path, tree) if n.split(".")[0] in IMPURE
    ]
    for path, tree in stages.items():
        called = {n.func.attr for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}
        wrong += [f"{path} calls {name}" for name in called & {"now", "today", "utcnow", "getenv", "urandom"}]
        wrong += [
            f"{path} reads environ" for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "environ"
        ]
    assert wrong == []


def test_no_float_where_money_is_computed(modules: dict[Path, ast.Module]) -> None:
    """Neither a float literal nor float() stands where money is computed."""
    wrong = []
    for path, tree in modules.items():
        if path.parts[0] in EXACT:
            for node in ast.walk(tree):
                literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
                call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
                wrong += [f"{path}:{node.lineno}"] if literal or call else []
    assert wrong == []


def test_no_double_in_the_sql_of_money(repository: Path, files: list[Path]) -> None:
    """The SQL of money casts to no floating type, divides with `//` alone, and names each sum's type."""
    wrong = []
    for file in files:
        if file.suffix == ".sql" and file.is_relative_to(SOURCE) and file.relative_to(SOURCE).parts[0] in EXACT:
            code = re.sub(r"--[^\n]*|'[^']*'", "", (repository / file).read_text(encoding="utf-8"))
            for pattern in (
                r"\b(DOUBLE|FLOAT|REAL)\b",
                r"(?<!/)/(?!/)",
                r"\bAVG\s*\(",
                r"(?<!CAST\()\bSUM\s*\((?![^;]*?\bOVER\b)",
            ):
                found = re.search(pattern, code, re.IGNORECASE)
                wrong += [f"{file}: {found[0]!r}"] if found else []
    assert wrong == []


def test_modules_say_what_they_are_for(modules: dict[Path, ast.Module]) -> None:
    """Each module begins with a docstring."""
    assert [str(path) for path, tree in modules.items() if not ast.get_docstring(tree)] == []


def test_files_and_functions_stay_short(repository: Path, scripts: dict[Path, ast.Module]) -> None:
    """A file holds one noun, a function one thought."""
    wrong = []
    for path, tree in scripts.items():
        lines = len((repository / path).read_text(encoding="utf-8").splitlines())
        wrong += [f"{path}: {lines} lines"] if lines > LINES_IN_FILE else []
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                wrong += [f"{path}:{node.lineno} {node.name}: {size} lines"] if size > LINES_IN_FUNCTION else []
    assert wrong == []


def test_no_body_is_empty(scripts: dict[Path, ast.Module]) -> None:
    """No function, loop or handler does nothing; a command group and a protocol's method may be their docstring."""
    wrong = []
    for path, tree in scripts.items():
        excused = set(may_be_empty(tree))
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and all(is_nothing(statement) for statement in body):
                wrong += [] if node in excused else [f"{path}:{getattr(node, 'lineno', 1)}"]
    assert wrong == []


def may_be_empty(tree: ast.Module) -> Iterator[ast.AST]:
    """Modules and classes of a docstring alone, methods of protocols, command groups, and what says it does nothing."""
    yield tree
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from [node] if ast.get_docstring(node) else []
            yield from node.body if any(ast.unparse(base).startswith("Protocol") for base in node.bases) else []
        elif isinstance(node, ast.FunctionDef) and len(node.body) == 1:
            meaning = ast.get_docstring(node) or ""
            yield from [node] if meaning and (node.decorator_list or "nothing" in meaning.lower()) else []


def is_nothing(statement: ast.stmt) -> bool:
    """Whether a statement has no effect."""
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def test_nothing_is_left_for_later(repository: Path, files: list[Path]) -> None:
    """No file carries a note of work not done."""
    notes = re.compile(
        r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "raise NotImplemented" + "Error")) + r")\b"
    )
    code = [f for f in files if f.suffix in {".py", ".sql", ".sh", ".toml", ".yaml", ".html", ".md"}]
    assert [str(f) for f in code if notes.search((repository / f).read_text(encoding="utf-8"))] == []


def test_tests_say_what_they_hold(scripts: dict[Path, ast.Module]) -> None:
    """Each test has a docstring that is a sentence."""
    wrong = []
    for path, tree in scripts.items():
        if path.parts[0] == "tests":
            for node in ast.walk(tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
                    text = (ast.get_docstring(node) or "").strip()
                    wrong += [] if is_sentence(text) else [f"{path}:{node.lineno} {node.name}"]
    assert wrong == []


def is_sentence(text: str) -> bool:
    """Whether a text has at least three words (or is Chinese) and an end."""
    return text.endswith((".", "。", "?", "!", ")", ":", "`")) and (len(text.split()) >= 3 or not text.isascii())


def test_the_plan_is_the_tree(repository: Path, modules: dict[Path, ast.Module]) -> None:
    """ARCHITECTURE.md draws every room that exists, on its floor, and marks those that do not exist yet."""
    plan = (repository / "ARCHITECTURE.md").read_text(encoding="utf-8").split("```text", 1)[1].split("```", 1)[0]
    drawn: dict[str, int] = {}
    planned: set[str] = set()
    floor = 0
    for line in plan.splitlines():
        floor = int(line[0]) if line[:1].isdigit() else floor
        names = re.findall(r"\b([a-z]+)(?:/|\.py)(?=\s|$|,)", line[3:].split("  ", 1)[0])
        drawn |= dict.fromkeys(names, floor)
        planned |= set(names) if "(planned)" in line else set()
    exist = {room(path) for path in modules} - {"__init__"}
    assert {r: FLOORS[r] for r in drawn if r in FLOORS} == drawn
    assert set(drawn) - planned == exist
