"""What each kind of block looks like without a terminal, and that nobody's words can drive one."""

from __future__ import annotations

import io
import re
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from adapters.console.blocks import stack
from adapters.console.screen import THEME, Screen
from bot.messages import (
    Block,
    Button,
    Buttons,
    Divider,
    Fields,
    Footnote,
    Grid,
    Heading,
    Markdown,
    Quote,
    Table,
    channel_link,
    thread_link,
)

BOARD = Table(
    ("Rank", "Member", "Points", "Longest streak"),
    (
        ("1", "ana", "120", "12"),
        ("2", "zoe (you)", "96", "4"),
        ("2", "a-name-of-thirty-two-characters_", "96", "11"),
    ),
    own=1,
)


def plain(*blocks: Block) -> str:
    """What the screen shows of the blocks when its output is piped."""
    numbers, out = count(1), io.StringIO()
    Screen(out, plain=True).speak(blocks, lambda button: next(numbers))
    speaker, _, shown = out.getvalue().partition("\n")
    assert speaker == "llmq"
    assert shown.endswith("\n\n")
    return shown[:-2]


def narrow(block: Block, width: int = 40) -> list[str]:
    """The lines of the block on a terminal of this width."""
    numbers, out = count(1), io.StringIO()
    console = Console(file=out, width=width, color_system=None, theme=THEME, _environ={})
    console.print(stack([block], lambda button: next(numbers)))
    return [line.rstrip() for line in out.getvalue().splitlines()]


GOLDEN: dict[str, tuple[Block, str]] = {
    "heading": (Heading("Today's [question] *now*"), "  Today's [question] *now*"),
    "markdown": (
        Markdown(
            "When is **RAG** better than `fine-tuning`?\nOne paragraph.\n\n- freshness\n- cost\n\n"
            "```python\ndef f(x: list[int]) -> int:\n\n    return x[0]\n```\n\n"
            "A `List<T>` and a <T>, see [the paper](https://example.org/rag)."
        ),
        """\
  When is RAG better than fine-tuning? One paragraph.

   • freshness
   • cost

    def f(x: list[int]) -> int:

        return x[0]

  A List<T> and a <T>, see the paper (https://example.org/rag).""",
    ),
    "a heading and a bare address in markdown": (
        Markdown("# Sources\n\n<https://example.org/rag>"),
        "  Sources\n\n  <https://example.org/rag>",
    ),
    "a table in markdown": (
        Markdown("| metric | value |\n|---|---|\n| recall@k | 0.9 |"),
        """\
  metric     value
  ────────────────
  recall@k     0.9""",
    ),
    "quote": (
        Quote("ana", "**not bold** [red]not red[/red] :smile: <!channel>\n  set in\n\n1. שלום 👩‍👩‍👧"),
        """\
  │ ana
  │ **not bold** [red]not red[/red] :smile: <!channel>
  │   set in
  │
  │ 1. שלום 👩‍👩‍👧""",
    ),
    "fields": (
        Fields((("Streak", "12 question days"), ("Freezes", "2"))),
        """\
  Streak   12 question days
  Freezes  2""",
    ),
    "table": (
        BOARD,
        """\
  Rank   Member                             Points   Longest streak
  ─────────────────────────────────────────────────────────────────
     1   ana                                   120               12
     2   zoe (you)                              96                4
     2   a-name-of-thirty-two-characters_       96               11""",
    ),
    "a table that is nobody's": (
        Table(("Deck", "Left"), (("core", "12"),)),
        """\
  Deck   Left
  ───────────
  core     12""",
    ),
    "an empty table": (Table(("Deck", "Left"), ()), "  Deck   Left\n  ───────────"),
    "grid": (Grid("Mon ▪▪▫\nTue  ▪ ▪"), "  Mon ▪▪▫\n  Tue  ▪ ▪"),
    "divider": (Divider(), "  " + "─" * 24),
    "buttons": (
        Buttons((Button("Answer", "answer", primary=True), Button("Show answer", "show"))),
        "  [1] Answer  [2] Show answer",
    ),
    "footnote": (Footnote("Hidden until 17:00."), "  Hidden until 17:00."),
}


