"""Computed numbers: what an expression may be, and that each shipped one is worked out and stated."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.arithmetic import evaluated
from content.deck import Deck, Question
from content.numbers import check_numbers, numbers_file, numbers_in
from content.reading import SHIPPED, read_deck

TABLES = sorted(SHIPPED.glob("*.numbers.tsv"))
QUESTION = Question("heat", "Why?", "At 95 % it is 36 % of 1,280, about 0.5, or ten.")


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_each_computed_number_of_a_shipped_deck_is_right_and_stated(path: Path) -> None:
    deck, _ = read_deck(path.with_name(path.name.replace(".numbers.tsv", ".md")))
    assert deck is not None
    assert [str(fault) for fault in check_numbers(deck)] == []


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("0.95**20", 0.358),
        ("comb(7, 5) / comb(10, 5)", 1 / 12),
        ("math.sqrt(2) * log(exp(1)) - 2**0.5", 0),
        ("-(7 // 2) + 7 % 2 + log2(8) + log10(100)", 3),
        ("100 * (1 - 0.98**100)", 86.738),
        ("round(pi) + ceil(e) + min(1, 2)", 7),
    ],
)
def test_arithmetic_is_worked_out(expression: str, value: float) -> None:
    assert evaluated(expression) == pytest.approx(value, abs=0.001)


@pytest.mark.parametrize(
    "expression",
    [
        "", "x", "1/0", "2^3", "'a' * 3", "9**9**9", "1e400", "(1).__class__", "[1]", "1 < 2", "-" * 200000,
        "open('x')", "__import__('os')", "sqrt(-1)", "(-1)**0.5", "comb(1)", "1; 2", "not 1", "lambda: 1",
    ],
)  # fmt: skip
def test_what_is_no_arithmetic_or_has_no_value_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        evaluated(expression)


def test_the_numbers_of_a_text_are_read_as_people_write_them() -> None:
    text = "36 %, 12 per cent, 1,280 and 2\u202f048, \u22123.5, P4, Three!"
    assert set(numbers_in(text)) == {36, 0.36, 12, 0.12, 1280, 2048, -3.5, 3}


def faults(folder: Path, table: str) -> list[tuple[int, str]]:
    deck = Deck("d", "D", "en", "MIT", (QUESTION,), folder / "d.md")
    numbers_file(deck.path).write_text(table)
    return [(fault.line, fault.problem) for fault in check_numbers(deck)]


def test_right_and_stated_numbers_have_no_fault(tmp_path: Path) -> None:
    table = "question\texpression\tvalue\ttolerance\n# a remark\n\nheat\t0.95**20\t0.36\t0.005\n"
    more = "heat\t100*0.95**20\t36\t0.5\nheat\t256+1024\t1,280\t0\nheat\t1/2\t0.5\t0\nheat\t5*2\t10\t0\n"
    assert faults(tmp_path, table + more) == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("heat\t0.95**20\t0.36", "not a computed number: `heat\t0.95**20\t0.36`"),
        ("heat\t0.95**20\tabout\t0", "not a computed number: `heat\t0.95**20\tabout\t0`"),
        ("cold\t1/2\t0.5\t0", "no question `cold` in the deck"),
        ("heat\t1/3\t0.5\t0.01", "`1/3` is 0.333333, not 0.5"),
        ("heat\t1/4\t0.25\t0", "0.25 does not stand in the answer of `heat`"),
        ("heat\t1/\t0.5\t0", "`1/` cannot be worked out"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, row: str, problem: str) -> None:
    ((line, found),) = faults(tmp_path, f"\n{row}\n")
    assert (line, found[: len(problem)]) == (2, problem)


def test_a_deck_without_a_table_has_no_computed_number(tmp_path: Path) -> None:
    assert check_numbers(Deck("d", "D", "en", "MIT", (QUESTION,), tmp_path / "d.md")) == ()
