"""What may be asked of all that is held of a member: to have it, and to have it erased."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.resources import files

import pytest
from redis.asyncio import Redis

from bot.game import holdings
from bot.game.schedule import to_day
from bot.messages import Message
from bot.requests import Channel
from bot.store.keys import member_turn
from scheduler.data import MemberData
from tests.dialogue import (
    ADMIN,
    Dialogue,
    buttons_of,
    catalogue_of,
    deck,
    is_refused,
    question,
)
from tests.lives import Life

MEMBERS = ("zora", "yusuf", "xenia")
TRACES = (files("bot.store") / "lua" / "traces.lua").read_text()
OTHER, OWN = Channel("console:local", "second"), Channel("console:local", "own")


def words_by(who: str, n: int) -> str:
    """An answer with a word that nobody else writes."""
    return f"My thoughts on it are {who}word{n} and secret{n % 10} besides."


async def keyspace(redis: Redis) -> AsyncIterator[tuple[str, str]]:
    """Every key with all that is in it, as one text."""
    value: object
    async for key in redis.scan_iter():
        match await redis.type(key):
            case "hash":
                value = await redis.hgetall(key)
            case "zset":
                value = await redis.zrange(key, 0, -1, withscores=True)
            case "set":
                value = await redis.smembers(key)
            case "list":
                value = await redis.lrange(key, 0, -1)
            case _:
                value = await redis.get(key)
        yield str(key), str(value)


async def holds(redis: Redis, word: str) -> list[str]:
    """The keys that hold a word in their names or values, whatever its case."""
    return [key async for key, value in keyspace(redis) if word.casefold() in f"{key} {value}".casefold()]


async def busy_life(redis: Redis) -> Dialogue:
    """Weeks of three members in two channels, with everything that any of them can do."""
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(40)))))
    for who in MEMBERS:
        await d.says(who, "remind deadline 1h")
        await d.says(who, "remind reveal on")
        await d.says(who, "remind review 08:30")
    d.platform.admins.add("zora")
    await d.says("zora", "daily on 09:00 daily UTC", None, channel=OTHER)
    await d.says("zora", "daily pause", None, channel=OTHER)
    await d.says("zora", "daily resume", None, channel=OTHER)
    await d.says(ADMIN, "daily on 08:00 daily UTC")
    for n in range(4):
        await d.forward(days=1)
        for who in MEMBERS:
            await d.says(who, f"answer {words_by(who, n)}")
            await d.says(who, "answer", words_by(who, n + 100), channel=OTHER)
        await d.says("yusuf", "hint")
        await d.says("xenia", "answer withdraw")
        await d.writes("xenia", words_by("xenia", n + 200), d.platform.posts[-1].id)
        await d.writes("zora", words_by("zora", n + 200), d.platform.posts[-1].id)
    await d.reveal()
    await d.press(ADMIN, await d.says(ADMIN, "today"), "Show the reference")
    for who in MEMBERS:
        card = await d.says(who, "compare")
        await d.says(who, f"grade {target_in(card)} again")
        await d.says(who, f"said {target_in(card)} 1")
        form = await d.says(who, "flag")
        await d.fill(who, form, f"{who}word900 is wrong here", {"reason": "error"})
        await d.says(who, "random")
        form = await d.says(who, "random answer basics/q35")
        await d.fill(who, form, words_by(who, 5))
        await d.press(who, await d.says(who, "interview 2"), "Begin")
        await d.says(who, "hint basics/q36")
        await d.says(who, "away 2027-02-01 2027-02-05")
        await suggests(d, who, 1)
        await suggests(d, who, 2)
        # This one is not sent.
        await d.fill(who, await d.says(who, "suggest"), f"{who}word904", {"question": "No question"})
    await d.says("yusuf", "boards off")
    await d.says(ADMIN, "daily reviewers <@yusuf|Yusuf> <@zora|Zora>")
    await d.says(ADMIN, "daily admins <@zora|Zora> <@xenia|Xenia>")
    await take_firsts(d)
    flags = await d.says(ADMIN, "flags")
    await d.press(ADMIN, flags, "Keep")
    await d.forward(days=1)
    for who in MEMBERS:
        await d.says(who, f"answer {words_by(who, 300)}")
        await d.writes(who, words_by(who, 301), d.platform.posts[-1].id)
    await d.says("xenia", "privacy export")
    return d


async def suggests(d: Dialogue, who: str, n: int) -> None:
    """A suggestion whose words tell of its author, but for the first one, which the team takes."""
    mine = who[::-1] if n == 1 else f"{who}word90{n}"
    inputs = {
        "question": f"Why is {mine} of any use?",
        "points": f"it holds {mine} together\nit also keeps {mine} warm\n{mine} is cheap",
        "source": "https://example.org",
        "topic": "own",
    }
    answer = f"It holds {mine} together. It also keeps {mine} warm, and {mine} is cheap."
    assert "Thank you." in d.text(await d.fill(who, await d.says(who, "suggest"), answer, inputs))


async def take_firsts(d: Dialogue) -> None:
    """Let the team take the first suggestion of each, and ask that of one in a channel of its own."""
    for who in MEMBERS:
        ids = await d.store.suggestions.waiting("console:local")
        found = [one for id in ids if (one := await d.store.suggestions.get("console:local", id))]
        first = next(one for one in found if who[::-1] in one.prompt)
        await d.says(ADMIN, f"suggestions approve {first.id}")
    await d.says(ADMIN, "daily on 07:30 daily UTC team", None, channel=OWN)
    await d.says(ADMIN, "daily next team/why-is-aroz-of-any-use", None, channel=OWN)


BUSY = Life(busy_life)


def target_in(card: object) -> str:
    """How the buttons of a card name its question."""
    assert isinstance(card, Message)
    command = next(one.command for one in buttons_of(card) if one.command.startswith("grade "))
    return command.split()[1]


async def erased(d: Dialogue, who: str) -> Message:
    asked = await d.says(who, "privacy erase")
    done = await d.press(who, asked, "Erase all")
    assert isinstance(done, Message)
    return done


@pytest.fixture
async def lived(redis: Redis, redis_url: str) -> Dialogue:
    return await BUSY.again(redis, redis_url)


async def test_an_export_has_everything_and_nobody_elses_words(lived: Dialogue) -> None:
    lived.platform.told.clear()
    await lived.says("zora", "privacy export")
    ((_, to, message),) = [one for one in lived.platform.told if one[2].files]
    page, whole = message.files
    assert to == "zora"
    for file in (page, whole):
        assert "zoraword3" in file.text
        assert "zoraword103" in file.text
        assert "zoraword900" in file.text
        assert "zoraword902" in file.text
        assert "zoraword904" in file.text
        assert "Why is aroz of any use?" in file.text
        assert "fusuy" not in file.text
        assert "yusufword" not in file.text
        assert "xeniaword" not in file.text
    stored = json.loads(whole.text)["stored"]
    mine = {key async for key, _ in keyspace(lived.redis) if key.endswith(":zora")}
    assert {key.rpartition("}:")[2] for key in mine} - {"exported:zora"} <= stored.keys()
    assert "What is subject number" in page.text


async def test_an_export_is_gathered_once_in_ten_minutes(lived: Dialogue) -> None:
    assert "comes as a private message" in await lived.hears("zora", "privacy export")
    assert is_refused(await lived.says("zora", "privacy export"))
    # The server's clock forgets it, which no test moves.
    left = await lived.redis.pttl("llmq:{console:local}:exported:zora")
    assert 0 < left <= 10 * 60 * 1000


async def test_an_export_that_could_not_be_told_is_told_later(
    lived: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived.platform.told.clear()
    with monkeypatch.context() as broken:
        broken.setattr(lived.platform, "tell", None)
        await lived.says("zora", "privacy export")
    await lived.forward(minutes=1)
    assert any(message.files for _, _, message in lived.platform.told)


async def test_a_long_export_comes_in_parts_that_make_it_up(
    lived: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holdings, "MOST_AT_ONCE", 5000)
    lived.platform.told.clear()
    await lived.says("zora", "privacy export")
    files = [file for _, _, message in lived.platform.told for file in message.files]
    assert len(files) > 3
    assert all(len(file.text) <= 5000 for file in files)
    whole = json.loads("".join(file.text for file in files if file.name.endswith(".json")))
    assert "answers:practice:20784" in whole["stored"]


async def test_erasing_asks_first_and_keeps_all_until_it_is_confirmed(lived: Dialogue) -> None:
    asked = await lived.says("zora", "privacy erase")
    assert "It cannot be undone." in lived.text(asked)
    assert [one.danger for one in buttons_of(asked)] == [False, True, False]
    await lived.press("zora", asked, "Keep my data")
    assert await holds(lived.redis, "zoraword")


@pytest.mark.parametrize("who", MEMBERS)
async def test_nothing_of_a_member_is_left_in_any_key(lived: Dialogue, who: str) -> None:
    assert len(await holds(lived.redis, who)) > 15
    assert "Erased." in lived.text(await erased(lived, who))
    assert await holds(lived.redis, who) == []
    for other in set(MEMBERS) - {who}:
        assert await holds(lived.redis, f"{other}word")


async def test_the_busy_life_leaves_traces_of_every_kind(lived: Dialogue) -> None:
    """So that what is not erased would be found."""
    table = TRACES.partition("KINDS = {")[2].partition("}")[0]
    kinds = set(re.findall(r"(\w+) = \w+", table))
    assert len(kinds) > 20
    found = set()
    for who in (*MEMBERS, ADMIN):
        found |= {one.kind for one in (await lived.store.traces.of("console:local", who)).holdings}
    # A late answer waits only while its channel refuses it.
    assert kinds - found == {"late"}


async def test_a_question_that_the_team_took_stays_without_its_author(lived: Dialogue) -> None:
    await erased(lived, "zora")
    await lived.says(ADMIN, "reveal", channel=OWN)
    said = " ".join(lived.text(one.message) for one in lived.platform.replies if one.channel == OWN)
    assert "It holds aroz together." in said
    assert "Suggested by" not in said


async def test_a_round_that_begins_while_its_author_is_erased_names_nobody(lived: Dialogue) -> None:
    """The look over all keys may be past it."""
    await lived.says(ADMIN, "daily next team/why-is-fusuy-of-any-use", channel=OWN)
    await lived.store.traces.begin_erasing("console:local", "yusuf", lived.now)
    await lived.forward(days=1)
    round = f"llmq:{{console:local}}:round:own:{to_day(lived.now.date())}"
    assert await lived.redis.hget(round, "question") == "team/why-is-fusuy-of-any-use"
    assert not await lived.redis.hexists(round, "credit_by")


async def test_what_others_have_stays_as_it_was(lived: Dialogue) -> None:
    before = [await lived.hears("yusuf", text) for text in ("me", "streak", "topics")]
    replies = {
        key: await lived.redis.hget(key, "replies") async for key in lived.redis.scan_iter(match="*:round:*")
    }
    await erased(lived, "zora")
    assert [await lived.hears("yusuf", text) for text in ("me", "streak", "topics")] == before
    assert {key: await lived.redis.hget(key, "replies") for key in replies} == replies


async def test_erasing_is_safe_to_repeat(lived: Dialogue) -> None:
    asked = await lived.says("zora", "privacy erase")
    for _ in range(3):
        assert not is_refused(await lived.press("zora", asked, "Erase all"))
    assert await holds(lived.redis, "zora") == []


async def test_a_process_that_dies_in_the_middle_leaves_it_to_the_next(
    lived: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(MemberData, "erase", dies)
        asked = await lived.says("zora", "privacy erase")
        await lived.press("zora", asked, "Erase all")
        assert await holds(lived.redis, "zoraword")
    await lived.forward(minutes=2)
    assert await holds(lived.redis, "zora") == []


async def dies(*_: object) -> None:
    raise RuntimeError("killed")


async def test_one_that_dies_behind_its_mark_is_taken_up_all_the_same(lived: Dialogue) -> None:
    turn = member_turn("console:local", "zora")
    await lived.store.due.enqueue(turn, lived.now + timedelta(minutes=1))
    await lived.store.traces.begin_erasing("console:local", "zora", lived.now)
    await lived.forward(minutes=2)
    assert await holds(lived.redis, "zora") == []


async def test_an_act_from_before_that_arrives_late_or_again_brings_nothing_back(lived: Dialogue) -> None:
    at, question = lived.now, lived.platform.posts[-1].id
    await lived.forward(seconds=30)
    await erased(lived, "zora")
    for delay in (timedelta(seconds=1), timedelta(minutes=20)):
        lived.now += delay
        await lived.says("zora", f"answer {words_by('zora', 1)}", at=at)
        await lived.says("zora", "random answer basics/q35", words_by("zora", 2), at=at)
        await lived.says("zora", "flag basics/q35", words_by("zora", 3), at=at)
        await lived.says("zora", "remind review 09:00", at=at)
        await lived.says("zora", "away tomorrow", at=at)
        await lived.says("zora", "boards off", at=at)
        await lived.says("zora", "grade basics/q35 good", at=at)
        await lived.writes("zora", words_by("zora", 4), question, at=at)
        await lived.writes("zora", words_by("zora", 5), question, id="w", created=at, at=lived.now)
        await lived.writes("zora", None, question, id="w", created=at, at=lived.now)
    assert await holds(lived.redis, "zora") == []


async def test_who_was_erased_may_begin_anew(lived: Dialogue) -> None:
    await erased(lived, "zora")
    await lived.forward(seconds=1)
    assert "Your answer is in. +10 points. Streak: 1 day." in (
        await lived.hears("zora", f"answer {words_by('zora', 7)}")
    ).replace("*", "")
    assert "zoraword7" in await lived.hears("zora", "today")


async def test_a_reveal_that_is_being_told_skips_nobody(lived: Dialogue) -> None:
    for who in ("yusuf", "xenia"):
        await lived.says(who, f"answer {words_by(who, 400)}")
    await erased(lived, "zora")
    said = lived.text((await lived.reveal()).message)
    assert "yusufword400" in said
    assert "xeniaword400" in said
    assert "zoraword" not in said


async def test_a_schedule_goes_on_with_nobody_to_tell(lived: Dialogue) -> None:
    await erased(lived, "zora")
    asked = len([one for one in lived.platform.posts if one.channel == OTHER])
    await lived.forward(days=2)
    assert len([one for one in lived.platform.posts if one.channel == OTHER]) == asked + 2
    lived.platform.told.clear()
    lived.platform.refused["second"] = "It is gone."
    await lived.forward(days=1)
    state = await lived.store.channel(OTHER)
    assert state.schedule
    assert state.schedule.paused
    assert [one for one in lived.platform.told if one[1] == "zora"] == []


async def test_a_reveal_waits_no_more_for_who_was_erased(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 08:00 daily UTC")
    for n in range(4):
        await d.forward(days=1)
        for who in (*MEMBERS, "walter"):
            await d.says(who, f"answer {words_by(who, n)}")
    await d.forward(days=1)
    for who in ("yusuf", "xenia", "walter"):
        await d.says(who, f"answer {words_by(who, 9)}")
    await d.forward(hours=2)
    assert "yusufword9" not in d.thread()
    await erased(d, "zora")
    assert "yusufword9" in d.thread()


async def test_who_paused_a_schedule_is_named_no_more(lived: Dialogue) -> None:
    await lived.says("zora", "daily pause", channel=OTHER)
    assert "By Zora." in lived.text(await lived.says("yusuf", "daily status", channel=OTHER))
    await erased(lived, "yusuf")
    assert "By Zora." in lived.text(await lived.says("xenia", "daily status", channel=OTHER))
    await erased(lived, "zora")
    assert "By an admin." in lived.text(await lived.says("xenia", "daily status", channel=OTHER))
    assert await holds(lived.redis, "zora") == []


async def test_an_admins_reply_goes_with_the_admin(lived: Dialogue) -> None:
    shown = await lived.says(ADMIN, "flags")
    form = await lived.press(ADMIN, shown, "Reply")
    await lived.fill(ADMIN, form, "bossword17 in reply", {"outcome": "kept"})
    assert await holds(lived.redis, "bossword17")
    await erased(lived, ADMIN)
    assert await holds(lived.redis, "bossword17") == []
    assert await holds(lived.redis, ADMIN) == []


async def test_the_same_id_in_another_team_is_somebody_else(lived: Dialogue) -> None:
    elsewhere = Channel("slack:T1", "practice")
    await lived.says("zora", "random answer basics/q37", words_by("zora", 7), channel=elsewhere)
    before = [one async for one in keyspace(lived.redis) if "{slack:T1}" in one[0]]
    assert any("zora" in f"{key}{value}" for key, value in before)
    await erased(lived, "zora")
    after = [one async for one in keyspace(lived.redis) if "{slack:T1}" in one[0]]
    assert sorted(after) == sorted(before)
    lived.platform.told.clear()
    await lived.says("zora", "privacy export")
    ((_, _, message),) = [one for one in lived.platform.told if one[2].files]
    assert "zoraword7" not in message.files[1].text
