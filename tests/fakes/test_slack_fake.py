"""The stand-in Slack, as a person sees it through a small real bolt app, over both ways in."""

from __future__ import annotations

import pytest

from tests.fakes.slack import NotPossible
from tests.fakes.slack.sample import Mode, running

MODES = pytest.mark.parametrize("mode", ["socket", "http"])


@MODES
async def test_a_command_is_answered_with_its_acknowledgement(mode: Mode) -> None:
    async with running(mode) as (slack, _):
        member = slack.user("one")
        said = await member.command("/quiz", 'topics "a & b"', slack.channel("general", [member]))
        assert said.message.text == 'heard: topics "a & b"'
        assert member.ephemerals == [said.message]
        assert slack.complaints == []


@MODES
async def test_a_button_opens_a_form_that_keeps_its_text_on_an_error_and_closes_at_last(mode: Mode) -> None:
    async with running(mode) as (slack, _):
        member = slack.user("one")
        channel = slack.channel("general", [member])
        await member.command("/quiz", "post", channel)
        question = await slack.world.until(lambda: channel.posts[0] if channel.posts else None)
        assert question
        view = await (await member.press(question, "Answer")).view()
        assert view.blocks[0]["label"]["text"] == "q1"
        sent = await member.submit(view, {"answer": "no"})
        assert sent.errors == {"answer": "Say more."}
        assert sent.view is view
        assert view.state() == {"answer": {"text": {"type": "plain_text_input", "value": "no"}}}
        assert (await member.submit(view, {"answer": "Noise <!here> & more"})).closed
        assert member.view is None
        assert slack.complaints == []


@MODES
async def test_an_answer_to_all_shows_what_was_typed(mode: Mode) -> None:
    async with running(mode) as (slack, _):
        member = slack.user("one")
        channel = slack.channel("general", [member])
        await member.command("/quiz", "aloud", channel)
        assert [message.text for message in channel.posts] == ["/quiz aloud", "to all"]
        assert member.ephemerals == []


@MODES
async def test_what_slack_does_not_take_from_an_acknowledgement_is_a_failure(mode: Mode) -> None:
    async with running(mode) as (slack, _):
        member = slack.user("one")
        channel = slack.channel("general", [member])
        assert (await member.command("/quiz", "broken", channel)).messages == []
        said = await member.command("/quiz", "form", channel)
        sent = await member.submit(await said.view(), {"answer": "misnamed"})
        assert (sent.errors, sent.closed) == ({}, False)
        first, second = slack.world.failures
        assert "invalid_blocks" in first
        assert "invalid_errors" in second


@MODES
async def test_the_app_hears_that_a_form_was_closed_if_it_asked(mode: Mode) -> None:
    async with running(mode) as (slack, sample):
        member = slack.user("one")
        said = await member.command("/quiz", "form", slack.channel("general", [member]))
        delivery = await member.close(await said.view())
        assert delivery
        assert delivery.acked
        assert [body["type"] for body in sample.events] == ["view_closed"]


@MODES
async def test_a_form_can_give_way_to_another(mode: Mode) -> None:
    async with running(mode) as (slack, _):
        member = slack.user("one")
        said = await member.command("/quiz", "form", slack.channel("general", [member]))
        sent = await member.submit(await said.view(), {"answer": "next"})
        assert sent.view
        assert sent.view.blocks[0]["label"]["text"] == "Another"


@MODES
async def test_a_reply_in_a_thread_reaches_the_app_which_reacts(mode: Mode) -> None:
    async with running(mode, echo=False) as (slack, sample):
        member = slack.user("one")
        channel = slack.channel("general", [member])
        await member.command("/quiz", "post", channel)
        await slack.world.until(lambda: channel.posts)
        reply = member.post(channel, "It drops <units> & more", channel.posts[0])
        await slack.settled()
        assert sample.events[0]["event"]["text"] == "It drops &lt;units&gt; &amp; more"
        assert sample.events[0]["event"]["thread_ts"] == channel.posts[0].ts
        assert list(reply.reactions) == ["eyes"]
        member.edit(reply, "It drops units")
        member.delete(reply)
        await slack.settled()
        subtypes = sorted(body["event"]["subtype"] for body in sample.events[1:])
        assert subtypes == ["message_changed", "message_deleted"]
        assert slack.complaints == []


