"""Kill -9 between any two steps of what is done beside a day, and a restart: all of it is done, and once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from signal import SIGKILL

import pytest
from redis.asyncio import Redis

from bot import bot
from bot.requests import Member
from bot.store.keys import team_prefix
from llmq.redis import clients
from tests.bot.test_privacy import holds
from tests.dialogue import PRACTICE, Dialogue
from tests.faults.acts import ACTS, ANSWERS, LAST, Remembered
from tests.faults.cases import ACT_STEPS, ALL, IN_FAULTS, KILLS, Act
from tests.faults.test_kill import NEVER, Victims

TEAM, ANA = team_prefix(PRACTICE.team), Member("ana", "Ana")
# The process in which it is acted takes seconds to begin.
pytestmark = IN_FAULTS


def given(d: Dialogue, kind: str) -> list[tuple[str, str]]:
    assert isinstance(d.platform, Remembered)
    return d.platform.given(kind)


async def points(d: Dialogue, who: str) -> int:
    found = await d.store.standing(d.channel, Member(who, who), d.now, 30)
    return found.boards["all"][0] if "all" in found.boards else 0


async def is_erased(d: Dialogue) -> None:
    """Nothing is left of her, all of his, and the channel goes on with nobody to tell."""
    assert await holds(d.redis, "ana") == []
    assert await points(d, "bob") == 20
    state = await d.store.channel(d.channel)
    assert state.schedule
    assert (state.schedule.set_by, state.round and state.round.replies) == ("", 2)


async def is_purged(d: Dialogue) -> None:
    assert await holds(d.redis, PRACTICE.team) == []


async def is_on(d: Dialogue) -> None:
    """One question, and one line in the log."""
    assert [key for key, _ in given(d, "post")] == ["practice:20790"]
    assert len(await d.store.log.of(d.channel)) == 1


async def is_told(d: Dialogue) -> None:
    """The key points and the answers behind the next question, and the line that says so: each once."""
    assert [key for key, _ in given(d, "reply")] == [f"{LAST}:reveal", f"{LAST}:answers:0"]
    assert [key for key, _ in given(d, "post")] == [LAST, "practice:20790", f"{LAST}:revealed"]
    assert (await d.store.channel(d.channel)).untold is None
    assert not await d.redis.exists(f"{TEAM}:order:{LAST}")


async def is_pinned(d: Dialogue) -> None:
    """Today's question is pinned, and the one before is no more."""
    taken_down = {id for id, _ in given(d, "unpin")}
    assert {id for id, _ in given(d, "pin")} - taken_down == {"m1"}
    assert (await d.store.channel(d.channel)).pin.message == "m1"


async def is_flagged(d: Dialogue) -> None:
    assert len(await d.store.flags.waiting(PRACTICE.team)) == 1


async def is_settled(d: Dialogue) -> None:
    """She is told, once unless the process died in the middle of telling."""
    assert await d.store.flags.waiting(PRACTICE.team) == []
    assert await d.redis.llen(f"{TEAM}:settled") == 1
    assert await d.redis.hkeys(f"{TEAM}:retired") == ["basics/q0"]
    told = [words for who, words in given(d, "tell") if who == "ana"]
    assert len(set(told)) == 1
    assert "no longer asked" in told[0]


async def is_sent_away(d: Dialogue) -> None:
    """What was noted for her is told, though nobody says it again."""
    assert not await d.redis.exists(f"{TEAM}:notes:ana")
    assert all("away" in words for who, words in given(d, "tell") if who == "ana")


async def is_exported(d: Dialogue) -> None:
    assert any("Your data" in words for who, words in given(d, "tell") if who == "ana")


async def was_interviewed(d: Dialogue) -> None:
    interview, _ = await d.store.interview(PRACTICE.team, ANA)
    assert interview
    assert (interview.answers, interview.is_over) == (ANSWERS, True)
    assert await points(d, "ana") == 2


async def was_reviewed(d: Dialogue) -> None:
    """One grade more, one practice point, and it comes back later."""
    card = await d.store.card(PRACTICE.team, ANA, "basics/q0")
    assert card.learnt
    assert (card.learnt.grade, card.learnt.reviews) == ("good", 2)
    assert (await d.store.due_reviews(PRACTICE.team, ANA, d.now)).reviewed == 1
    assert await points(d, "ana") == 13


CHECKS: dict[Act, Callable[[Dialogue], Awaitable[None]]] = {
    "erasing": is_erased,
    "purging": is_purged,
    "turning on": is_on,
    "telling the rest": is_told,
    "pinning": is_pinned,
    "flagging": is_flagged,
    "settling": is_settled,
    "sending away": is_sent_away,
    "exporting": is_exported,
    "interview": was_interviewed,
    "review": was_reviewed,
}


@pytest.fixture(autouse=True)
def _a_busy_machine_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot, "ANSWER_WITHIN_SECONDS", 60.0)
    monkeypatch.setattr(clients, "ANSWER_SECONDS", 60.0)


@pytest.fixture(scope="module")
def victims(redis_url: str) -> Iterator[Victims]:
    """One for all cases: it imports for seconds."""
    with Victims(redis_url, "tests.faults.acts") as victims:
        yield victims


async def before(redis: Redis, folder: Path, act: Act) -> Dialogue:
    d = Dialogue(redis, platform=Remembered(folder))
    await ACTS[act][0](d)
    return d


@pytest.mark.parametrize(("act", "fatal"), KILLS if ALL else KILLS[:1])
async def test_what_a_process_was_killed_in_is_done_once_after_its_restart(
    redis: Redis, victims: Victims, tmp_path: Path, act: Act, fatal: int
) -> None:
    d = await before(redis, tmp_path, act)
    assert victims.play(tmp_path, act.replace(" ", "_"), fatal) == -SIGKILL
    assert victims.play(tmp_path, act.replace(" ", "_"), NEVER) == 0
    await CHECKS[act](d)


@pytest.mark.parametrize("act", ACTS if ALL else ["erasing"])
async def test_an_act_has_no_more_steps_than_those(
    redis: Redis, victims: Victims, tmp_path: Path, act: Act
) -> None:
    d = await before(redis, tmp_path, act)
    assert victims.play(tmp_path, act.replace(" ", "_"), NEVER) == 0
    await CHECKS[act](d)
    assert int((tmp_path / "steps").read_text()) == ACT_STEPS[act]
