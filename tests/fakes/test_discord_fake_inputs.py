"""What people fill in: options of every kind, fields of every kind, and what the app makes of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
from discord import Intents, SelectOption, app_commands, ui

from tests.fakes.discord import App, DiscordStandIn, Dropped, File, Member, Message, NotPossible
from tests.fakes.discord.payloads import LARGEST_FILE
from tests.fakes.discord.sample import Interaction, Sample, running


@asynccontextmanager
async def with_command(callback: Any) -> AsyncIterator[tuple[DiscordStandIn, Sample]]:
    async with running() as (stand_in, client):
        client.tree.add_command(app_commands.Command(name="give", description="x", callback=callback))
        await client.tree.sync()
        yield stand_in, client


async def test_options_of_every_kind_reach_the_app() -> None:
    async def give(
        interaction: Interaction,
        who: discord.Member,
        where: discord.TextChannel,
        role: discord.Role,
        often: app_commands.Range[int, 1, 3],
        share: float,
        sure: bool,
    ) -> None:
        told = [who.display_name, where.name, role.name, often, share, sure]
        await interaction.response.send_message(str(told))

    async with with_command(give) as (stand_in, _):
        one, channel = stand_in.user("one", nick="The One"), stand_in.channel("general")
        role = stand_in.admin.add_role(stand_in.guild, "quizzers")
        values: dict[str, Any] = {"who": one, "where": channel, "role": role, "often": 2}
        said = await one.slash(channel, "give", **values, share=0.5, sure=True)
        assert said.text == "['The One', 'general', 'quizzers', 2, 0.5, True]"
        for wrong in ({"often": 4}, {"often": True}, {"often": "2"}, {"sure": "yes"}, {"who": "one"}):
            with pytest.raises(NotPossible):
                await one.slash(channel, "give", **{**values, "share": 0.5, "sure": True, **wrong})
        assert stand_in.complaints == []


async def test_a_file_is_handed_out_for_a_day_to_whoever_has_its_whole_address() -> None:
    async def give(interaction: Interaction, what: discord.Attachment) -> None:
        files.append(what)
        told = [what.filename, what.title, what.size, what.content_type, (await what.read()).decode()]
        await interaction.response.send_message(str(told))

    files: list[discord.Attachment] = []
    async with with_command(give) as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        said = await one.slash(channel, "give", what=File("my days.ics", b"x y"))
        assert said.text == "['my_days.ics', 'my days.ics', 3, 'text/calendar', 'x y']"
        for wrong in ("days.ics", File("", b""), File("big.ics", bytes(LARGEST_FILE + 1))):
            with pytest.raises(NotPossible):
                await one.slash(channel, "give", what=wrong)
        assert stand_in.complaints == []
        fetch, address = client.http.get_from_cdn, files[0].url
        # aiohttp tries once more by itself.
        stand_in.faults.add("get_attachment", Dropped(), Dropped())
        with pytest.raises(aiohttp.ClientError):
            await fetch(address)
        assert await fetch(address) == b"x y"
        with pytest.raises(discord.NotFound):
            await fetch(address.partition("&")[0])
        stand_in.clock.advance(24 * 3600 + 1)
        with pytest.raises(discord.NotFound):
            await fetch(address)


async def test_only_what_is_offered_can_be_chosen() -> None:
    @app_commands.choices(level=[app_commands.Choice(name="Easy", value="e")])
    async def give(interaction: Interaction, level: str) -> None:
        await interaction.response.send_message(level)

    async with with_command(give) as (stand_in, _):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        assert (await one.slash(channel, "give", level="e")).text == "e"
        with pytest.raises(NotPossible, match="is one of"):
            await one.slash(channel, "give", level="h")


async def test_a_command_of_guilds_alone_is_not_offered_in_a_dm() -> None:
    @app_commands.guild_only()
    async def give(interaction: Interaction) -> None: ...

    async with with_command(give) as (stand_in, _):
        one = stand_in.user("one")
        with pytest.raises(NotPossible, match="offers one no command"):
            await one.slash(one.dm, "give")


class Everything(ui.Modal, title="Everything"):
    """One field of each kind."""

    words: ui.TextDisplay[Any] = ui.TextDisplay("Fill in")
    level: ui.Label[Any] = ui.Label(
        text="Level",
        component=ui.Select(
            custom_id="level", options=[SelectOption(label=one.title(), value=one) for one in "eh"]
        ),
    )
    day: ui.Label[Any] = ui.Label(
        text="Day",
        component=ui.RadioGroup(
            custom_id="day",
            options=[discord.RadioGroupOption(label=one, value=one) for one in ("mon", "tue")],
        ),
    )
    topics: ui.Label[Any] = ui.Label(
        text="Topics",
        component=ui.CheckboxGroup(
            custom_id="topics",
            max_values=2,
            options=[discord.CheckboxGroupOption(label=one, value=one) for one in ("rag", "agents")],
        ),
    )
    sure: ui.Label[Any] = ui.Label(text="Sure", component=ui.Checkbox(custom_id="sure"))

    async def on_submit(self, interaction: Interaction, /) -> None:
        fields: list[Any] = [one.component for one in (self.level, self.day, self.topics, self.sure)]
        level, day, topics, sure = fields
        told = [level.values, day.value, topics.values, sure.value]
        await interaction.response.send_message(str(told))


async def test_fields_of_every_kind_reach_the_app() -> None:
    async with running() as (stand_in, client):

        async def open_it(interaction: Interaction, what: str) -> None:
            await interaction.response.send_modal(Everything())

        client.asked = open_it
        one, channel = stand_in.user("one"), stand_in.channel("general")
        modal = (await one.slash(channel, "quiz", "do")).modal
        values = {"Level": "h", "day": "tue", "Topics": ["rag", "agents"], "sure": True}
        wrongs: list[dict[str, Any]] = [{"Level": "x"}, {"Topics": []}, {"day": ["mon", "tue"]}]
        for wrong in wrongs:
            with pytest.raises(NotPossible):
                await one.submit(modal, {**values, **wrong})
        sent = await one.submit(modal, values)
        assert sent.text == "[['h'], 'tue', ['rag', 'agents'], True]"
        assert stand_in.complaints == []


class Old(ui.Modal, title="Old"):
    """A field in a row, as forms had them before."""

    name: ui.TextInput[Any] = ui.TextInput(label="Name", default="nobody", min_length=3)

    async def on_submit(self, interaction: Interaction, /) -> None:
        await interaction.response.edit_message(content=f"hello {self.name.value}", view=None)


class Opener(ui.View):
    @ui.button(label="Open")
    async def open_it(self, interaction: Interaction, button: ui.Button[Any]) -> None:
        await interaction.response.send_modal(Old())


async def opened(stand_in: DiscordStandIn, client: Sample) -> tuple[Member, Message, Any]:
    async def show(interaction: Interaction, what: str) -> None:
        await interaction.response.send_message("here", view=Opener())

    client.asked = show
    one = stand_in.user("one")
    message = (await one.slash(stand_in.channel("general"), "quiz", "do")).message
    return one, message, (await one.press(message, "Open")).modal


async def test_a_form_that_a_button_opened_changes_the_message_of_the_button() -> None:
    async with running() as (stand_in, client):
        one, message, modal = await opened(stand_in, client)
        with pytest.raises(NotPossible, match="3 to 4000"):
            await one.submit(modal, {"Name": "x"})
        assert (await one.submit(modal)).updated
        assert message.text == "hello nobody"
        with pytest.raises(NotPossible, match="There are: none"):
            await one.press(message, "Open")
        assert stand_in.complaints == []


async def test_what_did_not_happen_cannot_be_read() -> None:
    async with running() as (stand_in, client):
        one, message, modal = await opened(stand_in, client)
        sent = await one.submit(modal)
        with pytest.raises(NotPossible, match="no form"):
            assert sent.modal
        # What it changed is what it shows.
        assert sent.message is message
        again = (await one.slash(stand_in.channel("talk"), "quiz", "do")).message
        asked = await one.press(again, "Open")
        with pytest.raises(NotPossible, match="shown nothing"):
            assert asked.message


async def test_members_are_told_of_with_the_intent_for_them() -> None:
    intents = Intents(guilds=True, members=True)
    async with running(intents, app=App(privileged=intents.value)) as (stand_in, client):
        one = stand_in.user("one")
        role = stand_in.admin.add_role(stand_in.guild, "quizzers")
        stand_in.admin.give_role(stand_in.guild, one.user, role)
        stand_in.admin.nick(stand_in.guild, one.user, "The One")
        stand_in.admin.rename(stand_in.guild, "Renamed")
        await stand_in.settled()
        (guild,) = client.guilds
        member = guild.get_member(int(one.id))
        assert member
        assert (guild.name, member.display_name) == ("Renamed", "The One")
        assert [one.name for one in member.roles] == ["@everyone", "quizzers"]
        found = await guild.query_members("the")
        assert [one.id for one in found] == [member.id]
        assert [one.id for one in await guild.query_members(user_ids=[member.id])] == [member.id]


async def test_threads_of_all_kinds_come_and_go() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        await stand_in.settled()
        there = client.channel(channel.id)
        with pytest.raises(discord.Forbidden):
            await there.create_thread(name="secret")
        stand_in.admin.grant(stand_in.guild, "create_private_threads")
        await (await there.create_thread(name="secret")).join()
        theirs = stand_in.thread(channel, "theirs", owner=one, message=one.say(channel, "x"))
        await stand_in.settled()
        known = there.get_thread(int(theirs.id))
        assert known
        async with known.typing():
            pass
        with pytest.raises(discord.Forbidden):
            await known.edit(archived=True)
        with pytest.raises(discord.HTTPException) as refused:
            await (await known.send("x")).create_thread(name="deeper")
        assert refused.value.code == 50024
        stand_in.admin.delete_channel(theirs)
        await stand_in.settled()
        assert there.get_thread(int(theirs.id)) is None
