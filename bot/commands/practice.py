"""Questions on demand: random, with its hidden commands for the buttons, and topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from textwrap import shorten

from bot.commands import learning
from bot.commands.learning import item_named
from bot.commands.parsing import Call, Game
from bot.commands.review import practice_note
from bot.errors import Refusal
from bot.game.answers import text_form
from bot.game.posts import reference_blocks
from bot.game.rounds import reference_of
from bot.messages import (
    Bar,
    Bars,
    Block,
    Button,
    Buttons,
    Footnote,
    Heading,
    Markdown,
    Reply,
    say,
)
from bot.wording import as_code, counted

# More candidates than this make the script's call longer and its choice hardly better.
MOST_CANDIDATES = 16
MOST_NEAREST = 3
# A message with more than these is long to draw and to read; most teams have fewer.
MOST_DECKS = 40
# With the rest of its command it stands in a button's id, which on Discord holds 100 characters.
LONGEST_ABOUT = 60
ALL_TOPICS = Button("All topics", "topics")

# How many questions, by deck and topic.
Counts = Mapping[tuple[str, str], int]


async def random(game: Game, call: Call) -> Reply:
    """A practice question that the asker has not had lately."""
    about, level = about_of(call), call.words.get("level", "")
    found = game.catalogue.candidates(about, level)
    if not found:
        raise none_found(game, about, level)
    first = game.rng.randrange(len(found))
    candidates = [found[(first + n) % len(found)] for n in range(min(len(found), MOST_CANDIDATES))]
    request = call.request
    chosen, again = await game.store.random(request.channel.team, request.member, call.now, candidates)
    if not chosen:
        raise Refusal(
            "Every such question is open in this team, comes soon, or is asked here no more. "
            "Name another topic: `/llmq topics`."
        )
    item = game.catalogue.items[chosen]
    buttons = (
        Button("Answer", f"random answer {item.id}", primary=True),
        Button("Hint", f"hint {item.id}"),
        Button("Show answer", f"random show {item.id}"),
        Button("Another", random_on(about, level)),
    )
    label = f"{item.label} · you had this one before" if again else item.label
    return say(
        Heading("Practice"), Markdown(f"**{item.question.prompt}**"), Buttons(buttons), Footnote(label)
    )


def about_of(call: Call) -> str:
    """What a question is wanted about, in one line that fits into a button's command."""
    words = call.words.get("topic", "").replace('"', "")
    return shorten(words, LONGEST_ABOUT, placeholder="") or words[:LONGEST_ABOUT].strip()


def random_on(about: str, level: str = "") -> str:
    """The command for such a question."""
    return " ".join(filter(None, ("random", f'"{about}"' if " " in about else about, level)))


def none_found(game: Game, about: str, level: str) -> Refusal:
    """That there is no such question, with what comes nearest to it."""
    on = f" on {as_code(about)}" if about else ""
    if level and game.catalogue.candidates(about):
        return Refusal(f"No {level} question{on}.", Button("Any level", random_on(about)), ALL_TOPICS)
    near = game.catalogue.finder.nearest(about, MOST_NEAREST)
    buttons = (Button(name, random_on(name)) for name in near)
    return Refusal(f"No question{on}.{' Nearest:' if near else ''}", *buttons, ALL_TOPICS)


async def show_answer(game: Game, call: Call) -> Reply:
    """The reference answer of a practice question, unless an open round asks it."""
    item = await learning.unseen_item(game, call, call.words["question"])
    attempt = learning.Attempt(item.id, item.id, item.question.prompt, "", reference_of(item))
    return say(
        Markdown(f"**{item.question.prompt}**"),
        *reference_blocks(attempt.reference),
        *learning.grade_blocks(attempt),
        Buttons((ANOTHER,)),
    )


ANOTHER = Button("Another", "random")


async def practise(game: Game, call: Call) -> Reply:
    """Take a practice answer and compare it with the key points."""
    question, request = call.words["question"], call.request
    if request.body is None:
        unseen = await learning.unseen_item(game, call, question)
        return text_form("Practice", unseen.question.prompt, f"random answer {unseen.id}")
    item = item_named(game, question)
    text, done = await learning.taken(game, call, item, request.body)
    hinted = await game.store.keep_attempt(request, item.id, text, call.now)
    prompt, reference = item.question.prompt, reference_of(item)
    kept = learning.Attempt(item.id, item.id, prompt, text, reference, hinted=hinted)
    notes = (Buttons((Button("Show answer", f"random show {item.id}"), ANOTHER)),)
    shown = learning.card(await learning.judged(game, call, kept))
    return say(*shown.blocks, *notes, Footnote(practice_note(done.points, done.left)))


async def topics(game: Game, call: Call) -> Reply:
    """How many questions each deck has, or each topic of one, and how many of them the asker answered."""
    done = await game.store.answered(call.request.channel.team, call.request.member)
    items = (item for id in done if (item := game.catalogue.items.get(id)))
    answered = Counter((item.deck, item.question.topic) for item in items)
    deck = call.words.get("deck")
    return say(*(topic_blocks(game, deck, answered) if deck else deck_blocks(game, answered)))


def deck_blocks(game: Game, answered: Counts) -> Iterator[Block]:
    done, shown = by_deck(answered), game.catalogue.sizes
    more = len(shown) - MOST_DECKS
    if more > 0:
        begun = {name: shown[name] for name in done}
        shown = dict(islice({**begun, **shown}.items(), MOST_DECKS))
    yield Heading("Decks and topics")
    yield Bars(tuple(progress(*each, done) for each in shown.items()))
    if more > 0:
        yield Footnote(f"And {counted(more, 'more deck')}, those you have begun before the others.")
    yield Buttons((Button("Practise", "random", primary=True),))
    yield Footnote(
        f"The topics of one: /llmq topics {next(iter(shown), '')}. A question on one, or on any word: "
        "/llmq random rag"
    )


def topic_blocks(game: Game, deck: str, answered: Counts) -> Iterator[Block]:
    totals = game.catalogue.totals.get(deck, {})
    done = {topic: count for (other, topic), count in answered.items() if other == deck}
    yield Heading(game.catalogue.titles[deck])
    yield Bars(tuple(progress(*each, done) for each in totals.items()))
    yield Buttons((Button("Practise", random_on(deck), primary=True), ALL_TOPICS))
    yield Footnote(f"Admins can have this deck alone asked: /llmq daily on 09:00 {deck}")


def by_deck(counts: Counts) -> Mapping[str, int]:
    added: Counter[str] = Counter()
    for (deck, _), count in counts.items():
        added[deck] += count
    return added


def progress(name: str, count: int, answered: Mapping[str, int]) -> Bar:
    """`rag · 3 of 16`, or `rag · 16 questions` before the first answer."""
    done = answered.get(name, 0)
    words = f"{done} of {count}" if done else counted(count, "question")
    return Bar(f"{name} · {words}", done / count)
