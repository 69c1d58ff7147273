"""What Slack tells of replies in threads, and which of them counts: it tells at least once, in any order."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Body = Mapping[str, Any]
Author = tuple[str, str, str]

# What a person wrote, alone, with a file, or with "also send to channel"; all other subtypes are Slack's own.
TYPED = (None, "file_share", "thread_broadcast")
# The last version of a reply; those before are moments, which come first in the order of text.
GONE = "gone"
MOST_AUTHORS = 10_000


@dataclass(frozen=True, slots=True)
class Said:
    """A reply as it stood at a moment. `ts` names it, `text` is None once it is deleted."""

    channel: str
    thread: str
    user: str
    ts: str
    version: str
    text: str | None

    @property
    def author(self) -> Author:
        """A member in a thread."""
        return self.channel, self.thread, self.user


def said_in(event: Body) -> Said | None:
    """What a person wrote, changed or deleted in a thread, if the event is about that."""
    match event.get("subtype"):
        case "message_changed":
            now, before = event["message"], event.get("previous_message") or {}
            # Slack sends this too when it has recognised the language or unfurled a link.
            if now.get("text") == before.get("text"):
                return None
            return reply(event["channel"], now, event["ts"], now.get("text") or "")
        case "message_deleted":
            return reply(event["channel"], event.get("previous_message") or {}, GONE, None)
        case _:
            return reply(event["channel"], event, event.get("ts", ""), event.get("text") or "")


def reply(channel: str, message: Body, version: str, text: str | None) -> Said | None:
    """A message, if a person wrote it in a thread."""
    ts, thread, user = message.get("ts"), message.get("thread_ts"), message.get("user")
    typed = message.get("subtype") in TYPED and not message.get("bot_id")
    if not (typed and ts and thread and user) or ts == thread:
        return None
    return Said(channel, thread, user, ts, version, text)


@dataclass(slots=True)
class Replies:
    """What one author's replies in one thread have come to: the newest version of each, and which counts."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    counts: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    def is_news(self, said: Said) -> bool:
        """Whether it can change the answer: not told before, and not about a reply that another replaced."""
        if said.version <= self.versions.get(said.ts, ""):
            return False
        if said.version == said.ts:
            return said.ts > self.counts
        return self.counts in ("", said.ts) or (said.text is not None and said.ts > self.counts)

    def heard(self, said: Said, *, counts: bool = False) -> None:
        """Remember what was told; `counts` when it has become the answer."""
        self.versions[said.ts] = max(said.version, self.versions.get(said.ts, ""))
        if counts:
            self.counts = said.ts
        elif said.version == GONE and said.ts == self.counts:
            self.counts = ""


class Heard:
    """The replies of the authors that were heard of last, in this process."""

    def __init__(self) -> None:
        self._replies: OrderedDict[Author, Replies] = OrderedDict()

    def of(self, author: Author) -> Replies:
        replies = self._replies.setdefault(author, Replies())
        self._replies.move_to_end(author)
        if len(self._replies) > MOST_AUTHORS:
            self._replies.popitem(last=False)
        return replies


LINK = re.compile(r"<([a-z]+:[^|>]+)(?:\|([^>]*))?>")
CODE = re.compile(r"<([@#!])([^|>]+)(?:\|([^>]*))?>")
MENTIONED = re.compile(r"<@(\w+)")
ENTITIES = re.compile(r"&(amp|lt|gt);")


def mentioned(text: str) -> set[str]:
    """The users whose names stand as codes in a text."""
    return set(MENTIONED.findall(text))


def unescaped(text: str, names: Mapping[str, str]) -> str:
    """What a member typed, from what Slack made of it: links, mentions by name, entities as characters."""
    text = LINK.sub(link_unescaped, text)
    text = CODE.sub(lambda code: f"{'#' if code[1] == '#' else '@'}{name_in(code, names)}", text)
    return ENTITIES.sub(lambda entity: {"amp": "&", "lt": "<", "gt": ">"}[entity[1]], text)


def link_unescaped(link: re.Match[str]) -> str:
    """An address that Slack recognised, or a label and the address behind it."""
    address, label = link[1], link[2]
    return f"{label} ({address})" if label and not address.endswith(label) else label or address


def name_in(code: re.Match[str], names: Mapping[str, str]) -> str:
    return str(code[3] or names.get(code[2], code[2])).removeprefix("@")
