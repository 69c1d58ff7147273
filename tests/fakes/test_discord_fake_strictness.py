"""What the stand-in refuses of an app that speaks too late, too often, too soon or too much."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from discord.http import Route

from tests.fakes.discord import Acted, DiscordStandIn, Refused
from tests.fakes.discord.impatience import without_waiting
from tests.fakes.discord.sample import Answer, Interaction, Sample, client_of, running

Json = dict[str, Any]
Does = Callable[[Interaction], Awaitable[Any]]


class Attempt:
    """Something that a command does, and how the stand-in refused it."""

    def __init__(self, stand_in: DiscordStandIn, client: Sample) -> None:
        self.stand_in, self.client = stand_in, client
        self.one, self.place = stand_in.user("one"), stand_in.channel("general")

    async def run(self, does: Does) -> tuple[Acted, discord.HTTPException | None]:
        done: list[discord.HTTPException | None] = []

        async def asked(interaction: Interaction, what: str) -> None:
            try:
                await does(interaction)
            except discord.HTTPException as error:
                done.append(error)
            else:
                done.append(None)

        self.client.asked = asked
        acted = await self.one.slash(self.place, "quiz", "do")
        await self.stand_in.until(lambda: done)
        return acted, done[0]

    async def refused(self, does: Does) -> tuple[int, int]:
        """The status and Discord's number."""
        _, error = await self.run(does)
        assert error
        return error.status, error.code


async def test_the_first_answer_has_three_seconds() -> None:
    async with running() as (stand_in, client):

        async def late(interaction: Interaction) -> None:
            stand_in.clock.advance(3.1)
            await interaction.response.send_message("too late")

        acted, error = await Attempt(stand_in, client).run(late)
        assert error
        assert (error.status, error.code) == (404, 10062)
        assert acted.failure == "the first answer came after three seconds"
        assert stand_in.world.failures == ["/quiz do: the first answer came after three seconds"]


async def test_just_in_time_is_in_time() -> None:
    async with running() as (stand_in, client):

        async def just(interaction: Interaction) -> None:
            stand_in.clock.advance(3.0)
            await interaction.response.send_message("in time")

        acted, error = await Attempt(stand_in, client).run(just)
        assert (acted.text, error) == ("in time", None)


async def test_an_interaction_is_answered_once() -> None:
    async with running() as (stand_in, client):

        async def twice(interaction: Interaction) -> None:
            await interaction.response.send_message("one")
            interaction.response._response_type = None
            await interaction.response.send_message("two")

        assert await Attempt(stand_in, client).refused(twice) == (400, 40060)


async def test_nothing_follows_before_the_first_answer() -> None:
    async with running(answer_limit=0.1) as (stand_in, client):

        async def early(interaction: Interaction) -> None:
            await interaction.followup.send("too soon")

        assert await Attempt(stand_in, client).refused(early) == (404, 10015)


async def test_a_token_lives_a_quarter_of_an_hour() -> None:
    async with running() as (stand_in, client):

        async def long_after(interaction: Interaction) -> None:
            await interaction.response.defer()
            stand_in.clock.advance(890)
            await interaction.edit_original_response(content="still")
            stand_in.clock.advance(11)
            await interaction.edit_original_response(content="too late")

        acted, error = await Attempt(stand_in, client).run(long_after)
        assert error
        assert (error.status, error.code) == (401, 50027)
        assert acted.text == "still"


async def test_a_form_opens_no_form() -> None:
    class Another(Answer):
        async def on_submit(self, interaction: Interaction, /) -> None:
            with pytest.raises(discord.HTTPException):
                await raw(interaction, {"type": 9, "data": Answer("q2").to_dict()})

    async with running(answer_limit=0.1) as (stand_in, client):
        attempt = Attempt(stand_in, client)
        acted, _ = await attempt.run(lambda interaction: interaction.response.send_modal(Another("q1")))
        sent = await attempt.one.submit(acted.modal, {"answer": "x"})
        assert sent.failure
        assert "BASE_TYPE_CHOICES" in stand_in.violations[0]


