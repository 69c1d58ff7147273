"""Questions of others that join a team's own deck: how they are read, and which of the deck's they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from bot.game.catalogue import Item, Shelf
from content.checking import check_deck
from content.deck import Deck, Fault, Question
from content.importing import Form, import_deck
from content.names import QUESTION_ID_LENGTH, free_id, is_id

# The first line of a table that names its columns.
COLUMNS = re.compile(r'"?(\w[\w -]*"?,"?)*question"?(,.*)?', re.IGNORECASE)
PASTED = Path("pasted.md")
# What stands for moments, channels and commands in llmq's own words.
OWN_MARKS = re.compile("[\ue000-\ue00f]")
# A character by its number, which Markdown and HTML show as the character.
NUMBERED = re.compile(r"&#\w{1,8};")


@dataclass(frozen=True, slots=True)
class Read:
    """The questions of a text and everything to fix in it; with a fault none of them is taken."""

    questions: tuple[Question, ...]
    faults: tuple[Fault, ...]


def read_questions(text: str, path: Path = PASTED, form: Form | None = None) -> Read:
    """The questions of a text in any of the forms that are imported."""
    text = without_own_marks(text)
    is_table = form is None and COLUMNS.fullmatch(text.lstrip().partition("\n")[0].strip()) is not None
    found = import_deck(text, path, Form.CSV if is_table else form)
    # Its id and language are those of the team's deck.
    deck = replace(found.deck, id="pasted", language="en", title="")
    return Read(deck.questions, (*found.faults, *check_deck(deck)))


def without_own_marks(text: str) -> str:
    """A text in which nothing stands for words of llmq's own, nor becomes that once it is shown."""
    return NUMBERED.sub(
        lambda found: "" if OWN_MARKS.match(unescape(found[0])) else found[0], OWN_MARKS.sub("", text)
    )


def prompt_hash(question: Question) -> str:
    return Item("", "", question).prompt_hash


def joined(shelf: Shelf, questions: Sequence[Question]) -> list[Question]:
    """The questions under the ids that they have in the deck, or get there.

    One that asks the same as one of the deck's, or has its id, is a new version of that.
    """
    there = {prompt_hash(entry.question): id for id, entry in shelf.items()}
    ids, taken, used = dict[str, str](), set(shelf), Counter[str]()
    for question in questions:
        own = question.id if question.has_own_id and question.id in shelf else ""
        known = there.get(prompt_hash(question)) or own
        if not known or known in ids.values():
            known = question.id if fits(question.id, taken) else free_id(question.id, taken, used)
        ids[question.id] = known
        taken.add(known)
    return [placed(question, ids) for question in questions]


def fits(id: str, taken: set[str]) -> bool:
    return id not in taken and is_id(id, QUESTION_ID_LENGTH)


def placed(question: Question, ids: Mapping[str, str]) -> Question:
    """A question as it stands in the deck; its line in a file says nothing there."""
    points = tuple(replace(point, line=0) for point in question.key_points)
    followed = ids.get(question.follow_up_of or "")
    return replace(
        question, id=ids[question.id], follow_up_of=followed, key_points=points, has_own_id=True, line=0
    )


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of questions that were brought in, by the ids that they have."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    kept_back: tuple[str, ...] = ()
    overtaken: tuple[str, ...] = ()
    no_room: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """What was done, in a sentence."""
        return f"{len(self.added)} added, {len(self.changed)} changed."

    def rest(self) -> Iterator[str]:
        """What was left as it is, and why, a sentence each."""
        reasons = (
            (self.same, "as they were already"),
            (self.elsewhere, "in decks that come with llmq"),
            (self.kept_back, "open or coming soon, and left as they are: import them after the reveal"),
            (self.overtaken, "changed by somebody at the same moment"),
            (self.no_room, "left out, since the team's own deck is full"),
        )
        for ids, why in reasons:
            if ids:
                yield f"{len(ids)} {why}."


def deck_hashes(decks: Sequence[Deck]) -> frozenset[str]:
    """How the prompts of decks are recognised."""
    return frozenset(prompt_hash(question) for deck in decks for question in deck.questions)
