"""The pages of the bank: every question on its pages, every link leads somewhere, everything is escaped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from content.deck import Deck, KeyPoint, Level, Question, Reference
from content.html import html_of, inline_html_of
from content.site import site
from tests.content.shipped import DECKS

EVIL = '<script>alert("1")</script><img src=x onerror=alert(1)>'
FIRST = Question("a", "Why **so**?", "So.\n\n### More\n\nIt is.", topic="heat", level=Level.EASY)
SECOND = Question(
    "b",
    "How?",
    "Thus.",
    topic="Heat",
    level=Level.HARD,
    follow_up_of="a",
    review_by=date(2027, 1, 31),
    source_checked=False,
    key_points=(KeyPoint("a label", ("hidden alternative",)),),
    pitfall="Not *so*.",
    references=(Reference("A paper", "https://a.org/?x=1&y=2", checked=False),),
)
DECK = Deck("d", "The deck", "en", "MIT", (FIRST, SECOND), Path("d.md"))
OTHER = replace(DECK, id="e", title="Deutsch", language="de", questions=(FIRST,))
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Page(HTMLParser):
    """What a page links to, what can be linked to in it, and whether its tags fit together."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.links += [value for name in ("href", "src") if (value := values.get(name))]
        self.ids += [value for name in ("id",) if (value := values.get(name))]
        assert not [name for name in values if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(*decks: Deck) -> dict[str, Page]:
    return {name: Page(text) for name, text in site(decks, "A & B").items() if name.endswith(".html")}


def test_there_is_a_page_for_each_deck_topic_and_level_that_has_questions() -> None:
    assert sorted(site([DECK, OTHER], "T")) == [
        "deck-d.html",
        "deck-e.html",
        "index.html",
        "level-easy.html",
        "level-hard.html",
        "style.css",
        "topic-heat-2.html",
        "topic-heat.html",
    ]


def test_a_question_stands_on_the_pages_of_its_deck_its_topic_and_its_level() -> None:
    files = {name for name, page in read(DECK, OTHER).items() if "d.b" in page.ids}
    assert files == {"deck-d.html", "topic-heat-2.html", "level-hard.html"}


@pytest.mark.parametrize("decks", [(DECK, OTHER), DECKS], ids=["two small", "shipped"])
def test_every_link_leads_to_a_page_and_a_place_on_it(decks: tuple[Deck, ...]) -> None:
    pages = read(*decks)
    for name, page in pages.items():
        assert len(set(page.ids)) == len(page.ids)
        for link in page.links:
            file, _, place = link.partition("#")
            if file == "style.css" or link.startswith("https://"):
                continue
            target = pages[file or name]
            assert not place or place in target.ids


def test_answers_are_folded_and_hold_all_that_is_revealed() -> None:
    text = site([DECK], "T")["deck-d.html"]
    assert "<details>\n<summary>Answer</summary>" in text
    folded = text.rpartition("<details>")[2].partition("</details>")[0]
    for shown in ("Thus.", "a label", "Not <em>so</em>.", "A paper", "2027-01-31"):
        assert shown in folded
    assert "hidden alternative" not in text
    assert "checked" not in folded


def test_a_guide_to_ones_own_answer_is_not_called_the_answer() -> None:
    text = site([replace(DECK, questions=(replace(FIRST, own_experience=True),))], "T")["deck-d.html"]
    assert "<summary>How to build an answer</summary>" in text


def test_a_follow_up_links_to_the_question_before_it() -> None:
    assert '<a href="deck-d.html#d.a">Why so?</a>' in site([DECK], "T")["level-hard.html"]


def test_the_language_of_a_deck_is_said() -> None:
    files = site([DECK, OTHER], "T")
    assert files["deck-e.html"].count('lang="de"') == 2
    assert '<section lang="de">' in files["level-easy.html"]


def test_nobodys_html_gets_through() -> None:
    question = replace(
        SECOND,
        prompt=EVIL,
        answer=f"{EVIL} [x](javascript:alert(1)) ![y](https://a.org/y.png)\n\n{EVIL}",
        topic=EVIL,
        pitfall=EVIL,
        follow_up_of=None,
        key_points=(KeyPoint(EVIL, (EVIL,)),),
        references=(Reference(EVIL, "javascript:alert(1)"), Reference(EVIL, 'https://a.org/"><script>')),
    )
    for page in read(
        replace(DECK, title=EVIL, licence=EVIL, language='"><script>', questions=(question,))
    ).values():
        assert not {"script", "img", "iframe"} & set(page.tags)
        assert not [link for link in page.links if link.startswith("javascript")]


def test_no_page_fetches_anything() -> None:
    for text in site([DECK], "T").values():
        assert "@import" not in text
        assert "url(" not in text
        assert "<script" not in text


def test_headings_of_an_answer_stand_below_its_question() -> None:
    assert "<h4>More</h4>" in site([DECK], "T")["deck-d.html"]
    assert html_of("# One", below=3) == "<h4>One</h4>"
    assert inline_html_of("a *b*") == "a <em>b</em>"
