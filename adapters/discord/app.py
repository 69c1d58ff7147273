"""Discord's events, each turned into one request, and the reply shown where it was asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import aiohttp
import discord
from discord.utils import snowflake_time

from adapters.discord.addresses import addressed, read_address, team_of
from adapters.discord.clickable import clickable
from adapters.discord.commands import command_text, completions, file_in
from adapters.discord.files import file_of
from adapters.discord.leases import Leases
from adapters.discord.mentions import by_name, mentioned, names_of, roles_in, with_names, with_roles
from adapters.discord.platform import DiscordPlatform
from adapters.discord.reading import understood
from adapters.discord.shards import ShardLeases
from adapters.discord.showing import show, typed_in
from bot.bot import Bot, give_back
from bot.commands.table import TABLE
from bot.errors import Refusal
from bot.messages import TEXT, Button, Message, Reply
from bot.metrics import RATE_LIMITS
from bot.platform import ChannelRefused
from bot.requests import Attachment, Channel, Member, Request, ThreadMessage
from bot.stopping import ended

log = logging.getLogger(__name__)

# Messages are wanted for replies: the words of those that mention the bot arrive without a privilege.
INTENTS = discord.Intents(guilds=True, guild_messages=True)
GOODBYE_SECONDS = 1.0
ASK_NAME_SECONDS = 0.4
ASK_MEMBER_SECONDS = 1.0
MOST_NAMED = 5
# Discord does not tell whose message was deleted.
NOBODY = Member("", "")
ONLY_IN_SERVERS = "llmq works in the channels of a server. Use it there."
NOT_IN_SERVER = "Either you or llmq are no longer in the server that this is about. Nothing was done."
NOT_SAID = "Discord did not say whether you are still in the server that this is about. Nothing was done."


class Discord(discord.AutoShardedClient):
    """The connection of one application. It remembers no messages and no members: all state is in Redis.

    With leases it serves the shards that fall to this process, else those named, or all.
    """

    def __init__(
        self,
        bot: Bot,
        platform: DiscordPlatform,
        leases: Leases | None = None,
        shard_count: int | None = None,
        shard_ids: tuple[int, ...] = (),
        replica: str = "",
    ) -> None:
        super().__init__(
            intents=INTENTS,
            shard_count=shard_count,
            shard_ids=list(shard_ids) or None,  # type: ignore[arg-type]
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=counting_rate_limits(),
        )
        self.bot, self.platform = bot, platform
        self.shard_leases = ShardLeases(self, leases, bot.game.clock, replica) if leases else None
        self._working: set[asyncio.Task[Any]] = set()

    def is_connected(self) -> bool:
        """Whether each of our shards is: discord.py stays ready while a connection is lost and made again."""
        leases = self.shard_leases
        ours = leases.shares.ours if leases and leases.shares else self.shards.keys()
        lost = any(link.is_closed() for shard, link in self.shards.items() if shard in ours)
        return (leases.is_ready() if leases else self.is_ready()) and not lost

    async def launch_shards(self) -> None:
        """Connect all shards, or leave it to our share of them."""
        if self.shard_leases is None:
            await super().launch_shards()

    async def take(self, shard: int, count: int) -> None:
        """Connect one shard of so many."""
        if known := self.get_shard(shard):
            # It was ours before, and may be about to reconnect by itself.
            await known.reconnect()
        else:
            self.shard_count, self.shard_ids = count, [shard]
            await super().launch_shards()

    async def disconnect(self, shards: Collection[int]) -> None:
        """Say goodbye on some shards, and hang up where nobody answers that."""
        links = [link for shard, link in self.shards.items() if shard in shards]
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await asyncio.gather(*(link.disconnect() for link in links))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the turn to start a session."""
        if self.shard_leases:
            await asyncio.sleep(await self.shard_leases.reserve_session(shard_id or 0))
        else:
            await super().before_identify_hook(shard_id, initial=initial)

    async def on_shard_connect(self, shard_id: int) -> None:
        """A session of a shard has begun."""
        if self.shard_leases:
            self.shard_leases.connected(shard_id)

    async def stop(self) -> None:
        """Hear of nothing new, end what was begun, and close."""
        await self.disconnect(self.shards)
        await ended(self.answered(), "answers to Discord")
        await self.close()

    async def answered(self) -> None:
        """Wait until all that was heard of is answered."""
        while self._working:
            await asyncio.wait(self._working)

    @contextmanager
    def working(self) -> Iterator[None]:
        """What is done meanwhile is waited for at the end."""
        task = asyncio.current_task()
        assert task is not None
        self._working.add(task)
        try:
            yield
        finally:
            self._working.discard(task)

    async def handles(self, guild: int | None, event: str) -> bool:
        """Whether an event is for this process."""
        return self.shard_leases is None or await self.shard_leases.handles(guild, event)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """A command, a completion, a button or a form."""
        with self.working():
            if await self.handles(interaction.guild_id, str(interaction.id)):
                await self.interact(interaction)

    async def interact(self, interaction: discord.Interaction) -> None:
        """What each kind of interaction asks for."""
        data: Mapping[str, Any] = interaction.data or {}
        match interaction.type:
            case discord.InteractionType.autocomplete:
                await interaction.response.autocomplete(completions(data, TABLE, self.bot.game.catalogue))
            case discord.InteractionType.application_command:
                text = command_text(data, TABLE)
                names = await self.names(interaction.guild_id, mentioned(text))
                roles = roles_in(interaction.guild)
                text = with_roles(with_names(text, names), roles)
                await self.answer(interaction, text, file=file_of(file_in(data)))
            case discord.InteractionType.component:
                await self.answer(interaction, data["custom_id"])
            case discord.InteractionType.modal_submit:
                await self.answer(interaction, data["custom_id"], dict(typed_in(data["components"])))
            case _:
                log.debug("an interaction of type %s is none of ours", interaction.type)

    async def answer(
        self,
        interaction: discord.Interaction,
        text: str,
        inputs: Mapping[str, str] | None = None,
        file: Attachment | None = None,
    ) -> None:
        """The reply to an interaction; its first message rides on the answer to it."""
        guild, command = (interaction.guild_id, text) if interaction.guild_id else read_address(text)
        if guild is None or interaction.channel_id is None:
            await interaction.response.send_message(ONLY_IN_SERVERS, ephemeral=True)
            return
        place = channel_of(interaction.channel, interaction.channel_id) if interaction.guild_id else ""
        channel = Channel(team_of(guild), place)
        member = Member(str(interaction.user.id), interaction.user.display_name)
        body = None if inputs is None else inputs.get(TEXT, "")
        at = interaction.created_at
        id, inputs = str(interaction.id), inputs or {}
        request = Request(id, channel, member, command, body, at, inputs=inputs, file=file)
        if interaction.guild_id is None:
            reply = addressed(await self.handle_privately(guild, request), guild)
        else:
            self.platform.remember(channel, member.id, interaction)
            reply = await self.bot.handle(request)
        try:
            await show(interaction, self.with_commands(reply))
        finally:
            if isinstance(reply, Message):
                await self.platform.tick(reply.ticks)

    def with_commands(self, reply: Reply) -> Reply:
        """The reply with the commands that it names, to be clicked."""
        return clickable(reply, self.platform.commands) if isinstance(reply, Message) else reply

    async def handle_privately(self, guild: int, request: Request) -> Reply:
        """The reply to what was pressed or sent in a direct message, by nobody but a member of the server."""
        try:
            member = await self.member_of(guild, request)
        except Refusal as refusal:
            return give_back(str(refusal), request, refusal.buttons)
        return await self.bot.handle(replace(request, member=member))

    async def member_of(self, guild: int, request: Request) -> Member:
        """Whoever makes a request, by their name in a server. Raises a refusal for who is not in it."""
        try:
            async with asyncio.timeout(ASK_MEMBER_SECONDS):
                with understood("who is a member"):
                    told = await self.http.get_member(guild, int(request.member.id))
                    return replace(request.member, name=told.get("nick") or request.member.name)
        except (discord.NotFound, discord.Forbidden):
            raise Refusal(NOT_IN_SERVER) from None
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError) as fault:
            log.warning("Discord does not say who is a member: %s", type(fault).__name__)
            raise Refusal(NOT_SAID, Button("Try again", request.text, primary=True)) from None

    async def names(self, guild: int | None, members: Collection[int]) -> dict[int, str]:
        """The names of members whom a command names by their ids, as far as Discord tells them at once."""
        server = self.get_guild(guild) if guild and members else None
        if server is None:
            return {}
        try:
            async with asyncio.timeout(ASK_NAME_SECONDS):
                asked = sorted(members)[:MOST_NAMED]
                return names_of([await server.fetch_member(member) for member in asked])
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError) as fault:
            log.info("who is named in a command is not known: %s", type(fault).__name__)
            return {}

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server, or the server is gone; an outage is not told so."""
        with self.working():
            await self.bot.left(team_of(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server, again perhaps."""
        with self.working():
            await self.bot.returned(team_of(guild.id))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server that the bot is in; it may have been added while nobody heard of it."""
        with self.working():
            await self.bot.returned(team_of(guild.id))

    async def on_message(self, message: discord.Message) -> None:
        """A message in reply to the question, or in its thread, that mentions the bot may answer it."""
        with self.working():
            await self.read(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """An edited reply may replace the answer. Discord sends this too when it has looked at a link."""
        if payload.message.edited_at is not None:
            with self.working():
                await self.read(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A deleted reply takes its answer back. Discord tells no more of it than where it stood."""
        await self.forget(payload.guild_id, payload.channel_id, {payload.message_id})

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """A moderator, or another bot, has cleared a channel."""
        await self.forget(payload.guild_id, payload.channel_id, payload.message_ids)

    async def forget(self, guild: int | None, place: int, messages: Collection[int]) -> None:
        """Tell the core of messages that are gone; it knows those that were answers."""
        if guild is None:
            return
        server = self.get_guild(guild)
        channel = Channel(team_of(guild), channel_of(server and server.get_channel_or_thread(place), place))
        with self.working():
            for message in messages:
                if await self.handles(guild, id := f"{message} deleted"):
                    gone = ThreadMessage("", str(message), snowflake_time(message))
                    now = self.bot.game.clock()
                    reply = await self.bot.handle(Request(id, channel, NOBODY, "reply", None, now, gone))
                    await self.acknowledge(reply, channel.team)

    async def read(self, message: discord.Message) -> None:
        """Take a message for a reply to the question, if it may be one."""
        question, guild = question_of(message), message.guild
        if guild is None or question is None or message.author.bot or not self.mentioned(message):
            return
        # An edit is another request than what it edits.
        id = f"{message.id} {message.edited_at.timestamp()}" if message.edited_at else str(message.id)
        if not await self.handles(guild.id, id):
            return
        channel = Channel(team_of(guild.id), channel_of(message.channel, message.channel.id))
        member = Member(str(message.author.id), message.author.display_name)
        typed = by_name(self.without_mention(message.content), names_of(message.mentions))
        at = message.edited_at or message.created_at
        written = ThreadMessage(str(question), str(message.id), message.created_at)
        reply = await self.bot.handle(Request(id, channel, member, "reply", typed, at, written))
        await self.acknowledge(reply, channel.team, message.author)

    def mentioned(self, message: discord.Message) -> bool:
        return self.user is not None and any(user.id == self.user.id for user in message.mentions)

    def without_mention(self, content: str) -> str:
        """What was typed beside the bot's name."""
        assert self.user is not None
        for name in (f"<@{self.user.id}>", f"<@!{self.user.id}>"):
            content = content.replace(name, "")
        return content.strip()

    async def acknowledge(self, reply: Reply, team: str, author: discord.abc.User | None = None) -> None:
        """Marks on what counts and counts no more; a direct message for what was refused, with the text."""
        assert isinstance(reply, Message)
        await self.platform.tick(reply.ticks)
        if reply.refused and author:
            try:
                await self.platform.tell(team, str(author.id), reply)
            except (ChannelRefused, discord.DiscordException, TimeoutError) as fault:
                log.warning("%s cannot be told of a refusal: %s", author.id, fault)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """What failed while an event was handled, without anyone's words."""
        log.exception("%s failed", event_method)


def counting_rate_limits() -> aiohttp.TraceConfig:
    """discord.py waits out what Discord asks to be done later, and says so to nobody."""
    trace = aiohttp.TraceConfig()

    async def ended(_: object, __: object, end: aiohttp.TraceRequestEndParams) -> None:
        if end.response.status == 429:
            RATE_LIMITS.labels("discord").inc()

    trace.on_request_end.append(ended)
    return trace


def question_of(message: discord.Message) -> int | None:
    """The message that this one may answer: the one replied to, or the one whose thread it stands in."""
    if isinstance(message.channel, discord.Thread) and not message.is_system():
        return message.channel.id
    reference = message.reference if message.type is discord.MessageType.reply else None
    return reference.message_id if reference else None


def channel_of(channel: object, id: int) -> str:
    """The channel that has the schedule: a thread belongs to the one it is in."""
    parent = getattr(channel, "parent_id", None)
    return str(parent or id)
