"""The one way in: every button leads somewhere, and whatever goes wrong gets one clear sentence in time."""

from __future__ import annotations

import asyncio
import logging

import pytest
from redis.asyncio import Redis

from bot.bot import ANSWER_WITHIN_SECONDS, AWAY, BROKEN
from bot.commands.admins import NOT_ADMIN, OUTSIDE, UNKNOWN
from bot.commands.parsing import Command
from bot.commands.table import TABLE
from bot.game.rules import KEPT_AHEAD
from bot.messages import LONGEST_COMMAND, Form, Message, Reply
from bot.platform import AdminStatus
from bot.requests import Channel, Member
from content.names import DECK_ID_LENGTH, QUESTION_ID_LENGTH
from llmq.redis.clients import client_of
from tests.conftest import StartServer
from tests.dialogue import ADMIN, Dialogue, Recorder, buttons_of, catalogue_of, deck, is_refused, question

MINE = "My answer is about weights."
GIVEN_BACK = f"{AWAY}\nAna: {MINE}\n[Try again]"
FAILED = BROKEN.partition("{")[0]
# Admins' commands with the words that they need.
COMPLETE = {
    "daily on": "daily on 9:00",
    "daily reveal": "daily reveal 3 1h 8h",
    "daily free": "daily free tomorrow",
    "daily excuse": "daily excuse yesterday",
    "daily ping": "daily ping here",
    "daily pin": "daily pin on",
    "daily recap": "daily recap friday",
    "daily goal": "daily goal 5",
    "daily reviewers": "daily reviewers none",
    "daily admins": "daily admins none",
    "flags keep": "flags keep f1",
    "flags retire": "flags retire f1",
    "flags reply": "flags reply f1",
    "flags restore": "flags restore basics/q1",
    **{f"questions {act}": f"questions {act} q1" for act in ("show", "edit", "retire", "restore")},
    "suggestions approve": "suggestions approve s1",
    "suggestions edit": "suggestions edit s1",
    "suggestions decline": "suggestions decline s1",
    "daily next": "daily next basics/q1",
    "queue remove": "queue remove basics/q1",
}
# The longest that decks may hold, and channels as the platforms name them.
LONGEST = catalogue_of(
    deck(
        *(question(n, f"a topic of forty characters, the {n % 3}th one!!") for n in range(KEPT_AHEAD + 3)),
        id="d" * DECK_ID_LENGTH,
    )
)
CHANNELS = [Channel("slack:T024BE7LDXX", "C024BE91LXX"), Channel("discord:" + "9" * 20, "9" * 20)]


def check_limits(reply: Reply) -> None:
    """What Slack and Discord can show and carry."""
    if isinstance(reply, Form):
        assert len(reply.title) <= 24
        assert len(reply.command) <= LONGEST_COMMAND
    for button in buttons_of(reply):
        assert 0 < len(button.label) <= 75
        assert 0 < len(button.command) <= LONGEST_COMMAND
        assert TABLE.parse(button.command, LONGEST)


async def everything_pressed(d: Dialogue, who: str, first: Reply) -> set[str]:
    """Press every button that can be reached from a reply; returns their commands."""
    seen: set[str] = set()
    waiting = [first]
    while waiting:
        reply = waiting.pop()
        check_limits(reply)
        assert FAILED not in d.text(reply)
        fresh = {button.command for button in buttons_of(reply)} - seen
        seen |= fresh
        waiting += [await d.says(who, command) for command in sorted(fresh)]
    return seen


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.platform)
async def test_every_button_leads_to_a_reply_within_the_platforms_limits(
    redis: Redis, channel: Channel
) -> None:
    d = Dialogue(redis, LONGEST, channel=channel)
    await d.open_round()
    pressed: set[str] = set()
    for text in ("today", f"answer {MINE}", "random", "leaderboard", "home", "me", "streak", "topics"):
        pressed |= await everything_pressed(d, "ana", await d.says("ana", text))
    pressed |= await everything_pressed(d, "bob", d.platform.posts[-1].message)
    await d.reveal()
    for message in (d.platform.replies[-1].message, d.platform.edits[-1].message):
        pressed |= await everything_pressed(d, "bob", message)
    pressed |= await everything_pressed(d, "bob", await d.says("bob", f"answer {MINE}"))
    commands = {TABLE.parse(command, LONGEST)[0].name for command in pressed}
    assert commands >= {"answer", "today", "random", "random show", "random answer", "leaderboard"}


