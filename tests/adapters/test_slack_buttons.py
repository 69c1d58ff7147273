"""Every button that the core offers, and the forms behind them, over both ways in."""

from __future__ import annotations

from datetime import timedelta

from tests.adapters.slack_team import ANSWER, QUESTION, Team, called, words
from tests.fakes.slack.acted import Submitted
from tests.fakes.slack.faults import ServerError
from tests.fakes.slack.people import Message, View
from tests.fakes.slack.users import Member

PROMPT = "What is subject number 0 good for?"
LATE = "An answer that comes after the reveal."


def labels(where: Message | View) -> list[str]:
    """The labels of its buttons."""
    rows = [block["elements"] for block in where.blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


async def form_behind(who: Member, where: Message | View, label: str) -> View:
    return await (await who.press(where, label)).view()


def shown_by(sent: Submitted) -> View:
    """What the form has become, where it was opened from App Home."""
    assert sent.errors == {}
    assert sent.view
    return sent.view


async def test_answer_opens_a_form_whose_receipt_comes_under_the_question_for_its_author(team: Team) -> None:
    form = await form_behind(team.ana, await team.question(), "Answer")
    assert QUESTION in words(form)
    (field,) = (block["element"] for block in form.blocks if block["type"] == "input")
    assert field["multiline"]
    receipt = await team.receipt(team.ana, form, ANSWER)
    assert "Your answer is in." in words(receipt)
    assert (receipt.channel, receipt.ephemeral_to) == (team.channel, team.ana.id)
    assert QUESTION in words(team.channel.posts[-1])


async def test_take_back_takes_the_place_of_the_receipt_and_shows_the_text_once_more(team: Team) -> None:
    receipt = await team.receipt(
        team.ana, await form_behind(team.ana, await team.question(), "Answer"), ANSWER
    )
    assert await team.presses(team.ana, receipt, "Take back") is receipt
    assert "Taken back" in words(receipt)
    assert ANSWER in words(receipt)
    assert "not yet" in await team.today(team.ana)
    await team.receipt(team.ana, await form_behind(team.ana, receipt, "Answer again"), ANSWER)
    assert "Your answer is in." in words(receipt)


async def test_take_back_under_a_command_shows_the_text_once_more(team: Team) -> None:
    await team.question()
    stored = await team.says(team.ana, f"answer {ANSWER}")
    taken_back = await team.presses(team.ana, stored, "Take back")
    assert ANSWER in words(taken_back)
    assert taken_back.ephemeral_to == team.ana.id


async def test_status_shows_how_the_question_stands_to_the_asker_alone(team: Team) -> None:
    status = await team.presses(team.ana, await team.question(), "Status")
    assert "not yet" in words(status)
    assert status.ephemeral_to == team.ana.id
    assert QUESTION in words(team.channel.posts[-1])


async def test_change_begins_with_what_was_answered(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    status = await team.says(team.ana, "today")
    form = await form_behind(team.ana, status, "Change")
    assert form.state()["answer"]["answer"]["value"] == ANSWER
    assert "Your new answer is in." in words(await team.receipt(team.ana, form, LATE))
    assert LATE in await team.today(team.ana)


async def test_an_answer_longer_than_slacks_field_is_changed_in_two_and_stays_whole(team: Team) -> None:
    long = " ".join(f"word{n}" for n in range(480))
    assert 3000 < len(long) <= 4000
    await team.question()
    await team.says(team.ana, f"answer {long}")
    form = await form_behind(team.ana, await team.says(team.ana, "today"), "Change")
    assert (await team.ana.submit(form)).closed
    await team.says(team.bob, f"answer {ANSWER}")
    said = words(*await team.reveal()).split()
    assert all(f"word{n}" in said for n in range(480))


async def test_answer_late_is_offered_after_the_reveal_and_goes_into_the_thread(team: Team) -> None:
    question = await team.question()
    await team.reveal()
    form = await form_behind(team.ana, question, "Answer late")
    receipt = await team.receipt(team.ana, form, LATE)
    assert "Your late answer is in the thread. +4 points." in words(receipt).replace("  ", " ")
    late = team.posted_in_thread()[-1]
    assert words(late) == f"ana · late {LATE}"
    assert late.text == "A late answer from ana."
    await team.presses(team.ana, receipt, "Compare mine")
    assert "Found 0 of 1 key point" in words(team.ana.ephemerals[-1])


async def test_an_answer_late_by_one_who_read_the_reference_says_so(team: Team) -> None:
    await team.question()
    await team.reveal()
    await team.presses(team.ana, await team.says(team.ana, "today"), "Show the reference")
    await team.says(team.ana, f"answer {LATE}")
    await team.work()
    assert words(team.posted_in_thread()[-1]) == f"ana · late, after reading {LATE}"


async def test_the_questions_buttons_after_the_reveal_compare_and_answer_late(team: Team) -> None:
    question = await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    await team.reveal()
    assert "1 answered" in words(question)
    assert labels(question) == ["Compare mine", "Answer late"]
    team.clock.now += timedelta(days=1, hours=2)
    await team.work()
    assert labels(question) == []


async def test_a_private_card_takes_no_place_of_what_all_see(team: Team) -> None:
    question = await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    await team.reveal()
    said = words(question)
    card = await team.presses(team.ana, question, "Compare mine")
    assert card.ephemeral_to == team.ana.id
    assert words(question) == said


async def test_show_answer_and_another_go_on_practising(team: Team) -> None:
    practice = await team.says(team.ana, "random attention easy")
    answer = await team.presses(team.ana, practice, "Show answer")
    assert "Reference answer" in words(answer)
    assert "Practice" in words(await team.presses(team.ana, answer, "Another"))
    another = await team.presses(team.ana, practice, "Another")
    assert "attention · easy" in words(another)


async def test_practice_is_answered_in_a_form_and_compared(team: Team) -> None:
    practice = await team.says(team.ana, "random")
    card = await team.receipt(team.ana, await form_behind(team.ana, practice, "Answer"), ANSWER)
    assert "+1 point" in words(card)


async def test_practice_from_home_is_answered_on_top_of_its_modal(team: Team) -> None:
    modal = await form_behind(team.ana, await opened_home(team), "Practise")
    on_top = await form_behind(team.ana, modal, "Answer")
    assert on_top.previous == modal.id
    assert "+1 point" in words(shown_by(await team.ana.submit(on_top, {"answer": LATE})))


async def test_the_boards_are_switched_in_their_place_and_shown_to_the_channel(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    board = await team.says(team.bob, "leaderboard")
    for label, title in (("Month", "This month"), ("All time", "All time"), ("Streaks", "Streaks")):
        assert await team.presses(team.bob, board, label) is board
        assert f"{title} in  <#{team.channel.id}>" in words(board)
        assert board.ephemeral_to == team.bob.id
    await team.presses(team.bob, board, "Whole team")
    assert "Streaks in the team" in words(board)
    await team.presses(team.bob, board, "This channel")
    shown = await team.presses(team.bob, board, "Show to channel")
    assert shown is team.channel.posts[-1]
    assert "Shown by bob" in words(shown)
    assert called(shown) == []
    assert not board.deleted


async def test_a_form_that_cannot_be_stored_stays_open_with_its_text(team: Team) -> None:
    form = await form_behind(team.ana, await team.question(), "Answer")
    sent = await team.ana.submit(form, {"answer": PROMPT})
    assert "This is the question itself. Write your own answer." in sent.errors["answer"]
    assert sent.view is form
    assert form.state()["answer"]["answer"]["value"] == PROMPT
    assert (await team.ana.submit(form, {"answer": ANSWER})).closed


async def test_a_practice_form_that_cannot_be_stored_stays_open_with_its_text(team: Team) -> None:
    form = await form_behind(team.ana, await team.says(team.ana, "random"), "Answer")
    question = words(form).partition("?")[0].partition("What is")
    sent = await team.ana.submit(form, {"answer": f"{''.join(question[1:])}?"})
    assert "This is the question itself." in sent.errors["answer"]
    assert sent.view is form
    assert (await team.ana.submit(form, {"answer": ANSWER})).closed


async def test_a_form_left_open_over_the_reveal_is_taken_as_a_late_answer(team: Team) -> None:
    form = await form_behind(team.ana, await team.question(), "Answer")
    await team.reveal()
    assert "Your late answer is in the thread." in words(await team.receipt(team.ana, form, LATE))


async def test_a_button_of_a_question_that_is_closed_says_so(team: Team) -> None:
    await team.question()
    old = await team.says(team.ana, "today")
    await team.reveal()
    team.clock.now = team.clock.now.replace(day=24, hour=10)
    await team.work()
    assert QUESTION not in words(team.channel.posts[-1])
    assert "This question is closed." in words(await team.presses(team.ana, old, "Answer"))


async def test_home_lists_the_channels_rounds_with_a_button_for_all_that_llmq_does(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    home = await opened_home(team)
    assert QUESTION in words(home)
    assert f"Streak in  <#{team.channel.id}> :  1 day, best 1" in words(home)
    assert "10 points, place 1" in words(home)
    shows = {
        "Status": "in time",
        "Practise": "Every such question is open in this team, comes soon, or is asked here no more.",
        "Leaderboard": "This week in the team",
        "My streak": f"Your streaks <#{team.channel.id}> :  1 day, best 1",
        "Topics": "Decks and topics",
        "Help": "/llmq answer",
    }
    for label, said in shows.items():
        assert said in words(await team.turns(team.ana, home, label))


async def test_an_answer_is_changed_and_taken_back_from_home(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    form = await form_behind(team.ana, await opened_home(team), "Change my answer")
    result = shown_by(await team.ana.submit(form, {"answer": LATE}))
    assert "Your new answer is in." in words(result)
    assert LATE in words(await team.turns(team.ana, result, "Take back"))
    form = await form_behind(team.ana, result, "Answer again")
    assert "is in" in words(shown_by(await team.ana.submit(form, {"answer": ANSWER})))


async def test_practice_from_home_goes_on_in_its_modal(team: Team) -> None:
    modal = await form_behind(team.ana, await opened_home(team), "Practise")
    assert "Reference answer" in words(await team.turns(team.ana, modal, "Show answer"))
    assert await team.turns(team.ana, modal, "Another") is modal
    form = await form_behind(team.ana, modal, "Answer")
    assert "+1 point" in words(shown_by(await team.ana.submit(form, {"answer": ANSWER})))


async def test_home_leads_to_the_review_an_interview_and_the_settings_in_windows(team: Team) -> None:
    await team.question()
    assert "Start here" in words(await opened_home(team))
    await team.says(team.ana, f"answer {ANSWER}")
    home = await opened_home(team)
    assert team.channel.id in str(home.blocks[1])
    for label, said in (
        ("Review", "Nothing to review yet."),
        ("Interview", "Every such question is open in this team, comes soon, or is asked here no more."),
        ("Settings", "Note at the reveal"),
    ):
        assert said in words(await form_behind(team.ana, home, label))


async def test_a_board_in_the_modal_of_home_keeps_the_own_place_and_switches_and_is_shown_nowhere(
    team: Team,
) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    before = len(team.channel.messages)
    modal = await form_behind(team.ana, await opened_home(team), "Leaderboard")
    for label, title, others in (
        ("Streaks", "Streaks in the team", ["Week", "Month", "All time"]),
        ("Month", "This month in the team", ["Week", "All time", "Streaks"]),
    ):
        assert title in words(await team.turns(team.ana, modal, label))
        assert "ana (you)" in words(modal)
        assert labels(modal) == others
    assert len(team.channel.messages) == before


async def test_the_messages_tab_of_home_publishes_nothing(team: Team) -> None:
    team.ana.open_home("messages")
    await team.work()
    assert team.ana.home is None


async def opened_home(team: Team) -> View:
    team.ana.open_home()
    await team.work()
    assert team.ana.home
    return team.ana.home


async def test_a_shortcut_opens_what_it_names_in_a_window(team: Team) -> None:
    acted = await team.ana.shortcut("llmq_practise")
    assert acted.failure is None
    shown = await acted.view()
    form = await (await team.ana.press(shown, "Answer")).view()
    await team.ana.submit(form, {"answer": ANSWER})
    await team.work()
    assert "1 point" in await team.standing(team.ana)
    reviewed = await team.ana.shortcut("llmq_review")
    assert "Nothing to review yet." in words(await reviewed.view())


async def test_a_shortcut_whose_window_does_not_open_is_answered_by_the_bot(team: Team) -> None:
    team.slack.faults.add("views.open", ServerError(500))
    acted = await team.ana.shortcut("llmq_practise")
    assert acted.failure is None
    await team.work()
    assert "What is subject number" in words(team.ana.dm[-1])
