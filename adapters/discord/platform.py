"""Discord as the place where the bot posts unasked: plain REST, from whichever process."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from hashlib import sha1

import discord
from discord import ui

from adapters.discord.components import parts_of
from bot.messages import Heading, Message
from bot.platform import ChannelRefused
from bot.requests import Channel, Member

log = logging.getLogger(__name__)

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
Forum = discord.ForumChannel

MOST_RECENT = 100
LONGEST_NAME = 100
# What Discord answers when it will not take a channel, or a person, however often it is asked.
REFUSED = {
    10003: "The channel is gone.",
    10004: "llmq is no longer in the server. Add it again.",
    10013: "Discord does not know that person.",
    30033: "The channel has as many threads as it may have.",
    40333: "Discord refuses llmq for now.",
    50001: "llmq cannot see the channel. Let it view the channel, or add it to the server again.",
    50007: "That person takes no direct messages from llmq.",
    50008: "Messages cannot be posted in a channel of this kind.",
    50013: "llmq lacks a permission in the channel: docs/discord.md lists those it needs.",
    50083: "The thread is archived, and llmq may not open it again.",
    50278: "That person shares no server with llmq any more.",
    160006: "The channel has as many active threads as it may have.",
}
NOT_THERE = 10008
THREAD_EXISTS = 160004
NO_THREADS = {50001, 50013, 50024, 160005, 160006, 30033}
NOT_TO_EDIT = {NOT_THERE, 30046, 50005}


class DiscordPlatform:
    """A `bot.platform.Platform` over one client, whose gateway need not know the channel."""

    def __init__(
        self,
        client: discord.Client,
        admins: frozenset[str],
        pace: Callable[[int], Awaitable[None]] | None = None,
    ) -> None:
        """`pace` waits until about so many requests may be made."""
        self.client, self.pace = client, pace or at_once
        self._admins = admins
        self._managers: set[tuple[str, str]] = set()
        self._places: dict[int, Place | Forum] = {}

    async def post(self, channel: Channel, message: Message, key: str) -> str:
        """Post to the channel, or as a new post of a forum; the key makes the nonce."""
        first, *more = parts_of(message)
        await self.pace(1 + len(more))
        try:
            place = await self._place(channel.id)
            if isinstance(place, Forum):
                tags = place.available_tags[:1] if place.flags.require_tag else []
                place, posted = await place.create_thread(
                    name=title_of(message), view=first, applied_tags=tags
                )
            else:
                posted = await place.send(view=first, nonce=nonce_of(key))
            await self._send(place, more, key, 1)
        except discord.HTTPException as fault:
            raise refused(fault) from fault
        return str(posted.id)

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        """Replace what a posted message says."""
        view, *_ = parts_of(message)
        await self.pace(1)
        try:
            place = await self._place_of_message(channel, message_id)
            await place.get_partial_message(int(message_id)).edit(view=view)
        except discord.HTTPException as fault:
            if fault.code not in NOT_TO_EDIT:
                raise refused(fault) from fault
            log.warning("message %s in %s stays as it is: %s", message_id, channel.id, fault.text)

    async def reply(self, channel: Channel, message_id: str, message: Message, key: str) -> None:
        """Post in the message's thread, or as replies to it where none can be, what is not there yet."""
        views = parts_of(message)
        await self.pace(2 + len(views))
        try:
            thread = await self._thread(channel, message_id, title_of(message))
            if thread:
                said = [one async for one in self._own(thread) if str(one.id) != message_id]
                await self._send(thread, views[len(said) :], key, len(said))
            else:
                await self._reply_in_channel(channel, message_id, views, key)
        except discord.HTTPException as fault:
            raise refused(fault) from fault

    async def find(self, channel: Channel, key: str) -> str | None:
        """The message whose buttons name the key, among the channel's latest."""
        await self.pace(1)
        try:
            place = await self._place(channel.id)
            if isinstance(place, Forum):
                return await self._find_post(place, key)
            found = [one.id async for one in self._own(place) if names(one, key)]
        except discord.HTTPException as fault:
            raise refused(fault) from fault
        return str(found[0]) if found else None

    async def tell(self, team: str, member_id: str, message: Message) -> None:
        """Send a direct message."""
        await self.pace(3)
        try:
            person = await self.client.fetch_user(int(member_id))
            for view in parts_of(message):
                await person.send(view=view)
        except discord.HTTPException as fault:
            raise refused(fault) from fault

    async def is_admin(self, channel: Channel, member: Member) -> bool:
        """Those who may manage the server, as their newest command told, and those of the settings."""
        return member.id in self._admins or (channel.team, member.id) in self._managers

    def remember(self, team: str, member_id: str, *, manages: bool) -> None:
        """Keep what an interaction says of its member's permissions."""
        (self._managers.add if manages else self._managers.discard)((team, member_id))

    async def _place(self, id: str) -> Place | Forum:
        """The channel, from the gateway's memory, from ours, or from Discord."""
        number = int(id)
        known = self.client.get_channel(number) or self._places.get(number)
        found = known or await self.client.fetch_channel(number)
        if not isinstance(found, Place | Forum):
            raise ChannelRefused(REFUSED[50008])
        self._places[number] = found
        return found

    async def _place_of_message(self, channel: Channel, message_id: str) -> Place:
        """Where a question stands: a post of a forum is the first message of a thread with its id."""
        place = await self._place(channel.id)
        if isinstance(place, Forum):
            place = await self._place(message_id)
        if isinstance(place, Forum):
            raise ChannelRefused(REFUSED[50008])
        return place

    async def _thread(self, channel: Channel, message_id: str, name: str) -> Place | None:
        """The thread of a message, made if need be; its id is the message's. None where threads cannot be."""
        place = await self._place(channel.id)
        if isinstance(place, Forum):
            return await self._place_of_message(channel, message_id)
        if not isinstance(place, discord.TextChannel):
            return None
        try:
            return await place.get_partial_message(int(message_id)).create_thread(name=name)
        except discord.HTTPException as fault:
            if fault.code == THREAD_EXISTS:
                return await self._place_of_message(Channel(channel.team, message_id), message_id)
            if fault.code in NO_THREADS or fault.code == NOT_THERE:
                log.info("no thread for message %s in %s: %s", message_id, channel.id, fault.text)
                return None
            raise

    async def _reply_in_channel(
        self, channel: Channel, message_id: str, views: Sequence[ui.LayoutView], key: str
    ) -> None:
        place = await self._place_of_message(channel, message_id)
        question = discord.MessageReference(
            message_id=int(message_id), channel_id=int(channel.id), fail_if_not_exists=False
        )
        said = [one async for one in self._own(place) if answers_to(one, message_id)]
        await self._send(place, views[len(said) :], key, len(said), question)

    async def _send(
        self,
        place: Place,
        views: Iterable[ui.LayoutView],
        key: str,
        first: int,
        question: discord.MessageReference | None = None,
    ) -> None:
        for n, view in enumerate(views, first):
            nonce = nonce_of(f"{key}#{n}")
            if question:
                await place.send(view=view, nonce=nonce, reference=question, mention_author=False)
            else:
                await place.send(view=view, nonce=nonce)

    async def _own(self, place: Place) -> AsyncIterator[discord.Message]:
        """The bot's own among the latest messages of a place."""
        async for message in place.history(limit=MOST_RECENT):
            if self.client.user and message.author.id == self.client.user.id:
                yield message

    async def _find_post(self, forum: Forum, key: str) -> str | None:
        """The forum's post whose first message names the key."""
        for thread in await forum.guild.active_threads():
            if thread.parent_id == forum.id:
                found = [one.id async for one in self._own(thread) if names(one, key)]
                if found:
                    return str(thread.id)
        return None


