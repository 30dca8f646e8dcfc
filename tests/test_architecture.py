"""Holds the plan of the house: imports point down, outside libraries stay in their rooms, docs name every room."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FLOORS = [
    {"matching.codes", "matching.records", "matching.taxonomy", "matching.geography"},
    {
        "matching.background", "matching.completion", "matching.cues", "matching.extraction", "matching.guidance",
        "matching.language_words", "matching.languages", "matching.linking", "matching.linking.alignment",
        "matching.linking.evidence", "matching.linking.fusion", "matching.linking.index", "matching.linking.linker",
        "matching.linking.ranker", "matching.linking.wording", "matching.named", "matching.passage_words", "matching.passages",
        "matching.phrases", "matching.pieces", "matching.said", "matching.schedule", "matching.sections", "matching.sentences",
        "matching.ragged", "matching.vectors",
    },
    {
        "matching.comparisons", "matching.comparisons.comparison", "matching.comparisons.availability",
        "matching.comparisons.competences", "matching.comparisons.professions", "matching.comparisons.qualifications",
        "matching.comparisons.standing", "matching.rules", "matching.stock", "matching.bounds", "matching.kernel",
        "matching.matcher", "matching.pairs", "matching.batches", "matching.explanation", "matching.flow", "matching.allocation",
        "matching.exploring", "matching.exposure", "matching.pathways", "matching.pathways.asking",
        "matching.pathways.caseload", "matching.pathways.changing", "matching.pathways.entering", "matching.pathways.pricing",
        "matching.pathways.rescoring", "matching.pathways.route_words", "matching.pathways.routing",
        "matching.pathways.unlocking", "matching.pathways.whole", "matching.pathways.words", "models.match_model",
    },
    {
        "matching.answers", "matching.batch_calls", "matching.batch_files", "matching.bodies", "matching.calls",
        "matching.checks", "matching.classifications", "matching.columns", "matching.commands", "matching.confirmed",
        "matching.crosswalks",
        "matching.desk", "matching.files", "matching.flat", "matching.imports", "matching.indexes", "matching.ingest",
        "matching.jobposting", "matching.ledger", "matching.listings", "matching.loading", "matching.log",
        "matching.mentions", "matching.notices",
        "matching.openapi", "matching.pathways.desk", "matching.pathways.planning", "matching.pathways.shapes",
        "matching.personal", "matching.plain_words", "matching.problems", "matching.protocol",
        "matching.queue", "matching.reference", "matching.rendering", "matching.report_calls", "matching.reports",
        "matching.runs", "matching.serving", "matching.settings", "matching.sheets", "matching.stocking", "matching.store",
        "matching.tables", "matching.tasks", "matching.texts", "matching.together", "matching.unsaid", "matching.validation",
        "matching.workers",
        "matching.admin_commands", "models.artifact", "models.linker_file", "models.refusal", "models.registry",
    },
    {"api", "cli"},
]  # fmt: skip
KEPT = {
    "sqlalchemy": {
        "matching.store", "matching.tables", "matching.log", "matching.queue", "matching.columns", "matching.ledger",
    },
    "alembic": {"matching.store", "matching.tables"},
    "flask": {"api"},
    "click": {"cli", "matching.admin_commands", "matching.commands"},
    "rich": {"matching.rendering"},
    "sklearn": {"matching.linking.index", "training.linker"},
    "lightgbm": {"training.linker"},
    "rapidfuzz": {"matching.linking.alignment", "matching.completion"},
    "numba": {m for m in FLOORS[2] if m.startswith("matching.comparisons")} | {
        "matching.rules", "matching.kernel", "matching.linking.alignment", "matching.linking.evidence",
        "matching.linking.ranker", "matching.flow",
    },
}
OUTSIDE_PURE = {"open", "print", "input"}
IO_MODULES = {"pathlib", "os", "socket", "sqlite3", "time", "random", "secrets", "uuid", "subprocess", "urllib", "requests"}


def module_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def sources() -> dict[str, Path]:
    found = [*ROOT.glob("*.py"), *ROOT.glob("matching/**/*.py"), *ROOT.glob("models/*.py"), *ROOT.glob("training/**/*.py")]
    return {module_of(path): path for path in found}


@cache
def imports(path: Path) -> set[str]:
    """Give what a file imports while it runs (not for types alone)."""
    modules = set(SOURCES)
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & modules) | ({node.module} if inner - modules else set())
    return found


def floor_of(module: str) -> int | None:
    if module.startswith("training"):
        return 3
    return next((level for level, rooms in enumerate(FLOORS) if module in rooms), None)


SOURCES = sources()
ROOMS = [name for name in SOURCES if name not in {"matching", "models", "training"}]


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_floor_and_imports_point_down(room: str) -> None:
    own = floor_of(room)
    assert own is not None, f"{room} has no floor: add it to the plan (docs/architecture.md) and to FLOORS"
    for other in imports(SOURCES[room]) & set(ROOMS):
        assert floor_of(other) is not None
        assert floor_of(other) <= own, f"{room} (floor {own}) imports {other} (floor {floor_of(other)})"  # type: ignore[operator]
    if room != "cli":
        assert not any(name.startswith("training") for name in imports(SOURCES[room])) or room.startswith(
            "training"
        ), f"{room} imports training"


def test_there_is_no_circle() -> None:
    graph = {room: imports(SOURCES[room]) & set(ROOMS) for room in ROOMS}
    done: set[str] = set()

    def visit(room: str, path: tuple[str, ...]) -> None:
        assert room not in path, " -> ".join((*path, room))
        if room not in done:
            for other in sorted(graph[room]):
                visit(other, (*path, room))
            done.add(room)

    for room in graph:
        visit(room, ())


@pytest.mark.parametrize("library", sorted(KEPT))
def test_libraries_stay_in_their_rooms(library: str) -> None:
    users = {
        room
        for room in ROOMS
        if not room.startswith("training")
        and any(name.split(".")[0] == library for name in imports(SOURCES[room]))
    }
    assert users <= KEPT[library]


@pytest.mark.parametrize("room", sorted(FLOORS[0] | FLOORS[1] | FLOORS[2]))
def test_engine_rooms_do_no_io_and_read_no_clock(room: str) -> None:
    if room not in SOURCES:
        pytest.fail(f"{room} is in the plan and not in the house")
    tree = ast.parse(SOURCES[room].read_text(encoding="utf-8"))
    used = {name.split(".")[0] for name in imports(SOURCES[room])}
    assert not used & IO_MODULES
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not calls & OUTSIDE_PURE
    assert not any(call.endswith((".today", ".now", ".utcnow")) for call in calls)
    assert not any(isinstance(node, ast.Global) for node in ast.walk(tree))


def test_pydantic_stays_at_the_doors() -> None:
    low = FLOORS[0] | FLOORS[1] | FLOORS[2]
    assert not [room for room in low if any(n.split(".")[0] == "pydantic" for n in imports(SOURCES[room]))]


def test_the_plan_names_every_room() -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/.]+)`", plan))
    for room, path in SOURCES.items():
        place = str(path.relative_to(ROOT))
        folder = f"{path.parent.relative_to(ROOT)}/"
        assert place in named or folder in named or room in {"matching", "models", "training"}, f"{place} is not in the plan"


def test_file_sizes() -> None:
    long = {str(p.relative_to(ROOT)): n for p in SOURCES.values() if (n := len(p.read_text().splitlines())) > 450}
    assert not long
