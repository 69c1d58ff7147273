"""What admins did in a channel: noted when it is done, and shown to admins."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from redis import RedisError

from bot.commands.daily_status import describe_rule, span_in_words
from bot.commands.parsing import Call, Command, Game
from bot.game.acts import AdminAct
from bot.game.rules import MOST_ACTS
from bot.game.schedule import Schedule, describe_days
from bot.messages import (
    Block,
    Button,
    Buttons,
    Fields,
    Heading,
    Markdown,
    Message,
    Reply,
    moment,
    say,
    without_moments,
)

log = logging.getLogger(__name__)

PAGE = 10
SOMEBODY = "somebody"
NONE_YET = f"**Nothing has been changed here yet.** What admins do is listed here, the last {MOST_ACTS} acts."


async def noted(game: Game, call: Call, command: Command) -> Reply:
    """The reply to a command of an admin, with a note of what it changed."""
    channel = call.request.channel
    before = (await game.store.channel(channel)).schedule
    reply = await command.handler(game, call)
    if isinstance(reply, Message) and not reply.refused:
        after = (await game.store.channel(channel)).schedule
        was, now = differences(before, after) if before != after else ("", first_words(reply))
        await note(game, call, command.name, was, now)
    return reply


async def note(game: Game, call: Call, what: str, before: str, after: str, about: str = "") -> None:
    """Note an act that is done; that this fails undoes nothing."""
    request = call.request
    at = request.at or call.now
    act = AdminAct(request.id, request.member.id, at, what, before, after, about)
    try:
        await game.store.log.add(request.channel, act)
    except RedisError as away:
        log.warning("an act of an admin is not noted (%s): %s", what, type(away).__name__)


def first_words(reply: Message) -> str:
    """The first sentence of a reply, without marks."""
    words = next((block.text for block in reply.blocks if isinstance(block, Heading | Markdown)), "")
    return without_moments(words).replace("**", "").partition("\n")[0]


def differences(before: Schedule | None, after: Schedule | None) -> tuple[str, str]:
    """What of a schedule differs, as it was and as it is."""
    old, new = dict(parts_of(before)), dict(parts_of(after))
    differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]

    def said(parts: dict[str, str]) -> str:
        return "; ".join(parts[name] for name in differing if name in parts)

    return said(old), said(new) or "no change"


def parts_of(schedule: Schedule | None) -> Iterator[tuple[str, str]]:
    """What a schedule says, by parts that change by themselves."""
    if schedule is None:
        yield "state", "no daily question"
        return
    yield "state", "paused" if schedule.paused else "on"
    yield "when", f"{describe_days(schedule.days)}, {schedule.time:%H:%M} ({schedule.zone})"
    yield "topics", f"topics: {', '.join(schedule.sources) or 'all'}"
    yield "reveal", f"reveal {describe_rule(schedule.reveal)}"
    yield "holidays", f"holidays: {schedule.holidays or 'none'}"
    yield "free", f"free: {', '.join(span_in_words(*span) for span in schedule.free) or 'no dates'}"
    yield "ping", f"ping: {schedule.ping.words if schedule.ping else 'nobody'}"
    yield "pin", f"pin: {'yes' if schedule.pin else 'no'}"
    yield "recap", f"recap: {schedule.recap.capitalize() or 'no'}"
    yield "goal", f"goal: {schedule.goal or 'none'}"
    yield "skipped", f"{schedule.skipped:%-d %b} skipped" if schedule.skipped else "no date skipped"


async def show(game: Game, call: Call) -> Reply:
    """What admins did in the channel, the newest first."""
    channel, page = call.request.channel, int(call.words.get("page", 1))
    acts = await game.store.log.of(channel)
    if not acts:
        return say(Markdown(NONE_YET))
    shown = acts[(page - 1) * PAGE : page * PAGE]
    names = await game.store.names_of(channel.team, {one for act in shown for one in (act.member, act.about)})
    more = page * PAGE < len(acts)
    earlier: tuple[Block, ...] = (Buttons((Button("Earlier", f"log {page + 1}"),)),) if more else ()
    return say(Heading("What admins did here"), Fields(tuple(act_fields(shown, names))), *earlier)


def act_fields(acts: list[AdminAct], names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for act in acts:
        who = names.get(act.member) or SOMEBODY
        about = f", about {names.get(act.about) or SOMEBODY}" if act.what == "away" else ""
        lines = [f"{who}{about}, {moment(act.at, None, 'day')}"]
        lines += [f"Before: {act.before}"] if act.before else []
        yield act.what, "\n".join((*lines, f"Now: {act.after}"))