async def raw(interaction: Interaction, payload: Json) -> Any:
    """An answer past the library's own checks."""
    route = Route(
        "POST",
        "/interactions/{id}/{token}/callback?with_response=1",
        id=interaction.id,
        token=interaction.token,
    )
    return await interaction.client.http.request(route, json=payload)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"type": 6}, "BASE_TYPE_CHOICES"),
        ({"type": 7, "data": {"content": "x"}}, "BASE_TYPE_CHOICES"),
        ({"type": 8, "data": {"choices": []}}, "BASE_TYPE_CHOICES"),
        ({}, "BASE_TYPE_REQUIRED"),
        ({"type": 4, "data": {"content": "x" * 2001}}, "BASE_TYPE_MAX_LENGTH"),
        ({"type": 4, "data": {}}, "50006"),
        ({"type": 4, "data": {"content": " \n "}}, "50006"),
        ({"type": 9, "data": {"title": "x" * 46, "custom_id": "m", "components": []}}, "between 1 and 45"),
        ({"type": 5, "data": {"flags": "secret"}}, "NUMBER_TYPE_COERCE"),
    ],
)
async def test_answers_that_do_not_fit_are_refused_and_may_be_fixed(payload: Json, words: str) -> None:
    async with running() as (stand_in, client):

        async def fix(interaction: Interaction) -> None:
            with pytest.raises(discord.HTTPException):
                await raw(interaction, payload)
            await interaction.response.send_message("fixed")

        acted, error = await Attempt(stand_in, client).run(fix)
        assert (acted.text, error) == ("fixed", None)
        (violation,) = stand_in.violations
        assert words in violation


async def test_more_than_25_offers_are_refused() -> None:
    async with running(answer_limit=0.1) as (stand_in, client):

        @client.tree.command(name="many", description="x")
        async def many(interaction: Interaction, name: str) -> None:
            pass

        @many.autocomplete("name")
        async def offer(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=str(n), value=str(n)) for n in range(int(typed))]

        await client.tree.sync()
        one, channel = stand_in.user("one"), stand_in.channel("general")
        assert len((await one.autocomplete(channel, "many", name="25")).choices) == 25
        assert (await one.autocomplete(channel, "many", name="26")).failure
        assert "choices" in stand_in.violations[0]


async def test_commands_that_do_not_fit_are_not_registered() -> None:
    async with DiscordStandIn() as stand_in:
        client = Sample()
        await client.login(stand_in.token)
        before = stand_in.world.commands[None]
        group = app_commands.Group(name="big", description="x")
        for n in range(3):
            sub = app_commands.Group(name=f"g{n}", description="x" * 100, parent=group)
            for m in range(25):

                async def callback(interaction: Interaction) -> None: ...

                sub.add_command(app_commands.Command(name=f"c{m}", description="x" * 100, callback=callback))
        client.tree.add_command(group)
        with pytest.raises(app_commands.CommandSyncFailure):
            await client.tree.sync()
        assert stand_in.world.commands[None] == before
        await client.close()


async def test_commands_are_registered_for_all_or_for_one_guild_and_keep_their_ids() -> None:
    async with running() as (stand_in, client):
        first = await client.tree.fetch_commands()
        assert [command.name for command in first] == ["quiz"]
        assert [command.id for command in await client.tree.sync()] == [first[0].id]
        place = discord.Object(int(stand_in.guild.id))
        client.tree.copy_global_to(guild=place)
        await client.tree.sync(guild=place)
        (own,) = await client.tree.fetch_commands(guild=place)
        assert own.guild_id == place.id
        one, channel = stand_in.user("one"), stand_in.channel("general")
        assert (await one.slash(channel, "quiz", "do", what="x")).text == "heard: x"
        assert stand_in.complaints == []


async def test_the_same_nonce_says_nothing_twice_for_some_minutes() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        await stand_in.gateway.heard()
        there = client.channel(channel.id)
        first = await there.send("x", nonce="day-1")
        again = await there.send("y", nonce="day-1")
        assert (again.id, again.content) == (first.id, "x")
        await there.send("z", nonce="day-2")
        stand_in.clock.advance(301)
        await there.send("later", nonce="day-1")
        assert [message.text for message in channel.posts] == ["x", "z", "later"]
        with pytest.raises(discord.HTTPException):
            await there.send("x", nonce="n" * 26)
        assert "NONCE_TYPE_TOO_LONG" in stand_in.violations[0]


async def test_a_message_of_components_stays_one() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        await stand_in.gateway.heard()
        view = ui.LayoutView()
        view.add_item(ui.TextDisplay("x"))
        message = await client.channel(channel.id).send(view=view)
        with pytest.raises(discord.HTTPException) as refused:
            await message.edit(content="plain", view=None)
        assert refused.value.code == 50035
        assert "LEGACY_FIELDS" in stand_in.violations[0]
        assert channel.posts[0].text == "x"
        view.clear_items()
        view.add_item(ui.TextDisplay("y"))
        await message.edit(view=view)
        assert channel.posts[0].text == "y"


