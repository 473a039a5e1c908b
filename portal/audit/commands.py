"""`flask audit verify`: is the record as it was written?"""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import Progress

from portal import database
from portal.audit import queries
from portal.web.formats import at, count

commands = AppGroup("audit", help="The record of every change.")


@commands.command("verify")
@click.option("--noted", help="A last hash that was written down before: it must still be in the chain.")
def verify(noted: str | None) -> None:
    """Walk the whole record and say whether a line was altered, removed or put in behind its back."""
    database.will_write(False)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Checking the record", total=queries.number_of_lines())
        verdict = queries.verdict(noted=noted, step=lambda: progress.advance(task))
    if broken := verdict.broken:
        click.echo(f"The record is broken at line {broken.line_id} ({broken.what}, {at(broken.at)}): {broken.why}.")
        click.echo(f"{count(verdict.count, 'line')} before it: unbroken.")
        sys.exit(1)
    click.echo(f"{count(verdict.count, 'line')}, unbroken. Last hash: {verdict.last_hash}")
    if not verdict.has_noted:
        click.echo("The noted hash is not in the record: lines at its end were removed, or all were written again.")
        sys.exit(1)
