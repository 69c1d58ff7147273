"""Discord's refusals, as the port knows them: of a channel for good, of llmq itself, or to be tried again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import discord

from adapters.discord.reading import understood
from bot.platform import ChannelRefused, TokenRefused

# What Discord answers when it will not take a channel, or a person, however often it is asked.
REFUSED = {
    10003: "The channel is gone.",
    10004: "llmq is no longer in the server. Add it again.",
    10013: "Discord does not know that person.",
    30033: "The channel has as many threads as it may have.",
    50001: "llmq cannot see the channel. Let it view the channel, or add it to the server again.",
    50007: "That person takes no direct messages from llmq.",
    50008: "Messages cannot be posted in a channel of this kind.",
    50013: "llmq lacks a permission in the channel: docs/discord.md lists those it needs.",
    50083: "The thread is archived, and llmq may not open it again.",
    50278: "That person shares no server with llmq any more.",
    160006: "The channel has as many active threads as it may have.",
}
# What concerns the application as a whole, and may be put right at any time.
UNAUTHORIZED, BLOCKED = 401, 40333


# What Discord answers when it pins no message there, or none any more. One that is gone needs no pin.
NOT_PINNED = {
    30003: "The channel has as many pins as it may have. Take some down.",
    50013: "Allow llmq Pin Messages in this channel.",
    50021: "Discord does not pin this message.",
}
GONE = 10008


@contextmanager
def pinning(what: str) -> Iterator[None]:
    """The same for a pin, which no message has to have."""
    try:
        with understood(what):
            yield
    except discord.HTTPException as fault:
        if fault.code == GONE:
            return
        raise ChannelRefused(words) if (words := NOT_PINNED.get(fault.code)) else refused(fault) from fault


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """Turns Discord's faults into the port's own."""
    try:
        with understood(what):
            yield
    except discord.HTTPException as fault:
        raise refused(fault) from fault


def refused(fault: discord.HTTPException) -> Exception:
    """A refusal of the channel for good, of llmq, or the fault itself where trying again may help."""
    if fault.status == UNAUTHORIZED:
        return TokenRefused("Discord does not accept the bot's token. Set LLMQ_DISCORD_TOKEN anew.")
    if fault.code == BLOCKED:
        return TokenRefused("Discord's network refuses llmq for now.")
    words = REFUSED.get(fault.code)
    return ChannelRefused(words) if words else fault
