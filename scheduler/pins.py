"""How the question is pinned and the one before taken down: safe to take twice, a refusal said once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.game.channel import ChannelState
from bot.game.pins import Pin, to_pin
from bot.platform import ChannelRefused, Platform
from bot.requests import Channel
from bot.store.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pins:
    """Pins on the platforms."""

    store: Store
    platforms: Mapping[str, Platform]

    async def put_right(self, channel: Channel, state: ChannelState, now: datetime) -> str:
        """Take down what should not be pinned any more, else pin the question.

        Returns what an admin should know: why it is not allowed, the first time.
        """
        pin, wanted = state.pin, to_pin(state.schedule, state.round)
        if pin.message in ("", wanted):
            return await self._pin(channel, pin, wanted, now)
        if pin.state == "refused" or (pin.state == "unpinning" and pin.is_in_vain):
            await self.store.save_pin(channel, Pin(told=pin.told))
        else:
            await self._unpin(channel, pin, now)
        return ""

    async def _pin(self, channel: Channel, pin: Pin, message: str, now: datetime) -> str:
        """Kept before it is tried: whoever goes on after a kill knows what may be pinned."""
        await self.store.save_pin(channel, pin.tried("pinning", message, now))
        try:
            await self.platforms[channel.platform].pin(channel, message)
        except ChannelRefused as refused:
            log.warning("the question in %s is not pinned: %s", channel.id, refused)
            await self.store.save_pin(channel, Pin(message, "refused", told=True))
            return "" if pin.told else str(refused)
        await self.store.save_pin(channel, Pin(message, "pinned"))
        return ""

    async def _unpin(self, channel: Channel, pin: Pin, now: datetime) -> None:
        """What the platform does not let go is left to people."""
        await self.store.save_pin(channel, pin.tried("unpinning", pin.message, now))
        try:
            await self.platforms[channel.platform].unpin(channel, pin.message)
        except ChannelRefused as refused:
            log.warning("the last question in %s stays pinned: %s", channel.id, refused)
        await self.store.save_pin(channel, Pin(told=pin.told))
