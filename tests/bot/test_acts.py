"""One act, one effect: however acts are ordered, repeated and spread over processes, their moments decide."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.bot import Bot
from bot.commands.parsing import Game
from bot.requests import Member, Request, ThreadMessage
from bot.store.store import Store
from tests.dialogue import PRACTICE, START, Dialogue, InDeckOrder

Kind = Literal["answer", "withdraw", "reply", "edit", "delete"]
MESSAGES = ("m1", "m2")
ROUND = "practice:20780"


@dataclass(frozen=True)
class Act:
    """Something a member does, so many seconds after the question came."""

    kind: Kind
    at: int
    text: str = ""
    message: str = ""
    created: int = 0


@dataclass
class Outcome:
    """What a member has in the end, by the rules in plain words."""

    text: str | None = None
    source: str = ""

    def do(self, act: Act, talk: set[str]) -> None:
        match act.kind:
            case "answer":
                self.text, self.source = act.text, ""
            case "withdraw":
                self.text, self.source = None, ""
                # What was written before is not to come back.
                talk |= set(MESSAGES)
            case "reply":
                talk.discard(act.message)
                if self.text is not None:
                    talk.add(act.message)
                else:
                    self.text, self.source = act.text, act.message
            case "edit":
                if self.source == act.message or (self.text is None and act.message not in talk):
                    self.text, self.source = act.text, act.message
            case "delete":
                if self.source == act.message:
                    self.text, self.source = None, ""
                talk.add(act.message)


def outcome(acts: Sequence[Act]) -> Outcome:
    """The acts one after the other, each once, in the order of their moments."""
    found, talk = Outcome(), set[str]()
    for act in sorted(acts, key=lambda act: act.at):
        found.do(act, talk)
    return found


@st.composite
def acts(draw: st.DrawFn) -> list[Act]:
    """Up to nine acts at different moments; a message is written, then edited, and deleted at the end."""
    moments = draw(st.lists(st.integers(1, 600), min_size=1, max_size=9, unique=True))
    found: list[Act] = []
    written: dict[str, int] = {}
    gone: set[str] = set()
    for at in sorted(moments):
        alive = [name for name in written if name not in gone]
        unwritten = [name for name in MESSAGES if name not in written]
        kinds: list[Kind] = ["answer", "withdraw", *(["reply"] if unwritten else [])]  # type: ignore[list-item]
        kinds += ["edit", "delete"] if alive else []
        kind = draw(st.sampled_from(kinds))
        message = ""
        if kind == "reply":
            message = unwritten[0]
            written[message] = at
        elif kind in ("edit", "delete"):
            message = draw(st.sampled_from(alive))
            gone |= {message} if kind == "delete" else set()
        found.append(Act(kind, at, f"The text of the moment {at}.", message, written.get(message, 0)))
    return found


def request_of(act: Act, who: str) -> Request:
    """The act as a platform would deliver it."""
    member, at = Member(who, who.title()), START + timedelta(seconds=act.at)
    id = f"{who} {act.kind} {act.at}"
    if act.kind in ("answer", "withdraw"):
        typed = act.text if act.kind == "answer" else "withdraw"
        return Request(id, PRACTICE, member, f"answer {typed}", None, at)
    created = START + timedelta(seconds=act.created)
    body = None if act.kind == "delete" else act.text
    return Request(
        id, PRACTICE, member, "reply", body, at, ThreadMessage("m0", f"{who}{act.message}", created)
    )


def processes(d: Dialogue, redis: Redis, number: int) -> list[Bot]:
    """Bots that share nothing but Redis."""
    platforms = {"console": d.platform}
    return [
        Bot(Game(Store(redis), d.catalogue, d.clock, InDeckOrder(n), platforms, lambda: None))
        for n in range(number)
    ]


async def played(redis: Redis, delivered: Sequence[Act], who: str = "ana") -> tuple[Outcome, int]:
    """Deliver acts in this order to three processes in turn; what the member has then, and the points."""
    await redis.flushall()
    d = Dialogue(redis)
    await d.open_round()
    d.now = START + timedelta(minutes=20)
    bots = processes(d, redis, 3)
    for n, act in enumerate(delivered):
        await bots[n % 3].handle(request_of(act, who))
    seen = await d.store.today(PRACTICE, Member(who, who), d.now)
    source = seen.own.source.removeprefix(who) if seen.own else ""
    board = await d.store.leaderboard(PRACTICE, Member(who, who), "all", d.now)
    assert seen.round
    assert seen.round.replies == (1 if seen.own else 0)
    return Outcome(seen.own.text if seen.own else None, source), board.own.score if board.own else 0


FIRST = Act("answer", 1, "The very first answer.")
SECOND = Act("answer", 2, "A second one, later.")
TAKEN_BACK = Act("withdraw", 3)
REPLY, TALK = (
    Act("reply", 4, "A reply in the thread.", "m1", 4),
    Act("reply", 5, "Well, well, well.", "m2", 5),
)
EDITED, DELETED = Act("edit", 6, "The reply in new words.", "m1", 4), Act("delete", 7, "", "m1", 4)
AS_PEOPLE_DO = {
    "an answer, another one, and taken back": (FIRST, SECOND, TAKEN_BACK),
    "a reply, talk beside it, and the reply deleted": (REPLY, TALK, DELETED),
    "a reply, changed and deleted": (REPLY, EDITED, DELETED),
    "taken back, then a reply": (FIRST, TAKEN_BACK, REPLY, TALK),
    "a reply changed after an answer": (SECOND, REPLY, EDITED),
}


@pytest.mark.parametrize("all_acts", AS_PEOPLE_DO.values(), ids=AS_PEOPLE_DO)
async def test_every_order_of_delivery_ends_in_the_same_state(redis: Redis, all_acts: Sequence[Act]) -> None:
    expected = outcome(all_acts)
    for order in permutations(all_acts):
        for repeated in all_acts:
            found, points = await played(redis, (*order, repeated))
            assert (order, found) == (order, expected)
            assert points == (10 if expected.text else 0)


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_acts_end_in_the_state_that_their_moments_give(redis_url: str, data: st.DataObject) -> None:
    all_acts = data.draw(acts())
    order = data.draw(st.permutations(all_acts))
    repeats = data.draw(st.lists(st.sampled_from(all_acts), max_size=6))
    delivered = [*order, *repeats]

    async def run() -> tuple[Outcome, int]:
        from llmq.redis.clients import client_of

        client = client_of(redis_url)
        try:
            return await played(client, delivered)
        finally:
            await client.aclose()

    found, points = asyncio.run(run())
    expected = outcome(all_acts)
    assert found == expected
    assert points == (10 if expected.text else 0)


WRITTEN = Act("reply", 1, "An answer in the thread.", "m1", 1)
TALK = Act("reply", 2, "By the way, who else is here?", "m2", 2)
GONE = Act("delete", 3, "", "m1", 1)


@pytest.mark.parametrize("delivered", list(itertools.permutations((WRITTEN, TALK, GONE))))
async def test_nothing_is_left_of_a_deleted_reply_and_the_talk_behind_it(
    redis: Redis, delivered: Sequence[Act]
) -> None:
    assert await played(redis, delivered) == (Outcome(), 0)


# After the reveal, which comes in the eleventh minute, replies in the thread are talk.
REVEAL = START + timedelta(seconds=601)
LATE, LATER, BACK_LATE = (
    Act("answer", 700, "A late answer."),
    Act("answer", 710, "Another late one."),
    Act("withdraw", 720),
)
AROUND_THE_REVEAL = {
    "taken back in time, then a late answer": (FIRST, TAKEN_BACK, LATE),
    "a reply deleted in time, then a late answer": (WRITTEN, GONE, LATE),
    "taken back in time, then two late answers": (SECOND, TAKEN_BACK, LATE, LATER),
    "taken back in time, and the late answer, too": (SECOND, TAKEN_BACK, LATE, BACK_LATE),
    "an answer in time, then one that is too late": (FIRST, LATE, BACK_LATE),
}


def late_outcome(all_acts: Sequence[Act]) -> tuple[str | None, int]:
    """The text and its points: what is done after the reveal counts if nothing is left from before it."""
    in_time = outcome([act for act in all_acts if act.at <= 600]).text
    late = outcome([act for act in all_acts if act.at > 600]).text
    return in_time or late, 10 if in_time else 4 if late else 0


async def played_around_the_reveal(
    redis: Redis, delivered: Sequence[Act], before: int
) -> tuple[str | None, int]:
    """As many acts arrive before the reveal, the rest behind it."""
    await redis.flushall()
    d = Dialogue(redis)
    await d.open_round()
    bots = processes(d, redis, 2)
    for n, act in enumerate(delivered):
        if n == before:
            d.now = REVEAL
            await d.reveal()
            d.now += timedelta(minutes=20)
        await bots[n % 2].handle(request_of(act, "ana"))
    seen = await d.store.today(PRACTICE, Member("ana", "ana"), d.now)
    board = await d.store.leaderboard(PRACTICE, Member("ana", "ana"), "all", d.now)
    assert seen.round
    in_time = seen.own is not None and not seen.own.late
    assert seen.round.replies == in_time
    return seen.own.text if seen.own else None, board.own.score if board.own else 0


@pytest.mark.parametrize("all_acts", AROUND_THE_REVEAL.values(), ids=AROUND_THE_REVEAL)
async def test_acts_of_both_sides_of_the_reveal_count_in_any_order(
    redis: Redis, all_acts: Sequence[Act]
) -> None:
    expected = late_outcome(all_acts)
    for order in permutations(all_acts):
        before = next(n for n, act in enumerate(order) if act.at > 600)
        found = await played_around_the_reveal(redis, (*order, *order[::2]), before)
        assert (order, found) == (order, expected)


async def test_a_withdrawal_in_time_that_comes_last_is_said_and_brings_the_late_answer_to_the_thread(
    redis: Redis,
) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.handle(request_of(FIRST, "ana"))
    d.now = REVEAL
    await d.reveal()
    d.now += timedelta(minutes=20)
    await d.handle(request_of(LATE, "ana"))
    said = await d.handle(request_of(TAKEN_BACK, "ana"))
    assert FIRST.text in d.text(said)
    await d.clockwork.work()
    assert LATE.text in d.thread()
    own = (await d.store.today(PRACTICE, Member("ana", "ana"), d.now)).own
    assert own
    assert (own.text, own.late) == (LATE.text, True)
    standing = await d.store.standing(PRACTICE, Member("ana", "ana"), d.now, 5)
    assert standing.here
    assert standing.here.ledger[-1][1] == "l"
