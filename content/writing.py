"""How a Deck is written as Markdown, so that reading it gives the same deck again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.deck import Deck, KeyPoint, Level, Question, Reference
from content.sections import UNCHECKED


def render_deck(deck: Deck) -> str:
    """The deck's file."""
    header = {"id": deck.id, "language": deck.language, "licence": deck.licence}
    blocks = [heading("#", deck.title), field_list(header)]
    return (
        "\n\n".join([*blocks, *(block for question in deck.questions for block in question_blocks(question))])
        + "\n"
    )


def question_blocks(question: Question) -> Iterator[str]:
    """The question's parts in the order a reader wants them, without what has its usual value."""
    yield heading("##", question.prompt)
    yield field_list(question_fields(question))
    yield f"**Answer:**\n\n{question.answer}".rstrip()
    if question.key_points:
        yield "\n".join(["**Key points:**", *map(key_point_line, question.key_points)])
    if question.pitfall:
        yield f"**Pitfall:**\n\n{question.pitfall}"
    if question.references:
        yield "\n".join(["**References:**", *map(source_line, question.references)])


def heading(marks: str, text: str) -> str:
    """A heading; closing marks behind one that ends in `#`, which Markdown would drop otherwise."""
    return f"{marks} {text} {marks}" if text.endswith("#") else f"{marks} {text}"


def field_list(fields: dict[str, str]) -> str:
    return "\n".join(f"- {name}: {value}" for name, value in fields.items() if value)


def question_fields(question: Question) -> dict[str, str]:
    return {
        "id": question.id,
        "topic": "" if question.topic == "general" else question.topic,
        "aliases": ", ".join(question.aliases),
        "level": "" if question.level is Level.MEDIUM else question.level,
        "follow-up of": question.follow_up_of or "",
        "review by": question.review_by.isoformat() if question.review_by else "",
        "own experience": "yes" if question.own_experience else "",
        "source checked": "" if question.source_checked else "no",
    }


def key_point_line(point: KeyPoint) -> str:
    if point.alternatives == (point.label,) and point.label[0].isalnum():
        return f"- {point.label}"
    return f"- {point.label} = {' | '.join(point.alternatives)}"


def reference_line(reference: Reference) -> str:
    """A link. Its title is plain text and its address may hold brackets and entities: both are escaped."""
    title = re.sub(r"([\\`*_\[\]<>&!])", r"\\\1", reference.title)
    url = re.sub(r"([()\\]|&(?=[#\w]+;))", r"\\\1", reference.url)
    return f"- [{title}]({url})"


def source_line(reference: Reference) -> str:
    """The link with the mark of one that nobody has read."""
    return reference_line(reference) if reference.checked else f"{reference_line(reference)} {UNCHECKED}"
