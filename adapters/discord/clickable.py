"""Commands that a reply names, as Discord lets people click on them.

A click puts the command with its options before the member. What cannot be read as a command stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.commands.table import TABLE
from bot.errors import Refusal
from bot.game.catalogue import Catalogue
from bot.messages import Block, Fields, Footnote, Markdown, Message

# `\ue004<name>:<id of the command>\ue005`, where Discord's own form would be escaped.
CLICKABLE = re.compile("\ue004(?P<mention>[a-z ]+:\\d+)\ue005")
LONGEST_FIRST = "|".join(sorted(TABLE.names, key=len, reverse=True))
IN_CODE = re.compile(rf"`/llmq (?P<name>{LONGEST_FIRST})(?P<words> [^`]*)?`")
IN_PLAIN = re.compile(rf"/llmq (?P<name>{LONGEST_FIRST})(?!\w)")
# The words that stand for a deck or a topic are taken as they are.
NO_DECKS = Catalogue(())

Found = re.Match[str]


def clickable(message: Message, id: str) -> Message:
    """The message with the commands that its own words name marked; without an id it stays as it is."""
    if not id:
        return message
    return replace(message, blocks=tuple(clickable_block(block, id) for block in message.blocks))


def clickable_block(block: Block, id: str) -> Block:
    match block:
        case Markdown(words):
            return Markdown(IN_CODE.sub(with_options(id), words))
        case Footnote(words):
            return Footnote(IN_PLAIN.sub(alone(id), words))
        case Fields(pairs):
            return Fields(tuple((label, IN_CODE.sub(with_options(id), value)) for label, value in pairs))
        case _:
            return block


def alone(id: str) -> Callable[[Found], str]:
    return lambda found: marked(found["name"], id)


def with_options(id: str) -> Callable[[Found], str]:
    return lambda found: " ".join((marked(found["name"], id), *options(found["name"], found["words"] or "")))


def marked(name: str, id: str) -> str:
    return f"\ue004{name}:{id}\ue005"


def options(name: str, words: str) -> list[str]:
    """`time: 09:00`, each as code; words that the command would not take stay together."""
    if not words.strip():
        return []
    try:
        command, given = TABLE.parse(name + words, NO_DECKS)
    except Refusal:
        return [f"`{words.strip()}`"]
    if command.name != name:
        # Buttons have such a command.
        return [f"`{words.strip()}`"]
    return [f"`{option}: {word}`" for option, word in given.items()]
