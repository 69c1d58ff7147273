"""Importing questions from lists, tables and Anki's notes, and writing them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from content.anki import write_anki
from content.deck import Deck, KeyPoint, Level, Question, Reference
from content.importing import Form, Import, form_of, import_deck
from content.reading import SHIPPED, parse_deck, read_decks
from content.tables import write_table
from content.writing import render_deck


def read(text: str, name: str = "d.txt", form: Form | None = None) -> Import:
    return import_deck(text, Path(name), form)


def pairs(text: str, name: str = "d.txt") -> list[tuple[str, str]]:
    """Questions and answers; nothing may be left unread."""
    found = read(text, name)
    assert found.faults == ()
    return [(question.prompt, question.answer) for question in found.deck.questions]


def faults(text: str, name: str = "d.txt", form: Form | None = None) -> list[tuple[int, str]]:
    return [(fault.line, fault.problem) for fault in read(text, name, form).faults]


FULL = Question(
    id="heat",
    prompt="What does *heat* change, in C #",
    answer='It divides "logits", by T:\n\n- one\n- two\n\n```\n---\n```',
    topic="decoding",
    aliases=("temperature", "soft max"),
    level=Level.HARD,
    follow_up_of="first",
    review_by=date(2027, 1, 31),
    own_experience=True,
    source_checked=False,
    key_points=(KeyPoint("divides", ("divides logits", "P(y|x)")), KeyPoint("one", ("one",))),
    pitfall="It does not.\n\nNor this.",
    references=(
        Reference("On [heat], it is", "https://a.org/x_(y)"),
        Reference("B", "https://b.org", checked=False),
    ),
)
DECK = Deck("d", "d", "en", "", (Question("first", "Why?", "So."), FULL), Path("d.md"))


# Markdown.


def test_an_answer_needs_no_label() -> None:
    text = "# T\n\n## Why?\nSo,\nand so.\n\n> Quoted\n\n## How?\n\n- one\n- two\n\n**Pitfall:**\nNo.\n"
    assert pairs(text, "d.md") == [("Why?", "So,\nand so.\n\n> Quoted"), ("How?", "- one\n- two")]


@pytest.mark.parametrize("label", ["Answer:", "**Answer**:", "A:", "**A:**", "answer :", "__Answer:__ "])
def test_an_answers_label_may_be_set_in_any_way(label: str) -> None:
    assert pairs(f"## Why?\n\n{label} So.\n", "d.md") == [("Why?", "So.")]


def test_fields_stay_fields_where_the_answer_has_no_label() -> None:
    (question,) = read("## Why?\n\n- topic: x\n- level: hard\n\nSo.\n", "d.md").deck.questions
    assert (question.topic, question.level, question.answer) == ("x", Level.HARD, "So.")


def test_headings_of_another_level_may_ask_and_those_above_are_topics() -> None:
    text = (
        "# All\n\nHi.\n## Heat\nOn it.\n\n### 1. Why?\n\nSo.\n\n### How?\n\nThus.\n\n## Cold\n### What?\nIt."
    )
    deck = read(text, "d.md").deck
    found = [(question.prompt, question.topic, question.answer) for question in deck.questions]
    assert found == [("Why?", "Heat", "So."), ("How?", "Heat", "Thus."), ("What?", "Cold", "It.")]
    assert deck.title == "All"


def test_what_cannot_be_read_of_markdown_is_named_at_its_line_in_the_file() -> None:
    text = "## Why?\n\nSo.\n\n## How?\n\nThus.\n\n**References:**\n- a book\n\n## What?\n"
    assert faults(text, "d.md") == [
        (10, "a reference that is not one link"),
        (12, "a question without an answer"),
    ]


def test_a_text_without_questions_gives_none_and_says_so() -> None:
    found = read("Just text.\n")
    assert (found.deck.questions, [fault.line for fault in found.faults]) == ((), [1])


# Lists.


@pytest.mark.parametrize(
    "text",
    [
        "1. Why?\nSo.\n2. How?\nThus.\n",
        "1) Why?\n\n   So.\n\n2) How?\n\n   Thus.\n",
        "1. Why? So.\n2. How? Thus.\n",
        "1. **Why?** So.\n2. **How?**\n   Thus.\n",
        "**1. Why?**\nSo.\n**2. How?**\nThus.\n",
        "7. Why?\nAnswer: So.\n8. How?\n**Answer:** Thus.\n",
        "Q: Why?\nA: So.\n\nQ: How?\nA: Thus.\n",
        "Q1. Why?\nA1. So.\n\nQuestion 2: How?\nAnswer 2: Thus.\n",
        "**Q1:** Why?\n\n**A1:** So.\n\n**Q2:** How?\n\n**A2:** Thus.\n",
        "# List\n\n1. Why?\nSo.\n2. How?\nThus.\n\n---\n\nA remark.\n",
    ],
)
def test_a_list_of_questions_is_read_however_it_is_numbered(text: str) -> None:
    assert pairs(text) == [("Why?", "So."), ("How?", "Thus.")]


def test_a_question_may_go_over_lines_and_an_answer_over_paragraphs() -> None:
    text = "1. Why is\n   this so?\n   It is\n   so.\n\n   Really.\n\n       code\n"
    assert pairs(text) == [("Why is this so?", "It is\nso.\n\nReally.\n\n    code")]


def test_a_numbered_list_in_an_answer_is_none_of_questions() -> None:
    text = "1. Why?\nFor:\n\n1. this\n2. that\n\n3. How?\nThus.\n"
    found = [prompt for prompt, _ in pairs(text.replace("2. that", "   2. that").replace("3. How", "2. How"))]
    assert found == ["Why?", "How?"]


def test_a_demand_without_a_question_mark_ends_with_its_line() -> None:
    assert pairs("1. Describe it.\nIt is so.\n") == [("Describe it.", "It is so.")]


def test_a_question_of_a_list_without_an_answer_is_kept_and_named() -> None:
    assert [question.prompt for question in read("1. Why?\n2. How? So.\n").deck.questions] == ["Why?", "How?"]
    assert faults("1. Why?\n2. How? So.\n") == [(1, "an empty answer")]


def test_text_before_a_list_is_named() -> None:
    assert faults("# T\n\nHello.\n\n1. Why? So.\n") == [(3, "text before the first question: `Hello.`")]


# Tables.


@pytest.mark.parametrize(
    "text",
    [
        "question,answer\nWhy?,So.\nHow?,Thus.\n",
        "Answer;Question\nSo.;Why?\nThus.;How?\n",
        "Front\tBack\nWhy?\tSo.\nHow?\tThus.\n",
        "\ufeffPrompt|Answer\r\nWhy?|So.\r\n\r\nHow?|Thus.\r\n",
        'Why?,So.\n"How?","Thus."\n',
    ],
)
def test_a_table_is_read_whatever_parts_its_cells(text: str) -> None:
    assert pairs(text, "d.csv") == [("Why?", "So."), ("How?", "Thus.")]


def test_a_cell_may_hold_quotes_lines_and_what_would_divide_a_deck() -> None:
    text = 'question,answer\nWhy?,"One, ""two""\n\n# three\n\n---\n\nfour"\n'
    assert pairs(text, "d.csv") == [("Why?", 'One, "two"\n\n### three\n\n\n\nfour')]


def test_every_column_of_a_deck_is_read() -> None:
    text = (
        "id,question,answer,topic,level,follow_up_of,own experience,key points,pitfall,references\n"
        'a,Why?,So.,x,easy,,,,,\nb,How?,Thus.,x,hard,a,yes,"one = so | thus\n- two",No.,[A](https://a.org)\n'
    )
    found = read(text, "d.csv")
    second = found.deck.questions[1]
    assert found.faults == ()
    assert (second.id, second.level, second.follow_up_of, second.own_experience) == (
        "b",
        Level.HARD,
        "a",
        True,
    )
    assert second.key_points == (KeyPoint("one", ("so", "thus")), KeyPoint("two", ("two",)))
    assert (second.pitfall, second.references) == ("No.", (Reference("A", "https://a.org"),))


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("question,answer,colour\nWhy?,So.,red\n", 1, "the column `colour` is not read"),
        ("question,answer\nWhy?,So.\n,Thus.\n", 3, "a row without a question"),
        ('question,answer\n"Why?","a\nb"\n,Thus.\n', 4, "a row without a question"),
        ("question,answer\nWhy?,So, thus.\n", 2, "more cells than columns"),
        ("question,answer,level\nWhy?,So.,steep\n", 2, "unknown level `steep`"),
        ("question,answer\nWhy?,\n", 2, "an empty answer"),
        (f"question,answer\nWhy?,{'a' * 140_000}\n", 2, "a row that cannot be read"),
    ],
)
def test_what_cannot_be_read_of_a_table_is_named_at_its_line(text: str, line: int, problem: str) -> None:
    ((at, found),) = faults(text, "d.csv")
    assert (at, found[: len(problem)]) == (line, problem)


def test_a_deck_comes_back_from_a_table_as_it_went() -> None:
    found = read(write_table([DECK]), "d.csv")
    assert found.faults == ()
    assert [replace(each, line=0) for each in found.deck.questions] == list(DECK.questions)


# Anki.

HEAD = "#separator:tab\n#html:true\n#guid column:1\n#deck column:2\n#tags column:5\n"


def test_notes_are_read_with_their_tags() -> None:
    text = (
        f'{HEAD}x1\tMine\tWhat is <b>it</b>?\t"<div>&lt;1&gt;</div><ul><li>a</li></ul>"\theat hard soft_max\n'
    )
    (question,) = read(text).deck.questions
    assert (question.prompt, question.answer) == ("What is **it**?", "<1>\n\n- a")
    assert (question.topic, question.level, question.aliases) == ("heat", Level.HARD, ("soft max",))


def test_notes_without_html_are_taken_as_they_are() -> None:
    assert pairs("#separator:semicolon\n#html:false\nWhy?;<b> & so\n") == [("Why?", "<b> & so")]


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        ("{{c1::It}} is so\tx", "a note with gaps to fill in"),
        ("Why?\tSo.\tmore", "a note with more than two fields"),
        ("\tSo.", "an entry without a question"),
        ("<img src='a.png'>\tSo.", "an entry without a question"),
        ("Why?\t[sound:a.mp3]", "an empty answer"),
    ],
)
def test_what_cannot_be_read_of_a_note_is_named_at_its_line(note: str, problem: str) -> None:
    assert faults(f"#separator:tab\n#html:true\nWhat?\tIt.\n{note}\n") == [(4, problem)]


def test_a_deck_comes_back_from_anki_but_for_its_alternatives() -> None:
    text = write_anki([DECK])
    assert text.startswith("#separator:tab\n#html:true\n#guid column:1\n")
    first, second = read(text).deck.questions
    assert (first.prompt, first.answer) == ("Why?", "So.")
    assert (second.topic, second.level, second.aliases) == (FULL.topic, FULL.level, FULL.aliases)
    assert [point.label for point in second.key_points] == ["divides", "one"]
    assert (second.pitfall, second.references) == (FULL.pitfall, FULL.references)
    assert all(each.checked for each in second.references)


def test_html_in_a_deck_is_text_in_anki() -> None:
    text = write_anki([replace(DECK, questions=(Question("a", "<b>?", "<script>x</script>"),))])
    assert "<script" not in text
    assert "&lt;b&gt;?" in text


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.md")), ids=lambda path: path.stem)
def test_a_shipped_deck_comes_back_from_a_table_and_all_of_it_from_anki(path: Path) -> None:
    (deck,), _ = read_decks([path])
    table = import_deck(write_table([deck]), path.with_suffix(".csv"))
    assert [replace(each, line=0) for each in table.deck.questions] == [
        replace(each, line=0) for each in deck.questions
    ]
    notes = import_deck(write_anki([deck]), path.with_suffix(".txt"))
    assert (table.faults, notes.faults) == ((), ())
    assert [len(each.key_points) for each in notes.deck.questions] == [
        len(each.key_points) for each in deck.questions
    ]


# Which form it is.


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("## Why?\n", "d.txt", Form.MARKDOWN),
        ("# Why?\n\n1. one\n", "d.txt", Form.MARKDOWN),
        ("1. Why?\n", "d.md", Form.LIST),
        ("Q: Why?\n", "d.txt", Form.LIST),
        ("a,b\n", "d.CSV", Form.CSV),
        ("a\tb\n\nc\td\n", "d.txt", Form.CSV),
        ("#separator:tab\na\tb\n", "d.csv", Form.ANKI),
        ("#html:true\na\tb\n", "d.txt", Form.ANKI),
        ("text\n", "d.txt", Form.MARKDOWN),
        ("", "d.txt", Form.MARKDOWN),
    ],
)
def test_the_form_is_told_by_the_text_and_the_files_name(text: str, name: str, form: Form) -> None:
    assert form_of(text, Path(name)) is form


def test_a_form_that_is_named_is_taken() -> None:
    assert faults("1. Why? So.\n", form=Form.CSV) == [(1, "an empty answer")]


def test_what_is_imported_reads_as_a_deck() -> None:
    deck = read("question,answer\nWhy?,**Pitfall:**\n", "d.csv").deck
    assert parse_deck(render_deck(deck), Path("d.md"))[0].questions[0].prompt == "Why?"