def test_the_longest_ids_fit_a_button() -> None:
    id = f"{'d' * DECK_ID_LENGTH}/{'q' * QUESTION_ID_LENGTH}"
    assert len(f"random answer {id}") <= LONGEST_COMMAND
    assert len(f"answer @{'9' * 20}:20780 withdraw") <= LONGEST_COMMAND


@pytest.mark.parametrize("command", [one for one in TABLE.commands if one.admin], ids=lambda one: one.name)
async def test_a_command_for_admins_refuses_everyone_else(redis: Redis, command: Command) -> None:
    d = Dialogue(redis)
    text = COMPLETE.get(command.name, command.name)
    reply = await d.says("ana", text)
    assert is_refused(reply)
    assert d.text(reply) == NOT_ADMIN
    assert NOT_ADMIN not in await d.hears(ADMIN, text)


@pytest.mark.parametrize(("status", "said"), [("outside", OUTSIDE), ("unknown", UNKNOWN)])
async def test_who_may_be_an_admin_for_all_that_llmq_can_see_is_not_told_that_they_are_none(
    redis: Redis, status: AdminStatus, said: str
) -> None:
    class Blind(Recorder):
        async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
            return status

    d = Dialogue(redis, platform=Blind())
    reply = await d.says("ana", "daily on 9:00")
    assert is_refused(reply)
    assert d.text(reply) == f"{said}\n[Try again]"
    assert [button.command for button in buttons_of(reply)] == ["daily on 9:00"]
    assert "No daily question here yet" in await d.hears("ana", "today")


async def test_a_platform_that_does_not_say_who_is_an_admin_is_not_waited_for(redis: Redis) -> None:
    class Silent(Recorder):
        async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
            await asyncio.Event().wait()
            return "admin"

    d = Dialogue(redis, platform=Silent())
    assert UNKNOWN in await d.hears(ADMIN, "daily on 9:00")


async def test_only_what_is_shown_to_the_channel_is_not_private(redis: Redis) -> None:
    d = Dialogue(redis)
    for text in [command.name for command in TABLE.commands if command.name != "leaderboard show"]:
        for who in (ADMIN, "ana"):
            reply = await d.says(who, text)
            assert isinstance(reply, Form) or reply.private
    shown = await d.says("ana", "leaderboard show")
    assert isinstance(shown, Message)
    assert not shown.private
    assert all(not post.message.private for post in d.platform.posts + d.platform.replies)


async def test_an_unforeseen_failure_is_one_honest_sentence_and_is_logged(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Recorder):
        async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
            raise RuntimeError("the platform said something new")

    d = Dialogue(redis, platform=Broken())
    with caplog.at_level(logging.ERROR):
        said = await d.hears("ana", "reveal")
    code = said.removesuffix(".").rpartition(" ")[2]
    assert said == BROKEN.format(code=code)
    assert f"reveal in console:local failed, code {code}" in caplog.text


