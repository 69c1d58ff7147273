"""What Slack tells the app of what happens in a workspace, and which of it the app asked for."""

from __future__ import annotations

from tests.fakes.slack.people import Channel, Json, Message, User
from tests.fakes.slack.world import Workspace, World

GROUPS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
TOMBSTONE = "This message was deleted."


def envelope(world: World, workspace: Workspace, event: Json) -> Json:
    """An event as the Events API sends it."""
    bot, author = workspace.bot.id, workspace.users.get(event.get("user", ""))
    return {
        "token": "deprecated",
        "type": "event_callback",
        # Of a guest in a shared channel it is the guest's; whose the app is stands in `authorizations`.
        "team_id": author.team if author else workspace.id,
        "context_team_id": workspace.id,
        "api_app_id": world.app.id,
        "event": event,
        "event_id": world.new_id("Ev"),
        "event_time": int(world.now()),
        "authorizations": [{"enterprise_id": None, "team_id": workspace.id, "user_id": bot, "is_bot": True}],
        "is_ext_shared_channel": False,
    }


def heard(world: World, workspace: Workspace, channel: Channel) -> bool:
    """Whether the app hears of what is said there: it asked, and its bot is a member."""
    return workspace.bot.id in channel.members and GROUPS[channel.kind] in world.app.events


def tell(world: World, workspace: Workspace, channel: Channel, event: Json) -> None:
    world.changed()
    if heard(world, workspace, channel):
        kind = {"channel_type": channel.kind, "channel": channel.id, "event_ts": event.get("ts")}
        world.emit(workspace, {"type": "message", **kind, **event})


def posted(world: World, workspace: Workspace, message: Message) -> None:
    event = message.wire()
    if message.subtype == "thread_broadcast" and (root := message.channel.find(message.thread_ts or "")):
        event["root"] = root.wire()
    tell(world, workspace, message.channel, event)
    mention = f"<@{workspace.bot.id}>"
    if mention in message.text and not message.bot_id and "app_mention" in world.app.events:
        mentioned = {**event, "type": "app_mention", "channel": message.channel.id, "event_ts": message.ts}
        world.emit(workspace, mentioned)


def changed(world: World, workspace: Workspace, message: Message, before: Json) -> None:
    change = {"message": message.wire(), "previous_message": before}
    hidden = {"subtype": "message_changed", "hidden": True, "ts": world.next_ts()}
    tell(world, workspace, message.channel, {**hidden, **change})


def remove(world: World, workspace: Workspace, message: Message) -> None:
    """Take a message away. One with replies leaves a stone behind, which Slack tells as a change."""
    before, channel = message.wire(), message.channel
    message.deleted = True
    if message.replies:
        message.subtype, message.text, message.blocks = "tombstone", TOMBSTONE, []
        changed(world, workspace, message, before)
        return
    channel.messages.remove(message)
    gone = {"subtype": "message_deleted", "hidden": True, "ts": world.next_ts()}
    tell(world, workspace, channel, {**gone, "deleted_ts": message.ts, "previous_message": before})


def joined(world: World, workspace: Workspace, channel: Channel, user: User) -> None:
    """A person joined: the message that says so, and the event if the app asked for it."""
    words = f"<@{user.id}> has joined the channel"
    message = Message(channel, world.next_ts(), user.id, words, subtype="channel_join")
    channel.messages.append(message)
    posted(world, workspace, message)
    if "member_joined_channel" in world.app.events and workspace.bot.id in channel.members:
        event = {"type": "member_joined_channel", "user": user.id, "channel": channel.id}
        world.emit(workspace, {**event, "team": workspace.id, "event_ts": message.ts})


def home_opened(world: World, workspace: Workspace, user: User, tab: str = "home") -> None:
    if "app_home_opened" in world.app.events:
        channel = world.open_dm(workspace, user.id)
        event = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": tab}
        shown = {"view": user.home.wire(workspace.bot_id, world.app.id)} if user.home else {}
        world.emit(workspace, {**event, **shown, "event_ts": world.next_ts()})
