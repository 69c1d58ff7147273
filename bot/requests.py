"""What reaches the core: who said what where, and the port through which the core speaks unasked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from bot.messages import Message
from bot.text import is_printable, printable


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
class Request:
    """One event from a person.

    `id` is the same whenever the platform delivers the same event again. `text` is a command without
    `/llmq`. `body` is text from a form or a plain reply, taken as it is. `reply_to` is the id of the message
    that a plain reply answers.
    """

    id: str
    channel: Channel
    member: Member
    text: str
    body: str | None = None
    reply_to: str | None = None

    def printable(self) -> Request:
        """The request without what can neither be stored nor shown."""
        if is_printable(self.text, self.body, self.reply_to, self.member.name):
            return self
        body = None if self.body is None else printable(self.body)
        reply_to = None if self.reply_to is None else printable(self.reply_to)
        member = Member(self.member.id, printable(self.member.name))
        return replace(self, text=printable(self.text), body=body, reply_to=reply_to, member=member)


class ChannelRefused(Exception):
    """The platform refuses this channel for good (gone, archived, not allowed).

    The text is the reason, a sentence of Markdown in our own words.
    """


class Platform(Protocol):
    """What the core asks of a platform. A call may raise; it is then made again later, with the same key."""

    async def post(self, channel: Channel, message: Message, key: str) -> str:
        """Post to the channel and return the message's id. The key can be found again with `find`."""

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        """Replace what a posted message says."""

    async def reply(self, channel: Channel, message_id: str, message: Message, key: str) -> None:
        """Post in the thread of a message; a no-op where the key stands there already."""

    async def find(self, channel: Channel, key: str) -> str | None:
        """The id of the message that was posted with this key, if it was."""

    async def tell(self, team: str, member_id: str, message: Message) -> None:
        """Send a message to one member alone."""

    async def is_admin(self, channel: Channel, member: Member) -> bool:
        """Whether the member may administer llmq in the channel."""