@MODES
async def test_app_home_is_drawn_when_it_is_opened(mode: Mode) -> None:
    async with running(mode) as (slack, _):
        member = slack.user("one")
        member.open_home()
        await slack.settled()
        assert member.home
        assert member.home.blocks[0]["text"]["text"] == "Hello"


@MODES
async def test_a_response_url_serves_five_times(mode: Mode) -> None:
    async with running(mode) as (slack, _):
        member = slack.user("one")
        said = await member.command("/quiz", "many 6", slack.channel("general", [member]))
        await said.shown(5)
        await slack.world.until(lambda: slack.world.failures)
        assert [message.text for message in said.messages] == [f"part {n}" for n in range(5)]
        assert slack.world.failures == ["response_url: used_url"]


@MODES
async def test_a_command_that_nobody_handles_is_a_failure(mode: Mode) -> None:
    async with running(mode, ack_limit=0.5) as (slack, _):
        member = slack.user("one")
        said = await member.command("/other", "", slack.channel("general", [member]))
        assert said.failure
        assert slack.world.failures


@MODES
async def test_an_event_that_failed_comes_again_with_its_number(mode: Mode) -> None:
    async with running(mode, ack_limit=0.5) as (slack, sample):
        member = slack.user("one")
        channel = slack.channel("general", [member])

        async def fail() -> None:
            sample.before_event = None
            raise RuntimeError("the store is away")

        sample.before_event = fail
        member.post(channel, "hello")
        await slack.settled()
        assert sample.events == []
        assert await slack.redeliver_unacked() == 1
        assert [body["event"]["text"] for body in sample.events] == ["hello"]
        assert sample.retries == ([None, "1"] if mode == "http" else ["0", "1"])
        assert await slack.redeliver_unacked() == 0


@MODES
async def test_events_may_come_twice_and_out_of_order(mode: Mode) -> None:
    async with running(mode) as (slack, sample):
        member = slack.user("one")
        channel = slack.channel("general", [member])
        slack.outbox.hold()
        for text in ("first", "second", "third"):
            member.post(channel, text)
        await slack.outbox.release(lambda held: held[::-1])
        assert [body["event"]["text"] for body in sample.events] == ["third", "second", "first"]
        slack.outbox.copies = 2
        member.post(channel, "twice")
        await slack.settled()
        assert sample.events[-1]["event_id"] == sample.events[-2]["event_id"]


async def test_slacks_window_refuses_what_a_person_could_not_do() -> None:
    async with running("socket", echo=False) as (slack, _):
        member, other = slack.user("one"), slack.user("two")
        channel = slack.channel("general", [member])
        await member.command("/quiz", "post", channel)
        await slack.world.until(lambda: channel.posts)
        with pytest.raises(NotPossible, match="There are: Answer"):
            await member.press(channel.posts[0], "Reveal")
        with pytest.raises(NotPossible, match="not in the channel"):
            await other.press(channel.posts[0], "Answer")
        said = await member.command("/quiz", "form", channel)
        view = await said.view()
        with pytest.raises(NotPossible, match="fill in"):
            await member.submit(view)
        with pytest.raises(NotPossible, match="0 to 3000"):
            await member.submit(view, {"answer": "x" * 3001})
        with pytest.raises(NotPossible, match="no field 'other'"):
            await member.submit(view, {"other": "x"})
        await member.close(view)
        with pytest.raises(NotPossible, match="not open"):
            await member.submit(view, {"answer": "too late"})


async def test_what_the_bot_is_not_a_member_of_it_does_not_hear() -> None:
    async with running("socket") as (slack, sample):
        member = slack.user("one")
        member.post(slack.channel("elsewhere", [member], bot=False), "hello")
        await slack.settled()
        assert sample.events == []


async def test_messages_of_all_kinds_carry_their_subtypes() -> None:
    async with running("socket") as (slack, sample):
        member, machine = slack.user("one"), slack.user("machine", bot=True)
        channel = slack.channel("general", [member, machine])
        root = member.post(channel, "root")
        member.post(channel, "", files=["picture.png"])
        member.post(channel, "for all", root, broadcast=True)
        machine.post(channel, "built")
        slack.user("two").join(channel)
        slack.touch(root)
        await slack.settled()
        events = {body["event"]["ts"]: body["event"] for body in sample.events}
        told = [(event.get("subtype"), bool(event.get("bot_id"))) for _, event in sorted(events.items())]
        assert told == [
            (None, False),
            ("file_share", False),
            ("thread_broadcast", False),
            (None, True),
            ("channel_join", False),
            ("message_changed", False),
        ]
