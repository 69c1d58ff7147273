"""chat.* and reactions.*: what a bot posts, changes and takes back."""

from __future__ import annotations

import re

from tests.fakes.slack import events
from tests.fakes.slack.call import LONGEST_UPDATE, Here, SlackFault, content, metadata_of
from tests.fakes.slack.people import Channel, Json, Message

EMOJI = re.compile(r"^[a-z0-9_+'\-]+(::skin-tone-[2-6])?$")


def place_to_post(here: Here) -> Channel:
    """A channel, or the conversation with the user whose id was given."""
    wanted = str(here.need("channel")[0])
    if wanted in here.workspace.users:
        if not here.world.app.messages_tab:
            raise SlackFault("messages_tab_disabled")
        return here.world.open_dm(here.workspace, wanted)
    channel = here.channel()
    if channel.archived:
        raise SlackFault("is_archived")
    scopes = here.world.app.scopes
    if channel.kind != "channel" or scopes is None or "chat:write.public" not in scopes:
        here.joined(channel)
    return channel


def thread_of(here: Here, channel: Channel) -> str | None:
    ts = here.args.get("thread_ts")
    if not ts:
        return None
    parent = channel.find(str(ts))
    if not parent or parent.thread_ts not in (None, parent.ts):
        raise SlackFault("thread_not_found")
    return parent.ts


def links_names(here: Here) -> bool:
    return here.yes("link_names") or here.args.get("parse") == "full"


def post_message(here: Here) -> Json:
    here.scope("chat:write")
    channel = place_to_post(here)
    text, blocks = content(here)
    bot = here.workspace.bot
    message = Message(
        channel,
        here.world.next_ts(),
        bot.id,
        text,
        blocks,
        here.workspace.bot_id,
        thread_of(here, channel),
        "thread_broadcast" if here.yes("reply_broadcast") else None,
        metadata_of(here),
        links_names=links_names(here),
    )
    channel.messages.append(message)
    events.posted(here.world, here.workspace, message)
    return {"channel": channel.id, "ts": message.ts, "message": message.wire()}


def update(here: Here) -> Json:
    here.scope("chat:write")
    channel = here.channel()
    message = here.message(channel, here.need("ts")[0])
    if message.user != here.workspace.bot.id:
        raise SlackFault("cant_update_message")
    if channel.archived:
        raise SlackFault("is_archived")
    before = message.wire()
    text, blocks = content(here, LONGEST_UPDATE)
    metadata = metadata_of(here)
    # Text without blocks takes the blocks away; metadata that is not named stays, {} clears it.
    message.text, message.blocks = text, blocks
    message.links_names = links_names(here)
    if here.args.get("metadata") is not None:
        message.metadata = metadata
    if not blocks:
        message.edited = {"user": message.user, "ts": here.world.next_ts()}
    events.changed(here.world, here.workspace, message, before)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": message.wire()}


def delete(here: Here) -> Json:
    here.scope("chat:write")
    channel = here.channel()
    message = here.message(channel, here.need("ts")[0])
    if message.user != here.workspace.bot.id:
        raise SlackFault("cant_delete_message")
    events.remove(here.world, here.workspace, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(here: Here) -> Json:
    here.scope("chat:write")
    channel, user = here.channel(), here.need("user")[0]
    if channel.archived:
        raise SlackFault("is_archived")
    here.joined(channel)
    if user not in channel.members:
        raise SlackFault("user_not_in_channel")
    text, blocks = content(here)
    ts = here.world.next_ts()
    message = Message(
        channel, ts, here.workspace.bot.id, text, blocks, here.workspace.bot_id, ephemeral_to=user
    )
    message.links_names = links_names(here)
    message.thread_ts = thread_of(here, channel)
    if message.thread_ts and not channel.thread(message.thread_ts):
        here.world.warn("an ephemeral message in a thread without replies: nobody sees it")
    here.workspace.ephemerals.append(message)
    return {"message_ts": message.ts}


def reacted(here: Here) -> tuple[Message, str]:
    """What the call is about: a message, and an emoji."""
    here.scope("reactions:write")
    channel = here.joined(here.channel())
    timestamp, name = here.need("timestamp", "name")
    message = here.message(channel, timestamp)
    if not EMOJI.match(str(name)):
        raise SlackFault("invalid_name")
    if channel.archived:
        raise SlackFault("is_archived")
    return message, str(name)


def add_reaction(here: Here) -> Json:
    message, name = reacted(here)
    users = message.reactions.setdefault(name, [])
    if here.workspace.bot.id in users:
        raise SlackFault("already_reacted")
    users.append(here.workspace.bot.id)
    return {}


def remove_reaction(here: Here) -> Json:
    message, name = reacted(here)
    if here.workspace.bot.id not in message.reactions.get(name, []):
        raise SlackFault("no_reaction")
    message.reactions[name].remove(here.workspace.bot.id)
    return {}