async def at_once(_: int) -> None:
    """Nobody else makes requests."""


def nonce_of(key: str) -> str:
    """Up to 25 characters that are the same whenever the same thing is posted again."""
    return sha1(key.encode(), usedforsecurity=False).hexdigest()[:25]


def title_of(message: Message) -> str:
    """The name of a thread: its message's heading."""
    headings = (block.text for block in message.blocks if isinstance(block, Heading))
    return next(headings, "llmq")[:LONGEST_NAME]


def names(message: discord.Message, key: str) -> bool:
    """Whether a button of a message names a round."""
    return any(f"@{key}" in custom_id.split() for custom_id in custom_ids(message.components))


def custom_ids(components: Iterable[object]) -> Iterable[str]:
    """The commands of all buttons of a message, however deep they lie."""
    for component in components:
        if isinstance(component, discord.Button):
            yield component.custom_id or ""
        yield from custom_ids(getattr(component, "children", ()))


def answers_to(message: discord.Message, message_id: str) -> bool:
    reference = message.reference
    return bool(reference and str(reference.message_id) == message_id)


def refused(fault: discord.HTTPException) -> Exception:
    """A refusal of the channel for good, or the fault itself where trying again may help."""
    words = REFUSED.get(fault.code)
    return ChannelRefused(words) if words else fault
