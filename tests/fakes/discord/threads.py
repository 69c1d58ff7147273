"""The endpoints for channels themselves, and for the threads that hang on them."""

from __future__ import annotations

from tests.fakes.discord import events, posting
from tests.fakes.discord.bodies import faults_of_message
from tests.fakes.discord.call import Here, wire
from tests.fakes.discord.errors import refused
from tests.fakes.discord.people import Json
from tests.fakes.discord.places import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    REQUIRES_TAG,
    TEXT,
    Channel,
    Message,
)
from tests.fakes.discord.schema import (
    Check,
    anything,
    boolean,
    integer,
    listing,
    one_of,
    shape,
    snowflake,
    string,
)
from tests.fakes.discord.world import World

DURATION = one_of(60, 1440, 4320, 10080)
PACE: dict[str, Check] = {"auto_archive_duration": DURATION, "rate_limit_per_user": integer(0, 21600)}
FROM_MESSAGE = shape({"name": string(100)}, PACE)
ALONE = shape({"name": string(100)}, {**PACE, "type": one_of(10, 11, 12), "invitable": boolean})
IN_FORUM = shape(
    {"name": string(100), "message": anything},
    {**PACE, "type": anything, "invitable": anything, "applied_tags": listing(snowflake, 5)},
)
CHANGED = shape(
    {},
    {
        **PACE,
        "name": string(100),
        "archived": boolean,
        "locked": boolean,
        "invitable": boolean,
        "flags": integer(0),
        "applied_tags": listing(snowflake, 5),
    },
)


def get(here: Here) -> Json:
    """GET /channels/{channel}"""
    return here.channel().wire()


def active(here: Here) -> Json:
    """GET /guilds/{guild}/threads/active"""
    found = [one for one in here.guild().channels.values() if one.is_thread and not one.archived]
    return {"threads": [one.wire() for one in found], "members": [], "has_more": False}


def from_message(here: Here) -> Json:
    """POST /channels/{channel}/messages/{message}/threads. The thread has the id of the message."""
    channel = here.channel()
    if channel.kind not in (TEXT, ANNOUNCEMENT):
        raise refused("wrong_channel_type")
    message = here.message(channel)
    if not here.may(channel, "create_public_threads", "read_message_history"):
        raise refused("missing_permissions")
    here.fits(FROM_MESSAGE)
    if message.thread:
        raise refused("thread_exists")
    thread = begin(here, channel, message.id, thread_kind(channel))
    message.thread = thread
    announce(here.world, thread)
    events.message_event(here.world, "MESSAGE_UPDATE", message)
    return thread.wire()


def thread_kind(channel: Channel) -> int:
    return ANNOUNCEMENT_THREAD if channel.kind == ANNOUNCEMENT else PUBLIC_THREAD


def start(here: Here) -> Json:
    """POST /channels/{channel}/threads"""
    channel = here.channel()
    if channel.kind == FORUM:
        return start_in_forum(here, channel)
    if channel.kind not in (TEXT, ANNOUNCEMENT):
        raise refused("wrong_channel_type")
    here.fits(ALONE)
    kind = here.body.get("type") or PRIVATE_THREAD
    need = "create_private_threads" if kind == PRIVATE_THREAD else "create_public_threads"
    if not here.may(channel, need):
        raise refused("missing_permissions")
    thread = begin(here, channel, here.world.new_id(), kind)
    announce(here.world, thread)
    return thread.wire()


def start_in_forum(here: Here, forum: Channel) -> Json:
    """A post: a thread together with its first message."""
    here.fits(IN_FORUM)
    here.check(faults_of_message(here.body["message"], "forum", ("message",)))
    if not here.may(forum, "send_messages"):
        raise refused("missing_permissions")
    if forum.flags & REQUIRES_TAG and not here.body.get("applied_tags"):
        raise refused("tag_required")
    thread = begin(here, forum, here.world.new_id(), PUBLIC_THREAD, standing=False)
    message = Message(thread.id, thread, here.world.bot, here.world.now())
    posting.write(here.world, message, here.body["message"], here.files)
    place(thread)
    announce(here.world, thread)
    posting.ping(message, here.body["message"], people_only=False)
    posting.stand(here.world, message)
    return thread.wire() | {"message": wire(here, message)}


def begin(here: Here, parent: Channel, id: str, kind: int, *, standing: bool = True) -> Channel:
    thread = Channel(id, kind, here.body["name"], parent.guild, parent)
    thread.owner_id, thread.changed_at = here.world.bot.id, here.world.now()
    thread.auto_archive = here.body.get("auto_archive_duration") or thread.auto_archive
    thread.applied_tags = [str(tag) for tag in here.body.get("applied_tags") or []]
    if standing:
        place(thread)
    return thread


def place(thread: Channel) -> None:
    assert thread.guild
    thread.guild.channels[thread.id] = thread


def announce(world: World, thread: Channel) -> None:
    events.place_event(world, "THREAD_CREATE", thread, newly_created=True)
    world.changed()


def join(here: Here) -> None:
    """PUT /channels/{channel}/thread-members/@me. We hear of what is said in a thread with or without."""
    thread = here.channel()
    if not thread.is_thread:
        raise refused("wrong_channel_type")
    here.open_for_changes(thread)


def change(here: Here) -> Json:
    """PATCH /channels/{channel}, of a thread: put it away, take it out, rename it."""
    thread = here.channel()
    if not thread.is_thread:
        raise refused("wrong_channel_type")
    here.fits(CHANGED)
    if thread.owner_id != here.world.bot.id and not here.may(thread, "manage_threads"):
        raise refused("missing_permissions")
    if thread.archived and here.body.get("archived", True):
        raise refused("thread_archived")
    thread.name = here.body.get("name", thread.name)
    thread.locked = here.body.get("locked", thread.locked)
    thread.archived = here.body.get("archived", thread.archived)
    events.place_event(here.world, "THREAD_UPDATE", thread)
    here.world.changed()
    return thread.wire()
