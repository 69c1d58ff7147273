"""What an import finds in a file, whatever its form, and how it becomes questions of a deck."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from content.adapting import marked
from content.deck import Deck, Question, Report
from content.names import deck_id
from content.outline import one_line, outline
from content.questions import with_ids
from content.reading import parse_deck, printable
from content.writing import field_list, heading

# `Answer:`, `**Answer:**`, `**A**:`, `A1.` and the like, at the start of an answer.
ANSWER_LABEL = re.compile(
    r"\s*(?:\*\*|__)?A(?:nswer)?(?:\ ?\d+[.)]|\ ?\d*\ ?(?:\*\*|__)?\ ?:)(?:\*\*|__)?[ \t]*\n*", re.IGNORECASE
)
EMPHASIS = re.compile(r"(\*\*|__|\*|_)(?=\S)(.+)(?<=\S)\1")


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as found at a line. The answer is Markdown and may have labelled parts; `parts` has more."""

    prompt: str
    answer: str
    line: int
    fields: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)


def deck_of(entries: Iterable[Entry], path: Path, title: str, report: Report) -> Deck:
    """The deck of what was found. Whatever of an entry cannot be kept is reported at its line."""
    id = deck_id(path.stem)
    questions = [question for entry in entries for question in read_entry(entry, report)]
    return Deck(id, title or id.replace("-", " "), "en", "", with_ids(questions, report), path)


def read_entry(entry: Entry, report: Report) -> Iterator[Question]:
    """The question that the entry's Markdown is read as, or none."""
    deck, faults = parse_deck(markdown_of(entry), report.path)
    question = deck.questions[0] if deck.questions else None
    if question is None or not question.prompt:
        report.add(entry.line, "an entry without a question", "write what is asked before the answer")
        return
    for fault in faults:
        report.add(entry.line, fault.problem, fault.fix, fatal=fault.fatal)
    own_id = question.id if question.has_own_id else ""
    yield marked(replace(question, id=own_id, line=entry.line))


def markdown_of(entry: Entry) -> str:
    """The entry as it would stand in a deck's file."""
    fields = {name: one_line(value) for name, value in entry.fields.items()}
    blocks = [heading("##", bare(one_line(entry.prompt))), field_list(fields)]
    blocks.append(f"**Answer:**\n\n{fitted(without_label(entry.answer))}")
    blocks += [f"**{name.capitalize()}:**\n\n{text}" for name, text in entry.parts.items() if text.strip()]
    return "\n\n".join(blocks)


def bare(prompt: str) -> str:
    """The prompt without marks that make the whole of it bold or italic."""
    found = EMPHASIS.fullmatch(prompt)
    return found[2] if found and found[1] not in found[2] else prompt


def without_label(answer: str) -> str:
    """The answer without the word that says that it is one."""
    found = ANSWER_LABEL.match(answer)
    return answer[found.end() :] if found else answer


def fitted(markdown: str) -> str:
    """The Markdown of one answer: its headings and rules would divide the deck's file, so they give way."""
    found = outline(printable(markdown, Report(Path())))
    lines = list(found.lines)
    for rule in found.rules:
        lines[rule] = ""
    for each in reversed(found.headings):
        if each.level <= 2:
            lines[each.start : each.end] = [f"### {each.text}"]
    return "\n".join(lines).strip("\n")
