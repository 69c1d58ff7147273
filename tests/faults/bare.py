"""What the small platforms of the fault tests share: everyone is an admin, and nothing is lacking."""

from __future__ import annotations

from bot.messages import Message
from bot.platform import Ability, AdminStatus
from bot.requests import Channel, Member


class Bare:
    """The part of a platform that has no channel in it."""

    tells_quietly = True

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        """An edit made twice is one edit."""

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        raise NotImplementedError

    async def renew(
        self,
        channel: Channel,
        message_id: str,
        message: Message | None,
        key: str,
        version: str,
        after: str = "",
    ) -> None:
        """Nobody here changes a late answer."""
        if message:
            await self.reply(channel, message_id, message, key, after)

    async def pin(self, channel: Channel, message_id: str) -> None:
        """A pin made twice is one pin."""

    async def unpin(self, channel: Channel, message_id: str) -> None:
        """Nothing is left pinned."""

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        """Nobody listens."""

    async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
        return "admin"

    async def lacks(self, channel: Channel, to: Ability = "ask") -> tuple[str, ...]:
        return ()

    async def zone_of(self, team: str, member_id: str) -> str | None:
        return None
