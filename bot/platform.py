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


class TokenRefused(Exception):
    """The platform refuses llmq itself, not one channel: a token was revoked, or a right is missing.

    It may be put right at any time, so that what is due is tried again for a day. The text is the reason.
    """


# Whether somebody may administer a channel. `channel`: that one, and nothing of the whole team. `outside`:
# llmq is not in it and cannot see who may.
AdminStatus = Literal["admin", "channel", "member", "outside", "unknown"]


# What llmq may be asked to do in a channel.
Ability = Literal["ask", "ping", "pin"]


class Platform(Protocol):
    """What the core asks of a platform. A call may raise; it is then made again later, with the same key."""

    # Whether `tell` can leave out the notification; where it cannot, little is told unasked.
    tells_quietly: bool

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        """Post to the channel and return the message's id. The key can be found again with `find`.

        Where a channel takes nothing but questions, what speaks `about` one is posted under it.
        """

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        """Replace what a posted message says."""

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        """Post in the thread of a message, and return the id of the last part.

        A part that stands there already is not posted again; it is looked for behind the message `after`. A
        thread that is begun gets the title.
        """

    async def renew(
        self,
        channel: Channel,
        message_id: str,
        message: Message | None,
        key: str,
        version: str,
        after: str = "",
    ) -> None:
        """Let what was replied to a message with this key say this instead; None takes it away.

        It is posted where it does not stand yet, once for each version.
        """

    async def pin(self, channel: Channel, message_id: str) -> None:
        """Pin a posted message; one that is pinned already, or gone, is left as it is.

        Where it is not allowed, the refusal says what to do.
        """

    async def unpin(self, channel: Channel, message_id: str) -> None:
        """Take a pinned message down; one that is not pinned, or gone, is left as it is."""

    async def find(self, channel: Channel, key: str) -> str | None:
        """The id of the message that was posted with this key, if it was."""

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        """Send a message to one member alone, with its files where it has some."""

    async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
        """Whether the member may administer llmq in the channel."""

    async def lacks(self, channel: Channel, to: Ability = "ask") -> tuple[str, ...]:
        """What llmq lacks in a channel to ask and reveal, or for more; each a sentence on what to do."""

    async def zone_of(self, team: str, member_id: str) -> str | None:
        """The time zone that a member has set, an IANA name, where the platform knows it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; a warning or a fault says what to do."""

    mark: Literal["ok", "warn", "fault"]
    text: str

    def __str__(self) -> str:
        return f"{self.mark:<6}{self.text}"
