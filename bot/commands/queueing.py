"""Questions that an admin puts before the channel's own order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from textwrap import shorten

from bot.commands.daily_status import NO_SCHEDULE, schedule_of
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.catalogue import Catalogue, Item
from bot.game.channel import ChannelState
from bot.game.rules import MOST_QUEUED
from bot.game.schedule import Schedule, date_words, from_ms, to_day
from bot.messages import (
    Block,
    Button,
    Buttons,
    Footnote,
    Form,
    Heading,
    Input,
    Markdown,
    Message,
    Reply,
    moment,
    say,
)
from bot.wording import as_code, counted, plain
from content.words import normalised

# A form offers so many, in so many characters each.
MOST_CHOICES = 10
LONGEST_CHOICE = 70
MOST_IN_A_ROW = 5
# What the form's command names: the question stands in the form.
CHOSEN = "?"
FULL = f"{MOST_QUEUED} questions wait already."
SHOW_QUEUE = Button("Queue", "daily queue")


async def put_next(game: Game, call: Call) -> Reply:
    """Ask a question at the channel's next rounds, behind those that were put there before."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    found = meant(game.catalogue, call)
    if not found:
        typed = call.words["question"].strip()
        raise Refusal(f"No question has {as_code(typed)}. Name its id, or words that stand in it.")
    if len(found) > 1:
        return which(found)
    return await put(game, call, state, schedule, found[0])


def meant(catalogue: Catalogue, call: Call) -> list[Item]:
    """The questions that an id, the prompt or words of it may mean."""
    chosen = call.request.inputs.get("question", "") if call.request.body is not None else ""
    typed = chosen or call.words["question"].strip()
    if typed in catalogue.items:
        return [catalogue.items[typed]]
    letters, items = normalised(typed), catalogue.items.values()
    exact = [item for item in items if item.id.partition("/")[2] == typed or item.normalised == letters]
    return exact or [catalogue.items[id] for id in catalogue.finder.found(typed)]


def which(found: Sequence[Item]) -> Form:
    """A choice between some questions."""
    some = found[:MOST_CHOICES]
    choices = tuple(
        (item.id, shorten(plain(item.question.prompt), LONGEST_CHOICE, placeholder="…")) for item in some
    )
    more = f"{len(found)} questions match. These are the first; more words find fewer."
    words = more if len(found) > len(some) else f"{len(found)} questions match."
    asked = Input("question", "Question", "choice", some[0].id, choices)
    return Form("Ask next", words, f"daily next {CHOSEN}", (asked,))


async def put(game: Game, call: Call, state: ChannelState, schedule: Schedule, item: Item) -> Message:
    if item.id in state.retired:
        raise Refusal(
            "This team asks that question no more.", Button("Ask it again", f"flags restore {item.id}")
        )
    match await game.store.queue(call.request.channel, item):
        case "full":
            raise Refusal(FULL, SHOW_QUEUE)
        case "no_schedule":
            raise Refusal(NO_SCHEDULE)
        case "added" | "there":
            pass
    return say(*put_blocks(state, schedule, item, call.now))


def put_blocks(state: ChannelState, schedule: Schedule, item: Item, now: datetime) -> Iterator[Block]:
    queue = state.queue if item.id in state.queue else (*state.queue, item.id)
    place = queue.index(item.id)
    first = "It comes next:" if place == 0 else f"It comes behind {counted(place, 'other')}:"
    yield Markdown(f"**{first}** {item.question.prompt}")
    yield Buttons((SHOW_QUEUE, Button("Take out", f"queue remove {item.id}")))
    yield Footnote(" ".join(notes(state, schedule, item, now)))


def notes(state: ChannelState, schedule: Schedule, item: Item, now: datetime) -> Iterator[str]:
    if schedule.paused:
        yield "The daily question is paused."
    else:
        coming = (at for day, at in schedule.coming(now) if to_day(day) > state.newest_day(now))
        yield f"The next question comes {moment(next(coming), schedule.tz, 'day')}."
    if not state.is_free(item):
        yield "This one is open in the team now, and waits for that."
    elif item.id in state.asked:
        last = schedule.local(from_ms(state.asked[item.id])).date()
        yield f"It was asked here last on {date_words(last, schedule.local(now).date(), weekday=False)}."
    yield "Then the channel's own order goes on."


async def queue(game: Game, call: Call) -> Reply:
    """What was put before the channel's own order."""
    state = await game.store.channel(call.request.channel)
    return say(*queue_blocks(game.catalogue, state))


def queue_blocks(catalogue: Catalogue, state: ChannelState) -> Iterator[Block]:
    queue = state.queue
    if not queue:
        yield Markdown("**Nothing is put before the channel's own order.**")
        yield Footnote("/llmq daily next QUESTION puts a question there.")
        return
    yield Heading("What comes next")
    yield Markdown("\n".join(f"{n}. {in_queue(catalogue, state, id)}" for n, id in enumerate(queue, start=1)))
    removing = [Button(f"Take out {n}", f"queue remove {id}") for n, id in enumerate(queue, start=1)]
    for start in range(0, len(removing), MOST_IN_A_ROW):
        yield Buttons(tuple(removing[start : start + MOST_IN_A_ROW]))
    yield Footnote("Then the channel's own order goes on.")


def in_queue(catalogue: Catalogue, state: ChannelState, id: str) -> str:
    item = catalogue.items.get(id)
    if item is None:
        return f"{as_code(id)} is in no deck now, and is skipped."
    retired = " · not asked here, and is skipped" if id in state.retired else ""
    return f"{item.question.prompt}{retired}"


async def remove(game: Game, call: Call) -> Reply:
    """Leave a question to the channel's own order."""
    channel = call.request.channel
    await game.store.unqueue(channel, call.words["question"])
    state = await game.store.channel(channel)
    blocks = (Markdown("**Taken out.**"), *queue_blocks(game.catalogue, state))
    return replace(say(*blocks), edits=True)
