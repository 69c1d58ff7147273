"""Questions that are due again, one after another, in one private flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.commands import learning
from bot.commands.learning import (
    PRACTISE,
    Attempt,
    card,
    grade_blocks,
    item_named,
    judged,
    keep_grade,
    last_one,
    taken,
    unseen_item,
)
from bot.commands.parsing import Call, Game
from bot.game.answers import text_form
from bot.game.catalogue import Item
from bot.game.posts import reference_blocks
from bot.game.rounds import reference_of
from bot.game.rules import MOST_REVIEWS_A_DAY, PRACTICE_A_DAY
from bot.messages import (
    Block,
    Button,
    Buttons,
    Footnote,
    Heading,
    Markdown,
    Message,
    Reply,
    moment,
    say,
)
from bot.store.records import DueReviews
from bot.wording import counted

FLOW = "review"
WAITS = "What is due is open in this team or comes soon, so it waits."
STOP = Button("Stop", "review stop")


async def review(game: Game, call: Call) -> Reply:
    """The first question that is due."""
    return await next_due(game, call)


async def next_due(game: Game, call: Call, note: str = "", *, edits: bool = False) -> Message:
    request, topic = call.request, call.words.get("topic", "")
    due = await game.store.due_reviews(request.channel.team, request.member, call.now)
    items = (game.catalogue.items[id] for id in due.among(game.catalogue.items))
    wanted = [item for item in items if topic in ("", item.question.topic, item.deck)]
    notes = (Footnote(note),) if note else ()
    if not wanted or due.reviewed >= MOST_REVIEWS_A_DAY:
        return replace(say(*ended(due), *notes), edits=edits)
    total = due.reviewed + min(len(wanted), MOST_REVIEWS_A_DAY - due.reviewed)
    return replace(say(*question_blocks(wanted[0], due.reviewed + 1, total, topic), *notes), edits=edits)


def question_blocks(item: Item, n: int, total: int, topic: str) -> Iterator[Block]:
    yield Heading(f"Review · {n} of {total}")
    yield Markdown(f"**{item.question.prompt}**")
    yield Footnote(item.label)
    yield Buttons(
        (
            Button("Answer", f"review answer {item.id}", primary=True),
            Button("Show answer", f"review show {item.id}"),
            STOP,
        )
    )


def ended(due: DueReviews) -> Iterator[Block]:
    """Why there is no question now."""
    if due.reviewed >= MOST_REVIEWS_A_DAY:
        yield Markdown(f"**{MOST_REVIEWS_A_DAY} reviewed, enough for today.**")
    elif due.reviewed:
        yield Markdown(f"**Done for today: {due.reviewed} reviewed.** {coming_in_words(due)}".strip())
    elif due.kept_back:
        yield Markdown(f"**Nothing to review now.** {WAITS}")
    elif due.coming:
        yield Markdown(f"**Nothing is due.** {coming_in_words(due)}")
    else:
        yield Markdown("**Nothing to review yet.** Grade a question and it comes back here.")
    yield Buttons((PRACTISE, Button("Me", "me")))


def coming_in_words(due: DueReviews) -> str:
    if due.coming is None:
        return ""
    at, count = due.coming
    return f"Next: {count} on {moment(at, None, 'day')}."


async def answer(game: Game, call: Call) -> Reply:
    """Take an answer to a question that is due, and compare it."""
    item, request = await unseen_item(game, call, call.words["target"]), call.request
    if request.body is None:
        return text_form("Review", item.question.prompt, f"review answer {item.id}")
    text, done = await taken(game, call, item, request.body)
    hinted = await game.store.keep_attempt(request, item.id, text, call.now)
    prompt, reference = item.question.prompt, reference_of(item)
    attempt = Attempt(item.id, item.id, prompt, text, reference, hinted=hinted, flow=FLOW)
    note = Footnote(practice_note(done.points, done.left))
    shown = card(await judged(game, call, attempt), edits=True)
    return replace(shown, blocks=(*shown.blocks, note))


def practice_note(points: int, left: int) -> str:
    """What the practice earned and what the day still holds."""
    if not points and not left:
        return f"The day's {PRACTICE_A_DAY} practice points are earned; practice goes on without points."
    return f"{'+1 point; ' if points else ''}{counted(left, 'more practice point')} today."


async def show(game: Game, call: Call) -> Reply:
    """The reference of a question that is due, then the grades."""
    item = await unseen_item(game, call, call.words["target"])
    attempt = Attempt(item.id, item.id, item.question.prompt, "", reference_of(item), flow=FLOW)
    blocks = (Markdown(f"**{item.question.prompt}**"), *reference_blocks(attempt.reference))
    return replace(say(*blocks, *grade_blocks(attempt)), edits=True)


async def say_point(game: Game, call: Call) -> Reply:
    """Take a member's word for a key point; the card stays part of the review."""
    return await learning.say_point(game, call, flow=FLOW)


async def grade(game: Game, call: Call) -> Reply:
    """Keep the grade and go on with the next question."""
    item = item_named(game, call.words["target"])
    learnt, _ = await keep_grade(game, call, item.id, "", counts=True)
    return await next_due(game, call, last_one(learnt), edits=True)


async def stop(game: Game, call: Call) -> Reply:
    """Leave the flow; what is due stays due."""
    request = call.request
    due = await game.store.due_reviews(request.channel.team, request.member, call.now)
    left = len(due.among(game.catalogue.items))
    words = f"**Stopped.** {left} still due." if left else "**Stopped.** Nothing is left."
    return replace(say(Markdown(words), Buttons((Button("Go on", "review"),))), edits=True)
