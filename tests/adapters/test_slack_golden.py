"""Each kind of message as Block Kit, in files to read in a review; run as a module, this draws them anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from adapters.slack.blocks import parts_of
from adapters.slack.manifest import manifest_yaml
from adapters.slack.richtext import rich_text
from adapters.slack.views import form_view, home_view
from bot.commands.table import TABLE
from bot.game.catalogue import Item
from bot.game.posts import reference_blocks
from bot.game.rounds import reference_of
from bot.messages import Button, Buttons, Heading, Quote, announce, say
from content.reading import SHIPPED, read_deck
from tests.adapters.samples import FORMS, MESSAGES

FOLDER = Path(__file__).parent / "golden"
VIEWS: dict[str, dict[str, Any]] = {
    **{name: form_view(form, "{}") for name, form in FORMS.items()},
    "home": home_view(say(Heading("Open questions"), Buttons((Button("Help", "help"),)))),
}


def drawn(name: str) -> str:
    native = VIEWS.get(name) or [
        {"text": part.text, "blocks": list(part.blocks)} for part in parts_of(MESSAGES[name])
    ]
    return json.dumps(native, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", [*MESSAGES, *VIEWS])
def test_each_kind_of_message_is_drawn_as_it_was_reviewed(name: str) -> None:
    assert drawn(name) == (FOLDER / f"{name}.json").read_text()


@pytest.mark.parametrize("name", list(MESSAGES))
def test_each_kind_of_message_passes_the_validation_of_slacks_own_models(name: str) -> None:
    for part in parts_of(MESSAGES[name]):
        for block in Block.parse_all(list(part.blocks)):
            assert block.to_dict()


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.md")), ids=lambda path: path.stem)
def test_every_shipped_answer_fits_slacks_limits_with_a_dozen_long_answers(path: Path) -> None:
    deck, _ = read_deck(path)
    assert deck
    crowd = [Quote("Ana", "word " * 800) for _ in range(12)]
    for one in deck.questions:
        message = announce(*reference_blocks(reference_of(Item("d/q", "d", one))), *crowd)
        parts = parts_of(message)
        assert all(len(part.blocks) <= 50 for part in parts)
        assert all(len(json.dumps(part.blocks, ensure_ascii=False)) < 20_000 for part in parts)
        said = "".join(json.dumps(part.blocks) for part in parts)
        assert said.count("word ") == 12 * 800 + said_by(one, "word ")


def said_by(one: Any, word: str) -> int:
    """How often a question's own parts say a word."""
    parts = parts_of(announce(*reference_blocks(reference_of(Item("d/q", "d", one)))))
    return sum(json.dumps(part.blocks).count(word) for part in parts)


@pytest.mark.parametrize(
    ("markdown", "bold"),
    [
        ("# One **two** three", ["One ", "two", " three"]),
        ("**one **two** three** four", ["one ", "two", " three"]),
    ],
)
def test_what_is_bold_stays_bold_after_bold_words_within_it(markdown: str, bold: list[str]) -> None:
    ((section,),) = rich_text(markdown)
    runs = section.to_dict()["elements"]
    assert [run["text"] for run in runs if run.get("style") == {"bold": True}] == bold


def test_the_manifest_in_the_repository_is_that_of_the_command_table() -> None:
    path = Path(__file__).parent.parent.parent / "slack-manifest.yaml"
    assert path.read_text() == manifest_yaml(TABLE), "run `make docs`"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in (*MESSAGES, *VIEWS):
        (FOLDER / f"{name}.json").write_text(drawn(name))
