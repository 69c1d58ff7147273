"""What stands before the first question: the deck's title, id, language and licence."""

from __future__ import annotations

from content.deck import Deck, Report
from content.fields import DECK_FIELDS, deck_id_of, read_fields
from content.names import deck_id
from content.outline import Heading, Outline, list_items, opening_list


def read_header(found: Outline, report: Report) -> Deck:
    """The deck without its questions. Other text before the first question is for the file's readers."""
    first = next((heading.start for heading in found.headings if heading.level == 2), len(found.lines))
    title = next(
        (heading for heading in found.headings if heading.level == 1 and heading.start < first), None
    )
    top = title.end if title else 0
    fields_text, start = opening_list(found.lines, top, first)
    fields = read_fields(fields_text, start, DECK_FIELDS, report)
    below = start + len(fields_text.split("\n")) if fields_text else start
    report_late_fields("\n".join(found.lines[below:first]), below, report)
    report_late_titles(found, title, report)
    id = deck_id_of(fields, report) or deck_id(report.path.stem)
    language, licence = (fields[name].value if name in fields else "" for name in ("language", "licence"))
    return Deck(
        id, (title and title.text) or id.replace("-", " "), language or "en", licence, (), report.path
    )


def report_late_fields(text: str, first_line: int, report: Report) -> None:
    """Fields of the deck that stand below other text would be overlooked in silence."""
    for item in list_items(text, first_line)[0]:
        name = item.text.partition(":")[0].strip().casefold()
        if name in DECK_FIELDS:
            fix = "move it to the list directly under the title"
            report.add(item.line + 1, f"`{name}` does not stand under the title", fix)


def report_late_titles(found: Outline, title: Heading | None, report: Report) -> None:
    """A first-level heading further down is mostly a question or an answer's heading with one `#` too few."""
    for heading in found.headings:
        if heading.level == 1 and heading is not title:
            fix = "write `## ` before a question and `### ` before a heading in an answer"
            report.add(heading.start + 1, "a first-level heading that is not the deck's title", fix)
