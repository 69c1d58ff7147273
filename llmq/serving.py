"""The composition root of `llmq run` and `llmq doctor`: every platform whose token is set, over one store."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from contextlib import AsyncExitStack
from datetime import timedelta

from bot.errors import Refusal
from bot.platform import Finding
from bot.quotas import Quotas
from bot.store.store import Store
from bot.store.verdicts import Verdicts
from llmq.building import assemble, decks_of, load, utc_now
from llmq.doctor import examine, reach
from llmq.health import Parts, health_app
from llmq.http import serving
from llmq.judge import judge_of
from llmq.logs import write_logs
from llmq.platforms import Surroundings, configured
from llmq.redis.connection import open_redis
from llmq.settings import Settings, unknown_names
from scheduler.timer import Timer

log = logging.getLogger(__name__)

DEFAULT_PORT = 3000
NO_PLATFORM = (
    "No platform is configured, so there is nothing to run. Set LLMQ_SLACK_BOT_TOKEN (see docs/slack.md) or "
    "LLMQ_DISCORD_TOKEN (see docs/discord.md), or play in this terminal with `llmq console`."
)


async def run(settings: Settings) -> int:
    """Serve every platform whose token is set, until the process is told to stop; returns the exit status."""
    entries = configured(settings)
    if not entries:
        raise Refusal(NO_PLATFORM)
    write_logs(settings)
    for sentence in unknown_names():
        log.warning(sentence)
    decks, stopped = decks_of(settings), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with open_redis(settings) as redis, AsyncExitStack() as stack:
        judge = await stack.enter_async_context(judge_of(settings, Verdicts(redis), utc_now))
        store = Store(redis, timedelta(settings.keep_answers_days))
        around = Surroundings(settings, redis, utc_now, stopped.set, stack)
        served = {name: await entry.begin(around) for name, entry in entries.items()}
        platforms = {name: one.platform for name, one in served.items()}
        catalogue, timer = await load(store, decks), Timer(utc_now)
        bot, clockwork = assemble(
            store,
            catalogue,
            platforms,
            utc_now,
            random.Random(),
            timer.wake,
            judge,
            timedelta(settings.purge_days),
            Quotas(settings.member_commands, settings.team_commands),
        )

        async def look() -> Parts:
            ready = {
                name: await one.is_ready() and (not one.has_one_token or clockwork.is_accepted(name))
                for name, one in served.items()
            }
            return {"redis": await store.is_there(), "clock": timer.clock_is_right, **ready}

        token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
        server = health_app(look, stopped.is_set, token)
        for one in served.values():
            await one.open(bot, server, stack)
        if settings.serves_http:
            port = settings.http_port or DEFAULT_PORT
            await stack.enter_async_context(serving(server, settings.http_host, port))
            log.info("serving HTTP on %s:%d", settings.http_host, port)
        timer.start(clockwork)
        # At the end no round is begun any more, then nothing comes in, then ends what is still to be shown.
        stack.push_async_callback(timer.stop)
        await stopped.wait()
    return 0


async def doctor(settings: Settings) -> list[Finding]:
    """What is configured and what to fix, for the core and for every platform whose token is set."""

    async def scheduled(team: str) -> list[str]:
        async with reach(settings) as redis:
            return await Store(redis).scheduled(team)

    findings = await examine(settings, utc_now().date())
    platforms = configured(settings)
    for entry in platforms.values():
        findings += [finding async for finding in entry.examine(settings, scheduled)]
    if not platforms:
        findings.append(Finding("warn", "no platform is configured: `llmq console` plays without one"))
    return findings
