"""Commands for the people who run the portal: the first admin of a scheme, and a new encryption key."""

from __future__ import annotations

import click
from cryptography.fernet import Fernet
from flask.cli import AppGroup

from portal.access import Role
from portal.accounts import services
from portal.audit.rules import Outsider
from portal.database import session
from portal.messages.documents import post_room
from portal.refusals import Refused
from portal.schemes.queries import scheme_by_slug

accounts = AppGroup("accounts", help="People who sign in.")
encryption = AppGroup("encryption", help="Keys of encrypted columns.")
OPERATOR = Outsider("A command on the server")


@accounts.command("create-admin")
@click.option("--email", required=True, help="Their e-mail address.")
@click.option("--name", required=True, help="Their name.")
@click.option("--scheme", "slug", required=True, help="The scheme's part of the web address.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be done.")
def create_admin(email: str, name: str, slug: str, dry_run: bool) -> None:
    """Invite the admin of a scheme, and print the link of the invitation. Each run makes a new link."""
    scheme = scheme_by_slug(slug)
    if scheme is None:
        raise click.ClickException(f"there is no scheme {slug!r}: open it with `flask schemes open`")
    if "@" not in email:
        raise click.ClickException(f"{email!r} is not an e-mail address")
    if dry_run:
        click.echo(f"would invite {name} to {scheme.name} as scheme admin")
        return
    try:
        _, token = services.invite(email=email, name=name, role=Role.SCHEME_ADMIN, scheme=scheme, by=OPERATOR)
    except Refused as refused:
        raise click.ClickException("; ".join(refused.reasons)) from refused
    session.commit()
    click.echo(post_room.link(f"/invitations/{token}"))


@encryption.command("new-key")
def new_key() -> None:
    """Print a new key. Put it first in ENCRYPTION_KEYS, before the old ones, and restart."""
    click.echo(Fernet.generate_key().decode())
