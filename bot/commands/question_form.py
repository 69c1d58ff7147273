"""The form in which a question is written, whoever writes it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.catalogue import Catalogue, Item
from bot.game.suggestions import Suggestion, Trouble, id_for, one_line
from bot.messages import TEXT, Button, Form, Input
from bot.text import clean
from bot.wording import plain
from content.likeness import near

MOST_SIMILAR = 3
FIELDS = ("question", TEXT, "points", "source", "topic")


def question_form(
    written: Suggestion | None,
    command: str,
    title: str = "Suggest a question",
    about: str = "A question of your own; it is asked in this team alone.",
) -> Form:
    """The form with what was written before."""
    texts = ("",) * len(FIELDS)
    if written:
        texts = (written.prompt, written.answer, written.points, written.source, written.topic)
    question, answer, points, source, topic = texts
    return Form(
        title,
        about,
        command,
        (
            Input("question", "Question, at most 20 words", "line", question),
            Input(TEXT, "Answer, 80 to 140 words", "text", answer),
            Input("points", "Key points, one a line, 3 to 5", "text", points),
            Input("source", "Source, https://…", "line", source, optional=True),
            Input("topic", "Topic", "line", topic, optional=True),
        ),
    )


def written_in(game: Game, call: Call) -> Suggestion:
    """What stands in the form."""
    request = call.request
    question, points, source, topic = (
        clean(request.inputs.get(name, "")) for name in ("question", "points", "source", "topic")
    )
    answer, prompt = clean(request.body or ""), one_line(question)
    return Suggestion(
        member=request.member.id,
        name=request.member.name,
        prompt=prompt,
        answer=answer,
        points=points,
        source=source,
        topic=topic_of(game.catalogue, topic),
        at=request.at or call.now,
        id=id_for(request.member.id, prompt, answer, points, source, topic),
    )


def topic_of(catalogue: Catalogue, typed: str) -> str:
    """A topic as the decks write it, where they have it."""
    wanted = one_line(typed)
    return next((one for one in catalogue.topics if one.casefold() == wanted.casefold()), wanted)


def refusal_of(found: Sequence[Trouble], again: Button) -> Refusal:
    """A refusal that says everything that is to be fixed, under the first field that it is about."""
    return Refusal(" ".join(one.words for one in found), again, field=found[0].field)


def similar_to(catalogue: Catalogue, written: Suggestion) -> list[Item]:
    """The questions that ask nearly the same, the most alike first."""
    items = list(catalogue.items.values())
    prompts = [plain(item.question.prompt) for item in items]
    return [items[n] for n in near(written.prompt, prompts)[:MOST_SIMILAR]]
