"""The commands that work on decks' files. What takes long to import is imported where it is needed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.errors import Refusal

if TYPE_CHECKING:
    from rich.table import Table

    from content.deck import Deck
    from content.importing import Form

FORMS = ("markdown", "list", "csv", "anki")
OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
FORCE = click.option("--force", is_flag=True, help="Replace the output if it is there.")
PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--form", type=click.Choice(FORMS), help="What the file is; else that is found out.")
@click.option("--team", help="Take them into the own deck of this team, such as slack:T024BE7LD.")
@OUTPUT
@FORCE
def import_(file: Path, form: str | None, team: str | None, output: Path | None, force: bool) -> None:
    """Turn the questions in FILE into a deck: Markdown, a numbered list, CSV, or Anki's text.

    With --team they join the team's own deck: a question that it has is changed, and the others are added.
    """
    from content.importing import Form, import_deck
    from content.writing import render_deck

    if team:
        if output:
            raise Refusal("Name a team or an output, not both.")
        click.echo(asyncio.run(brought_into(team, text_of(file), file, Form(form) if form else None)))
        return
    found = import_deck(text_of(file), file, Form(form) if form else None)
    for fault in found.faults:
        click.echo(str(fault), err=True)
    count = len(found.deck.questions)
    if not count:
        raise Refusal(f"No question was found in {file}. `llmq content import --help` names the forms.")
    write(output, render_deck(found.deck), force)
    if output:
        click.echo(f"{output}: {count} question{'' if count == 1 else 's'}")


async def brought_into(team: str, text: str, path: Path, form: Form | None) -> str:
    """Take the questions of a text into a team's own deck, all or none; what became of them."""
    from bot.commands.transfer import bring_in
    from bot.game.imports import deck_hashes, read_questions
    from bot.store.store import Store
    from llmq.building import decks_of, utc_now
    from llmq.doctor import reach
    from llmq.settings import read_settings
    from llmq.team_commands import NOTHING

    read, settings = read_questions(text, path, form), read_settings()
    if read.faults:
        raise Refusal("\n".join(("Nothing was imported. Fix these first:", *map(str, read.faults))))
    if not read.questions:
        raise Refusal(f"No question was found in {path}. `llmq content import --help` names the forms.")
    async with reach(settings) as redis:
        store = Store(redis)
        if not await store.teams.is_known(team):
            raise Refusal(NOTHING.format(team=team))
        hashes = deck_hashes(decks_of(settings))
        brought = await bring_in(store, team, read.questions, hashes, utc_now())
        await store.look_at_channels(team, utc_now())
    return " ".join((f"{team}: {brought.first}", *brought.rest()))


@click.command()
@PATHS
@click.option("--form", type=click.Choice(FORMS[2:]), default="csv", show_default=True, help="What to write.")
@OUTPUT
@FORCE
def export(paths: tuple[Path, ...], form: str, output: Path | None, force: bool) -> None:
    """Write the questions of the decks in PATHS as a table, or as text that Anki imports."""
    from content.anki import write_anki
    from content.tables import write_table

    decks, is_whole = readable(paths)
    write(output, write_anki(decks) if form == "anki" else write_table(decks), force)
    sys.exit(0 if is_whole else 1)


@click.command()
@PATHS
@click.option(
    "--seed", type=click.Path(path_type=Path), help="A text of which no eight words in a row may be copied."
)
def report(paths: tuple[Path, ...], seed: Path | None) -> None:
    """Measure the decks in PATHS: a line for each deck, what to look at, and everything outside its bound."""
    from rich.console import Console

    from content.reporting import outliers, source_count, unchecked, warnings

    decks, is_whole = readable(paths)
    found = outliers(decks, text_of(seed) if seed else "")
    Console().print(summaries(decks))
    unread = unchecked(decks)
    for line in (*unread, *warnings(decks), *found):
        click.echo(str(line))
    if unread:
        click.echo(f"{len(unread)} of {sum(map(source_count, decks))} sources not checked")
    click.echo(f"{len(found) or 'nothing'} outside {'its bound' if len(found) < 2 else 'their bounds'}")
    sys.exit(1 if found or not is_whole else 0)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--title", default="LLM questions", show_default=True, help="What the pages are called.")
@click.option("--force", is_flag=True, help="Write into a folder that holds something.")
def site(folder: Path, paths: tuple[Path, ...], title: str, force: bool) -> None:
    """Write the decks in PATHS, or those that come with llmq, as pages of HTML into FOLDER."""
    from content.reading import SHIPPED
    from content.site import site as pages_of

    decks, is_whole = readable(paths or (SHIPPED,))
    pages = pages_of(decks, title)
    write_pages(folder, pages, force)
    click.echo(f"{folder / 'index.html'}: {len(pages) - 1} pages")
    sys.exit(0 if is_whole else 1)


def write_pages(folder: Path, pages: Mapping[str, str], force: bool) -> None:
    """Write the pages. Raises a refusal where that cannot be, or, unless forced, where something is."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not force:
            raise Refusal(f"{folder} is not empty. Name another folder, or add --force.")
        for name, text in pages.items():
            (folder / name).write_text(text, "utf-8", newline="\n")
    except OSError as fault:
        raise Refusal(f"{folder} cannot be written ({fault.strerror}). Name another folder.") from None


def summaries(decks: Iterable[Deck]) -> Table:
    """The decks in numbers; it fits into 80 columns."""
    from rich.table import Column, Table

    from content.reporting import summary

    headers = (
        "Questions",
        "Levels",
        "Words",
        "Ease",
        "Points",
        "Alter-\nnatives",
        "Met\nelsewhere",
        "Not\nchecked",
    )
    table = Table(Column("Deck", no_wrap=True), *headers, box=None, padding=(0, 1, 0, 0))
    for line in map(summary, decks):
        levels = "/".join(map(str, line.levels))
        shown = (f"{line.words:g}", f"{line.ease:.0f}", f"{line.points:.1f}", f"{line.alternatives:g}")
        sources = f"{line.unchecked}/{line.sources}"
        table.add_row(line.deck, str(line.questions), levels, *shown, f"{line.elsewhere:.1%}", sources)
    return table


def readable(paths: Iterable[Path]) -> tuple[tuple[Deck, ...], bool]:
    """The decks that can be read, and whether that is all of them. The error stream says what is not."""
    from content.checking import load_decks

    decks, faults = load_decks(paths)
    for fault in faults:
        click.echo(str(fault), err=True)
    if not decks:
        raise Refusal("No deck could be read. `llmq content check` says what to fix.")
    return decks, not faults


def text_of(path: Path) -> str:
    """What a file says. Raises a refusal where it cannot be read."""
    from content.deck import Fault
    from content.reading import read_text

    text = read_text(path)
    if isinstance(text, Fault):
        raise Refusal(str(text))
    return text


def write(output: Path | None, text: str, force: bool) -> None:
    """Print the text, or write it. Raises a refusal for a file that is there, unless forced, or cannot be."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with output.open("w" if force else "x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise Refusal(f"{output} is there already. Name another file, or add --force.") from None
    except OSError as fault:
        raise Refusal(f"{output} cannot be written ({fault.strerror}). Name another file.") from None
