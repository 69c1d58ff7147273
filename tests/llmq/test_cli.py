"""The command line: what it prints, and its exit status."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from content.checking import check_decks
from llmq.building import utc_now
from llmq.cli import llmq, main

SECRET = "hunter2-hunter2"
PLAIN = """# Memory

## What is a key-value cache?

**Answer:**

It keeps the keys and values of earlier tokens, so that each new token costs one step.
"""
CLEAN = """# Memory

- id: memory
- language: en

## What is a key-value cache?

- id: key-value-cache
- topic: inference
- level: medium

**Answer:**

It keeps the keys and values of earlier tokens, so that each new token costs one step.

**Key points:**

- what is kept = keeps the keys and values
"""


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data_dir: Path) -> None:
    for name in [name for name in os.environ if name.startswith("LLMQ_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LLMQ_DATA_DIR", str(data_dir))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def plain() -> Path:
    Path("plain.md").write_text(PLAIN)
    return Path("plain.md")


@pytest.fixture
def clean() -> Path:
    Path("clean.md").write_text(CLEAN)
    return Path("clean.md")


def say(*words: str) -> Result:
    return CliRunner().invoke(llmq, words)


def run_main(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit status of the whole program."""
    monkeypatch.setattr(sys, "argv", ["llmq", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert isinstance(end.value.code, int)
    return end.value.code


def test_help_lists_every_command() -> None:
    listed = say("--help").output
    assert llmq.commands.keys() == {"console", "forget", "free", "run", "content", "doctor", "slack"}
    assert all(f"  {name} " in listed and command.help for name, command in llmq.commands.items())


def test_help_loads_nothing_that_is_slow() -> None:
    code = (
        "import sys; import llmq.cli; "
        "print({'redis', 'pydantic', 'rich', 'discord', 'slack_bolt', 'prompt_toolkit'} & sys.modules.keys())"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "set()"


def test_the_version_is_said() -> None:
    assert say("--version").output.startswith("llmq, version ")


def test_a_refusal_is_its_words_on_the_error_stream_and_status_2(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LLMQ_REDIS_URL", f"http://{SECRET}")
    assert run_main(monkeypatch, "doctor") == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "LLMQ_REDIS_URL: it should start with" in err
    assert "Traceback" not in err
    assert SECRET not in err


def test_run_without_a_platform_is_refused_and_names_the_console(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_main(monkeypatch, "run") == 2
    assert "`llmq console`" in capfd.readouterr().err


def test_python_m_llmq_is_llmq() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "llmq", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("llmq, version ")


def test_a_deck_without_faults_checks_out(clean: Path) -> None:
    checked = say("content", "check", str(clean))
    assert checked.output == "no faults\n"
    assert checked.exit_code == 0


def test_every_fault_is_printed_and_counted() -> None:
    Path("bad.md").write_text("# Deck\n\n## Not a question\n\n## Is it?\n")
    checked = say("content", "check", "bad.md")
    faults = check_decks([Path("bad.md")], utc_now().date())
    assert faults
    assert checked.exit_code == 1
    assert checked.output.splitlines() == [*map(str, faults), f"{len(faults)} faults"]


def test_an_import_goes_to_the_output_as_it_would_to_a_file(plain: Path) -> None:
    printed = say("content", "import", str(plain))
    assert say("content", "import", str(plain), "-o", "deck.md").exit_code == 0
    assert printed.output == Path("deck.md").read_text()
    assert "## What is a key-value cache?" in printed.output


def test_an_import_replaces_a_file_only_when_forced(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], plain: Path
) -> None:
    Path("deck.md").write_text("mine")
    assert run_main(monkeypatch, "content", "import", str(plain), "-o", "deck.md") == 2
    assert Path("deck.md").read_text() == "mine"
    assert "--force" in capfd.readouterr().err
    assert run_main(monkeypatch, "content", "import", str(plain), "-o", "deck.md", "--force") == 0
    assert Path("deck.md").read_text() != "mine"


@pytest.mark.parametrize("words", [("missing.md",), ("plain.md", "-o", "no/such/folder/deck.md")])
def test_an_import_that_cannot_read_or_write_is_refused(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], plain: Path, words: tuple[str, ...]
) -> None:
    assert run_main(monkeypatch, "content", "import", *words) == 2
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    assert "cannot be" in err


def test_the_list_names_each_deck_with_its_questions(monkeypatch: pytest.MonkeyPatch, plain: Path) -> None:
    monkeypatch.setenv("LLMQ_DECKS", str(plain))
    monkeypatch.setenv("COLUMNS", "200")
    listed = say("content", "list")
    assert listed.exit_code == 0
    (row,) = [line for line in listed.output.splitlines() if "Memory" in line]
    assert [cell.strip() for cell in row.split("│")[2:4]] == ["Memory", "1"]


def test_the_doctor_ends_well_on_a_machine_where_nothing_is_set() -> None:
    examined = say("doctor")
    assert examined.exit_code == 0
    assert examined.output.startswith("ok    settings: LLMQ_DATA_DIR\n")


def test_the_doctor_ends_with_status_1_when_there_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMQ_REDIS_URL", f"redis://:{SECRET}@127.0.0.1:1/0")
    examined = say("doctor")
    assert examined.exit_code == 1
    assert "fault Redis cannot be reached" in examined.output
    assert SECRET not in examined.output


@pytest.mark.parametrize(
    "url",
    ["not a url", "llmq.example.org", "http://llmq.example.org/slack/events", "https://", "https:///x", ""],
)
def test_no_manifest_is_printed_for_what_is_no_address(url: str) -> None:
    done = CliRunner().invoke(llmq, ["slack", "manifest", "--url", url])
    assert done.exit_code == 2
    assert "is no address such as https://llmq.example.org/slack/events" in done.output


def test_the_manifest_for_http_has_the_address_everywhere_and_lets_commands_tell_members() -> None:
    url = "https://llmq.example.org:8443/slack/events"
    done = CliRunner().invoke(llmq, ["slack", "manifest", "--url", url])
    assert done.exit_code == 0
    assert done.output.count(url) == 3
    assert "https://llmq.example.org:8443/slack/oauth_redirect" in done.output
    assert "socket_mode_enabled: false" in done.output
    assert "should_escape: true" in done.output
