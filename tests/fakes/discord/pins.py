"""The endpoints for what hangs at the top of a channel."""

from __future__ import annotations

from tests.fakes.discord import events, posting
from tests.fakes.discord.call import Here
from tests.fakes.discord.errors import refused
from tests.fakes.discord.places import DM, NORMAL, PINNED, REPLY, Message

MOST_PINS = 250


def pinnable(here: Here) -> Message:
    """The message of the call, where our bot may pin: no more than that permission counts."""
    channel = here.channel()
    if channel.kind != DM and not here.may(channel, "read_message_history", "pin_messages"):
        raise refused("missing_permissions")
    message = here.message(channel)
    here.open_for_changes(channel)
    if message.kind not in (NORMAL, REPLY):
        raise refused("not_for_system_messages")
    return message


def pin(here: Here) -> None:
    """PUT /channels/{channel}/messages/pins/{message}: the channel is told so, the first time."""
    message = pinnable(here)
    if message.pinned:
        return
    if sum(one.pinned for one in message.channel.posts) >= MOST_PINS:
        raise refused("too_many_pins")
    message.pinned = True
    events.message_event(here.world, "MESSAGE_UPDATE", message)
    told = Message(here.world.new_id(), message.channel, here.world.bot, here.world.now(), kind=PINNED)
    told.reply_to = message
    posting.stand(here.world, told)


def unpin(here: Here) -> None:
    message = pinnable(here)
    if message.pinned:
        message.pinned = False
        events.message_event(here.world, "MESSAGE_UPDATE", message)
