"""Commands that a reply names, as Discord lets people click on them.

A click puts the command with its options before the member. What cannot be read as a command stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from adapters.discord.commands import ADMIN_NAME, NAME
from bot.commands.table import TABLE
from bot.errors import Refusal
from bot.game.catalogue import Catalogue
from bot.messages import Block, Fields, Footnote, Markdown, Message

# `\ue004<application's command> <name>:<its id>\ue005`, where Discord's own form would be escaped.
CLICKABLE = re.compile("\ue004(?P<mention>[a-z -]+:\\d+)\ue005")
LONGEST_FIRST = "|".join(sorted(TABLE.names, key=len, reverse=True))
IN_CODE = re.compile(rf"`/llmq (?P<name>{LONGEST_FIRST})(?P<words> [^`]*)?`")
IN_PLAIN = re.compile(rf"/llmq (?P<name>{LONGEST_FIRST})(?!\w)")
# The words that stand for a deck or a topic are taken as they are.
NO_DECKS = Catalogue(())

Found = re.Match[str]
Ids = Mapping[str, str]


def clickable(message: Message, ids: Ids) -> Message:
    """The message with the commands that its own words name marked, where their ids are known."""
    return replace(message, blocks=tuple(clickable_block(block, ids) for block in message.blocks))


def clickable_block(block: Block, ids: Ids) -> Block:
    match block:
        case Markdown(words):
            return Markdown(IN_CODE.sub(with_options(ids), words))
        case Footnote(words):
            return Footnote(IN_PLAIN.sub(alone(ids), words))
        case Fields(pairs):
            return Fields(tuple((label, IN_CODE.sub(with_options(ids), value)) for label, value in pairs))
        case _:
            return block


def alone(ids: Ids) -> Callable[[Found], str]:
    return lambda found: marked(found, ids) or named(found)


def with_options(ids: Ids) -> Callable[[Found], str]:
    def mark(found: Found) -> str:
        clicked = marked(found, ids)
        return " ".join((clicked, *options(found["name"], found["words"] or ""))) if clicked else named(found)

    return mark


def marked(found: Found, ids: Ids) -> str:
    """A command to be clicked, or nothing where its id is not known."""
    root = root_of(found["name"])
    return f"\ue004{root} {found['name']}:{ids[root]}\ue005" if root in ids else ""


def named(found: Found) -> str:
    """A command as it is typed on Discord."""
    return found[0].replace(NAME, root_of(found["name"]), 1)


def root_of(name: str) -> str:
    """The application's command that holds one of ours."""
    command = TABLE.find(name)
    return NAME if command is None or command.is_for_members else ADMIN_NAME


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