async def test_a_log_never_holds_what_a_member_wrote(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    d = Dialogue(client_of("unix:///nowhere/at/all"))
    with caplog.at_level(logging.DEBUG, "bot"):
        await d.bot.handle(d.request("ana", "answer", MINE))
    assert "answer in console:local" in caplog.text
    assert MINE not in caplog.text
    await d.redis.aclose()


async def test_a_server_that_is_gone_gets_a_clear_sentence_and_the_text_back() -> None:
    d = Dialogue(client_of("unix:///nowhere/at/all"))
    for text in ("answer", "random answer basics/q1"):
        reply = await d.bot.handle(d.request("ana", text, MINE))
        assert is_refused(reply)
        assert d.text(reply) == GIVEN_BACK
    assert f"Ana: {MINE}" in d.text(await d.bot.handle(d.request("ana", f"answer {MINE}")))
    assert d.text(await d.bot.handle(d.request("ana", "today"))) == AWAY
    await d.redis.aclose()


async def test_a_server_that_never_answers_holds_nobody_up(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.bot.ANSWER_WITHIN_SECONDS", ANSWER_WITHIN_SECONDS)
    socket = tmp_path_factory.mktemp("s") / "s"
    async with await asyncio.start_unix_server(swallow, socket):
        d, loop = Dialogue(client_of(f"unix://{socket}")), asyncio.get_running_loop()
        begun = loop.time()
        asked = [
            d.request("ana", text, body)
            for text, body in (("today", None), ("random", None), ("answer", MINE), ("me", None))
        ]
        replies = await asyncio.gather(*(d.bot.handle(request) for request in asked * 10))
        assert loop.time() - begun < 3
        assert {d.text(reply) for reply in replies} == {AWAY, GIVEN_BACK}
        await d.redis.aclose()


async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take what is sent and say nothing, as a server that hangs does."""
    while await reader.read(4096):
        pass
    writer.close()


MAKE_REFUSE = {
    "out of memory": (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
    "without its replicas": (
        ("CONFIG", "SET", "min-replicas-to-write", "1"),
        ("CONFIG", "SET", "min-replicas-to-write", "0"),
    ),
    "read-only replica": (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
}


async def configure(d: Dialogue, *words: str) -> None:
    await d.redis.execute_command(*words)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("state", MAKE_REFUSE)
async def test_a_server_that_takes_no_writes_loses_nothing(start_server: StartServer, state: str) -> None:
    refuse, fix = MAKE_REFUSE[state]
    d = Dialogue(client_of(await start_server()))
    await d.open_round()
    await configure(d, *refuse)
    reply = await d.bot.handle(d.request("ana", "answer", MINE))
    assert d.text(reply) == GIVEN_BACK
    assert "You: not yet" in d.text(await d.bot.handle(d.request("ana", "today")))
    await configure(d, *fix)
    assert "+10 points. Streak: 1 day." in await d.hears("ana", "answer", MINE)
    await d.redis.aclose()


@pytest.mark.parametrize("state", MAKE_REFUSE)
async def test_a_practice_answer_refused_by_the_server_still_counts_later(
    start_server: StartServer, state: str
) -> None:
    refuse, fix = MAKE_REFUSE[state]
    d = Dialogue(client_of(await start_server()))
    await configure(d, *refuse)
    request = d.request("ana", "random answer basics/q1", MINE)
    assert d.text(await d.bot.handle(request)) == GIVEN_BACK
    await configure(d, *fix)
    assert "+1 point; 4 more" in d.text(await d.bot.handle(request))
    await d.redis.aclose()


async def test_a_server_that_forgot_its_scripts_is_taught_again(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await redis.script_flush()
    assert "Your answer is in." in await d.hears("ana", f"answer {MINE}")


@pytest.mark.parametrize("text", ["today @\ud800:1", "answer @\ud800:1", "answer @\ud800:1 My longer answer"])
async def test_text_that_cannot_be_sent_to_the_server_harms_nobody_else(redis: Redis, text: str) -> None:
    d = Dialogue(redis)
    odd, plain = await asyncio.gather(
        d.bot.handle(d.request("ana", text)), d.bot.handle(d.request("bob", "today"))
    )
    assert FAILED not in d.text(odd)
    assert AWAY not in d.text(odd)
    assert "No daily question here yet." in d.text(plain)


async def test_a_hundred_members_answer_at_once(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    requests = [d.request(f"m{n}", "answer", f"The answer of member {n}.") for n in range(100)]
    replies = await asyncio.gather(*(d.bot.handle(request) for request in requests * 2))
    # A repeat has the same reply, and no further effect.
    assert all("+10 points" in d.text(reply) for reply in replies)
    assert "Answered: 100" in await d.hears("bob", "today")
    # Ties stand in the order in which they were reached.
    board = await d.hears("m7", "leaderboard")
    places = [f"1 | M{n}{' (you)' if n == 7 else ''} | 10" for n in range(10)]
    assert "\n".join(places) in board
    assert "All time: 10 points, place 1" in await d.hears("m99", "me")


def test_completion_reaches_the_table(redis: Redis) -> None:
    assert Dialogue(redis).bot.complete("leaderboard mo") == ["month"]
