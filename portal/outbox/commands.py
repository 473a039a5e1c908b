"""`flask messages bounced`: a mail server hands in what came back."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from portal import database
from portal.carriers.rules import NoBounce, read_bounce
from portal.database import session
from portal.outbox import services

commands = AppGroup("messages", help="Messages that were sent.")
LARGEST = 5 * 1024 * 1024


@commands.command("bounced")
def bounced() -> None:
    """Read a delivery status notification (RFC 3464) from standard input and note that its message came back.

    Safe to run twice. Ends with 0 also for what it cannot use, so that the mail server does not send a bounce of its
    own; it says on standard error what it was.
    """
    raw = sys.stdin.buffer.read(LARGEST)
    try:
        bounce = read_bounce(raw)
    except NoBounce as wrong:
        click.echo(f"{wrong}. Nothing was changed.", err=True)
        return
    if not bounce.is_address_wrong:
        click.echo("The address may still be right. Nothing was changed.", err=True)
        return
    database.will_write(True)
    known = services.note_bounced(bounce.message_id, bounce.words)
    session.commit()
    click.echo("Noted." if known else "No message of ours has this Message-ID. Nothing was changed.", err=not known)
