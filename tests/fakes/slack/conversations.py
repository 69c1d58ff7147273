"""conversations.*: what a bot may read of channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from tests.fakes.slack import events
from tests.fakes.slack.call import Here, SlackFault
from tests.fakes.slack.people import Channel, Json, Message

T = TypeVar("T")
KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im"}
MOST = 999


def info(here: Here) -> Json:
    channel = here.channel()
    here.scoped(channel, "read")
    count = {"num_members": len(channel.members)} if here.yes("include_num_members") else {}
    return {"channel": channel.wire(here.workspace.bot.id) | count}


def history(here: Here) -> Json:
    channel = here.channel()
    here.scoped(channel, "history")
    here.joined(channel)
    shown = [one for one in reversed(channel.posts) if in_range(here, one)]
    page, cursor = cut(here, shown)
    return messages(here, page, cursor)


def replies(here: Here) -> Json:
    channel = here.channel()
    here.scoped(channel, "history")
    here.joined(channel)
    parent = channel.find(str(here.need("ts")[0]))
    if not parent:
        raise SlackFault("thread_not_found")
    root = channel.find(parent.thread_ts or parent.ts) or parent
    page, cursor = cut(here, [one for one in (root, *root.replies) if one is root or in_range(here, one)])
    return messages(here, page, cursor)


def messages(here: Here, page: Sequence[Message], cursor: Json) -> Json:
    told = [one.wire(here.yes("include_all_metadata")) for one in page]
    return {"messages": told, "has_more": bool(cursor), **cursor}


def in_range(here: Here, message: Message) -> bool:
    """Whether it lies between `oldest` and `latest`, which count only with `inclusive`."""
    ts, oldest, latest = float(message.ts), here.args.get("oldest"), here.args.get("latest")
    if here.yes("inclusive"):
        return (not oldest or ts >= float(oldest)) and (not latest or ts <= float(latest))
    return (not oldest or ts > float(oldest)) and (not latest or ts < float(latest))


def cut(here: Here, all_of_them: Sequence[T]) -> tuple[Sequence[T], Json]:
    """One page, and the cursor of the next if there is one."""
    limit = min(here.number("limit", 100), MOST)
    cursor = str(here.args.get("cursor") or "0")
    if not cursor.isdecimal() or limit < 1:
        raise SlackFault("invalid_cursor" if limit >= 1 else "invalid_limit")
    start = int(cursor)
    after = start + limit
    more = {"response_metadata": {"next_cursor": str(after)}} if after < len(all_of_them) else {}
    return all_of_them[start:after], more


def join(here: Here) -> Json:
    here.scope("channels:join")
    channel = here.channel()
    if channel.kind != "channel":
        raise SlackFault("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackFault("is_archived")
    if here.workspace.bot.id not in channel.members:
        channel.members.add(here.workspace.bot.id)
        events.joined(here.world, here.workspace, channel, here.workspace.bot)
    return {"channel": channel.wire(here.workspace.bot.id)}


def open_dm(here: Here) -> Json:
    here.scope("im:write")
    (user,) = here.need("users")
    if user not in here.workspace.users:
        raise SlackFault("users_not_found" if "," in str(user) else "user_not_found")
    return {"channel": here.world.open_dm(here.workspace, str(user)).wire(here.workspace.bot.id)}


def members(here: Here) -> Json:
    channel = here.channel()
    here.scoped(channel, "read")
    page, cursor = cut(here, sorted(channel.members))
    return {"members": list(page), **cursor}


def list_all(here: Here) -> Json:
    bot = here.workspace.bot.id
    return channels(here, [one for one in asked_kinds(here) if one.kind == "channel" or bot in one.members])


def of_the_bot(here: Here) -> Json:
    return channels(here, [one for one in asked_kinds(here) if here.workspace.bot.id in one.members])


def asked_kinds(here: Here) -> list[Channel]:
    here.scope("channels:read", "groups:read", "im:read")
    kinds = {KINDS.get(kind.strip()) for kind in str(here.args.get("types") or "public_channel").split(",")}
    archived_too = not here.yes("exclude_archived")
    places = here.workspace.channels.values()
    return [one for one in places if one.kind in kinds and (archived_too or not one.archived)]


def channels(here: Here, found: Sequence[Channel]) -> Json:
    page, cursor = cut(here, found)
    return {"channels": [one.wire(here.workspace.bot.id) for one in page], **cursor}