@pytest.mark.parametrize(("block", "shown"), GOLDEN.values(), ids=GOLDEN)
def test_a_block_is_readable_without_a_terminal(block: Block, shown: str) -> None:
    assert plain(block) == shown


def test_links_that_only_a_platform_can_follow_are_their_words() -> None:
    text = (
        f"See {thread_link('C1', 'm1', 'the thread')} in {channel_link('ml')}, and [more](https://a.org/b)."
    )
    assert plain(Markdown(text)) == "  See the thread in #ml, and more (https://a.org/b)."


def test_blocks_stand_apart() -> None:
    assert plain(Heading("One"), Footnote("Two")) == "  One\n\n  Two"


def test_a_row_of_buttons_breaks_between_the_buttons() -> None:
    row = Buttons(tuple(Button(f"Button number {n}", str(n)) for n in range(1, 4)))
    assert narrow(row, 41) == ["[1] Button number 1  [2] Button number 2", "[3] Button number 3"]
    assert narrow(row, 39) == ["[1] Button number 1", "[2] Button number 2", "[3] Button number 3"]


def test_a_table_too_wide_for_the_terminal_lists_its_rows() -> None:
    assert narrow(BOARD)[:9] == [
        "Rank            1",
        "Member          ana",
        "Points          120",
        "Longest streak  12",
        "",
        "│ Rank            2",
        "│ Member          zoe (you)",
        "│ Points          96",
        "│ Longest streak  4",
    ]


@pytest.mark.parametrize("width", [10, 20, 40, 60, 100])
def test_a_long_name_is_wrapped_and_never_cut(width: int) -> None:
    name = "".join(chr(ord("à") + n % 20) for n in range(150))
    lines = narrow(Table(("Rank", "Member"), (("1", name),)), width)
    assert "".join(re.findall("[à-ó]", "".join(lines))) == name
    assert max(map(cell_len, lines)) <= width


def test_long_labels_and_values_are_wrapped_and_never_cut() -> None:
    shown = narrow(Fields((("Found in the answer", "the facts change " * 10),)))
    assert " ".join(shown).split().count("change") == 10
    assert max(map(cell_len, shown)) <= 40


def test_a_long_word_is_broken_and_never_cut() -> None:
    shown = plain(Quote("ana", "x" * 5000), Markdown("y" * 500))
    assert shown.count("x") == 5000
    assert shown.count("y") == 500
    assert max(map(len, shown.splitlines())) <= 100


WORDS = st.text() | st.text("ab \t\n\x1b\x07\x9b\r\u202e\u2066\u200f\ufe0f\u200dשé👩[]*`_<>&:", max_size=300)


@given(WORDS)
def test_words_come_out_as_typed_but_for_wrapping_and_control_characters(text: str) -> None:
    shown = plain(Quote("ana", text)).split("\n")[1:]
    assert all(line.startswith("  │") for line in shown)
    typed = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", text)
    assert "".join("".join(line[3:] for line in shown).split()) == "".join(typed.split())
    assert max(map(cell_len, shown)) <= 100


@given(st.lists(st.text("abcé שλ*[]`_", max_size=40), min_size=1))
def test_lines_that_fit_keep_their_spaces(lines: list[str]) -> None:
    shown = plain(Quote("ana", "\n".join(lines))).split("\n")[1:]
    assert [line[4:] for line in shown] == [line.rstrip() for line in lines]


@given(WORDS)
def test_no_kind_of_block_lets_a_control_character_through(text: str) -> None:
    button = Buttons((Button(text, "x"),))
    table = Table((text, "b"), ((text, "c"),), own=0)
    blocks = (
        Heading(text),
        Markdown(text),
        Quote(text, ""),
        Fields(((text, text),)),
        table,
        Grid(text),
        button,
    )
    shown = plain(*blocks, Footnote(text))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_a_terminal_gets_colours_and_no_color_takes_them_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm-256color")
    assert Screen(Terminal(), plain=False).colour
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Screen(Terminal(), plain=False).colour
