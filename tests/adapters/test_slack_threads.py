"""Replies in the question's thread: what counts, what an edit and a deletion do, and what never counts."""

from __future__ import annotations

from datetime import timedelta

from tests.adapters.slack_team import ANSWER, Team, texts, words
from tests.fakes.slack.faults import Dropped, Refused, ServerError
from tests.fakes.slack.people import Message

TICK = "white_check_mark"
OTHER = "A second answer, which is another one."


async def replied(team: Team, text: str = ANSWER) -> Message:
    """Ana's reply to a new question, handled."""
    reply = team.ana.post(team.channel, text, await team.question())
    await team.work()
    return reply


async def test_a_reply_counts_with_a_reaction_and_an_edit_replaces_it(team: Team) -> None:
    reply = await replied(team)
    assert list(reply.reactions) == [TICK]
    assert ANSWER in await team.today(team.ana)
    team.ana.edit(reply, OTHER)
    await team.work()
    assert OTHER in await team.today(team.ana)
    assert "1 answer" in await team.today(team.ana)
    assert "10 points" in await team.standing(team.ana)


async def test_deleting_a_reply_takes_it_back(team: Team) -> None:
    reply = await replied(team)
    team.ana.delete(reply)
    await team.work()
    assert "not yet" in await team.today(team.ana)
    assert "nothing yet" in await team.standing(team.ana)


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
    (reveal,) = await team.reveal()
    said = words(reveal)
    team.ana.edit(reply, "Something that I thought of only later.")
    team.bob.delete(gone)
    await team.work()
    assert words(reveal) == said
    assert ANSWER in await team.today(team.ana)
    assert OTHER in await team.today(team.bob)
    for who in (team.ana, team.bob):
        assert "10 points" in await team.standing(who)


async def test_a_newer_reply_replaces_the_older_one_whose_fate_no_longer_matters(team: Team) -> None:
    older = await replied(team)
    team.ana.post(team.channel, OTHER, team.channel.posts[-1])
    await team.work()
    team.ana.edit(older, "An edit of what was replaced long ago.")
    await team.work()
    assert OTHER in await team.today(team.ana)
    team.ana.delete(older)
    await team.work()
    assert OTHER in await team.today(team.ana)


async def test_a_remark_too_short_to_count_takes_nothing_with_it_when_it_is_deleted(team: Team) -> None:
    await replied(team)
    remark = team.ana.post(team.channel, "oh well", team.channel.posts[-1])
    await team.work()
    assert "too short" in words(team.ana.ephemerals[-1])
    team.ana.delete(remark)
    await team.work()
    assert ANSWER in await team.today(team.ana)


async def test_a_short_reply_is_refused_to_its_author_alone_and_counts_once_it_is_mended(team: Team) -> None:
    reply = await replied(team, "dunno")
    assert "too short" in words(team.ana.ephemerals[-1])
    assert team.ana.ephemerals[-1].thread_ts == team.channel.posts[-1].ts
    assert reply.reactions == {}
    team.ana.edit(reply, ANSWER)
    await team.work()
    assert TICK in reply.reactions


async def test_after_a_reply_was_deleted_an_older_one_counts_again_when_it_is_edited(team: Team) -> None:
    older = await replied(team)
    newer = team.ana.post(team.channel, OTHER, team.channel.posts[-1])
    await team.work()
    team.ana.delete(newer)
    await team.work()
    assert "not yet" in await team.today(team.ana)
    team.ana.edit(older, ANSWER + " Indeed.")
    await team.work()
    assert ANSWER in await team.today(team.ana)


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
    assert "2 answers" in await team.today(team.ana)


async def test_a_file_without_a_word_is_refused(team: Team) -> None:
    team.ana.post(team.channel, "", await team.question(), files=("notes.pdf",))
    await team.work()
    assert "too short" in words(team.ana.ephemerals[-1])


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
    shown = len(team.slack.workspace.ephemerals)
    assert shown == len([one for one in team.slack.workspace.ephemerals if one.ephemeral_to == team.boss.id])
    assert "No answers" in await team.today(team.ana)


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
    (reveal,) = await team.reveal()
    assert typed in texts(reveal.blocks)
    assert reveal.pings == ()


async def test_a_reply_counts_whatever_slack_says_when_it_is_asked_for_the_name(team: Team) -> None:
    question = await team.question()
    for who, fault in ((team.ana, Dropped()), (team.bob, ServerError(502)), (team.boss, Refused("fatal"))):
        team.slack.faults.add("users.info", fault)
        reply = who.post(team.channel, f"{ANSWER} {who.id}", question)
        await team.work()
        assert TICK in reply.reactions
    assert "3 answers" in await team.today(team.ana)


async def test_the_name_of_the_profile_is_shown_at_the_reveal(team: Team) -> None:
    team.ana.user.display_name = "Ana Ábrahám <!here>"
    await replied(team)
    (reveal,) = await team.reveal()
    assert "Ana Ábrahám <!here>" in texts(reveal.blocks)
    assert reveal.pings == ()


async def test_a_reply_to_yesterdays_question_is_no_answer_to_todays(team: Team) -> None:
    old = await team.question()
    team.clock.now += timedelta(days=1, hours=2)
    await team.work()
    assert team.channel.posts[-1] is not old
    remark = team.ana.post(team.channel, ANSWER, old)
    await team.work()
    assert remark.reactions == {}
    assert "not yet" in await team.today(team.ana)
