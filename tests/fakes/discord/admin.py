"""What those who run a guild do to it: invite and remove the bot, give and take, open and close."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.discord import events, posting
from tests.fakes.discord.people import Guild, Role, User
from tests.fakes.discord.permissions import BOT, Overwrite, bits
from tests.fakes.discord.places import Channel, Message
from tests.fakes.discord.world import World


@dataclass(frozen=True, slots=True)
class Admin:
    """Each change is told to the app, as far as it may know."""

    world: World

    def invite(self, guild: Guild, permissions: int = BOT) -> None:
        """Bring the bot in, for the first time or again."""
        self.world.join_bot(guild, permissions)
        events.guild_found(self.world, guild, new=True)

    def remove_bot(self, guild: Guild) -> None:
        """Its role goes with it, and so do the commands of this guild."""
        role = self.world.bot_role(guild)
        del guild.members[self.world.bot.id], guild.roles[role.id]
        self.world.commands.pop(guild.id, None)
        events.guild_lost(self.world, guild, outage=False)

    def outage(self, guild: Guild) -> None:
        """Discord itself cannot reach the guild for a while."""
        guild.unavailable = True
        events.guild_lost(self.world, guild, outage=True)

    def recover(self, guild: Guild) -> None:
        guild.unavailable = False
        events.guild_found(self.world, guild, new=False)

    def rename(self, guild: Guild, name: str) -> None:
        guild.name = name
        events.guild_event(self.world, "GUILD_UPDATE", guild)

    def show_command(self, guild: Guild, name: str, user: User) -> None:
        """Let somebody use a command, by the guild's settings of the integration."""
        guild.shown.add((name, user.id))

    def grant(self, guild: Guild, *names: str) -> None:
        """Add to what the bot may do everywhere."""
        self._change_bot(guild, bits(*names), 0)

    def revoke(self, guild: Guild, *names: str) -> None:
        """Take from the bot, and from everyone, so that nothing else gives it back."""
        guild.everyone.permissions &= ~bits(*names)
        events.role_event(self.world, "GUILD_ROLE_UPDATE", guild, guild.everyone)
        self._change_bot(guild, 0, bits(*names))

    def _change_bot(self, guild: Guild, more: int, less: int) -> None:
        role = self.world.bot_role(guild)
        role.permissions = (role.permissions | more) & ~less
        events.role_event(self.world, "GUILD_ROLE_UPDATE", guild, role)

    def allow(self, channel: Channel, *names: str, whom: User | Role | None = None) -> None:
        """In one channel, for the bot unless somebody else is named."""
        self._overwrite(channel, whom).change(allow=bits(*names))
        events.place_event(self.world, "CHANNEL_UPDATE", channel)

    def deny(self, channel: Channel, *names: str, whom: User | Role | None = None) -> None:
        self._overwrite(channel, whom).change(deny=bits(*names))
        events.place_event(self.world, "CHANNEL_UPDATE", channel)

    def _overwrite(self, channel: Channel, whom: User | Role | None) -> Overwrite:
        return channel.overwrites.setdefault((whom or self.world.bot).id, Overwrite())

    def add_role(self, guild: Guild, name: str, *names: str, mentionable: bool = False) -> Role:
        role = Role(self.world.new_id(), name, bits(*names), mentionable=mentionable)
        guild.roles[role.id] = role
        events.role_event(self.world, "GUILD_ROLE_CREATE", guild, role)
        return role

    def give_role(self, guild: Guild, user: User, role: Role) -> None:
        guild.members[user.id].roles.append(role)
        events.member_event(self.world, "GUILD_MEMBER_UPDATE", guild, guild.members[user.id])

    def nick(self, guild: Guild, user: User, nick: str | None) -> None:
        guild.members[user.id].nick = nick
        events.member_event(self.world, "GUILD_MEMBER_UPDATE", guild, guild.members[user.id])

    def delete_channel(self, channel: Channel) -> None:
        """With a channel its threads go, of which Discord says nothing."""
        assert channel.guild
        if channel.is_thread:
            events.thread_deleted(self.world, channel)
        else:
            events.place_event(self.world, "CHANNEL_DELETE", channel)
        for gone in (channel, *channel.threads):
            del channel.guild.channels[gone.id]

    def clear(self, channel: Channel, *messages: Message) -> None:
        """Delete messages all at once, as moderators' bots do."""
        posting.remove_all(self.world, channel, messages)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Put a thread away; when it is locked too, only moderators take it out again."""
        thread.archived, thread.locked = True, locked
        events.place_event(self.world, "THREAD_UPDATE", thread)
