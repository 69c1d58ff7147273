"""The command line. What takes long to import is imported by the command that needs it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from bot.errors import Refusal
from llmq.deck_commands import export, import_, report, site
from llmq.feedback_commands import flags, proposals
from llmq.team_commands import forget, free


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="llmq", prog_name="llmq")
def llmq() -> None:
    """A practice bot for teams that want to get good at LLM fundamentals."""


@llmq.command()
def console() -> None:
    """Play in this terminal."""
    import asyncio

    from llmq import playing
    from llmq.settings import read_settings

    sys.exit(asyncio.run(playing.console(read_settings())))


@llmq.command()
def run() -> None:
    """Serve every platform whose token is set."""
    import asyncio

    from llmq import serving
    from llmq.settings import read_settings

    sys.exit(asyncio.run(serving.run(read_settings())))


@llmq.command()
def doctor() -> None:
    """Say what is configured and what to fix."""
    import asyncio

    from llmq import serving
    from llmq.settings import read_settings

    findings = asyncio.run(serving.doctor(read_settings()))
    for finding in findings:
        click.echo(str(finding))
    sys.exit(1 if any(finding.mark == "fault" for finding in findings) else 0)


llmq.add_command(forget)
llmq.add_command(free)


@llmq.group()
def slack() -> None:
    """Set up Slack."""


def public_url(context: click.Context, option: click.Parameter, url: str | None) -> str | None:
    """An address to which Slack can send: it takes no other scheme."""
    if url is not None and not re.fullmatch(r"https://[^\s/@?#]+(/[^\s?#]*)?", url):
        raise click.BadParameter(f"{url!r} is no address such as https://llmq.example.org/slack/events")
    return url


@slack.command()
@click.option(
    "--url",
    callback=public_url,
    help="The public address of HTTP, such as https://llmq.example.org/slack/events.",
)
def manifest(url: str | None) -> None:
    """Print the app's manifest: for Socket Mode, or for HTTP with --url."""
    from adapters.slack.manifest import manifest_yaml
    from bot.commands.table import TABLE

    click.echo(manifest_yaml(TABLE, url), nl=False)


@slack.command()
def key() -> None:
    """Print a new LLMQ_SECRET_KEY, which closes the tokens of workspaces that install the app."""
    from cryptography.fernet import Fernet

    click.echo(Fernet.generate_key().decode())


@llmq.group()
def content() -> None:
    """Check, measure, import, export, list and publish decks."""


for command in (import_, export, report, site, proposals, flags):
    content.add_command(command)


@content.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(paths: tuple[Path, ...]) -> None:
    """Report every fault of every deck in PATHS, files or folders."""
    from content.checking import check_decks
    from llmq.building import utc_now

    faults = check_decks(paths, utc_now().date())
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"{len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}", err=bool(faults))
    sys.exit(1 if faults else 0)


@content.command("list")
def list_() -> None:
    """List the decks that are loaded at the start."""
    from rich.console import Console
    from rich.table import Column, Table

    from llmq.building import decks_of
    from llmq.settings import read_settings

    table = Table(Column("Deck", no_wrap=True), "Title", "Questions", "Topics", "Levels")
    for deck in decks_of(read_settings()):
        topics = dict.fromkeys(question.topic for question in deck.questions)
        levels = sorted({question.level for question in deck.questions})
        table.add_row(deck.id, deck.title, str(len(deck.questions)), ", ".join(topics), ", ".join(levels))
    Console().print(table)


def main() -> None:
    """Run the command line. A refusal is one sentence on the error stream and the exit status 2."""
    try:
        llmq(standalone_mode=True)
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)
