"""Commands about the journey."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.volunteers import journey as the_journey

journey = AppGroup("journey", help="The volunteer's journey.")


@journey.command("diagram")
def diagram() -> None:
    """Write docs/journey.md to the screen: every stage and every move."""
    click.echo(the_journey.document(), nl=False)
