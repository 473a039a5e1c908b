"""`flask demo`: fill an empty portal with a rehearsed scheme."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.progress import Progress
from sqlalchemy import select

from portal.database import session
from portal.demo.services import rehearse
from portal.schemes.models import Scheme


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a scheme already.")
@click.option("--dry-run", is_flag=True, help="Play everything, keep nothing.")
@with_appcontext
def demo(if_empty: bool, dry_run: bool) -> None:
    """Play a whole invented scheme: three towns, four cohorts, two years of people at every stage."""
    if current_app.config["SETTINGS"].in_production:
        raise click.ClickException("There is no demonstration in production")
    if session.scalar(select(Scheme.id).limit(1)) is not None:
        if if_empty:
            return
        raise click.ClickException("There is a scheme here already. The demonstration needs an empty database")
    with Progress() as progress:
        task = progress.add_task("Rehearsing two years of a scheme", total=None)
        for played, planned in rehearse():
            if dry_run:
                session.flush()
            else:
                session.commit()
            progress.update(task, completed=played, total=planned)
    if dry_run:
        session.rollback()
    click.echo("The demonstration is ready." if not dry_run else "It would work; nothing was kept.")
