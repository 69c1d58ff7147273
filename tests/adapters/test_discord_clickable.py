"""Commands that a reply names can be clicked on Discord."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from redis.asyncio import Redis

from adapters.discord.clickable import clickable, root_of
from adapters.discord.components import parts_of
from adapters.discord.serve import ids_of_commands
from bot.commands.helping import line
from bot.commands.parsing import Command
from bot.commands.table import TABLE
from bot.messages import Fields, Footnote, Heading, Markdown, Quote, say
from tests.adapters.discord_server import playing, texts_of

IDS = {"llmq": "42", "llmq-admin": "43"}


def drawn(*blocks: Heading | Markdown | Footnote | Fields | Quote, ids: Mapping[str, str] = IDS) -> list[str]:
    (view,) = parts_of(clickable(say(*blocks), ids))
    return texts_of(view.to_components())  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("See `/llmq help`.", "See </llmq help:42>."),
        ("`/llmq daily on`", "</llmq-admin daily on:43>"),
        (
            "`/llmq daily on 09:00 mon-fri Europe/Berlin`",
            "</llmq-admin daily on:43> `time: 09:00` `days: mon-fri` `zone: Europe/Berlin`",
        ),
        ("`/llmq away tomorrow fri`", "</llmq away:42> `when: tomorrow fri`"),
        ("`/llmq answer TEXT`", "</llmq answer:42> `text: TEXT`"),
        # What the command would not take, and what is none.
        ("`/llmq me and more`", "</llmq me:42> `and more`"),
        ("`/llmq daily`, `today`", "`/llmq daily`, `today`"),
        ("`/llmq random show x`", "</llmq random:42> `show x`"),
        ("`/llmq home`", "`/llmq home`"),
        ("**`/llmq me`**", "**</llmq me:42>**"),
    ],
)
def test_a_command_in_our_words_becomes_a_mention_with_its_options(words: str, shown: str) -> None:
    assert drawn(Markdown(words)) == [shown]


def test_a_command_in_small_words_and_in_a_field_can_be_clicked_too() -> None:
    assert drawn(Footnote("Off: /llmq boards on joins. /llmq daily is none.")) == [
        "-# Off: </llmq boards on:42> joins. /llmq daily is none."
    ]
    assert drawn(Fields((("Paused", "`/llmq daily resume` goes on"),))) == [
        "**Paused:** </llmq-admin daily resume:43> goes on"
    ]


def test_what_people_say_holds_no_command() -> None:
    said = "\\`/llmq me\\` and </llmq me:42> and \ue004me:42\ue005"
    assert not any(
        "</llmq me" in text.replace("\\", "") and "\\<" not in text for text in drawn(Quote("Ana", said))
    )


def test_without_the_commands_id_it_stays_as_it_is_typed() -> None:
    assert drawn(Markdown("See `/llmq help`."), ids={}) == ["See `/llmq help`."]
    assert drawn(Markdown("`/llmq daily on 09:00`"), ids={}) == ["`/llmq-admin daily on 09:00`"]


@pytest.mark.parametrize(
    "command", [one for one in TABLE.commands if not one.hidden], ids=lambda one: one.name
)
def test_every_line_of_help_can_be_clicked(command: Command) -> None:
    root = root_of(command.name)
    assert f"</{root} {command.name}:{IDS[root]}>" in "\n".join(drawn(Markdown(line(command))))


async def test_help_names_the_command_by_the_id_that_discord_gave_it(redis: Redis) -> None:
    async with playing(redis) as server:
        known = {one["name"]: one["id"] for one in server.discord.world.commands[None]}
        ids = await ids_of_commands(server.client.platform.client, None)
        assert ids == known
        said = await server.says(server.ana, "help", command="learn")
        assert f"</llmq random:{ids['llmq']}> `topic: rag`: a question to practise on" in said.text
        assert await ids_of_commands(server.client.platform.client, server.discord.guild.id) == {}
