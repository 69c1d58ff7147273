"""Leaderboards, a member's own figures, the ledger, and leaving and joining the boards, in conversation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.messages import Grid, Message, Reply, Table
from tests.dialogue import ADMIN, Dialogue, buttons_of

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
    """A round day for each string, whose letters are who answers; ends an hour after the next question."""
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=2)
    for names in answering:
        for who in names:
            await d.says(who, f"answer {MINE}")
        await d.forward(days=1)


async def test_ties_share_a_rank(d: Dialogue) -> None:
    for who, times in (("ana", 4), ("bob", 3), ("cyd", 3), ("dan", 1)):
        await practise(d, who, times)
    board = table_of(await d.says("cyd", "leaderboard"))
    assert board.header == ("Rank", "Member", "Points")
    assert [rank for rank, _, _ in board.rows] == ["1", "2", "2", "4"]
    assert set(board.rows) == {
        ("1", "Ana", "4"),
        ("2", "Bob", "3"),
        ("2", "Cyd", "3"),
        ("4", "Dan", "1"),
    }
    assert board.own is not None
    assert board.rows[board.own][1] == "Cyd"


async def test_the_own_line_stands_beyond_the_top_ten(d: Dialogue) -> None:
    for n in range(11):
        await practise(d, f"m{n:02}", 2)
    await practise(d, "zoe", 1)
    reply = await d.says("zoe", "leaderboard")
    assert len(table_of(reply).rows) == 10
    assert table_of(reply).own is None
    assert "You are number 12 of 12 with 1." in d.text(reply)
    assert "You are number 1 of 12 with 2." in await d.hears("m10", "leaderboard")


async def test_an_empty_board_says_how_to_get_on_it(d: Dialogue) -> None:
    said = await d.hears("ana", "leaderboard")
    assert "Nobody is on this board yet. Answering a question puts you there." in said
    assert "You are not on this board yet." in said


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
    assert f"Leaderboard · {title}" in said
    assert f"You are number 1 of 1 with {score}." in said


async def test_a_board_is_private_until_it_is_shown_to_the_channel(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    private = await open.says("ana", "leaderboard all")
    shown = await open.press("ana", private, "Show to channel")
    assert isinstance(private, Message)
    assert isinstance(shown, Message)
    assert (private.private, shown.private) == (True, False)
    assert table_of(shown).rows == table_of(private).rows
    assert table_of(shown).own is None
    assert "Shown by Ana" in open.text(shown)
    assert "You are" not in open.text(shown)


async def test_the_buttons_of_a_board_lead_to_the_other_boards(open: Dialogue) -> None:
    reply = await open.says("ana", "leaderboard month")
    assert [button.label for button in buttons_of(reply)][1:] == ["This week", "All time", "Streaks"]
    for label in ("This week", "All time", "Streaks"):
        assert f"Leaderboard · {label}" in open.text(await open.press("ana", reply, label))


async def test_those_who_leave_the_boards_are_on_none_and_keep_their_points(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    said = await open.hears("ana", "boards off")
    assert "You have left the boards. Your points and streak go on; `/llmq boards on` joins again." in said
    for board in ("week", "month", "all", "streak"):
        assert "Ana" not in await open.hears("bob", f"leaderboard {board}")
    assert "You have left the boards. /llmq boards on joins them again." in await open.hears(
        "ana", "leaderboard"
    )
    await practise(open, "ana", 1)
    assert "You are on the boards again, with all your points." in await open.hears("ana", "boards on")
    assert "1 | Ana | 11" in await open.hears("bob", "leaderboard all")


async def test_leaving_or_joining_twice_changes_nothing(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    assert "You are on the boards." in await open.hears("ana", "boards on")
    await open.says("ana", "boards off")
    assert "You are not on the boards." in await open.hears("ana", "boards off")
    await open.says("ana", "boards on")
    assert "1 | Ana | 10" in await open.hears("bob", "leaderboard")


async def test_a_hidden_member_sees_points_and_no_rank(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    assert "This week: 10 points, number 1" in await open.hears("ana", "me")
    await open.says("ana", "boards off")
    said = await open.hears("ana", "me")
    assert "This week: 10 points\n" in said
    assert "Streaks: 1 round day\n" in said
    assert "number" not in said
    assert "You are hidden on the boards. /llmq boards on joins them." in said


async def test_an_answer_taken_back_while_hidden_takes_its_points_along(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    await open.says("ana", "boards off")
    await open.says("ana", "answer withdraw")
    await open.says("ana", "boards on")
    assert "Nobody is on this board yet" in await open.hears("ana", "leaderboard all")


async def test_me_of_a_newcomer_is_empty_and_friendly(d: Dialogue) -> None:
    said = await d.hears("ana", "me")
    assert "Streak: 0 round days, best 0\nFreezes: 0 of 2\nAnswered: 0\nThis week: nothing yet" in said


async def test_one_point_is_one_point(d: Dialogue) -> None:
    await practise(d, "ana", 1)
    assert "This week: 1 point, number 1" in await d.hears("ana", "me")


async def test_me_shows_twelve_weeks_with_a_mark_for_each_round_day(d: Dialogue) -> None:
    await play_days(d, *["a"] * 7, "", "", "a")
    await d.says(ADMIN, "reveal")
    await d.says("a", f"answer {MINE}")
    reply = await d.says("a", "me")
    assert isinstance(reply, Message)
    grid = next(block.text for block in reply.blocks if isinstance(block, Grid))
    # The twelfth column is this week's.
    assert [(line[:3], line[24:]) for line in grid.splitlines()] == [
        ("Mon", "█ *"),
        ("Tue", "█ ·"),
        ("Wed", "█ █"),
        ("Thu", "█ ▒"),
        ("Fri", "█"),
        ("Sat", "█"),
        ("Sun", "█"),
    ]


async def test_the_streak_ledger_says_what_each_round_day_was(d: Dialogue) -> None:
    await play_days(d, *["a"] * 7, "", "", "a")
    said = await d.hears("a", "streak")
    assert "Streak: 1 round day, best 7, freezes held: 0" in said
    days = ("Thu 3 Dec 2026 | still open", "Wed 2 Dec 2026 | answered", "Tue 1 Dec 2026 | missed")
    before = ("Mon 30 Nov 2026 | frozen", "Sun 29 Nov 2026 | answered")
    assert "\n".join((*days, *before)) in said


async def test_a_late_answer_is_late_in_the_ledger_and_keeps_the_streak(d: Dialogue) -> None:
    await play_days(d, "a")
    await d.says(ADMIN, "reveal")
    await d.says("a", f"answer {MINE}")
    said = await d.hears("a", "streak")
    assert "Streak: 2 round days, best 2" in said
    assert "Tue 24 Nov 2026 | late" in said


async def test_the_ledger_holds_thirty_round_days(d: Dialogue) -> None:
    await play_days(d, *["a"] * 35)
    rows = table_of(await d.says("a", "streak")).rows
    assert len(rows) == 30
    assert rows[0] == ("Mon 28 Dec 2026", "still open")


async def test_the_ledger_of_a_newcomer_says_how_it_starts(d: Dialogue) -> None:
    said = await d.hears("ana", "streak")
    assert "No round days yet. Your first answer starts the ledger." in said
    assert "Only days on which the team had a question count" in said


async def test_home_shows_open_questions_with_buttons_and_the_own_figures(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    await open.says("ana", "answer withdraw")
    reply = await open.says("ana", "home")
    assert "What is subject number 0 good for?" in open.text(reply)
    await open.fill("ana", await open.press("ana", reply, "Answer"), MINE)
    again = await open.says("ana", "home")
    assert "[Change my answer]" in open.text(again)
    assert "Streak: 1 round day, best 1" in open.text(again)
    await open.reveal()
    assert "Nothing is open just now" in await open.hears("ana", "home")


async def test_home_says_nothing_of_channels_that_the_member_never_answered_in(open: Dialogue) -> None:
    assert "subject number 0" not in await open.hears("ana", "home")
