"""What reaches the core: who said what where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from bot.text import is_printable, printable

# A member whom somebody named in a command, as an adapter writes it: `<@U123|Ana>`.
MENTION = re.compile(r"<@(?P<id>[^|>\s]+)(?:\|(?P<name>[^>]*))?>")


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a team. `team` is the platform and its id for the team, such as `slack:T024BE7LD`."""

    team: str
    id: str

    @property
    def platform(self) -> str:
        """The part of `team` before the first colon."""
        return self.team.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a team; the name is the one to show at this moment."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """What a member wrote in the thread of a question, or in reply to it.

    `question` is the id of the message it answers, `id` its own, `created` when it was written first.
    """

    question: str
    id: str
    created: datetime


class Attachment(Protocol):
    """A file that somebody gave to a command."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int:
        """How many bytes it has, as the platform tells it."""

    async def read(self, most: int) -> bytes:
        """What stands in it. Raises a refusal where it has more bytes, or cannot be had now."""


@dataclass(frozen=True, slots=True)
class Request:
    """One act of a person.

    `id` is the same whenever the platform delivers the same act again, and `at` is its moment as the platform
    tells it; where it does not, the clock of the first delivery is taken. `text` is a command without
    `/llmq`, in which MENTION stands for members whom it names. `body` is text from a form, taken as it is;
    `inputs` is all that stood in the form, by name. With `thread` the text is `reply`, and the body is what
    that message says now, or None once it is deleted; then the member may be unknown. Where a `file` was
    given, its name stands in the text.
    """

    id: str
    channel: Channel
    member: Member
    text: str
    body: str | None = None
    at: datetime | None = None
    thread: ThreadMessage | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    file: Attachment | None = None

    def printable(self) -> Request:
        """The request without what can neither be stored nor shown."""
        if is_printable(self.text, self.body, self.member.name, *self.inputs.values()):
            return self
        body = None if self.body is None else printable(self.body)
        member = Member(self.member.id, printable(self.member.name))
        inputs = {name: printable(text) for name, text in self.inputs.items()}
        return replace(self, text=printable(self.text), body=body, member=member, inputs=inputs)


def by_name(text: str) -> str:
    """Text of a command with the members whom it names as `@Ana`."""
    return MENTION.sub(lambda mention: f"@{mention['name'] or mention['id']}", text)
