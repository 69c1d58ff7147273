"""The port through which the core speaks unasked, and what is found out about a platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.messages import Message
from bot.requests import Channel, Member


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; a warning or a fault says what to do."""

    mark: Literal["ok", "warn", "fault"]
    text: str

    def __str__(self) -> str:
        return f"{self.mark:<6}{self.text}"
