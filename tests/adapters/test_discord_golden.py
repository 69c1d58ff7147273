"""Each kind of message as Components V2, in files to read in a review; run as a module, this draws them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.discord.commands import application_commands
from adapters.discord.components import parts_of
from adapters.discord.modals import modal_of
from bot.commands.table import TABLE
from bot.game.catalogue import Item
from bot.game.posts import reference_blocks
from bot.game.rounds import reference_of
from bot.messages import Quote, announce
from content.reading import SHIPPED, read_deck
from tests.adapters.samples import FORMS, MESSAGES
from tests.adapters.test_discord_words import texts

FOLDER = Path(__file__).parent / "golden" / "discord"
NAMES = (*MESSAGES, *FORMS, "command")


def drawn(name: str) -> str:
    native: object
    if name in FORMS:
        native = modal_of(FORMS[name]).to_dict()
    elif name in MESSAGES:
        native = [view.to_components() for view in parts_of(MESSAGES[name])]  # type: ignore[no-untyped-call]
    else:
        native = application_commands(TABLE)
    return json.dumps(native, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_message_is_drawn_as_it_was_reviewed(name: str) -> None:
    assert drawn(name) == (FOLDER / f"{name}.json").read_text()


@pytest.mark.parametrize("deck", sorted(SHIPPED.glob("*.md")), ids=lambda path: path.stem)
def test_every_shipped_answer_fits_discords_limits_with_a_dozen_long_answers(deck: Path) -> None:
    read, _ = read_deck(deck)
    assert read
    crowd = [Quote("Ana", "word " * 800) for _ in range(12)]
    for one in read.questions:
        reference = list(reference_blocks(reference_of(Item("d/q", "d", one))))
        own, parts = parts_of(announce(*reference)), parts_of(announce(*reference, *crowd))
        assert all(sum(map(len, texts(part))) <= 4000 for part in parts)
        said, alone = (
            sum(text.count("word") for part in some for text in texts(part)) for some in (parts, own)
        )
        assert said == 12 * 800 + alone


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (FOLDER / f"{name}.json").write_text(drawn(name))
