"""Opening a scheme on a new portal."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.audit.rules import Outsider
from portal.database import session
from portal.refusals import Refused
from portal.schemes import services
from portal.schemes.queries import scheme_by_slug

schemes = AppGroup("schemes", help="The organisations of this portal.")


@schemes.command("open")
@click.option("--name", required=True, help="What people call it.")
@click.option("--slug", required=True, help="Its part of the web address: small letters, digits, hyphens.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be done.")
def open_scheme(name: str, slug: str, dry_run: bool) -> None:
    """Open a scheme. One that is open already stays as it is."""
    if scheme_by_slug(slug):
        click.echo(f"{slug} is open already")
        return
    try:
        scheme = services.open_scheme(name=name, slug=slug, by=Outsider("A command on the server"))
    except Refused as refused:
        raise click.ClickException("; ".join(refused.reasons)) from refused
    if dry_run:
        session.rollback()
        click.echo(f"would open {name}")
        return
    session.commit()
    click.echo(f"opened {scheme.name}; next: flask accounts create-admin --scheme {scheme.slug}")
