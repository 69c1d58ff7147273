"""Every command of the table as `/llmq …`, over both ways in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from slack_sdk.models.blocks import Block

from bot.commands.table import TABLE
from tests.adapters.slack_team import ANSWER, QUESTION, Team, words

Scenario = Callable[[Team], Awaitable[None]]
SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str) -> Callable[[Scenario], Scenario]:
    """Mark what shows that a command works."""

    def mark(play: Scenario) -> Scenario:
        SCENARIOS[name] = play
        return play

    return mark


@scenario("random")
async def practice_by_topic_and_level(team: Team) -> None:
    assert "long context · hard" in words(await team.says(team.ana, 'random "long context" hard'))
    assert "long context · hard" in words(await team.says(team.ana, "random “long context” HARD"))
    assert "Did you mean  prompting " in words(await team.says(team.ana, "random promting"))


@scenario("random show")
async def practice_answer_is_shown(team: Team) -> None:
    shown = await team.says(team.ana, "random show basics/q1")
    assert "secret1" in words(shown)
    assert shown.ephemeral_to == team.ana.id


@scenario("random answer")
async def practice_is_answered_in_a_form(team: Team) -> None:
    form = await team.opens(team.ana, "random answer basics/q1")
    assert "subject number 1" in words(form)
    sent = await team.ana.submit(form, {"answer": ANSWER})
    assert sent.view
    assert "secret1" in words(sent.view)
    assert "+1 point." in words(sent.view)


@scenario("answer")
async def answer_in_a_form_or_at_once(team: Team) -> None:
    await team.question()
    form = await team.opens(team.ana, "answer")
    assert QUESTION in words(form)
    sent = await team.ana.submit(form, {"answer": ANSWER})
    assert sent.view
    assert "Your answer is in." in words(sent.view)
    typed = 'answer It is "quoted", “smartly” and\n  on two lines.'
    assert "replaced" in words(await team.says(team.ana, typed))
    assert 'It is "quoted", “smartly” and\n  on two lines.' in await team.today(team.ana)
    assert "taken back" in words(await team.says(team.ana, "answer withdraw"))
    assert "not yet" in await team.today(team.ana)


@scenario("today")
async def today_before_and_after_the_reveal(team: Team) -> None:
    assert "No question yet." in await team.today(team.ana)
    await team.question()
    assert QUESTION in await team.today(team.ana)
    assert "secret0" not in await team.today(team.ana)
    await team.reveal()
    assert "secret0" in await team.today(team.ana)


@scenario("leaderboard")
async def leaderboard_for_the_asker(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    for board in ("", "week", "“month”", '"all"', "streak"):
        shown = await team.says(team.bob, f"leaderboard {board}")
        assert "ana" in words(shown)
        assert (shown.ephemeral_to, shown.pings) == (team.bob.id, ())


@scenario("leaderboard show")
async def leaderboard_for_all(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    shown = await team.says(team.ana, "leaderboard show all")
    assert "Shown by ana" in words(shown)
    assert shown is team.channel.posts[-1]
    assert shown.pings == ()


@scenario("me")
async def own_figures(team: Team) -> None:
    assert "0 round days" in await team.standing(team.ana)


@scenario("streak")
async def own_streak(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    assert "Mon 23 Nov 2026  answered" in words(await team.says(team.ana, "streak"))


@scenario("home")
async def overview(team: Team) -> None:
    assert "Open questions" in words(await team.says(team.ana, "home"))


@scenario("topics")
async def topics(team: Team) -> None:
    assert "long context" in words(await team.says(team.ana, "topics"))


@scenario("daily status")
async def schedule_is_shown(team: Team) -> None:
    assert "no schedule yet" in words(await team.says(team.ana, "daily status"))
    await team.says(team.boss, "daily on 09:00")
    assert "Mon to Fri at 09:00 (UTC)" in words(await team.says(team.ana, "daily"))


@scenario("daily on")
async def schedule_is_set_with_quoted_words(team: Team) -> None:
    command = "daily on “9:30” mon,wed “Europe/Berlin” holidays DE-BY “long context” 'prompting'"
    assert "'prompting'" in words(await team.says(team.boss, command))
    set_to = words(await team.says(team.boss, command.replace("'", '"')))
    assert "at 09:30 (Europe/Berlin)" in set_to
    assert "long context, prompting" in set_to
    assert "DE-BY" in set_to


@scenario("daily off")
async def schedule_is_ended(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00")
    assert "is off" in words(await team.says(team.boss, "daily off"))
    assert "no schedule yet" in words(await team.says(team.boss, "daily"))


@scenario("daily pause")
async def schedule_is_paused(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00")
    assert "Paused." in words(await team.says(team.boss, "daily pause"))
    assert "paused already" in words(await team.says(team.boss, "daily pause"))


@scenario("daily resume")
async def schedule_goes_on(team: Team) -> None:
    await schedule_is_paused(team)
    assert "goes on" in words(await team.says(team.boss, "daily resume"))


@scenario("daily now")
async def question_at_once(team: Team) -> None:
    assert QUESTION in words(await team.question())
    assert "has been asked here" in words(await team.says(team.boss, "daily now"))


@scenario("daily skip")
async def next_question_is_left_out(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    assert "Mon 23 Nov is skipped." in words(await team.says(team.boss, "daily skip"))
    assert "skipped already" in words(await team.says(team.boss, "daily skip"))


@scenario("daily reveal")
async def reveal_rule_is_set(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    assert "with 2 answers after 1 h" in words(await team.says(team.boss, "daily reveal 2 “1h” 8h"))


@scenario("reveal")
async def reveal_at_once(team: Team) -> None:
    await team.question()
    (reveal,) = await team.reveal()
    assert "secret0" in words(reveal)
    assert "revealed already" in words(await team.says(team.boss, "reveal"))


@scenario("boards off")
async def boards_are_left(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    assert "You have left the boards." in words(await team.says(team.ana, "boards off"))
    assert "ana" not in words(await team.says(team.bob, "leaderboard"))


@scenario("boards on")
async def boards_are_joined(team: Team) -> None:
    await boards_are_left(team)
    assert "with all your points" in words(await team.says(team.ana, "boards on"))
    assert "ana" in words(await team.says(team.bob, "leaderboard"))


@scenario("help")
async def help_for_all_and_for_one(team: Team) -> None:
    assert "/llmq daily reveal" in words(await team.says(team.ana, ""))
    assert "/llmq daily reveal" in words(await team.says(team.ana, "help"))
    assert "a local time" in words(await team.says(team.ana, "help “daily on”"))


@pytest.mark.parametrize("name", [command.name for command in TABLE.commands])
async def test_every_command_of_the_table_works_in_slack(team: Team, name: str) -> None:
    await SCENARIOS[name](team)


@pytest.mark.parametrize("name", [command.name for command in TABLE.commands if command.admin])
async def test_no_command_for_admins_is_done_for_others(team: Team, name: str) -> None:
    arguments = {"daily on": "09:00", "daily reveal": "1 1h 8h"}
    assert "Only an admin" in words(await team.says(team.ana, f"{name} {arguments.get(name, '')}"))


async def test_a_mistyped_command_is_given_the_nearest(team: Team) -> None:
    assert "Did you mean  leaderboard " in words(await team.says(team.ana, "leaderbord"))
    assert "Did you mean  daily off " in words(await team.says(team.ana, "daily of"))


async def test_every_message_has_words_for_notifications_and_valid_blocks(team: Team) -> None:
    await team.question()
    for command in ("help", "today", "random", "me", "streak", "topics", "daily", "leaderboard", "nonsense"):
        message = await team.says(team.ana, command)
        assert message.text
        assert Block.parse_all(message.blocks)
    await team.reveal()
    for message in team.channel.messages:
        assert message.text or not message.bot_id
