"""Leaderboards, a member's own figures, the ledger, and leaving and joining the boards, in conversation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from redis.asyncio import Redis

from bot.commands.me import months_line
from bot.messages import Grid, Message, Reply, Table, without_moments
from bot.requests import Channel
from tests.dialogue import ADMIN, START, Dialogue, buttons_of

MINE = "My answer is about weights."


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    """A dialogue with no round yet."""
    return Dialogue(redis)


@pytest.fixture
async def open(d: Dialogue) -> Dialogue:
    """A dialogue in which the day's first question has just been posted."""
    await d.open_round()
    return d


def table_of(reply: Reply) -> Table:
    assert isinstance(reply, Message)
    return next(block for block in reply.blocks if isinstance(block, Table))


async def practise(d: Dialogue, who: str, times: int) -> None:
    """Earn a point with each practice answer."""
    for n in range(1, times + 1):
        await d.says(who, f"random answer basics/q{n}", MINE)


async def play_days(d: Dialogue, *answering: str) -> None:
    """A question day for each string, whose letters are who answers; ends an hour after the next question."""
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=2)
    for names in answering:
        for who in names:
            await d.says(who, f"answer {MINE}")
        await d.forward(days=1)


async def test_ties_share_a_rank(d: Dialogue) -> None:
    for who, times in (("ana", 4), ("cyd", 3), ("dan", 1), ("bob", 3)):
        await practise(d, who, times)
        await d.forward(minutes=1)
    board = table_of(await d.says("cyd", "leaderboard"))
    assert board.header == ("Place", "Member", "Points")
    # Those with as many stand in the order in which they reached it.
    assert board.rows == (("1", "Ana", "4"), ("2", "Cyd (you)", "3"), ("2", "Bob", "3"), ("4", "Dan", "1"))
    assert board.own == 1


@pytest.mark.parametrize("board", ["week", "month", "all", "week team", "all team"])
async def test_ties_stand_by_the_moments_of_the_acts_and_not_by_their_arrival(
    open: Dialogue, board: str
) -> None:
    for second, who in ((30, "zoe"), (10, "bob"), (20, "ana")):
        await open.says(who, f"answer {MINE}", at=START + timedelta(seconds=second))
    rows = table_of(await open.says("ana", f"leaderboard {board}")).rows
    assert [(place, name) for place, name, _ in rows] == [("1", "Bob"), ("1", "Ana (you)"), ("1", "Zoe")]


