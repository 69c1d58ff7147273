"""The stand-in Discord, as a person sees it through a small real discord.py client."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest
from discord import ui

from tests.fakes.discord import DiscordStandIn, Member, Message, NotPossible
from tests.fakes.discord.sample import Answer, Interaction, Question, Sample, running


async def posted(stand_in: DiscordStandIn, client: Sample, words: str = "What is dropout?") -> Message:
    """A question with a button, in a channel of its own."""
    channel = stand_in.channel("general")
    await stand_in.gateway.heard()
    await client.channel(channel.id).send(view=Question(words))
    return channel.posts[0]


async def test_a_command_is_answered_for_one_alone() -> None:
    async with running() as (stand_in, _):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        said = await one.slash(channel, "quiz", "do", what="hello")
        assert (said.text, said.ephemeral) == ("heard: hello", True)
        assert one.ephemerals(channel) == [said.message]
        assert channel.posts == []
        assert stand_in.complaints == []


async def test_a_command_is_answered_for_all() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        said = await one.slash(channel, "quiz", "topic", name="rag", count=3)
        assert (said.text, said.ephemeral) == ("rag x3", False)
        assert channel.posts == [said.message]
        await stand_in.until(lambda: client.said)
        assert client.said[0].interaction_metadata
        assert client.said[0].interaction_metadata.user.id == int(one.id)
        assert stand_in.complaints == []


async def test_topics_are_offered_while_somebody_types() -> None:
    async with running() as (stand_in, _):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        offered = await one.autocomplete(channel, "quiz", "topic", name="a")
        assert offered.choices == [
            {"name": "Agents", "value": "agents"},
            {"name": "Attention", "value": "attention"},
        ]
        assert stand_in.complaints == []


async def test_a_button_opens_a_form_that_is_sent() -> None:
    async with running() as (stand_in, client):
        one = stand_in.user("one")
        question = await posted(stand_in, client)
        assert question.text == "What is dropout?"
        pressed = await one.press(question, "Answer")
        assert (pressed.modal.title, pressed.modal.custom_id) == ("Answer", "form:q1")
        sent = await one.submit(pressed.modal, {"Your answer": "It drops units."})
        assert (sent.text, sent.ephemeral) == ("noted: It drops units.", True)
        assert not pressed.modal.is_open
        assert stand_in.complaints == []


async def ask(one: Member, client: Sample, stand_in: DiscordStandIn, does: Any) -> Any:
    client.asked = does
    return await one.slash(stand_in.channel("general"), "quiz", "do")


async def test_an_answer_may_take_its_time() -> None:
    async with running() as (stand_in, client):

        async def later(interaction: Interaction, what: str) -> None:
            await interaction.response.defer(ephemeral=True)
            await interaction.edit_original_response(content="at last")
            await interaction.followup.send("and more", ephemeral=True)

        said = await ask(stand_in.user("one"), client, stand_in, later)
        assert said.deferred
        await said.shown(2)
        assert [message.text for message in said.messages] == ["at last", "and more"]
        assert said.ephemeral
        assert stand_in.complaints == []


async def test_what_is_promised_and_never_said_is_a_complaint() -> None:
    async with running() as (stand_in, client):

        async def forget(interaction: Interaction, what: str) -> None:
            await interaction.response.defer()

        said = await ask(stand_in.user("one"), client, stand_in, forget)
        assert said.messages == []
        assert stand_in.complaints == ["/quiz do: still thinking"]


async def test_the_first_followup_takes_the_place_of_thinking_and_its_visibility() -> None:
    async with running() as (stand_in, client):

        async def leak(interaction: Interaction, what: str) -> None:
            await interaction.response.defer()
            await interaction.followup.send("secret", ephemeral=True)

        said = await ask(stand_in.user("one"), client, stand_in, leak)
        await said.shown()
        assert not said.ephemeral
        assert "for all to see" in stand_in.complaints[0]


async def test_a_button_changes_its_message() -> None:
    class Counter(ui.View):
        @ui.button(label="0", custom_id="count")
        async def count(self, interaction: Interaction, button: ui.Button[Any]) -> None:
            button.label = str(int(button.label or 0) + 1)
            await interaction.response.edit_message(content="changed", view=self)

    async with running() as (stand_in, client):

        async def show(interaction: Interaction, what: str) -> None:
            await interaction.response.send_message("count", view=Counter())

        one = stand_in.user("one")
        said = await ask(one, client, stand_in, show)
        pressed = await one.press(said.message, "0")
        assert pressed.updated
        assert said.text == "changed"
        assert (await one.press(said.message, "1")).updated
        await stand_in.until(lambda: len(client.edited) == 2)
        assert stand_in.complaints == []


async def test_a_menu_hands_over_what_was_chosen() -> None:
    class Menu(ui.View):
        @ui.select(placeholder="Level", options=[discord.SelectOption(label=one) for one in ("easy", "hard")])
        async def level(self, interaction: Interaction, menu: ui.Select[Any]) -> None:
            await interaction.response.send_message(f"chose {menu.values}")

    async with running() as (stand_in, client):

        async def show(interaction: Interaction, what: str) -> None:
            await interaction.response.send_message("choose", view=Menu(), ephemeral=True)

        one = stand_in.user("one")
        said = await ask(one, client, stand_in, show)
        assert (await one.choose(said.message, "Level", "hard")).text == "chose ['hard']"
        with pytest.raises(NotPossible, match="offers"):
            await one.choose(said.message, "Level", "none")
        assert stand_in.complaints == []


async def test_an_answer_can_be_fetched_changed_and_taken_back() -> None:
    async with running() as (stand_in, client):

        async def play(interaction: Interaction, what: str) -> None:
            await interaction.response.send_message("one")
            assert (await interaction.original_response()).content == "one"
            more = await interaction.followup.send("two", wait=True)
            await more.edit(content="three")
            await interaction.delete_original_response()

        said = await ask(stand_in.user("one"), client, stand_in, play)
        await stand_in.until(lambda: stand_in.calls("delete_original"))
        assert [message.text for message in said.messages] == ["three"]
        assert stand_in.complaints == []


async def test_an_answer_that_never_comes_is_a_failure() -> None:
    async with running(answer_limit=0.1) as (stand_in, client):

        async def nothing(interaction: Interaction, what: str) -> None:
            pass

        said = await ask(stand_in.user("one"), client, stand_in, nothing)
        assert said.failure
        assert stand_in.complaints == ["/quiz do: no answer within three seconds"]


async def test_a_form_stays_open_when_nobody_answers_it() -> None:
    async with running(answer_limit=0.1) as (stand_in, client):

        class Silent(Answer):
            async def on_submit(self, interaction: Interaction, /) -> None:
                pass

        async def open_it(interaction: Interaction, what: str) -> None:
            await interaction.response.send_modal(Silent("q1"))

        one = stand_in.user("one")
        said = await ask(one, client, stand_in, open_it)
        assert (await one.submit(said.modal, {"answer": "x"})).failure
        assert said.modal.is_open


async def test_a_picture_goes_along_with_an_answer() -> None:
    async with running() as (stand_in, client):

        async def draw(interaction: Interaction, what: str) -> None:
            file = discord.File(io.BytesIO(b"picture"), "board.png", description="a board")
            view = ui.LayoutView()
            view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://board.png")))
            await interaction.response.send_message(view=view, file=file)

        said = await ask(stand_in.user("one"), client, stand_in, draw)
        assert said.message.files == {"board.png": b"picture"}
        assert said.message.components[0]["items"][0]["media"]["url"].endswith("/board.png")
        assert stand_in.complaints == []


async def test_a_command_works_in_a_dm() -> None:
    async with running() as (stand_in, client):
        one = stand_in.user("one")
        said = await one.slash(one.dm, "quiz", "do", what="hello")
        assert said.text == "heard: hello"
        one.say(one.dm, "and in words")
        await stand_in.until(lambda: client.said)
        assert client.said[0].content == "and in words"
        assert client.said[0].guild is None
        assert stand_in.complaints == []


async def test_in_a_dm_a_button_and_a_form_come_from_a_user_who_is_no_member() -> None:
    async with running() as (stand_in, client):
        one, heard = stand_in.user("one", nick="Number one"), list[Interaction]()

        @client.event
        async def on_interaction(interaction: Interaction) -> None:
            heard.append(interaction)

        await (await client.fetch_user(int(one.id))).send(view=Question("What?"))
        acted = await one.press(one.dm.posts[-1], "Answer")
        await one.submit(acted.modal, {"answer": "A fine answer."})
        assert len(heard) == 2
        for interaction in heard:
            assert type(interaction.user) is discord.User
            assert interaction.user.display_name == "one"
            assert (interaction.guild_id, interaction.guild_locale) == (None, None)
            assert interaction.context.dm_channel
            assert not interaction.context.guild
            assert not interaction.is_guild_integration()
            assert interaction.message
            assert interaction.message.id == int(one.dm.posts[0].id)
        assert stand_in.complaints == []


async def test_discords_window_refuses_what_a_person_could_not_do() -> None:
    async with running() as (stand_in, client):
        one, two = stand_in.user("one"), stand_in.user("two")
        question = await posted(stand_in, client)
        channel = question.channel
        with pytest.raises(NotPossible, match="There are: Answer"):
            await one.press(question, "Reveal")
        with pytest.raises(NotPossible, match="no command /other"):
            await one.slash(channel, "other")
        with pytest.raises(NotPossible, match="no subcommand 'other'"):
            await one.slash(channel, "quiz", "other")
        with pytest.raises(NotPossible, match="needs one of its subcommands"):
            await one.slash(channel, "quiz")
        with pytest.raises(NotPossible, match="no option 'other'"):
            await one.slash(channel, "quiz", "do", other="x")
        with pytest.raises(NotPossible, match="needs the option 'name'"):
            await one.slash(channel, "quiz", "topic")
        with pytest.raises(NotPossible, match="between 1 and 9"):
            await one.slash(channel, "quiz", "topic", name="rag", count=10)
        with pytest.raises(NotPossible, match="Nothing is offered"):
            await one.autocomplete(channel, "quiz", "do", what="x")
        said = await one.slash(channel, "quiz", "do", what="x")
        with pytest.raises(NotPossible, match="somebody else"):
            two.delete(said.message)
        modal = (await one.press(question, "Answer")).modal
        with pytest.raises(NotPossible, match="not before this person"):
            await two.submit(modal, {"answer": "x"})
        with pytest.raises(NotPossible, match="1 to 3000"):
            await one.submit(modal, {"answer": "x" * 3001})
        with pytest.raises(NotPossible, match="1 to 3000"):
            await one.submit(modal)
        with pytest.raises(NotPossible, match="no field"):
            await one.submit(modal, {"other": "x"})
        await one.submit(modal, {"answer": "x"})
        with pytest.raises(NotPossible, match="not open"):
            await one.submit(modal, {"answer": "x"})
        assert stand_in.complaints == []


async def test_who_may_not_use_commands_is_offered_none() -> None:
    async with running() as (stand_in, client):
        group = discord.app_commands.Group(
            name="admin", description="x", default_permissions=discord.Permissions(manage_guild=True)
        )

        @group.command(name="do", description="x")
        async def do(interaction: Interaction) -> None:
            await interaction.response.send_message("done", ephemeral=True)

        client.tree.add_command(group)
        await client.tree.sync()
        channel = stand_in.channel("general")
        assert (await stand_in.user("boss", admin=True).slash(channel, "admin", "do")).text == "done"
        one = stand_in.user("one")
        with pytest.raises(NotPossible, match="offers one no command"):
            await one.slash(channel, "admin", "do")
        stand_in.admin.deny(channel, "use_application_commands", whom=one.user)
        with pytest.raises(NotPossible, match="no command /quiz"):
            await one.slash(channel, "quiz", "do")
        stand_in.admin.deny(channel, "view_channel", whom=one.user)
        with pytest.raises(NotPossible, match="does not see"):
            await one.slash(channel, "quiz", "do")
