"""A small real discord.py client, with which the stand-in is proved."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import Intents, app_commands, ui

from tests.fakes.discord.stand_in import DiscordStandIn

Interaction = discord.Interaction[Any]
Asked = Callable[[Interaction, str], Awaitable[None]]


class Answer(ui.Modal):
    """The form. Short words are answered with a complaint."""

    def __init__(self, number: str) -> None:
        super().__init__(title="Answer", custom_id=f"form:{number}", timeout=60)
        self.box: ui.TextInput[Answer] = ui.TextInput(
            custom_id="answer", style=discord.TextStyle.paragraph, max_length=3000
        )
        self.add_item(ui.Label(text="Your answer", component=self.box))

    async def on_submit(self, interaction: Interaction, /) -> None:
        await interaction.response.send_message(f"noted: {self.box.value}", ephemeral=True)


class AnswerButton(ui.DynamicItem[ui.Button["Question"]], template=r"ask:(?P<number>\w+)"):
    """A button whose state lives in its custom_id."""

    def __init__(self, number: str) -> None:
        super().__init__(ui.Button(label="Answer", custom_id=f"ask:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> AnswerButton:
        return cls(match["number"])

    async def callback(self, interaction: Interaction) -> Any:
        await interaction.response.send_modal(Answer(self.number))


class Question(ui.LayoutView):
    """A message of components alone."""

    def __init__(self, words: str) -> None:
        super().__init__(timeout=None)
        row: ui.ActionRow[Question] = ui.ActionRow()
        row.add_item(AnswerButton("q1"))
        self.add_item(ui.Container(ui.TextDisplay(words), ui.Separator(), row))


class Sample(discord.AutoShardedClient):
    """What it was told is kept. `asked` is what `/quiz do` does."""

    def __init__(self, intents: Intents | None = None, **settings: Any) -> None:
        super().__init__(
            intents=intents or Intents.default(),
            guild_ready_timeout=0,
            allowed_mentions=discord.AllowedMentions.none(),
            **settings,
        )
        self.tree = app_commands.CommandTree(self)
        self.said: list[discord.Message] = []
        self.edited: list[discord.RawMessageUpdateEvent] = []
        self.seen: list[str] = []
        self.asked: Asked | None = None
        self._add_commands()

    def _add_commands(self) -> None:
        group = app_commands.Group(name="quiz", description="Practice")

        @group.command(name="do", description="What the test says")
        async def do(interaction: Interaction, what: str = "") -> None:
            if self.asked:
                await self.asked(interaction, what)
            else:
                await interaction.response.send_message(f"heard: {what}", ephemeral=True)

        @group.command(name="topic", description="Choose a topic")
        async def topic(
            interaction: Interaction, name: str, count: app_commands.Range[int, 1, 9] = 1
        ) -> None:
            await interaction.response.send_message(f"{name} x{count}")

        @topic.autocomplete("name")
        async def offer(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
            names = [one for one in ("agents", "attention", "rag") if one.startswith(typed)]
            return [app_commands.Choice(name=one.title(), value=one) for one in names]

        self.tree.add_command(group)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(AnswerButton)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.said.append(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        self.edited.append(payload)

    async def on_socket_event_type(self, name: str) -> None:
        self.seen.append(name)

    def channel(self, id: str) -> discord.TextChannel:
        found = self.get_channel(int(id))
        assert isinstance(found, discord.TextChannel)
        return found


@asynccontextmanager
async def client_of(stand_in: DiscordStandIn, client: discord.Client | None = None) -> AsyncIterator[Any]:
    """A client, connected."""
    one = client or Sample()
    sessions = len(stand_in.gateway.live) + stand_in.world.app.shards
    task = asyncio.create_task(one.start(stand_in.token))
    connected = asyncio.create_task(stand_in.gateway.connected(sessions))
    await asyncio.wait({task, connected}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        connected.cancel()
        task.result()
    await one.wait_until_ready()
    try:
        yield one
    finally:
        await one.close()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def running(
    intents: Intents | None = None, **options: Any
) -> AsyncIterator[tuple[DiscordStandIn, Sample]]:
    """The stand-in and the client, connected."""
    async with DiscordStandIn(**options) as stand_in, client_of(stand_in, Sample(intents)) as client:
        yield stand_in, client