async def test_who_takes_an_answer_back_and_gives_it_again_reached_the_tie_later(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    await open.says("bob", f"answer {MINE}")
    await open.says("ana", "answer withdraw")
    await open.says("ana", f"answer {MINE}")
    rows = table_of(await open.says("ana", "leaderboard")).rows
    assert rows == (("1", "Bob", "10"), ("1", "Ana (you)", "10"))


async def test_the_own_line_stands_beyond_the_top_ten(d: Dialogue) -> None:
    for n in range(11):
        await practise(d, f"m{n:02}", 2)
        await d.forward(minutes=1)
    await practise(d, "zoe", 1)
    reply = await d.says("zoe", "leaderboard")
    assert len(table_of(reply).rows) == 11
    assert table_of(reply).own == 10
    assert table_of(reply).rows[10] == ("12", "Zoe (you)", "1")
    assert table_of(await d.says("m10", "leaderboard")).rows[10] == ("1", "M10 (you)", "2")


async def test_places_won_and_lost_since_last_week_are_said(d: Dialogue) -> None:
    for who, times in (("ana", 4), ("bob", 3), ("cyd", 2)):
        await practise(d, who, times)
    await d.forward(days=7)
    for who, times in (("cyd", 4), ("bob", 3), ("ana", 2), ("dan", 1)):
        await practise(d, who, times)
    rows = table_of(await d.says("cyd", "leaderboard")).rows
    assert [score for _, _, score in rows] == ["4, up 2", "3", "2, down 2", "1"]
    assert table_of(await d.says("cyd", "leaderboard all")).rows[0] == ("1", "Cyd (you)", "6")


async def test_an_empty_board_says_how_to_get_on_it(d: Dialogue) -> None:
    assert "No points yet this week. An answer in time earns 10." in await d.hears("ana", "leaderboard")
    assert "No points yet this month." in await d.hears("ana", "leaderboard month")
    assert "No points yet here." in await d.hears("ana", "leaderboard all team")
    said = await d.hears("ana", "leaderboard streak")
    assert "No streak yet here. An answer begins one." in said
    assert "points" not in said


async def test_an_empty_board_leads_to_the_open_question_and_is_shown_to_nobody(open: Dialogue) -> None:
    reply = await open.says("ana", "leaderboard")
    assert [button.label for button in buttons_of(reply)] == [
        "Answer", "Month", "All time", "Streaks", "Whole team",
    ]  # fmt: skip
    await open.says("ana", f"answer {MINE}")
    assert "[Answer]" not in await open.hears("ana", "leaderboard streak")


async def test_who_has_no_points_yet_is_told_so_below_the_board(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    said = await open.hears("bob", "leaderboard")
    assert "You: no points yet this week. An answer in time earns 10." in said
    assert "You: " not in await open.hears("ana", "leaderboard")
    assert "You: " not in await open.hears("bob", "leaderboard show")


@pytest.mark.parametrize(
    ("text", "title", "score"),
    [
        ("leaderboard", "This week", 20),
        ("leaderboard week", "This week", 20),
        ("leaderboard month", "This month", 90),
        ("leaderboard ALL", "All time", 100),
        ("leaderboard streak", "Streaks", 10),
    ],
)
async def test_each_board_counts_its_own_time(d: Dialogue, text: str, title: str, score: int) -> None:
    # From Sunday 31 January to Tuesday 9 February.
    d.now += timedelta(days=69)
    await play_days(d, *["a"] * 10)
    said = await d.hears("a", text)
    assert f"{title} in #practice" in said
    assert f"1 | A (you) | {score}" in said
    assert f"1 | A (you) | {score}" in await d.hears("a", f"{text} team")


async def test_a_board_is_private_until_it_is_shown_to_the_channel(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    private = await open.says("ana", "leaderboard all")
    shown = await open.press("ana", private, "Show to channel")
    assert isinstance(private, Message)
    assert isinstance(shown, Message)
    assert (private.private, shown.private) == (True, False)
    assert table_of(private).rows == (("1", "Ana (you)", "10"),)
    assert table_of(shown).rows == (("1", "Ana", "10"),)
    assert table_of(shown).own is None
    assert "Shown by Ana" in open.text(shown)
    assert "you" not in open.text(shown)


async def test_the_buttons_of_a_board_lead_to_the_other_boards(open: Dialogue) -> None:
    await open.says("bob", f"answer {MINE}")
    reply = await open.says("ana", "leaderboard month")
    assert [one.label for one in buttons_of(reply)][:-1] == ["Week", "All time", "Streaks", "Whole team"]
    for label, title in (("Week", "This week"), ("All time", "All time"), ("Streaks", "Streaks")):
        assert f"{title} in #practice" in open.text(await open.press("ana", reply, label))
    team = await open.press("ana", reply, "Whole team")
    assert "This month in the team" in open.text(team)
    assert "This week in the team" in open.text(await open.press("ana", team, "Week"))
    assert "This month in #practice" in open.text(await open.press("ana", team, "This channel"))


async def test_those_who_leave_the_boards_are_on_none_and_keep_their_points(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    said = await open.hears("ana", "boards off")
    assert "You have left the boards. Your points and streak go on; `/llmq boards on` joins again." in said
    for board in ("week", "month", "all", "streak"):
        for scope in ("", " team"):
            assert "Ana" not in await open.hears("bob", f"leaderboard {board}{scope}")
    assert "You are off the boards: /llmq boards on joins again." in await open.hears("ana", "leaderboard")
    await open.forward(days=1, hours=1)
    await open.says("ana", f"answer {MINE}")
    assert "Ana" not in await open.hears("bob", "leaderboard")
    assert "You are on the boards again, with all your points." in await open.hears("ana", "boards on")
    for scope in ("", " team"):
        assert "1 | Ana | 20" in await open.hears("bob", f"leaderboard all{scope}")
        assert "1 | Ana | 2" in await open.hears("bob", f"leaderboard streak{scope}")


async def test_who_only_practised_leaves_the_boards_too(d: Dialogue) -> None:
    await practise(d, "ana", 2)
    await d.says("ana", "boards off")
    for scope in ("", " team"):
        assert "Ana" not in await d.hears("bob", f"leaderboard{scope}")
    await d.says("ana", "boards on")
    for scope in ("", " team"):
        assert "1 | Ana | 2" in await d.hears("bob", f"leaderboard{scope}")


async def test_an_older_word_on_the_boards_that_arrives_late_has_no_effect(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    left = open.request("ana", "boards off")
    await open.says("ana", "boards on")
    await open.handle(left)
    assert "1 | Ana | 10" in await open.hears("bob", "leaderboard")


async def test_leaving_or_joining_twice_changes_nothing(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    assert "You are on the boards." in await open.hears("ana", "boards on")
    await open.says("ana", "boards off")
    assert "You are not on the boards." in await open.hears("ana", "boards off")
    await open.says("ana", "boards on")
    assert "1 | Ana | 10" in await open.hears("bob", "leaderboard")


async def test_a_hidden_member_sees_points_and_no_rank(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    assert "This week: 10 points, place 1" in await open.hears("ana", "me")
    await open.says("ana", "boards off")
    said = await open.hears("ana", "me")
    assert "This week: 10 points\n" in said
    assert "Streak in #practice: 1 day, best 1\n" in said
    assert "place" not in said
    assert "You are off the boards: /llmq boards on joins again." in said


async def test_an_answer_taken_back_while_hidden_takes_its_points_along(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    await open.says("ana", "boards off")
    await open.says("ana", "answer withdraw")
    await open.says("ana", "boards on")
    assert "No points yet here." in await open.hears("ana", "leaderboard all")


async def test_me_of_a_newcomer_is_empty_and_friendly(d: Dialogue) -> None:
    said = await d.hears("ana", "me")
    assert said.startswith("Ana\nAnswers: none yet\n`/llmq answer` or `/llmq random` begins.\n[Streak]")
    assert "0" not in said


async def test_one_point_is_one_point(d: Dialogue) -> None:
    await practise(d, "ana", 1)
    assert "This week: 1 point, place 1" in await d.hears("ana", "me")


async def test_me_shows_twelve_weeks_with_a_mark_for_each_question_day(d: Dialogue) -> None:
    await play_days(d, *["a"] * 7, "", "", "a")
    await d.says(ADMIN, "reveal")
    await d.says("a", f"answer {MINE}")
    reply = await d.says("a", "me")
    assert isinstance(reply, Message)
    grid = next(block.text for block in reply.blocks if isinstance(block, Grid))
    months, *lines = grid.splitlines()
    assert months == "    Sep Oct     Nov       Dec"
    assert "Your question days, 14 Sep to 3 Dec: 8 answered, 1 late, 1 freeze or away, 1 wi" in d.text(reply)
    # The twelfth column is this week's.
    assert [(line[:3], line[24:]) for line in lines] == [
        ("Mon", "█ *"),
        ("Tue", "█ ·"),
        ("Wed", "█ █"),
        ("Thu", "█ ▒"),
        ("Fri", "█"),
        ("Sat", "█"),
        ("Sun", "█"),
    ]


@pytest.mark.parametrize(
    ("start", "months"),
    [
        ("2026-09-07", "Sep   Oct     Nov"),
        # Of two in weeks that follow each other the later one has room.
        ("2025-11-24", "  Dec     Jan     Feb"),
        ("2025-12-08", "Dec   Jan     Feb     Mar"),
        ("2025-12-29", "Jan     Feb     Mar"),
    ],
)
def test_each_month_stands_over_the_week_in_which_it_begins(start: str, months: str) -> None:
    assert months_line(date.fromisoformat(start)) == months


async def test_the_streak_ledger_says_what_each_question_day_was(d: Dialogue) -> None:
    await play_days(d, *["a"] * 7, "", "", "a")
    said = await d.hears("a", "streak")
    assert "1 day in #practice\nBest: 7\nNext freeze: in 6 days" in said
    days = ("Thu 3 Dec | open now", "Wed 2 Dec | answered", "Tue 1 Dec | no answer")
    before = ("Mon 30 Nov | freeze used", "Sun 29 Nov | answered")
    assert "\n".join((*days, *before)) in said


async def test_a_late_answer_is_late_in_the_ledger_and_keeps_the_streak(d: Dialogue) -> None:
    await play_days(d, "a")
    await d.says(ADMIN, "reveal")
    await d.says("a", f"answer {MINE}")
    said = await d.hears("a", "streak")
    assert "2 days in #practice\nBest: 2" in said
    assert "Tue 24 Nov | late" in said


async def test_the_ledger_holds_thirty_question_days(d: Dialogue) -> None:
    await play_days(d, *["a"] * 35)
    rows = table_of(await d.says("a", "streak")).rows
    assert len(rows) == 30
    assert rows[0] == ("Mon 28 Dec", "open now")


async def test_the_ledger_of_a_newcomer_says_how_it_starts(d: Dialogue) -> None:
    said = await d.hears("ana", "streak")
    assert "Your first answer starts a streak here." in said
    assert "A question day is a day with a question here. Only those count." in said
    assert "Once in 30 days you can bring a day back, within 3 days." in said


async def test_home_shows_open_questions_with_buttons_and_the_own_figures(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    await open.forward(days=1, hours=1)
    reply = await open.says("ana", "home")
    assert "What is subject number 1 good for?" in open.text(reply)
    await open.fill("ana", await open.press("ana", reply, "Answer"), MINE)
    again = await open.says("ana", "home")
    assert "[Change my answer]" in open.text(again)
    assert "Streak in #practice: 2 days, best 2" in open.text(again)
    await open.reveal()
    after = without_moments(await open.hears("ana", "home"))
    assert "Nothing is open. Next: [#practice](channel:practice), Wed 25 Nov, 09:00 (UTC)." in after
    assert "Start here" not in after
    await open.says(ADMIN, "daily pause")
    assert "Nothing is open.\n" in await open.hears("ana", "home")


async def test_home_has_one_primary_button_however_many_questions_are_open(open: Dialogue) -> None:
    elsewhere = Channel(open.channel.team, "rag")
    await open.says("ana", f"answer {MINE}")
    await open.says(ADMIN, "daily on 10:00 daily UTC", channel=elsewhere)
    await open.forward(hours=2)
    await open.says("ana", f"answer {MINE}", channel=elsewhere)
    await open.forward(days=1)
    reply = await open.says("ana", "home")
    shown = [button for button in buttons_of(reply) if button.label == "Answer"]
    assert [button.primary for button in shown] == [True, False]


async def test_home_greets_a_newcomer_with_what_to_do(open: Dialogue) -> None:
    said = await open.hears("ana", "home")
    assert "Start here\n**One question about language models a day.**" in said
    assert "once you have answered one there" in said
    assert "[Practise]\n[Interview]\n[Settings]\n[Help]" in said
    assert "[Review]" not in said
    assert "[Leaderboard]" not in said
    await open.says("ana", f"answer {MINE}")
    assert "Start here" not in await open.hears("ana", "home")


async def test_home_says_nothing_of_channels_that_the_member_never_answered_in(open: Dialogue) -> None:
    assert "subject number 0" not in await open.hears("ana", "home")


async def test_me_and_streak_show_the_channel_at_hand_however_many_others_there_are(d: Dialogue) -> None:
    for n in range(22):
        await d.redis.hset("llmq:{console:local}:streaks:ana", f"c{n}", "1,1,0,20000,20000,0,0,0,0;")
    await d.open_round()
    await d.says("ana", "answer Something that answers it.")
    assert "Streak in #practice: 1 day" in await d.hears("ana", "me")
    assert "1 day in #practice" in await d.hears("ana", "streak")


async def test_who_is_called_you_is_not_named_twice(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.says("you", "answer This is what I think of it.")
    assert table_of(await d.says("you", "leaderboard")).rows == (("1", "You", "10"),)
