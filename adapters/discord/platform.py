"""Discord as the place where the bot posts unasked: plain REST, from whichever process."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import discord
from discord.abc import Messageable

from adapters.discord.addresses import addressed_message, guild_of
from adapters.discord.clickable import clickable
from adapters.discord.components import (
    Mark,
    Part,
    allowed_in,
    number_in,
    parts_of,
    parts_to_find,
    with_files,
)
from adapters.discord.permissions import ALL_PERMISSIONS, NEEDED_TO, missing_in, sentence_for
from adapters.discord.reading import understood
from adapters.discord.refusals import REFUSED, pinning, refused, refusing
from bot.messages import CHANNEL, Heading, Markdown, Message, Tick, without_moments
from bot.platform import Ability, AdminStatus, ChannelRefused
from bot.requests import Channel, Member

log = logging.getLogger(__name__)

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
Forum = discord.ForumChannel

# How far back a post is looked for that may have been made before we died.
MOST_RECENT = 1000
LONGEST_NAME = 100
STORED = "✅"
NO_CHANNEL, NOT_THERE = 10003, 10008
THREAD_EXISTS = 160004
NO_THREADS = {50001, 50013, 50024, 160005, 160006, 30033}
NOT_TO_EDIT = {NOT_THERE, 30046, 50005}


class DiscordPlatform:
    """A `bot.platform.Platform` over one client, whose gateway need not know the channel."""

    tells_quietly = True

    def __init__(
        self,
        client: discord.Client,
        admins: frozenset[str],
        pace: Callable[[int], Awaitable[None]] | None = None,
    ) -> None:
        """`pace` waits until about so many requests may be made."""
        self.client, self.pace = client, pace or at_once
        # The ids of the application's commands, once they are known: with them commands can be clicked.
        self.commands: Mapping[str, str] = {}
        self._admins = admins
        self._managers: dict[tuple[Channel, str], bool] = {}
        self._allowed: dict[Channel, discord.Permissions] = {}
        self._places: dict[int, Place | Forum] = {}

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        """Post to the channel; in a forum as a new post, or in the one that it speaks about."""
        parts = parts_to_find(message, key)
        await self.pace(len(parts))
        with refusing("a post"):
            place = await self._place(channel.id)
            if isinstance(place, Forum) and about:
                return await self._complete(self._partial(about), message, key, about)
            if isinstance(place, Forum):
                return await self._post_in_forum(place, message, key)
            ids = [await send(place, part) for part in parts]
        return ids[0]

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        """Replace what a posted message says."""
        allowed, (view, *_) = allowed_in(message), parts_of(message)
        await self.pace(1)
        try:
            with understood("an edit"):
                place = await self._place_of(channel, message_id)
                await place.get_partial_message(int(message_id)).edit(view=view, allowed_mentions=allowed)
        except discord.HTTPException as fault:
            if fault.code not in NOT_TO_EDIT:
                raise refused(fault) from fault
            log.warning("message %s in %s stays as it is: %s", message_id, channel.id, fault.text)

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        """Post in the message's thread, or as replies to it where none can be, what is not there yet."""
        after = after or message_id
        with refusing("a reply"):
            thread = await self._thread(channel, message_id, title)
            if thread and (last := await self._in_thread(thread, message, key, after)):
                return last
            # Beside its question, or where that is gone, a reveal says what was asked.
            heading = (Heading(title),) if title else ()
            whole = replace(message, blocks=(*heading, *message.blocks))
            question = discord.MessageReference(
                message_id=int(message_id), channel_id=int(channel.id), fail_if_not_exists=False
            )
            return await self._complete(self._partial(channel.id), whole, key, after, question)

    async def renew(
        self,
        channel: Channel,
        message_id: str,
        message: Message | None,
        key: str,
        version: str,
        after: str = "",
    ) -> None:
        """Edit the parts that stand there, post those that do not, delete those that are too many."""
        parts, after = parts_to_find(message, key, version) if message else [], after or message_id
        with refusing("a reply"):
            place, question = await self._place_of_replies(channel, message_id)
            await self.pace(1 + len(parts))
            there = {number_in(one.components): one async for one in self._own(place, after)}
            for part in parts:
                if stands := there.get(part.mark.number):
                    await stands.edit(view=part.view, allowed_mentions=part.allowed)
                else:
                    await send(place, part, question)
            for n in count(len(parts)):
                if (stands := there.get(Mark.of(key, n).number)) is None:
                    break
                await stands.delete()

    async def _place_of_replies(
        self, channel: Channel, message_id: str
    ) -> tuple[discord.PartialMessageable, discord.MessageReference | None]:
        """The thread of a message; where it has none the channel, with what is replied to."""
        if thread := await self._thread(channel, message_id, ""):
            try:
                async for _ in thread.history(limit=1):
                    break
            except discord.NotFound as fault:
                if fault.code != NO_CHANNEL:
                    raise
            else:
                return thread, None
        question = discord.MessageReference(
            message_id=int(message_id), channel_id=int(channel.id), fail_if_not_exists=False
        )
        return self._partial(channel.id), question

    async def pin(self, channel: Channel, message_id: str) -> None:
        """Pin a message of a channel; a post of a forum is none."""
        place = await self._place(channel.id)
        if isinstance(place, Forum):
            raise ChannelRefused("llmq pins nothing in a forum.")
        with pinning("a pin"):
            await self.pace(1)
            await place.get_partial_message(int(message_id)).pin()

    async def unpin(self, channel: Channel, message_id: str) -> None:
        """Take a pin off, where there is one."""
        with pinning("a pin"):
            await self.pace(1)
            await self._partial(channel.id).get_partial_message(int(message_id)).unpin()

    async def find(self, channel: Channel, key: str) -> str | None:
        """The message with this key, among the channel's latest or a forum's posts."""
        await self.pace(1)
        number = Mark.of(key).number
        with refusing("a search"):
            place = await self._place(channel.id)
            if isinstance(place, Forum):
                return await self._find_in_forum(place, number)
            async for one in place.history(limit=MOST_RECENT):
                if self._is_own(one) and number_in(one.components) == number:
                    return str(one.id)
        return None

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        """Send a direct message, quietly without a sound or a notification. Its buttons name the server."""
        await self.pace(2)
        with refusing("a direct message"):
            person = await self.client.create_dm(discord.Object(int(member_id)))
            told = clickable(addressed_message(message, guild_of(team)), self.commands)
            *first, last = parts_of(told)
            for view in first:
                await person.send(view=view, silent=quietly)
            await person.send(view=with_files(last, message.files), silent=quietly, files=attached(message))

    async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
        """Those who may manage the server, as their newest command there told, and those of the settings."""
        if member.id in self._admins:
            return "admin"
        manages = self._managers.get((channel, member.id))
        return "unknown" if manages is None else "admin" if manages else "member"

    async def lacks(self, channel: Channel, to: Ability = "ask") -> tuple[str, ...]:
        """The permissions that llmq lacked in the channel when it was last used there."""
        missing = missing_in(self._allowed.get(channel, ALL_PERMISSIONS), NEEDED_TO[to])
        return (sentence_for(missing),) if missing else ()

    async def zone_of(self, team: str, member_id: str) -> str | None:
        """Nothing: Discord does not tell."""
        return None

    async def tick(self, ticks: Sequence[Tick]) -> None:
        """Mark the replies that count, and take the mark off those that do so no more."""
        for tick in ticks:
            try:
                with understood("a reaction"):
                    await self._tick(tick)
            except (discord.DiscordException, TimeoutError) as fault:
                log.warning("the mark on %s in %s stays as it is: %s", tick.message, tick.channel, fault)

    def remember(self, channel: Channel, member_id: str, told: discord.Interaction[Any]) -> None:
        """Keep what an interaction says of the permissions of its member, and of ours in its channel."""
        self._managers[channel, member_id] = told.permissions.manage_guild
        if told.app_permissions.value:
            self._allowed[channel] = told.app_permissions

    async def _tick(self, tick: Tick) -> None:
        """A reply stands in the channel, or in the thread of the question."""
        assert self.client.user
        for id in filter(None, (tick.channel, tick.question)):
            reply = self._partial(id).get_partial_message(int(tick.message))
            try:
                if tick.on:
                    await reply.add_reaction(STORED)
                else:
                    await reply.remove_reaction(STORED, self.client.user)
                return
            except discord.NotFound as fault:
                if fault.code not in (NO_CHANNEL, NOT_THERE):
                    raise

    async def _place(self, id: str) -> Place | Forum:
        """The channel, from the gateway's memory, from ours, or from Discord."""
        number = int(id)
        known = self.client.get_channel(number) or self._places.get(number)
        found = known or await self.client.fetch_channel(number)
        if not isinstance(found, Place | Forum):
            raise ChannelRefused(REFUSED[50008])
        self._places[number] = found
        return found

    def _partial(self, id: str) -> discord.PartialMessageable:
        """A channel or a thread of which no more than the id is needed."""
        return self.client.get_partial_messageable(int(id))

    async def _place_of(self, channel: Channel, message_id: str) -> discord.PartialMessageable:
        """Where a question stands: a post of a forum is the first message of a thread with its id."""
        place = await self._place(channel.id)
        return self._partial(message_id if isinstance(place, Forum) else channel.id)

    async def _thread(
        self, channel: Channel, message_id: str, title: str
    ) -> discord.PartialMessageable | None:
        """The thread of a message, which has its id; begun with the title. None where threads cannot be."""
        place = await self._place(channel.id)
        if title and isinstance(place, discord.TextChannel):
            try:
                await place.get_partial_message(int(message_id)).create_thread(name=shortened(title))
            except discord.HTTPException as fault:
                if fault.code in NO_THREADS:
                    log.info("no thread for message %s in %s: %s", message_id, channel.id, fault.text)
                    return None
                if fault.code not in (THREAD_EXISTS, NOT_THERE):
                    raise
        return self._partial(message_id) if isinstance(place, discord.TextChannel | Forum) else None

    async def _in_thread(
        self, thread: discord.PartialMessageable, message: Message, key: str, after: str
    ) -> str | None:
        """Post what the thread lacks, and return the id of the last part; None where there is no thread."""
        try:
            return await self._complete(thread, message, key, after)
        except discord.NotFound as fault:
            if fault.code != NO_CHANNEL:
                raise
            return None

    async def _complete(
        self,
        place: discord.PartialMessageable,
        message: Message,
        key: str,
        after: str,
        question: discord.MessageReference | None = None,
    ) -> str:
        """Post the parts that do not stand behind a message, however much lies between; the last one's id."""
        parts, last = parts_to_find(message, key), after
        await self.pace(1 + len(parts))
        there = {number_in(one.components): str(one.id) async for one in self._own(place, after)}
        for part in parts:
            last = there.get(part.mark.number) or await send(place, part, question)
        return last

    async def _own(self, place: Messageable, after: str) -> AsyncIterator[discord.Message]:
        """What the bot said in a place behind a message."""
        async for one in place.history(limit=None, after=discord.Object(int(after)), oldest_first=True):
            if self._is_own(one):
                yield one

    def _is_own(self, message: discord.Message) -> bool:
        return self.client.user is not None and message.author.id == self.client.user.id

    async def _post_in_forum(self, forum: Forum, message: Message, key: str) -> str:
        """A new post of a forum, named by what it says first."""
        first, *more = parts_to_find(message, key)
        tags = forum.available_tags[:1] if forum.flags.require_tag else []
        name = shortened(title_of(message))
        thread, posted = await forum.create_thread(
            name=name, view=first.view, applied_tags=tags, allowed_mentions=first.allowed
        )
        for part in more:
            await send(thread, part)
        return str(posted.id)

    async def _find_in_forum(self, forum: Forum, number: int) -> str | None:
        """The forum's post whose first message has a number: the thread and that message have one id."""
        for thread in await forum.guild.active_threads():
            if thread.parent_id != forum.id or not self.client.user or thread.owner_id != self.client.user.id:
                continue
            async for first in thread.history(limit=1, oldest_first=True):
                if number_in(first.components) == number:
                    return str(thread.id)
        return None


def attached(message: Message) -> list[discord.File]:
    """The message's files as Discord takes them."""
    return [discord.File(io.BytesIO(file.text.encode()), file.name) for file in message.files]


async def at_once(_: int) -> None:
    """Nobody else makes requests."""


async def send(place: Messageable, part: Part, question: discord.MessageReference | None = None) -> str:
    """Say a part of a message; said twice within minutes, Discord takes it once. Returns its id."""
    view, nonce, allowed = part.view, part.mark.nonce, part.allowed
    if question:
        posted = await place.send(
            view=view, nonce=nonce, reference=question, mention_author=False, allowed_mentions=allowed
        )
    else:
        posted = await place.send(view=view, nonce=nonce, allowed_mentions=allowed)
    return str(posted.id)


def title_of(message: Message) -> str:
    """What a message says first, without marks."""
    words = (block.text for block in message.blocks if isinstance(block, Heading | Markdown))
    first = without_moments(next(words, "llmq")).replace("**", "").partition("\n")[0]
    return CHANNEL.sub("the channel", first)


def shortened(title: str) -> str:
    """A name of a thread, which has 100 characters at most."""
    return title if len(title) <= LONGEST_NAME else f"{title[: LONGEST_NAME - 1].rstrip()}…"
