"""From typed words to a command: parsing, suggestions, usage and completion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.parsing import Command
from bot.commands.table import TABLE
from bot.errors import Refusal
from bot.messages import Message, Reply
from tests.dialogue import ten_questions

CATALOGUE = ten_questions()
NAMES = [command.name for command in TABLE.commands]
WORDS = st.sampled_from(
    ["daily", "on", "ON", "9:00", "Mon-Fri", "berlin", "attention", '"long context"', '"', "“", "@practice:1"]
    + [word for name in NAMES for word in name.split()]
)


def parsed(text: str) -> tuple[str, dict[str, str]]:
    command, words = TABLE.parse(text, CATALOGUE)
    return command.name, dict(words)


def refusal(text: str) -> str:
    with pytest.raises(Refusal) as refused:
        TABLE.parse(text, CATALOGUE)
    return str(refused.value)


def outcome(text: str) -> str:
    """The words of the refusal that a text gets, or nothing where it is understood."""
    try:
        command, words = TABLE.parse(text, CATALOGUE)
    except Refusal as refused:
        return str(refused)
    assert set(words) <= {argument.name for argument in command.arguments}
    assert all(one.name in words for one in command.arguments if not one.optional)
    return ""


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_found_by_its_name_in_any_case(name: str) -> None:
    assert TABLE.find(name.upper()) is TABLE.find(name)


def test_names_are_one_or_two_words_and_stand_once() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(command.name.count(" ") <= 1 for command in TABLE.commands)


def test_required_arguments_stand_before_optional_ones_and_rest_stands_last() -> None:
    for command in TABLE.commands:
        optional = [argument.optional for argument in command.arguments]
        assert optional == sorted(optional)
        assert not any(argument.rest for argument in command.arguments[:-1])


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_means_how_to_start(text: str) -> None:
    assert parsed(text) == ("start", {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("random", {}),
        ("RANDOM Attention", {"topic": "Attention"}),
        ("random hard attention", {"topic": "attention", "level": "hard"}),
        ("random hard kv cache", {"topic": "kv\ncache", "level": "hard"}),
        ('random "Long Context" easy', {"topic": "Long Context", "level": "easy"}),
        ("random “long context”", {"topic": "long context"}),
        ("random «long context»", {"topic": "long context"}),
    ],
)
def test_arguments_are_told_apart_by_what_fits(text: str, words: dict[str, str]) -> None:
    assert parsed(text) == ("random", words)


@pytest.mark.parametrize(
    "text",
    [
        "daily on 9:00 mon-fri berlin attention",
        "daily on 9:00 attention Berlin Mon-Fri",
        "daily on 9:00 BERLIN attention mon-fri",
        "  daily   on\t9:00\nberlin mon-fri attention ",
    ],
)
def test_optional_arguments_come_in_any_order(text: str) -> None:
    name, words = parsed(text)
    assert name == "daily on"
    assert {key: word.casefold() for key, word in words.items()} == {
        "time": "9:00",
        "days": "mon-fri",
        "zone": "berlin",
        "sources": "attention",
    }


def test_several_sources_are_kept_apart() -> None:
    words = parsed('daily on 9:00 prompting "long context" basics')[1]
    assert words["sources"].split("\n") == ["prompting", "long context", "basics"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("answer", {}),
        ("answer two  words\nand a line", {"text": "two  words\nand a line"}),
        ('answer "quoted" from the start', {"text": '"quoted" from the start'}),
        ("answer “smart” quotes stay", {"text": "“smart” quotes stay"}),
        ("answer @practice:20780", {"round": "@practice:20780"}),
        ("answer @practice:20780 withdraw", {"round": "@practice:20780", "text": "withdraw"}),
        ("answer @ana said it", {"text": "@ana said it"}),
    ],
)
def test_the_rest_of_an_answer_is_taken_as_it_was_typed(text: str, words: dict[str, str]) -> None:
    assert parsed(text) == ("answer", words)


def test_an_alias_stands_alone() -> None:
    assert parsed("daily") == ("daily status", {})
    assert parsed("Daily Status") == ("daily status", {})
    assert "`daily` has no `of`. Did you mean" in refusal("daily of")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lederboard", "There is no command `lederboard`. Did you mean `leaderboard`"),
        ("zzzzzz", "There is no command `zzzzzz`. See `/llmq help`."),
        ("daily strt", "`daily` has no `strt`."),
        ("daily psue", "Did you mean `daily pause`"),
        ("boards", "`boards` needs one more word: `boards off`, `boards on`."),
        ("daily reveal", "`daily reveal` needs one more word: `regulars` to wait for all"),
        ("daily excuse", "`daily excuse` needs one more word: a date such as `2026-11-24` or `yesterday`."),
        ("review atention", "`review` cannot use `atention`. Did you mean `attention`?"),
        ("leaderboard wek", "Did you mean `week`"),
        ("random hard easy", "`level` is named twice: `hard` and `easy`."),
        ("leaderboard yesterday", "Type it like `/llmq leaderboard month`."),
        ("leaderboard yesterday", "It takes `week`, `month`, `all` or `streak`; `team` for all"),
        ("questions export pdf", "cannot use `pdf`. It takes `md`, `csv` or `anki`."),
        ("daily on sources rag", "cannot use `sources`. It takes decks or topics from"),
        ("today please", "`today` cannot use `please`. Type it like `/llmq today`."),
        ("me me", "Type it like `/llmq me`."),
        ("daily on 9am Europe/Berln", "Did you mean `Europe/Berlin`"),
        ("daily on 9am wekdays", "Did you mean `weekdays`"),
        ("daily on 9am mon tue", "`days` is named twice: `mon` and `tue`."),
        ("daily on 9am mon 9:00 pm", "`time` is named twice: `9am` and `9:00 pm`."),
        ("leaderboard week month", "`board` is named twice: `week` and `month`."),
        ("random show", "That button belongs to something older."),
    ],
)
def test_a_refusal_says_what_was_meant_or_expected(text: str, said: str) -> None:
    assert said in refusal(text)


@pytest.mark.parametrize(
    "text",
    ["{}", "daily {}", "random {}", "random show {}", "daily on 9:00 {}", "leaderboard {}"],
)
@pytest.mark.parametrize("word", ["x" * 100_000, "é" * 100_000])
def test_a_refusal_does_not_repeat_a_long_word_in_full(text: str, word: str) -> None:
    assert len(outcome(text.format(word))) < 500


def test_usage_shows_what_is_needed_in_capitals_and_the_rest_in_brackets() -> None:
    usage = {command.name: command.usage for command in TABLE.commands}
    assert usage["daily on"] == "/llmq daily on [time] [days] [zone] [holidays REGION] [sources…]"
    assert usage["daily reveal"] == "/llmq daily reveal ANSWERS [min_wait] [deadline]"
    assert usage["answer"] == "/llmq answer [text]"
    assert usage["leaderboard"] == "/llmq leaderboard [week|month|all|streak] [team]"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("lead", ["leaderboard"]),
        ("LEAD", ["leaderboard"]),
        ("random att", ["attention"]),
        ("random attention h", ["hard"]),
        ("leaderboard s", ["streak"]),
        ("boards ", ["off", "on"]),
        ("daily p", ["pause", "ping", "pin"]),
        ("daily on 9:00 Europe/Berl", ["Europe/Berlin"]),
        ("daily on 9:00 week", ["weekdays", "weekends"]),
        ("daily on 9:00 hol", ["holidays"]),
        ("daily on 9:00 holidays de-b", ["DE-BB", "DE-BE", "DE-BW", "DE-BY"]),
        ("today @", []),
        ("nonsense ", []),
    ],
)
def test_completion_offers_what_the_last_word_may_become(typed: str, offered: list[str]) -> None:
    assert TABLE.complete(typed, CATALOGUE) == offered


def test_completion_of_nothing_offers_each_shown_command_once() -> None:
    offered = TABLE.complete("", CATALOGUE)
    assert set(offered) == {name.split()[0] for name in TABLE.names}
    assert len(offered) == len(set(offered))
    assert "home" not in offered


@pytest.mark.parametrize("typed", ["random ", "daily on 9:00 ", "leaderboard "])
def test_what_completion_offers_is_understood(typed: str) -> None:
    for word in TABLE.complete(typed, CATALOGUE):
        assert word == "holidays" or parsed(typed + word)[1]


@given(st.text() | st.lists(WORDS | st.text()).map(" ".join))
def test_any_text_is_a_command_with_its_arguments_or_gets_a_sentence(text: str) -> None:
    assert outcome(text) == "" or outcome(text).endswith((".", "?", "`"))


@given(st.lists(WORDS | st.text()).map(" ".join), st.text("abcdefghijklmnopqrstuvwxyz/-"))
def test_completion_offers_words_that_begin_as_typed(before: str, last: str) -> None:
    offered = TABLE.complete(f"{before} {last}", CATALOGUE)
    assert all('"' in before or "“" in before or word.casefold().startswith(last) for word in offered)


@given(st.text(min_size=1).map(str.strip).filter(bool))
def test_an_answer_reaches_its_command_unchanged(text: str) -> None:
    command, words = TABLE.parse(f"answer {text}", CATALOGUE)
    assert command.name == "answer"
    assert words.get("text", "").endswith(text.split()[-1]) or "round" in words


async def test_a_new_command_is_known_to_parser_and_completion_at_once() -> None:
    async def greet(*_: object) -> Reply:
        return Message(())

    table = type(TABLE)((*TABLE.commands, Command("greet all", "Says hello", greet)))
    assert table.parse("greet all", CATALOGUE)[0].name == "greet all"
    assert table.complete("greet ", CATALOGUE) == ["all"]


@pytest.mark.parametrize(
    "text",
    [
        *("topics", "today", " me ", "LEADERBOARD week", "random attention", "random hard", "daily status"),
        *(
            "interview 3",
            "help",
            "help daily on",
            "remind review 08:30",
            "boards off",
            "daily on 9:00 weekdays",
        ),
    ],
)
def test_a_command_without_its_slash_is_known_for_one(text: str) -> None:
    assert TABLE.meant_by(text, CATALOGUE) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "Random sampling draws a token",
            "random forests",
            "help me understand it",
            "today we know more",
        ),
        *(
            "answer",
            "answer it is",
            "away from the keyboard",
            "review the context",
            "me\nme",
            "home",
            "start",
        ),
        *("topics differ", "compare both", "x" * 61, "/llmq me", "random show basics/q1", "flag it"),
    ],
)
def test_what_may_be_prose_is_no_command(text: str) -> None:
    assert TABLE.meant_by(text, CATALOGUE) == ("answer" if text == "answer" else "")


@given(st.text(max_size=70))
def test_any_text_may_be_looked_at_for_a_command(text: str) -> None:
    assert TABLE.meant_by(text, CATALOGUE) in ("", text.strip())
