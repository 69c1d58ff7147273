"""Who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the innermost part to the outermost: each may know itself and those before it.
CORE_PARTS = ("content", "bot", "bot/game", "bot/store", "bot/commands", "bot/bot.py")
PARTS = (*CORE_PARTS, "scheduler", "adapters", "llmq")
# The two that stand beside each other.
STRANGERS = {("adapters", "scheduler"), ("scheduler", "bot/commands"), ("scheduler", "bot/bot.py")}
PACKAGES = ("llmq", "bot", "adapters", "content", "scheduler")
FILES = (path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in FILES)
CORE = [module for module in MODULES if module.startswith(("bot/", "scheduler/", "content/"))]
PLATFORMS = ("slack", "discord", "console")
FAKES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "fakes").rglob("*.py"))


def part_of(module: str) -> str:
    return max((part for part in PARTS if module == part or module.startswith(f"{part}/")), key=len)


def path_of(name: str) -> str | None:
    """The file of a module of ours by its dotted name."""
    path = name.replace(".", "/")
    found = (each for each in (f"{path}.py", f"{path}/__init__.py") if (ROOT / each).exists())
    return next(found, None)


def imported(path: Path) -> set[str]:
    """The dotted names that a module imports, inside its functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            own = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if path_of(name) else node.module for name in own}
    return names


def ours(module: str) -> set[str]:
    return {path for name in imported(ROOT / module) if (path := path_of(name))}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_part_may_know(module: str) -> None:
    part = part_of(module)
    known = {each for each in PARTS[: PARTS.index(part) + 1] if (part, each) not in STRANGERS}
    assert {part_of(path) for path in ours(module)} <= known


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("adapters/")])
def test_an_adapter_knows_no_other(module: str) -> None:
    others = {name for name in PLATFORMS if not module.startswith(f"adapters/{name}")}
    assert not {path for path in ours(module) for other in others if path.startswith(f"adapters/{other}/")}


@pytest.mark.parametrize("module", CORE)
def test_the_core_the_scheduler_and_the_decks_know_no_platform(module: str) -> None:
    roots = {name.split(".")[0] for name in imported(ROOT / module)}
    assert not roots & {"slack_bolt", "slack_sdk", "discord", "rich", "prompt_toolkit", "aiohttp"}


def test_only_the_store_the_leases_and_what_connects_them_talk_to_redis() -> None:
    talkers = {module for module in MODULES if "redis.asyncio" in imported(ROOT / module)}
    assert {part_of(module) for module in talkers} <= {"bot/store", "llmq", "adapters"}
    assert {module for module in talkers if module.startswith("adapters/")} == {
        "adapters/discord/leases.py",
        "adapters/slack/installs.py",
    }


@pytest.mark.parametrize("module", FAKES)
def test_the_stand_ins_and_their_tests_know_nothing_of_llmq(module: str) -> None:
    names = {name for name in imported(ROOT / module) if name.split(".")[0] in (*PACKAGES, "tests")}
    assert all(name.startswith("tests.fakes.") for name in names)


@pytest.mark.parametrize("module", [module for module in FAKES if module.count("/") > 2])
def test_a_stand_in_can_be_copied_with_the_clock_alone(module: str) -> None:
    own = module.rpartition("/")[0].replace("/", ".")
    known = {name for name in imported(ROOT / module) if name.startswith("tests.")}
    assert all(f"{name}.".startswith(f"{own}.") or name == "tests.fakes.clock" for name in known)


def test_the_top_of_the_core_stays_small() -> None:
    assert len(list((ROOT / "bot").glob("*.py"))) <= 15


@pytest.mark.parametrize("module", MODULES)
def test_every_module_opens_with_a_sentence_about_itself(module: str) -> None:
    docstring = ast.get_docstring(ast.parse((ROOT / module).read_text()))
    assert docstring
    assert docstring.splitlines()[0].endswith(".")
