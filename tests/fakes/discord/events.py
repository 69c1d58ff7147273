"""What the app is told of, and of how much: who sees what, and what stays empty without the intent for it."""

from __future__ import annotations

from collections.abc import Sequence

from discord import Intents

from tests.fakes.discord.people import Guild, Json, Membership, Role
from tests.fakes.discord.permissions import may
from tests.fakes.discord.places import DM, Channel, Message
from tests.fakes.discord.world import Event, World

GUILDS, MEMBERS = Intents(guilds=True).value, Intents(members=True).value
IN_GUILD, IN_DM = Intents(guild_messages=True).value, Intents(dm_messages=True).value
REACTIONS, DM_REACTIONS = Intents(guild_reactions=True).value, Intents(dm_reactions=True).value
HIDDEN: Json = {"content": "", "embeds": [], "components": [], "attachments": []}


def message_event(world: World, name: str, message: Message) -> None:
    """MESSAGE_CREATE and MESSAGE_UPDATE. A message for one person alone is told to nobody."""
    channel = message.channel
    if message.ephemeral_to or not heard(world, channel):
        return
    told = message.wire(world.bot.id) | of_guild(message)
    veiled = None if readable(world, message) else told | HIDDEN
    emit(world, name, told, channel, veiled=veiled)


def of_guild(message: Message) -> Json:
    guild = message.channel.guild
    if not guild:
        return {}
    member = guild.members.get(message.author.id)
    return {"guild_id": guild.id} | ({"member": member.wire(with_user=False)} if member else {})


def readable(world: World, message: Message) -> bool:
    """Without the privileged intent an app reads what it said, what was said to it, and what names it."""
    named = [user["id"] for user in message.wire(world.bot.id)["mentions"]]
    mine = message.author is world.bot or world.bot.id in named
    return mine or message.channel.kind == DM


def deleted(world: World, message: Message) -> None:
    if message.ephemeral_to or not heard(world, message.channel):
        return
    emit(world, "MESSAGE_DELETE", {"id": message.id, **where(message.channel)}, message.channel)


def all_deleted(world: World, channel: Channel, messages: Sequence[Message]) -> None:
    if heard(world, channel):
        told = {"ids": [message.id for message in messages], **where(channel)}
        emit(world, "MESSAGE_DELETE_BULK", told, channel)


def reacted(world: World, message: Message, user_id: str, emoji: str, name: str) -> None:
    """MESSAGE_REACTION_ADD and MESSAGE_REACTION_REMOVE."""
    if not heard(world, message.channel):
        return
    told = {"user_id": user_id, "message_id": message.id, "emoji": {"id": None, "name": emoji}}
    needs = REACTIONS if message.channel.guild else DM_REACTIONS
    emit(world, name, {**told, **where(message.channel), "type": 0, "burst": False}, message.channel, needs)


def heard(world: World, channel: Channel) -> bool:
    return world.has_bot(channel.guild) and may(channel, world.bot, "view_channel")


def where(channel: Channel) -> Json:
    return {"channel_id": channel.id} | ({"guild_id": channel.guild.id} if channel.guild else {})


def emit(
    world: World, name: str, told: Json, channel: Channel, needs: int = 0, veiled: Json | None = None
) -> None:
    guild_id = channel.guild.id if channel.guild else None
    world.emit(Event(name, told, guild_id, needs or (IN_GUILD if guild_id else IN_DM), veiled))


def place_event(world: World, name: str, channel: Channel, **more: bool) -> None:
    """CHANNEL_* and THREAD_*."""
    if channel.guild and world.has_bot(channel.guild):
        world.emit(Event(name, channel.wire() | more, channel.guild.id, GUILDS))


def thread_deleted(world: World, thread: Channel) -> None:
    assert thread.guild
    assert thread.parent
    told = {"id": thread.id, "parent_id": thread.parent.id, "type": thread.kind, "guild_id": thread.guild.id}
    world.emit(Event("THREAD_DELETE", told, thread.guild.id, GUILDS))


def guild_event(world: World, name: str, guild: Guild) -> None:
    if world.has_bot(guild):
        world.emit(Event(name, guild.wire(), guild.id, GUILDS))


def guild_lost(world: World, guild: Guild, *, outage: bool) -> None:
    """Without `unavailable`, the bot has been removed."""
    told: Json = {"id": guild.id} | ({"unavailable": True} if outage else {})
    world.emit(Event("GUILD_DELETE", told, guild.id, GUILDS))


def guild_found(world: World, guild: Guild, *, new: bool) -> None:
    """A guild that comes back from an outage says that it is available; one that invites the bot does not."""
    told = guild.created([guild.members[world.bot.id]])
    world.emit(Event("GUILD_CREATE", told | ({} if new else {"unavailable": False}), guild.id, GUILDS))


def role_event(world: World, name: str, guild: Guild, role: Role) -> None:
    if world.has_bot(guild):
        world.emit(Event(name, {"guild_id": guild.id, "role": role.wire()}, guild.id, GUILDS))


def member_event(world: World, name: str, guild: Guild, member: Membership) -> None:
    """Of itself the bot hears always, of others with the intent for members."""
    if world.has_bot(guild):
        needs = 0 if member.user is world.bot else MEMBERS
        world.emit(Event(name, {"guild_id": guild.id, **member.wire()}, guild.id, needs))
