"""Whom the question's post calls: nobody, who is here, or one group, and nothing else calls anybody."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from bot.messages import Ping
from tests.dialogue import ADMIN, Dialogue, is_refused


async def scheduled(redis: Redis) -> Dialogue:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    return d


def pings(d: Dialogue) -> list[Ping]:
    """Every call in anything that was ever posted, edited or told."""
    said = [one.message for one in (*d.platform.posts, *d.platform.lines, *d.platform.replies)]
    said += [message for _, _, message in d.platform.told]
    return [block for message in said for block in message.blocks if isinstance(block, Ping)]


async def test_nobody_is_called_at_first(redis: Redis) -> None:
    d = await scheduled(redis)
    assert "Ping: nobody" in await d.hears(ADMIN, "daily status")
    await d.open_round()
    assert pings(d) == []


@pytest.mark.parametrize(
    ("typed", "ping", "shown"),
    [
        ("here", Ping(), "@here"),
        ("@here", Ping(), "@here"),
        ("<@&S0GROUP|devs>", Ping("S0GROUP", "devs"), "@devs"),
        ("<@&4711>", Ping("4711"), "@group"),
    ],
)
async def test_the_questions_post_calls_whom_the_admin_named_above_everything_else(
    redis: Redis, typed: str, ping: Ping, shown: str
) -> None:
    d = await scheduled(redis)
    said = await d.hears(ADMIN, f"daily ping {typed}")
    assert f"**The question calls {shown} from the next one on.**" in said
    assert f"Ping: {shown}" in said
    post = await d.open_round()
    assert post.message.blocks[0] == ping
    await d.says("ana", "answer", "An answer that says something.")
    await d.forward(hours=30)
    assert pings(d) == [ping, ping]
    assert len(d.platform.posts) == 2


async def test_what_is_lacking_is_said_at_once(redis: Redis) -> None:
    d = await scheduled(redis)
    d.platform.lacking_to["ping"] = ("Allow llmq more.",)
    assert "Allow llmq more." in await d.hears(ADMIN, "daily ping here")
    assert "Allow llmq more." not in await d.hears(ADMIN, "daily ping off")


@pytest.mark.parametrize("word", ["off", "none", "OFF"])
async def test_it_is_off_again_when_told(redis: Redis, word: str) -> None:
    d = await scheduled(redis)
    await d.says(ADMIN, "daily ping here")
    assert "Ping: nobody" in await d.hears(ADMIN, f"daily ping {word}")
    await d.open_round()
    assert pings(d) == []


@pytest.mark.parametrize(
    "typed",
    [
        "@everyone",
        "everyone",
        "@channel",
        "@devs",
        "<@U123|ana>",
        "<@&S1|x> <@&S2|y>",
        "<@&S1^|x>",
        "<!channel>",
        "here and there",
        "<@&|x>",
        "<@&é>",
        f"<@&{'1' * 21}>",
        "`",
    ],
)
async def test_nothing_else_can_be_called(redis: Redis, typed: str) -> None:
    d = await scheduled(redis)
    reply = await d.says(ADMIN, f"daily ping {typed}")
    assert is_refused(reply)
    assert "neither everyone nor a single person" in d.text(reply)
    await d.open_round()
    assert pings(d) == []


async def test_it_is_the_admins_to_set(redis: Redis) -> None:
    d = await scheduled(redis)
    assert is_refused(await d.says("ana", "daily ping here"))
