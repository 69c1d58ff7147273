"""Who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "content": {"content"},
    "bot": {"bot", "content"},
    "scheduler": {"scheduler", "bot", "content"},
    "adapters": {"adapters", "bot", "content"},
}
# The composition roots wire all four; the command line hands over to them.
ROOTS = {"bot/composition.py", "bot/terminal.py", "bot/serving.py", "bot/cli.py"}
MODULES = sorted(
    path.relative_to(ROOT).as_posix() for name in ALLOWED for path in (ROOT / name).rglob("*.py")
)


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports, inside its functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("module", [module for module in MODULES if module not in ROOTS])
def test_a_module_imports_only_what_its_package_may_know(module: str) -> None:
    ours = imported(ROOT / module) & ALLOWED.keys()
    assert ours <= ALLOWED[module.split("/")[0]]


@pytest.mark.parametrize(
    "module", [module for module in MODULES if module.startswith(("bot/", "scheduler/"))]
)
def test_the_core_and_the_scheduler_know_no_platform(module: str) -> None:
    assert not imported(ROOT / module) & {"slack_bolt", "slack_sdk", "discord", "rich", "prompt_toolkit"} or (
        module == "bot/cli.py"
    )


def test_only_the_store_and_what_connects_it_talk_to_redis() -> None:
    talkers = {module for module in MODULES if "from redis.asyncio" in (ROOT / module).read_text()}
    connecting = {"bot/clients.py", "bot/connection.py", "bot/embedded.py", "bot/doctor.py"}
    assert talkers == {"bot/store.py", "bot/scripts.py"} | connecting


@pytest.mark.parametrize("module", MODULES)
def test_every_module_opens_with_a_sentence_about_itself(module: str) -> None:
    docstring = ast.get_docstring(ast.parse((ROOT / module).read_text()))
    assert docstring
    assert docstring.splitlines()[0].endswith(".")
