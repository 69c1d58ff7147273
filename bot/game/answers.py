"""What counts as an answer, and what is given back with a reason."""

from __future__ import annotations

import re
import unicodedata

from bot.errors import Refusal
from bot.game.rules import LONGEST_ANSWER, SHORTEST_ANSWER
from bot.messages import TEXT, Form, Input
from bot.text import clean
from bot.wording import as_code
from content.words import normalised

TEN_LETTERS = re.compile(rf"(?:[\W_]*[^\W_]){{{SHORTEST_ANSWER}}}")
FEWEST_LETTERS = 3
# An honest answer: it keeps the streak and earns nothing. The letters of the whole text.
NOT_KNOWN = frozenset(
    normalised(words)
    for words in (
        "I don't know",
        "I do not know",
        "I dont know this one",
        "I don't know this one",
        "I don't know yet",
        "I have no idea",
        "no idea",
        "don't know",
        "dunno",
        "idk",
        "not sure",
        "I am not sure",
        "I'm not sure",
    )
)
COMMAND = re.compile(r"\s*/?llmq\s+(?P<rest>\S.*)", re.IGNORECASE | re.DOTALL)

ENOUGH = "Two or three sentences are enough."
TOO_SHORT = f"Please write at least {SHORTEST_ANSWER} characters."
WITHOUT_SLASH = "This looks like a command without its slash, so it was not taken."
PASTED = "This is the question itself. Write your own answer."
ERASED = "Everything about you was erased after you sent this. Send it once more if it is still meant."
COPIED = "This is largely the reference answer. Say it in your own words."


def text_form(title: str, question: str, command: str, initial: str = "", hint: str = ENOUGH) -> Form:
    """A form for one answer in a member's own words."""
    asked = Input(TEXT, "In your own words", initial=initial, hint=hint, least=SHORTEST_ANSWER)
    return Form(title, question, command, (asked,))


def is_not_known(text: str) -> bool:
    """Whether an answer says no more than that its author does not know."""
    return normalised(text) in NOT_KNOWN


def is_long_enough(text: str) -> bool:
    """Whether a text says anything: ten characters, and more than one or two different letters or digits."""
    # With so many letters and digits there is no need to look for what cannot be seen.
    long = TEN_LETTERS.match(text) or len(visible(text)) >= SHORTEST_ANSWER
    return bool(long) and len(set(normalised(text))) >= FEWEST_LETTERS


def visible(text: str) -> str:
    """Text without what only says how other characters are set, and the white space around it."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf").strip()


def command_in(text: str) -> str:
    """A command that was typed without its slash, or with it in a form; else nothing."""
    found = COMMAND.fullmatch(text)
    return found["rest"].strip() if found else ""


def checked_answer(text: str, meant: str = "") -> str:
    """The answer to store. Raises a refusal for one that says nothing, is too long or is a command.

    `meant` is the command that the text is word for word, if it is one.
    """
    answer = clean(text)
    if command := meant or command_in(answer):
        raise Refusal(f"{WITHOUT_SLASH} Did you mean {as_code(f'/llmq {command}')}?")
    if not is_long_enough(text) and not is_not_known(text):
        raise Refusal(TOO_SHORT)
    if len(answer) > LONGEST_ANSWER:
        raise Refusal(f"Your answer has {len(answer):,} characters; {LONGEST_ANSWER:,} fit.")
    return answer
