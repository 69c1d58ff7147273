"""How Discord tells the app of something that a person did."""

from __future__ import annotations

from tests.fakes.discord import permissions
from tests.fakes.discord.interactions import COMMAND, Interaction
from tests.fakes.discord.people import Json, User
from tests.fakes.discord.places import DM, Channel, Message
from tests.fakes.discord.world import World

LARGEST_FILE = 10 * 1024 * 1024
IN_GUILD, IN_DM = 0, 1


def begin(
    world: World,
    kind: int,
    user: User,
    channel: Channel,
    what: str,
    *,
    source: Message | None = None,
    opened_by: Interaction | None = None,
) -> Interaction:
    """A fresh interaction, which the app may answer from now on."""
    id = world.new_id()
    interaction = Interaction(id, f"token-{id}", kind, user, channel, what, world.now(), source, opened_by)
    interaction.metadata = metadata(interaction)
    world.interactions[interaction.token] = interaction
    return interaction


def metadata(interaction: Interaction) -> Json:
    """What a message says of the interaction that it answers."""
    own = {"id": interaction.id, "type": interaction.kind, "user": interaction.user.wire()}
    own["authorizing_integration_owners"] = owners(interaction.channel)
    if interaction.kind == COMMAND:
        return own | {"name": interaction.what.removeprefix("/"), "command_type": 1}
    if interaction.opened_by:
        return own | {"triggering_interaction_metadata": interaction.opened_by.metadata}
    return own | ({"interacted_message_id": interaction.source.id} if interaction.source else {})


def owners(channel: Channel) -> Json:
    return {"0": channel.guild.id if channel.guild else "0"}


def wire(world: World, interaction: Interaction, data: Json) -> Json:
    """INTERACTION_CREATE"""
    channel, user = interaction.channel, interaction.user
    own: Json = {"id": interaction.id, "application_id": world.app_id, "type": interaction.kind, "data": data}
    own |= {"token": interaction.token, "version": 1, "locale": user.locale, "entitlements": []}
    own |= {"attachment_size_limit": LARGEST_FILE, "authorizing_integration_owners": owners(channel)}
    own |= {"channel_id": channel.id, "channel": partial(channel, user)}
    own |= {"app_permissions": str(permissions.in_channel(channel, world.bot))}
    own["context"] = IN_DM if channel.kind == DM else IN_GUILD
    if interaction.source:
        own["message"] = interaction.source.wire(world.bot.id)
    return own | who(channel, user)


def partial(channel: Channel, user: User) -> Json:
    """A channel with what the person may do in it."""
    return channel.wire() | {"permissions": str(permissions.in_channel(channel, user))}


def who(channel: Channel, user: User) -> Json:
    """In a guild a member, in a DM a user."""
    guild = channel.guild
    if not guild:
        return {"user": user.wire()}
    may = str(permissions.in_channel(channel, user))
    brief = {"id": guild.id, "locale": guild.locale, "features": []}
    member = guild.members[user.id].wire() | {"permissions": may}
    return {"guild_id": guild.id, "guild": brief, "guild_locale": guild.locale, "member": member}
