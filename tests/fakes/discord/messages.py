"""The endpoints for the messages of a channel, and for what people put under them."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import events, posting
from tests.fakes.discord.bodies import faults_of_message
from tests.fakes.discord.call import Here, wire
from tests.fakes.discord.errors import refused
from tests.fakes.discord.people import Json
from tests.fakes.discord.places import DM, FORUM, REPLY, Channel, Message
from tests.fakes.discord.schema import Wrong

# "The past few minutes", says Discord, and no more.
NONCE_SECONDS = 300.0


def create(here: Here) -> Json:
    """POST /channels/{channel}/messages"""
    channel = here.channel()
    if channel.kind == FORUM:
        raise refused("not_a_text_channel")
    here.speak_in(channel)
    here.check(faults_of_message(here.body, "new"))
    nonce = str(here.body.get("nonce") or "")
    if here.body.get("enforce_nonce") and (before := said_before(here, nonce)):
        return wire(here, before)
    message = fresh(here, channel)
    with_files(here, channel)
    posting.post(here.world, message, here.body, here.files, people_only=False)
    wake(here, channel)
    message.nonce = nonce or None
    here.world.nonces[here.world.bot.id, nonce] = message
    return wire(here, message)


def said_before(here: Here, nonce: str) -> Message | None:
    """The message that our bot sent with this nonce a moment ago."""
    found = here.world.nonces.get((here.world.bot.id, nonce))
    recent = found and not found.deleted and here.world.now() - found.at < NONCE_SECONDS
    return found if nonce and recent else None


def fresh(here: Here, channel: Channel) -> Message:
    message = Message(here.world.new_id(), channel, here.world.bot, here.world.now())
    if reference := here.body.get("message_reference"):
        message.reply_to = channel.find(str(reference.get("message_id")))
        message.kind = REPLY if message.reply_to else message.kind
        if not message.reply_to and reference.get("fail_if_not_exists", True):
            words = "Unknown message"
            here.check([Wrong(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", words)])
        if not here.may(channel, "read_message_history"):
            raise refused("missing_permissions")
    return message


def with_files(here: Here, channel: Channel) -> None:
    """Embeds and files take a permission each. Answers to an interaction do without."""
    if channel.kind == DM:
        return
    if here.body.get("embeds") and not here.may(channel, "embed_links"):
        raise refused("missing_permissions")
    if here.files and not here.may(channel, "attach_files"):
        raise refused("missing_permissions")


def wake(here: Here, channel: Channel) -> None:
    """What is said in a thread that was put away takes it out again."""
    if channel.archived:
        channel.archived = False
        events.place_event(here.world, "THREAD_UPDATE", channel)


def listed(here: Here) -> list[Json]:
    """GET /channels/{channel}/messages, the newest first; empty without the permission for the past."""
    channel = here.channel()
    limit = here.number("limit", 50, 1, 100)
    found = sorted(channel.posts, key=lambda message: int(message.id))
    if not here.may(channel, "read_message_history"):
        return []
    if before := here.call.query.get("before"):
        found = [message for message in found if int(message.id) < int(before)]
    if after := here.call.query.get("after"):
        return told(here, [message for message in found if int(message.id) > int(after)][:limit])
    return told(here, found[-limit:])


def told(here: Here, messages: list[Message]) -> list[Json]:
    return [as_read(here, message) for message in reversed(messages)]


def as_read(here: Here, message: Message) -> Json:
    """Without the privileged intent, REST hides what the gateway hides."""
    plain = here.world.may_read or events.readable(here.world, message)
    told = wire(here, message) | ({} if plain else events.HIDDEN)
    # Discord tells a nonce to who sends it, and keeps it no longer.
    return {name: value for name, value in told.items() if name != "nonce"}


def get(here: Here) -> Json:
    return as_read(here, here.message(here.channel("read_message_history")))


def edit(here: Here) -> Json:
    """PATCH /channels/{channel}/messages/{message}"""
    channel = here.channel()
    message = here.message(channel)
    if message.author is not here.world.bot:
        raise refused("not_the_author")
    here.open_for_changes(channel)
    here.check(faults_of_message(here.body, "edit", was_layout=message.layout))
    with_files(here, channel)
    return wire(here, posting.edit(here.world, message, here.body, here.files, people_only=False))


def delete(here: Here) -> None:
    channel = here.channel()
    message = here.message(channel)
    if message.author is not here.world.bot and not here.may(channel, "manage_messages"):
        raise refused("missing_permissions")
    here.open_for_changes(channel)
    posting.remove(here.world, message)


def react(here: Here) -> None:
    """PUT .../reactions/{emoji}/@me. Whoever comes second needs no permission to add one."""
    channel = here.channel("read_message_history")
    message, emoji = here.message(channel), here.names["emoji"]
    here.open_for_changes(channel)
    if emoji.isascii() and ":" not in emoji:
        raise refused("unknown_emoji")
    if not message.reactions.get(emoji) and not here.may(channel, "add_reactions"):
        raise refused("missing_permissions")
    users = message.reactions.setdefault(emoji, [])
    if here.world.bot.id not in users:
        users.append(here.world.bot.id)
        events.reacted(here.world, message, here.world.bot.id, emoji, "MESSAGE_REACTION_ADD")


def unreact(here: Here) -> None:
    channel = here.channel("read_message_history")
    message, emoji = here.message(channel), here.names["emoji"]
    here.open_for_changes(channel)
    users = message.reactions.get(emoji, [])
    if here.world.bot.id in users:
        users.remove(here.world.bot.id)
        if not users:
            del message.reactions[emoji]
        events.reacted(here.world, message, here.world.bot.id, emoji, "MESSAGE_REACTION_REMOVE")


def typing(here: Here) -> Any:
    here.speak_in(here.channel())
