"""What a deck is once it is read: its questions, their parts, and the faults found in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """How hard a question is."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """A fact that a full answer holds, and the ways of saying it that count as finding it.

    Its line makes no difference: a point that has moved in its file is the same.
    """

    label: str
    alternatives: tuple[str, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A source. The title is plain text.

    `checked`: whether somebody has read there what the answer says. To members it makes no difference, so a
    source that has been read since is the same.
    """

    title: str
    url: str
    checked: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its reference answer. Prompt, answer and pitfall are Markdown as written.

    `aliases`: other words by which people look for it. `source_checked` is no where nobody has read any of
    its sources; where somebody has read some, those that are left say so themselves.
    """

    id: str
    prompt: str
    answer: str
    topic: str = "general"
    level: Level = Level.MEDIUM
    follow_up_of: str | None = None
    review_by: date | None = None
    own_experience: bool = False
    key_points: tuple[KeyPoint, ...] = ()
    pitfall: str = ""
    references: tuple[Reference, ...] = ()
    aliases: tuple[str, ...] = ()
    source_checked: bool = field(default=True, compare=False)
    has_own_id: bool = True
    line: int = 0

    @property
    def unchecked(self) -> tuple[Reference, ...]:
        """The sources that nobody has read."""
        return tuple(each for each in self.references if not (self.source_checked and each.checked))


@dataclass(frozen=True, slots=True)
class Deck:
    """The questions of one file, in the file's order."""

    id: str
    title: str
    language: str
    licence: str
    questions: tuple[Question, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to fix in a deck's file. A fatal one keeps the deck from being loaded."""

    path: Path
    line: int
    problem: str
    fix: str
    fatal: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}; {self.fix}"


@dataclass(slots=True)
class Report:
    """The faults of one file, gathered while it is read."""

    path: Path
    faults: list[Fault] = field(default_factory=list)

    def add(self, line: int, problem: str, fix: str, *, fatal: bool = False) -> None:
        """Note a fault at a line, counted from one."""
        self.faults.append(Fault(self.path, line, problem, fix, fatal))

    def in_order(self) -> tuple[Fault, ...]:
        """The faults from the top of the file to its end."""
        return tuple(sorted(self.faults, key=lambda fault: fault.line))
