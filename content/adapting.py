"""The note to the reader under which an answer stands as a guide: adapt this to your own experience."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.token import Token

from content.deck import Question
from content.outline import MARKDOWN
from content.sections import plain_text

ADAPT_NOTE = re.compile(r"\(.*\b(adapt|customi[sz]e)\b.*\)", re.IGNORECASE | re.DOTALL)


def marked(question: Question) -> Question:
    """The question; one that begins with a note to adapt its answer is about the member's own experience."""
    length = adapt_note(question.answer)
    if not length:
        return question
    answer = "\n".join(question.answer.split("\n")[length:]).lstrip("\n")
    return replace(question, answer=answer, own_experience=True)


def adapt_note(answer: str) -> int:
    """How many lines the italic note in brackets takes with which the answer begins; none for no note."""
    tokens = MARKDOWN.parse(answer)
    inline = (tokens[1].children or []) if tokens and tokens[0].type == "paragraph_open" else []
    emphasis, behind = leading_emphasis(inline)
    stands_alone = not behind or behind[0].type in ("softbreak", "hardbreak")
    if not stands_alone or not ADAPT_NOTE.fullmatch(plain_text(emphasis)):
        return 0
    return 1 + sum(token.type in ("softbreak", "hardbreak") for token in emphasis)


def leading_emphasis(inline: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """The tokens of the italic text at the start, and those behind it."""
    if not inline or inline[0].type != "em_open":
        return (), inline
    end = next(
        n for n, token in enumerate(inline) if token.type == "em_close" and token.level == inline[0].level
    )
    return inline[: end + 1], inline[end + 1 :]
