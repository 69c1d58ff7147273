"""Questions in a table with commas, tabs or semicolons, as spreadsheets read and write it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from content.deck import Deck, Question, Report
from content.entries import Entry
from content.fields import QUESTION_FIELDS, in_words
from content.writing import key_point_line, question_fields, source_line

PARTS = ("key points", "pitfall", "references")
COLUMNS = ("deck", "id", "question", "answer", *QUESTION_FIELDS[1:], *PARTS)
ALIKE = {"prompt": "question", "front": "question", "back": "answer", "follow up of": "follow-up of"}
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row and the line on which it begins."""

    cells: list[str]
    line: int


def read_rows(text: str, delimiter: str, report: Report, first_line: int = 1) -> Iterator[Row]:
    """The rows that are not empty. A row that cannot be read ends the table."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = first_line + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            report.add(
                line, f"a row that cannot be read: {error}", "quote its cells, and double quotes in them"
            )
            return
        if any(cell.strip() for cell in cells):
            yield Row([cell.strip() for cell in cells], line)


def delimiter_of(text: str) -> str:
    """What parts the cells, judged by the first line; a comma where nothing does."""
    first = text.lstrip().partition("\n")[0]
    try:
        return csv.Sniffer().sniff(first, DELIMITERS).delimiter
    except csv.Error:
        return max(DELIMITERS, key=first.count)


def read_table(text: str, report: Report) -> list[Entry]:
    """The questions of a table. Without a heading row the first column asks and the second answers."""
    rows = list(read_rows(text, delimiter_of(text), report))
    names = [column_name(cell) for cell in rows[0].cells] if rows else []
    if "question" in names:
        report_columns(names, rows[0], report)
        rows = rows[1:]
    else:
        names = ["question", "answer"]
    return [entry for row in rows for entry in read_row(names, row, report)]


def column_name(cell: str) -> str:
    name = " ".join(cell.casefold().replace("_", " ").split())
    return ALIKE.get(name, name)


def report_columns(names: list[str], row: Row, report: Report) -> None:
    for name in names:
        if name not in COLUMNS:
            report.add(row.line, f"the column `{name}` is not read", f"name it {in_words(COLUMNS)}")


def read_row(names: list[str], row: Row, report: Report) -> Iterator[Entry]:
    if any(row.cells[len(names) :]):
        report.add(row.line, "more cells than columns", "quote a cell that holds what parts the cells")
    cells = dict(zip(names, row.cells, strict=False))
    if cells.get("question"):
        yield entry_of(cells, row.line)
    else:
        report.add(row.line, "a row without a question", "write it in the column `question`")


def entry_of(cells: Mapping[str, str], line: int) -> Entry:
    fields = {name: cells[name] for name in QUESTION_FIELDS if cells.get(name)}
    parts = {name: part_text(name, cells[name]) for name in PARTS if cells.get(name)}
    return Entry(cells["question"], cells.get("answer", ""), line, fields, parts)


def part_text(name: str, cell: str) -> str:
    """The Markdown of a part; key points and references are lists, a line of the cell for each."""
    if name == "pitfall":
        return cell
    lines = (line.strip().removeprefix("- ") for line in cell.splitlines())
    return "\n".join(f"- {line}" for line in lines if line)


def write_table(decks: Iterable[Deck]) -> str:
    """The decks as a table with a heading row, from which they can be read again."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells_of(deck, question) for deck in decks for question in deck.questions)
    return out.getvalue()


def cells_of(deck: Deck, question: Question) -> dict[str, str]:
    lists = {
        "key points": map(key_point_line, question.key_points),
        "references": map(source_line, question.references),
    }
    joined = {name: "\n".join(line.removeprefix("- ") for line in lines) for name, lines in lists.items()}
    texts = {"question": question.prompt, "answer": question.answer, "pitfall": question.pitfall}
    return {"deck": deck.id, **question_fields(question), **texts, **joined}
