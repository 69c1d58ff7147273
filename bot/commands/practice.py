"""Questions on demand: random, with its hidden commands for the buttons, and topics."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from bot.commands.answering import COPIED, PASTED
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.answers import checked_answer, is_not_known
from bot.game.catalogue import Item
from bot.game.posts import reference_blocks
from bot.game.rounds import reference_of
from bot.messages import Button, Buttons, Divider, Footnote, Form, Heading, Markdown, Quote, Reply, Table, say

# More candidates than this make the script's call longer and its choice hardly better.
MOST_CANDIDATES = 16
BLIND = (
    "That question is open in one of this team's channels, or comes soon, so its answer waits for "
    "the reveal. `/llmq random` gives another."
)


async def random(game: Game, call: Call) -> Reply:
    """A practice question that the asker has not had lately."""
    topic, level = call.words.get("topic", ""), call.words.get("level", "")
    found = game.catalogue.candidates(topic, level)
    if not found:
        raise Refusal(
            f"No question has topic `{topic}` and level `{level}`. `/llmq topics` lists what there is."
        )
    first = game.rng.randrange(len(found))
    candidates = [found[(first + n) % len(found)] for n in range(min(len(found), MOST_CANDIDATES))]
    chosen = await game.store.random(call.request.channel.team, call.request.member, call.now, candidates)
    if not chosen:
        raise Refusal(
            "Every such question is open in this team, or comes soon. Name another topic: `/llmq topics`."
        )
    item = game.catalogue.items[chosen]
    another = " ".join(filter(None, ("random", f'"{topic}"' if " " in topic else topic, level)))
    buttons = (
        Button("Answer", f"random answer {item.id}", primary=True),
        Button("Show answer", f"random show {item.id}"),
        Button("Another", another),
    )
    return say(
        Heading("Practice"), Markdown(f"**{item.question.prompt}**"), Buttons(buttons), Footnote(item.label)
    )


def item_of(game: Game, call: Call) -> Item:
    """The question that a practice button names; decks may have changed since it was shown."""
    item = game.catalogue.items.get(call.words["question"])
    if item is None:
        raise Refusal("That question is no longer in the decks. `/llmq random` gives another.")
    return item


async def show_answer(game: Game, call: Call) -> Reply:
    """The reference answer of a practice question, unless an open round asks it."""
    item = item_of(game, call)
    if await game.store.is_blind(call.request.channel.team, item):
        raise Refusal(BLIND)
    return say(
        Markdown(f"**{item.question.prompt}**"), *reference_blocks(reference_of(item)), Buttons((ANOTHER,))
    )


ANOTHER = Button("Another", "random")


async def practise(game: Game, call: Call) -> Reply:
    """Take a practice answer and show the reference beside it."""
    item, request = item_of(game, call), call.request
    if request.body is None:
        return Form("Practice", item.question.prompt, "In your own words", f"random answer {item.id}")
    text = checked_answer(request.body)
    done = await game.store.practise(request, item, text, call.now, worth=not is_not_known(text))
    if done.status == "blind":
        raise Refusal(BLIND)
    if done.status == "pasted":
        raise Refusal(PASTED)
    if done.status == "copied":
        raise Refusal(COPIED)
    return say(
        Markdown(f"**{item.question.prompt}**"),
        Quote(request.member.name, text),
        Divider(),
        *reference_blocks(reference_of(item)),
        Buttons((ANOTHER,)),
        Footnote(practice_note(done.points, done.left)),
    )


def practice_note(points: int, left: int) -> str:
    """What the practice earned and what the day still holds."""
    if left == 0 and not points:
        return "The day's five practice points are earned; practice goes on without points."
    return f"{'+1 point. ' if points else ''}{left} more practice point{'' if left == 1 else 's'} today."


async def topics(game: Game, call: Call) -> Reply:
    """Decks and topics with how many questions, and how many of them the asker has answered."""
    done = await game.store.answered(call.request.channel.team, call.request.member)
    items = game.catalogue.items.values()
    total = Counter(chain.from_iterable((deck_label(game, item), topic_label(item)) for item in items))
    answered = Counter(
        chain.from_iterable((deck_label(game, item), topic_label(item)) for item in items if item.id in done)
    )
    rows = tuple((name, str(count), str(answered[name])) for name, count in total.items())
    return say(
        Heading("Decks and topics"),
        Table(("", "Questions", "Answered"), rows),
        Footnote("/llmq random TOPIC LEVEL practises; an admin's /llmq daily on TIME TOPIC asks from one."),
    )


def deck_label(game: Game, item: Item) -> str:
    return f"{game.catalogue.titles[item.deck]} ({item.deck})"


def topic_label(item: Item) -> str:
    return f"· {item.question.topic}"
