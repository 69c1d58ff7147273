"""Replies in the question's thread: what counts, what an edit and a deletion do, and what never counts."""

from __future__ import annotations

from datetime import timedelta

from tests.adapters.slack_team import ANSWER, Team, called, texts, words
from tests.fakes.slack.people import Message

TICK = "white_check_mark"
OTHER = "A second answer, which is another one."


def ticks(message: Message) -> int:
    """How many marks say that a message counts."""
    assert set(message.reactions) <= {TICK}
    return len(message.reactions.get(TICK, ()))


async def replied(team: Team, text: str = ANSWER) -> Message:
    """Ana's reply to a new question, handled."""
    reply = team.ana.post(team.channel, text, await team.question())
    await team.work()
    return reply


async def writes(team: Team, text: str) -> Message:
    """One more message of Ana's in the thread, handled."""
    message = team.ana.post(team.channel, text, team.channel.posts[-1])
    await team.work()
    return message


async def test_a_reply_counts_with_a_reaction_and_an_edit_replaces_it(team: Team) -> None:
    reply = await replied(team)
    assert ticks(reply) == 1
    assert ANSWER in await team.today(team.ana)
    assert "in time, by your reply" in await team.today(team.ana)
    team.ana.edit(reply, OTHER)
    await team.work()
    assert OTHER in await team.today(team.ana)
    assert ticks(reply) == 1
    assert await team.answered() == 1
    assert "10 points" in await team.standing(team.ana)


async def test_deleting_a_reply_takes_it_back(team: Team) -> None:
    reply = await replied(team)
    team.ana.delete(reply)
    await team.work()
    assert "not yet" in await team.today(team.ana)
    assert "none yet" in await team.standing(team.ana)


async def test_a_reply_that_an_admin_deletes_is_taken_back_for_its_author(team: Team) -> None:
    reply = await replied(team)
    await team.says(team.boss, f"answer {OTHER}")
    team.boss.delete(reply)
    await team.work()
    assert "not yet" in await team.today(team.ana)
    assert OTHER in await team.today(team.boss)


async def test_edits_and_deletions_after_the_reveal_change_nothing(team: Team) -> None:
    reply = await replied(team)
    gone = team.bob.post(team.channel, OTHER, team.channel.posts[-1])
    await team.work()
    revealed = await team.reveal()
    said = words(*revealed)
    team.ana.edit(reply, "Something that I thought of only later.")
    team.bob.delete(gone)
    await team.work()
    assert words(*revealed) == said
    assert ANSWER in await team.today(team.ana)
    assert OTHER in await team.today(team.bob)
    for who in (team.ana, team.bob):
        assert "10 points" in await team.standing(who)


async def test_what_one_writes_behind_ones_answer_is_talk(team: Team) -> None:
    answer = await replied(team)
    talk = await writes(team, "Good one! This took me quite a while.")
    assert (ticks(answer), ticks(talk)) == (1, 0)
    assert ANSWER in await team.today(team.ana)
    team.ana.edit(talk, "Good one! This took me half an hour.")
    await team.work()
    assert ANSWER in await team.today(team.ana)
    team.ana.delete(talk)
    await team.work()
    assert ANSWER in await team.today(team.ana)
    assert len(team.ana.ephemerals) == 3


async def test_what_one_writes_behind_an_answer_in_the_form_is_talk(team: Team) -> None:
    form = await (await team.ana.press(await team.question(), "Answer")).view()
    await team.receipt(team.ana, form, ANSWER)
    talk = await writes(team, "Good one! This took me quite a while.")
    assert ticks(talk) == 0
    assert ANSWER in await team.today(team.ana)


async def test_an_answer_in_the_form_takes_the_place_of_a_reply_and_its_tick(team: Team) -> None:
    reply = await replied(team)
    form = await (await team.ana.press(team.channel.posts[-1], "Answer")).view()
    assert form.state()["answer"]["answer"]["value"] == ANSWER
    assert "Your new answer is in." in words(await team.receipt(team.ana, form, OTHER))
    assert ticks(reply) == 0
    assert "in time" in await team.today(team.ana)
    team.ana.edit(reply, "An edit of what counts no more.")
    await team.work()
    team.ana.delete(reply)
    await team.work()
    assert OTHER in await team.today(team.ana)


