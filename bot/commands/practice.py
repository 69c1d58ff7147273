"""Questions on demand: random, with its hidden commands for the buttons, and topics."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from bot.commands import learning
from bot.commands.learning import item_named
from bot.commands.parsing import Call, Game
from bot.commands.review import practice_note
from bot.errors import Refusal
from bot.game.catalogue import Item
from bot.game.posts import reference_blocks
from bot.game.rounds import reference_of
from bot.messages import Button, Buttons, Footnote, Heading, Markdown, Reply, Table, say, text_form
from bot.store.records import Attempt

# More candidates than this make the script's call longer and its choice hardly better.
MOST_CANDIDATES = 16


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
    request = call.request
    chosen, again = await game.store.random(request.channel.team, request.member, call.now, candidates)
    if not chosen:
        raise Refusal(
            "Every such question is open in this team, or comes soon. Name another topic: `/llmq topics`."
        )
    item = game.catalogue.items[chosen]
    another = " ".join(filter(None, ("random", f'"{topic}"' if " " in topic else topic, level)))
    buttons = (
        Button("Answer", f"random answer {item.id}", primary=True),
        Button("Hint", f"hint {item.id}"),
        Button("Show answer", f"random show {item.id}"),
        Button("Another", another),
    )
    about = f"{item.label} · you had this one before" if again else item.label
    return say(
        Heading("Practice"), Markdown(f"**{item.question.prompt}**"), Buttons(buttons), Footnote(about)
    )


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
    item, request = item_named(game, call.words["question"]), call.request
    if request.body is None:
        return text_form("Practice", item.question.prompt, f"random answer {item.id}")
    text, done = await learning.taken(game, call, item, request.body)
    await game.store.keep_attempt(request.channel.team, request.member, Attempt(item.id, text))
    kept = learning.Attempt(item.id, item.id, item.question.prompt, text, reference_of(item))
    notes = (Buttons((Button("Show answer", f"random show {item.id}"), ANOTHER)),)
    shown = learning.card(await learning.judged(game, call, kept))
    return say(*shown.blocks, *notes, Footnote(practice_note(done.points, done.left)))


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