async def test_a_plain_message_becomes_one_of_components_when_it_gives_up_what_it_was() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        await stand_in.settled()
        view = ui.LayoutView()
        view.add_item(ui.TextDisplay("y"))
        message = await client.channel(channel.id).send("plain", embed=discord.Embed(title="x"))
        gives_up: list[Json] = [{}, {"content": None}, {"embed": None}]
        for left in gives_up:
            with pytest.raises(discord.HTTPException) as refused:
                await message.edit(view=view, **left)
            assert refused.value.code == 50035
            assert channel.posts[0].text == "plain"
        await message.edit(view=view, content=None, embed=None)
        assert (channel.posts[0].text, channel.posts[0].layout) == ("y", True)


async def test_text_of_many_bytes_breaks_discord_itself() -> None:
    with without_waiting():
        async with running() as (stand_in, client):
            channel = stand_in.channel("general")
            await stand_in.gateway.heard()
            for words, fits in (("語" * 3300, True), ("語" * 3400, False)):
                view = ui.LayoutView()
                view.add_item(ui.TextDisplay(words))
                if fits:
                    await client.channel(channel.id).send(view=view)
                    continue
                with pytest.raises(discord.DiscordServerError):
                    await client.channel(channel.id).send(view=view)


async def test_a_picture_that_did_not_come_along_is_missed() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        await stand_in.gateway.heard()
        view = ui.LayoutView()
        view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://a.png")))
        with pytest.raises(discord.HTTPException):
            await client.channel(channel.id).send(view=view)
        assert "ATTACHMENT_NOT_FOUND" in stand_in.violations[0]
        assert channel.posts == []


async def test_a_reply_to_nothing_is_refused() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        await stand_in.gateway.heard()
        there = client.channel(channel.id)
        with pytest.raises(discord.HTTPException):
            await there.send("x", reference=there.get_partial_message(1))
        assert "REPLIES_UNKNOWN_MESSAGE" in stand_in.violations[0]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nowhere", None, 404, 0),
        ("GET", "/channels/1", None, 404, 10003),
        ("GET", "/guilds/1", None, 404, 10004),
        ("GET", "/users/1", None, 404, 10013),
        ("POST", "/channels/{channel}/messages", {}, 400, 50006),
        ("POST", "/channels/{channel}/messages", [], 400, 50035),
        ("GET", "/channels/{channel}/messages?limit=101", None, 400, 50035),
        ("GET", "/channels/{channel}/messages/1", None, 404, 10008),
        ("POST", "/channels/{channel}/threads", {"name": "", "type": 11}, 400, 50035),
        ("POST", "/channels/{channel}/threads", {"name": "x" * 101, "type": 11}, 400, 50035),
        ("POST", "/channels/{channel}/threads", {"name": "x", "auto_archive_duration": 61}, 400, 50035),
        ("POST", "/channels/{channel}/threads", {"name": "x"}, 403, 50013),
        ("POST", "/users/@me/channels", {}, 400, 50035),
        ("POST", "/users/@me/channels", {"recipient_id": "1"}, 404, 10013),
        ("POST", "/interactions/1/nothing/callback", {"type": 4}, 404, 10062),
        ("POST", "/webhooks/1/nothing", {"content": "x"}, 404, 10015),
        ("POST", "/webhooks/{app}/nothing", {"content": "x"}, 401, 50027),
        ("PUT", "/channels/{channel}/messages/1/reactions/x/@me", None, 404, 10008),
    ],
)
async def test_what_is_not_there_is_refused_by_its_number(
    method: str, path: str, body: Any, status: int, code: int
) -> None:
    async with DiscordStandIn() as stand_in:
        client = discord.Client(intents=discord.Intents.default())
        channel = stand_in.channel("general")
        await client.login(stand_in.token)
        where = path.replace("{channel}", channel.id).replace("{app}", stand_in.world.app_id)
        with pytest.raises(discord.HTTPException) as refused:
            await client.http.request(Route(method, where), **({} if body is None else {"json": body}))
        assert (refused.value.status, refused.value.code) == (status, code)
        assert len(stand_in.violations) == 1
        await client.close()


async def test_fields_that_nobody_knows_are_passed_over_and_noted() -> None:
    async with DiscordStandIn() as stand_in:
        client = discord.Client(intents=discord.Intents.default())
        channel = stand_in.channel("general")
        await client.login(stand_in.token)
        route = Route("POST", "/channels/{channel}/messages", channel=channel.id)
        await client.http.request(route, json={"content": "x", "colour": "red"})
        assert [message.text for message in channel.posts] == ["x"]
        assert stand_in.violations == []
        assert "colour" in stand_in.complaints[0]
        await client.close()


async def test_faults_that_a_test_orders_are_no_violations() -> None:
    async with DiscordStandIn() as stand_in, client_of(stand_in) as client:
        stand_in.faults.add("get_user", Refused(404, 10013, "Unknown User"))
        with pytest.raises(discord.NotFound):
            await client.fetch_user(1)
        assert stand_in.violations == []
