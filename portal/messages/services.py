"""Queuing a letter, in the same transaction as the change it tells of."""

from __future__ import annotations

import secrets
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal import clock
from portal.database import session
from portal.messages.models import Message
from portal.messages.rules import Letter

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "messages"


class PostRoom:
    """How letters are written here: the address of the portal in their links, and who they are from."""

    def __init__(self) -> None:
        self.public_url = "http://localhost"
        self.mail_from = ""
        # plain text, never HTML: escaping would put &amp; into people's names
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701
        )

    def load(self, *, public_url: str, mail_from: str) -> None:
        """Take the addresses of the settings."""
        self.public_url = public_url.rstrip("/")
        self.mail_from = mail_from

    def link(self, path: str) -> str:
        """A path of the portal as a link somebody can open from a message."""
        return self.public_url + path


post_room = PostRoom()


def queue(letter: Letter) -> Message | None:
    """Render a letter and queue it; None when the person has no e-mail address.

    Raises `jinja2.UndefinedError` when the template asks for a fact that the letter does not carry.
    """
    if not letter.to_address:
        return None
    rendered = post_room.templates.get_template(f"{letter.template}.txt").render(
        to_name=letter.to_name, link=post_room.link, **letter.facts
    )
    first, _, body = rendered.partition("\n")
    subject = " ".join(first.removeprefix("Subject:").split())  # one line: no header can be smuggled in
    at = clock.now()
    message = Message(
        message_id=f"<{secrets.token_hex(16)}@alongside>", scheme_id=letter.scheme_id, volunteer_id=letter.volunteer_id,
        template=letter.template, to_address=letter.to_address, to_name=letter.to_name, subject=subject[:200],
        body=body.strip() + "\n", next_try_at=at, queued_at=at,
    )  # fmt: skip
    session.add(message)
    return message
