"""Questions as Anki exports and imports notes in plain text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from io import StringIO

from content.deck import Deck, Level, Question, Report
from content.entries import Entry
from content.html import html_of, inline_html_of, markdown_of_html
from content.tables import Row, read_rows
from content.writing import reference_line

DIRECTIVE = re.compile(r"#([a-z ]+):(.*)")
SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":"}
SPECIAL = ("guid column", "notetype column", "deck column", "tags column")
CLOZE = re.compile(r"\{\{c\d+::")
SOUND = re.compile(r"\[sound:[^\]]*\]")

Directives = Mapping[str, str]


def is_anki(text: str) -> bool:
    """Whether the text begins with a line that tells Anki how to read it."""
    found = DIRECTIVE.match(text)
    return found is not None and found[1] in (
        "separator",
        "html",
        "tags",
        "columns",
        "notetype",
        "deck",
        *SPECIAL,
    )


def read_anki(text: str, report: Report) -> list[Entry]:
    """The notes: the first field asks, the second answers."""
    lines = text.split("\n")
    count = next((n for n, line in enumerate(lines) if not DIRECTIVE.match(line)), len(lines))
    directives = {found[1]: found[2] for line in lines[:count] if (found := DIRECTIVE.match(line))}
    separator = directives.get("separator", "tab").strip()
    delimiter = SEPARATORS.get(separator.casefold(), separator[:1] or "\t")
    rows = read_rows("\n".join(lines[count:]), delimiter, report, count + 1)
    return [entry for row in rows for entry in read_note(row, directives, report)]


def read_note(row: Row, directives: Directives, report: Report) -> list[Entry]:
    special = {
        int(directives[name]) - 1: name for name in SPECIAL if directives.get(name, "").strip().isdecimal()
    }
    fields = [cell for n, cell in enumerate(row.cells) if n not in special]
    prompt, answer, *others = [*fields, "", ""]
    if CLOZE.search(prompt):
        report.add(row.line, "a note with gaps to fill in", "ask for what stands in the gap")
        return []
    if any(others):
        report.add(row.line, "a note with more than two fields", "only the first two are read")
    tags = next(
        (row.cells[n] for n, name in special.items() if name == "tags column" and n < len(row.cells)), ""
    )
    as_markdown = markdown_of_html if directives.get("html", "true").strip() != "false" else str
    return [
        Entry(
            as_markdown(without_sound(prompt)), as_markdown(without_sound(answer)), row.line, fields_of(tags)
        )
    ]


def without_sound(field: str) -> str:
    return SOUND.sub("", field)


def fields_of(tags: str) -> dict[str, str]:
    """A tag that is a level is the level; the first other one is the topic, and more are aliases."""
    words = [word.replace("_", " ") for word in tags.split()]
    levels = [word for word in words if word in tuple(Level)]
    topics = [word for word in words if word not in tuple(Level)]
    fields = {"topic": "".join(topics[:1]), "aliases": ", ".join(topics[1:]), "level": "".join(levels[:1])}
    return {name: value for name, value in fields.items() if value}


def write_anki(decks: Iterable[Deck]) -> str:
    """The decks as notes. The id of a note stays the same, so that Anki brings a note up to date."""
    out = StringIO()
    out.write("#separator:tab\n#html:true\n#guid column:1\n#deck column:2\n#tags column:3\n")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows(note_of(deck, question) for deck in decks for question in deck.questions)
    return out.getvalue()


def note_of(deck: Deck, question: Question) -> tuple[str, ...]:
    tags = " ".join(tag.replace(" ", "_") for tag in (question.topic, question.level, *question.aliases))
    return (
        f"{deck.id}/{question.id}",
        deck.title,
        tags,
        inline_html_of(question.prompt),
        html_of(back(question)),
    )


def back(question: Question) -> str:
    """The Markdown of a note's other side: all that a deck's file says under the question."""
    blocks = [question.answer]
    if question.key_points:
        blocks.append(
            "\n".join(["**Key points:**\n", *(f"- {point.label}" for point in question.key_points)])
        )
    if question.pitfall:
        blocks.append(f"**Pitfall:**\n\n{question.pitfall}")
    if question.references:
        blocks.append("\n".join(["**References:**\n", *map(reference_line, question.references)]))
    return "\n\n".join(blocks)