async def test_a_withdrawal_takes_the_tick_off_and_a_later_reply_counts(team: Team) -> None:
    reply = await replied(team)
    assert "Taken back" in words(await team.says(team.ana, "answer withdraw"))
    await team.work()
    assert ticks(reply) == 0
    assert "not yet" in await team.today(team.ana)
    later = await writes(team, OTHER)
    assert (ticks(reply), ticks(later)) == (0, 1)
    assert OTHER in await team.today(team.ana)


async def test_after_a_reply_was_deleted_the_next_one_counts(team: Team) -> None:
    first = await replied(team)
    talk = await writes(team, "By the way, who else is here today?")
    team.ana.delete(first)
    await team.work()
    assert "not yet" in await team.today(team.ana)
    assert ticks(await writes(team, OTHER)) == 1
    assert ticks(talk) == 0
    assert OTHER in await team.today(team.ana)


async def test_a_short_remark_of_one_who_has_answered_is_talk(team: Team) -> None:
    await replied(team)
    shown = len(team.ana.ephemerals)
    remark = await writes(team, "oh well")
    team.ana.delete(remark)
    await team.work()
    assert len(team.ana.ephemerals) == shown
    assert ANSWER in await team.today(team.ana)


async def test_a_short_reply_is_refused_to_its_author_alone_and_counts_once_it_is_longer(team: Team) -> None:
    reply = await replied(team, "no")
    assert "at least 10 characters" in words(team.ana.ephemerals[-1])
    assert team.ana.ephemerals[-1].thread_ts == team.channel.posts[-1].ts
    assert ticks(reply) == 0
    team.ana.edit(reply, ANSWER)
    await team.work()
    assert ticks(reply) == 1


async def test_who_says_that_they_do_not_know_keeps_the_streak_and_earns_nothing(team: Team) -> None:
    reply = await replied(team, "I don't know")
    assert ticks(reply) == 1
    said = await team.standing(team.ana)
    assert "1 day, best 1" in said
    assert "points" not in said


async def test_what_slack_changes_by_itself_is_no_edit(team: Team) -> None:
    reply = await replied(team)
    await team.says(team.ana, f"answer {OTHER}")
    team.slack.touch(reply)
    await team.work()
    assert OTHER in await team.today(team.ana)


async def test_files_and_replies_that_also_go_to_the_channel_count(team: Team) -> None:
    question = await team.question()
    team.ana.post(team.channel, ANSWER, question, broadcast=True)
    team.bob.post(team.channel, OTHER, question, files=("notes.pdf",))
    await team.work()
    assert await team.answered() == 2


async def test_a_file_without_a_word_is_refused(team: Team) -> None:
    team.ana.post(team.channel, "", await team.question(), files=("notes.pdf",))
    await team.work()
    assert "at least 10 characters" in words(team.ana.ephemerals[-1])


async def test_remarks_elsewhere_and_other_bots_never_count(team: Team) -> None:
    question = await team.question()
    robot = team.slack.user("robot", bot=True)
    robot.join(team.channel)
    robot.post(team.channel, "An answer by a machine.", question)
    team.ana.post(team.channel, "Not in the thread at all.")
    other = team.bob.post(team.channel, "A thread of our own.")
    team.ana.post(team.channel, "A reply in another thread.", other)
    team.bob.post(team.channel, "no", other)
    await team.work()
    assert {one.ephemeral_to for one in team.slack.workspace.ephemerals} == {team.boss.id}
    assert await team.answered() == 0


async def test_a_thread_is_for_talking_after_the_reveal(team: Team) -> None:
    question = await team.question()
    await team.reveal()
    before = len(team.ana.ephemerals)
    remark = team.ana.post(team.channel, "So that is what it was about.", question)
    await team.work()
    assert remark.reactions == {}
    assert len(team.ana.ephemerals) == before


async def test_what_slack_makes_of_a_reply_is_undone(team: Team) -> None:
    typed = "@bob & @channel: see https://example.org/a?b=1&c=2, example.com, #practice, <b> and `x < 1`"
    await replied(team, typed)
    await team.says(team.bob, f"answer {OTHER}")
    revealed = await team.reveal()
    assert typed in [text for one in revealed for text in texts(one.blocks)]
    assert [called(one) for one in revealed] == [[], []]


async def test_a_reply_to_yesterdays_question_is_no_answer_to_todays(team: Team) -> None:
    old = await team.question()
    team.clock.now += timedelta(days=1, hours=2)
    await team.work()
    assert team.channel.posts[-1] is not old
    remark = team.ana.post(team.channel, ANSWER, old)
    await team.work()
    assert remark.reactions == {}
    assert "not yet" in await team.today(team.ana)
