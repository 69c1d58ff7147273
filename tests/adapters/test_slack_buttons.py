"""Every button that the core offers, and the forms behind them, over both ways in."""

from __future__ import annotations

from tests.adapters.slack_team import ANSWER, QUESTION, Team, words
from tests.fakes.slack.acted import Submitted
from tests.fakes.slack.people import Message, View
from tests.fakes.slack.users import Member

LATE = "An answer that comes after the reveal."


async def form_behind(who: Member, where: Message | View, label: str) -> View:
    return await (await who.press(where, label)).view()


def shown_by(sent: Submitted) -> View:
    """What the form has become."""
    assert sent.errors == {}
    assert sent.view
    return sent.view


async def test_answer_opens_a_form_with_the_question_and_a_text_area(team: Team) -> None:
    form = await form_behind(team.ana, await team.question(), "Answer")
    assert QUESTION in words(form)
    (field,) = (block["element"] for block in form.blocks if block["type"] == "input")
    assert field["multiline"]
    result = shown_by(await team.ana.submit(form, {"answer": ANSWER}))
    assert "Your answer is in." in words(result)


async def test_take_it_back_in_the_form_shows_the_text_once_more(team: Team) -> None:
    form = await form_behind(team.ana, await team.question(), "Answer")
    result = shown_by(await team.ana.submit(form, {"answer": ANSWER}))
    await team.ana.press(result, "Take it back")
    assert "Your answer is taken back" in words(result)
    assert ANSWER in words(result)
    assert "not yet" in await team.today(team.ana)


async def test_take_it_back_under_a_command_shows_the_text_once_more(team: Team) -> None:
    await team.question()
    stored = await team.says(team.ana, f"answer {ANSWER}")
    taken_back = await team.presses(team.ana, stored, "Take it back")
    assert ANSWER in words(taken_back)
    assert taken_back.ephemeral_to == team.ana.id


async def test_status_shows_how_the_question_stands_to_the_asker_alone(team: Team) -> None:
    status = await team.presses(team.ana, await team.question(), "Status")
    assert "No answers" in words(status)
    assert status.ephemeral_to == team.ana.id
    assert QUESTION in words(team.channel.posts[-1])


