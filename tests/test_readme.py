"""The README says what the code says."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.commands.table import TABLE
from llmq.settings import settings_table

README = (Path(__file__).parent.parent / "README.md").read_text()


def between(start: str, end: str) -> str:
    found = re.search(rf"<!-- {start}.*?-->\n(.*?)<!-- {end} -->", README, re.DOTALL)
    assert found
    return found[1].strip()


def markdown_table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def test_the_readme_lists_the_commands_of_the_table() -> None:
    rows = [
        (f"`{command.usage}`", "admins" if command.admin else "everyone", command.help)
        for command in TABLE.commands
        if not command.hidden
    ]
    assert between("commands", "end of commands") == markdown_table(("Command", "Who", "What it does"), rows)


def test_the_readme_lists_the_settings_with_their_defaults() -> None:
    rows = [(f"`{name}`", default, meaning) for name, default, meaning in settings_table()]
    assert between("settings", "end of settings") == markdown_table(("Setting", "Default", "Meaning"), rows)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_every_link_in_the_readme_leads_somewhere(link: str) -> None:
    assert (Path(__file__).parent.parent / link).exists()
