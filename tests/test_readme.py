"""The README, Slack's manifest and the example of the settings say what the code says."""

import re

import pytest

from tests.content.shipped import DECKS, QUESTIONS
from tests.docs import ROOT, commands, decks, documents, readme, settings, with_section

README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize(("path", "written"), documents().items())
def test_what_is_written_from_the_code_is_up_to_date(path: str, written: str) -> None:
    assert (ROOT / path).read_text() == written, "run `make docs`"


def test_the_readme_lists_the_decks_the_commands_of_the_table_and_the_settings_with_their_defaults() -> None:
    assert commands() in README
    assert "| `/llmq topics [deck]` | everyone |" in commands()
    assert "| `/llmq daily on [time]" in commands()
    assert decks() in README
    assert f"{len(QUESTIONS)} questions in {len(DECKS)} decks" in decks()
    assert settings() in README
    assert "| `LLMQ_REDIS_URL` | an embedded server |" in settings()


def test_a_bar_in_a_table_is_no_border() -> None:
    assert r"[easy\|medium\|hard]" in commands()


def test_a_table_that_fell_behind_is_written_again_and_the_rest_is_left_alone() -> None:
    behind = README.replace("| `/llmq topics [deck]` |", "| `/llmq subjects` |")
    assert behind != README
    assert readme(behind) == README


def test_a_readme_without_a_place_for_a_table_is_not_written() -> None:
    with pytest.raises(ValueError, match="marks of settings"):
        with_section("# llmq\n", "settings", "")


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_every_link_in_the_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