async def test_change_my_answer_begins_with_what_was_answered(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    status = await team.says(team.ana, "today")
    form = await form_behind(team.ana, status, "Change my answer")
    assert form.state()["answer"]["answer"]["value"] == ANSWER
    result = shown_by(await team.ana.submit(form, {"answer": LATE}))
    assert "Your answer is replaced." in words(result)
    assert LATE in await team.today(team.ana)


async def test_an_answer_longer_than_slacks_field_is_changed_in_two_and_stays_whole(team: Team) -> None:
    long = " ".join(f"word{n}" for n in range(480))
    assert 3000 < len(long) <= 4000
    await team.question()
    await team.says(team.ana, f"answer {long}")
    form = await form_behind(team.ana, await team.says(team.ana, "today"), "Change my answer")
    shown_by(await team.ana.submit(form))
    await team.says(team.bob, f"answer {ANSWER}")
    (reveal,) = await team.reveal()
    assert all(f"word{n}" in words(reveal).split() for n in range(480))


async def test_answer_late_is_offered_after_the_reveal_and_leads_to_the_reference(team: Team) -> None:
    await team.question()
    await team.reveal()
    form = await form_behind(team.ana, await team.says(team.ana, "today"), "Answer late")
    result = shown_by(await team.ana.submit(form, {"answer": LATE}))
    assert "Your late answer is in. +4 points." in words(result).replace("  ", " ")
    await team.ana.press(result, "See the reference answer")
    assert "secret0" in words(result)


async def test_the_questions_own_buttons_are_gone_after_the_reveal(team: Team) -> None:
    question = await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    await team.reveal()
    assert "Revealed with 1 answer" in words(question)
    assert [block for block in question.blocks if block["type"] == "actions"] == []


async def test_show_answer_and_another_go_on_practising(team: Team) -> None:
    practice = await team.says(team.ana, "random attention easy")
    answer = await team.presses(team.ana, practice, "Show answer")
    assert "Reference answer" in words(answer)
    assert "Practice" in words(await team.presses(team.ana, answer, "Another"))
    another = await team.presses(team.ana, practice, "Another")
    assert "attention · easy" in words(another)


async def test_practice_is_answered_in_a_form_and_goes_on_inside_it(team: Team) -> None:
    practice = await team.says(team.ana, "random")
    result = shown_by(
        await team.ana.submit(await form_behind(team.ana, practice, "Answer"), {"answer": ANSWER})
    )
    assert "+1 point." in words(result)
    await team.ana.press(result, "Another")
    assert "Practice" in words(result)
    on_top = await form_behind(team.ana, result, "Answer")
    assert on_top.previous == result.id
    assert "+1 point." in words(shown_by(await team.ana.submit(on_top, {"answer": LATE})))


async def test_the_boards_are_switched_and_shown_to_the_channel(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    board = await team.says(team.bob, "leaderboard")
    for label in ("This month", "All time", "Streaks", "This week"):
        board = await team.presses(team.bob, board, label)
        assert f"Leaderboard · {label}" in words(board)
        assert board.ephemeral_to == team.bob.id
    shown = await team.presses(team.bob, board, "Show to channel")
    assert shown is team.channel.posts[-1]
    assert "Shown by bob" in words(shown)
    assert shown.pings == ()


async def test_a_form_that_cannot_be_stored_stays_open_with_its_text(team: Team) -> None:
    form = await form_behind(team.ana, await team.question(), "Answer")
    sent = await team.ana.submit(form, {"answer": "short"})
    assert "too short to be an answer" in sent.errors["answer"]
    assert sent.view is form
    assert form.state()["answer"]["answer"]["value"] == "short"
    shown_by(await team.ana.submit(form, {"answer": ANSWER}))


async def test_a_practice_form_that_cannot_be_stored_stays_open_with_its_text(team: Team) -> None:
    form = await form_behind(team.ana, await team.says(team.ana, "random"), "Answer")
    question = next(text for text in words(form).split("  ") if "subject" in text).strip()
    sent = await team.ana.submit(form, {"answer": question.removesuffix("In your own words").strip()})
    assert "That is the question itself." in sent.errors["answer"]
    assert sent.view is form
    shown_by(await team.ana.submit(form, {"answer": ANSWER}))


async def test_a_form_left_open_over_the_reveal_is_taken_as_a_late_answer(team: Team) -> None:
    form = await form_behind(team.ana, await team.question(), "Answer")
    await team.reveal()
    assert "Your late answer is in." in words(shown_by(await team.ana.submit(form, {"answer": LATE})))


async def test_a_button_of_a_question_that_is_closed_says_so(team: Team) -> None:
    await team.question()
    old = await team.says(team.ana, "today")
    await team.reveal()
    team.clock.now = team.clock.now.replace(day=24, hour=10)
    await team.work()
    assert len(team.channel.posts) == 2
    assert "This round is closed." in words(await team.presses(team.ana, old, "Answer"))


async def test_home_lists_the_channels_rounds_with_a_button_for_all_that_llmq_does(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    home = await opened_home(team)
    assert QUESTION in words(home)
    assert "1 round day, best 1" in words(home)
    assert "10 points, number 1" in words(home)
    shows = {
        "Status": "in time",
        "Practise": "Practice",
        "Leaderboard": "Leaderboard · This week",
        "My streak": "Streak: 1 round day",
        "Topics": "Decks and topics",
        "Help": "/llmq daily on",
    }
    for label, said in shows.items():
        assert said in words(await form_behind(team.ana, home, label))


async def test_an_answer_is_changed_and_taken_back_from_home(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    form = await form_behind(team.ana, await opened_home(team), "Change my answer")
    result = shown_by(await team.ana.submit(form, {"answer": LATE}))
    assert "replaced" in words(result)
    await team.ana.press(result, "Take it back")
    assert LATE in words(result)
    form = await form_behind(team.ana, await opened_home(team), "Answer")
    assert "is in" in words(shown_by(await team.ana.submit(form, {"answer": ANSWER})))


async def test_practice_from_home_goes_on_in_its_modal(team: Team) -> None:
    modal = await form_behind(team.ana, await opened_home(team), "Practise")
    await team.ana.press(modal, "Show answer")
    assert "Reference answer" in words(modal)
    await team.ana.press(modal, "Another")
    form = await form_behind(team.ana, modal, "Answer")
    assert "+1 point." in words(shown_by(await team.ana.submit(form, {"answer": ANSWER})))


async def test_a_board_is_switched_in_the_modal_that_home_opened(team: Team) -> None:
    modal = await form_behind(team.ana, await opened_home(team), "Leaderboard")
    await team.ana.press(modal, "Streaks")
    assert "Leaderboard · Streaks" in words(modal)


async def test_the_messages_tab_of_home_publishes_nothing(team: Team) -> None:
    team.ana.open_home("messages")
    await team.work()
    assert team.ana.home is None


async def opened_home(team: Team) -> View:
    team.ana.open_home()
    await team.work()
    assert team.ana.home
    return team.ana.home
