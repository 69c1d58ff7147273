"""pins.*: what hangs at the top of a channel."""

from __future__ import annotations

from tests.fakes.slack import events
from tests.fakes.slack.call import Here, SlackFault
from tests.fakes.slack.people import Json, Message

MOST_PINS = 100


def pinned(here: Here) -> Message:
    """The message that the call is about, in a channel that our bot is in."""
    here.scope("pins:write")
    channel = here.joined(here.channel())
    message = here.message(channel, here.need("timestamp")[0])
    if channel.archived:
        raise SlackFault("is_archived")
    if message.subtype:
        raise SlackFault("not_pinnable")
    return message


def add(here: Here) -> Json:
    """Pin a message; the channel is told so, in the name of who pinned it."""
    message = pinned(here)
    channel, bot = message.channel, here.workspace.bot
    if message.ts in channel.pins:
        raise SlackFault("already_pinned")
    if len(channel.pins) >= MOST_PINS:
        raise SlackFault("too_many_pins")
    channel.pins.append(message.ts)
    words = f"<@{bot.id}> pinned a message to this channel."
    told = Message(channel, here.world.next_ts(), bot.id, words, subtype="pinned_item")
    channel.messages.append(told)
    events.posted(here.world, here.workspace, told)
    return {}


def remove(here: Here) -> Json:
    message = pinned(here)
    if message.ts not in message.channel.pins:
        raise SlackFault("no_pin")
    message.channel.pins.remove(message.ts)
    return {}
