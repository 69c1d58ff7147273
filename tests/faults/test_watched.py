"""What whoever runs llmq sees of a real process: its log without secrets, its counts, whether it is ready."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterable
from pathlib import Path

import aiohttp
import pytest
from redis.asyncio import Redis

from tests.conftest import StartServer
from tests.fakes.slack import Hang
from tests.faults.platforms import PLATFORMS, PeopledDiscord, PeopledPlatform, PeopledSlack
from tests.faults.processes import llmq_run
from tests.faults.test_run import is_taken, until
from tests.faults.test_topologies import free_port

PASSWORD = "hunter2-hunter2"
# Each stands nowhere else, and comes in another way: typed, in a form, as a plain reply.
ANSWERS = TYPED, FILLED_IN, REPLIED = [
    f"An answer with a {word} in it" for word in ("marten", "newt", "wren")
]
COUNTED = (
    'llmq_commands_total{command="answer",outcome="done"}',
    'llmq_rounds_total{event="opened"}',
    "llmq_due_retries_total",
    'llmq_rounds_total{event="revealed"}',
)
LIBRARIES_AT_DEBUG = ("Sending a request", "WebSocket Event", "Looking for jobs")


async def get(port: int, path: str) -> tuple[int, str]:
    address = f"http://127.0.0.1:{port}{path}"
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status, await response.text()


async def play_a_round(platform: PeopledPlatform) -> None:
    """A question, an answer in each way, and the reveal; at first the post has to wait, then it fails."""
    await platform.says("boss", "daily", "on", time="09:00", days="daily")
    post = "chat.postMessage" if isinstance(platform, PeopledSlack) else "create_message"
    platform.faults.add(post, platform.kinds.RateLimited(0), platform.kinds.Dropped())
    await platform.says("boss", "daily", "now")
    await until(lambda: has_answered(platform))
    assert await platform.fills_in("bob", FILLED_IN)
    await reply(platform)
    await platform.says("boss", "reveal")
    await until(lambda: all(answer in platform.told() for answer in ANSWERS))


async def has_answered(platform: PeopledPlatform) -> bool:
    return bool(platform.questions()) and "Your answer is" in await platform.says("ana", "answer", text=TYPED)


async def reply(platform: PeopledPlatform) -> None:
    """Answer the question by a plain reply, and wait until that is taken."""
    match platform:
        case PeopledSlack():
            in_slack = platform.people["boss"].post(platform.channel, REPLIED, platform.channel.posts[-1])
            await until(lambda: in_slack.reactions)
        case PeopledDiscord():
            in_discord = platform.people["boss"].say(platform.channel, REPLIED, platform.channel.posts[-1])
            await until(lambda: in_discord.reactions)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("name", PLATFORMS)
async def test_the_log_names_team_channel_and_round_but_no_words_and_no_secrets(
    start_server: StartServer, tmp_path: Path, name: str, form: str
) -> None:
    url = f"{await start_server('--requirepass', PASSWORD)}?password={PASSWORD}"
    async with PLATFORMS[name]() as platform:
        async with llmq_run(tmp_path, url, **platform.settings, log_level="DEBUG", log_format=form):
            await platform.served()
            await play_a_round(platform)
        tokens = {value for key, value in platform.settings.items() if "token" in key}
        shown = {
            line.strip() for text in (*platform.questions(), platform.told()) for line in text.splitlines()
        }
        team, channel = platform.place.team, platform.place.id
    lines = (tmp_path / "log").read_text().splitlines()
    log = "\n".join(lines)
    assert tokens
    assert not [secret for secret in (PASSWORD, *tokens, *ANSWERS) if secret in log]
    assert not [words for words in shown if len(words) > len("Question of the day") and words in log]
    assert not [sign for sign in LIBRARIES_AT_DEBUG if sign in log]
    assert "Traceback" in log
    (posted,) = [line for line in lines if "question posted" in line]
    round = next(line for line in lines if "answer: done" in line)
    if form == "json":
        read = [json.loads(line) for line in lines]
        assert all({"time", "level", "logger", "message"} <= line.keys() for line in read)
        about = {"level": "INFO", "team": team, "channel": channel}
        assert about.items() <= json.loads(posted).items()
        assert json.loads(posted)["round"] == json.loads(round)["round"]
    else:
        assert f"question posted team={team} channel={channel} round={channel}:" in posted
        assert posted.rpartition("round=")[2] == round.rpartition("round=")[2]


@pytest.mark.parametrize("name", PLATFORMS)
async def test_what_happens_is_counted_and_each_part_says_whether_it_is_ready(
    redis: Redis, redis_url: str, tmp_path: Path, name: str
) -> None:
    port = free_port()
    async with (
        PLATFORMS[name]() as platform,
        llmq_run(tmp_path, redis_url, **platform.settings, http_port=str(port)),
    ):
        await platform.served()
        await until(lambda: is_taken(port))
        await until(lambda: is_ready(port))
        assert await get(port, "/healthz") == (200, "ok\n")
        assert await get(port, "/readyz") == (200, f"redis: ready\nclock: ready\n{name}: ready\n")
        counted = (*COUNTED, f'llmq_rate_limits_total{{platform="{name}"}}')
        _, before = await get(port, "/metrics")
        assert not [one for one in counted if f"{one} 0.0" not in before]
        await play_a_round(platform)
        # What is counted is so after the channel has it.
        await until(lambda: have_moved(port, counted))
        _, after = await get(port, "/metrics")
    assert 'llmq_command_seconds_count{command="answer"}' in after
    assert "llmq_due_lag_seconds_count" in after


async def have_moved(port: int, counted: Iterable[str]) -> bool:
    _, now = await get(port, "/metrics")
    return not [one for one in counted if f"{one} 0.0" in now]


async def is_ready(port: int) -> bool:
    status, _ = await get(port, "/readyz")
    return status == 200


async def test_a_process_that_is_told_to_stop_says_so_while_its_work_ends(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    port = free_port()
    async with PLATFORMS["slack"]() as platform:
        assert isinstance(platform, PeopledSlack)
        async with llmq_run(tmp_path, redis_url, **platform.settings, http_port=str(port)) as process:
            await platform.served()
            await until(lambda: is_taken(port))
            await platform.says("boss", "daily", "on", time="09:00", days="daily")
            post = Hang()
            platform.faults.add("chat.postMessage", post)
            await platform.says("boss", "daily", "now")
            await until(lambda: platform.slack.calls("chat.postMessage"))
            process.send_signal(signal.SIGTERM)
            await until(lambda: says_stopping(port))
            assert await get(port, "/healthz") == (200, "ok\n")
            assert process.returncode is None
            post.release.set()
            async with asyncio.timeout(30):
                assert await process.wait() == 0
        assert len(platform.questions()) == 1


async def says_stopping(port: int) -> bool:
    return await get(port, "/readyz") == (503, "stopping\n")
