"""Reading a scheme's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.access import Can, Holder, within
from portal.accounts.models import User
from portal.carriers.rules import Carrier
from portal.database import session
from portal.messages.models import Wording

MOST_VERSIONS = 50


@dataclass(frozen=True)
class Version:
    """One version of a scheme's words: who wrote it, and when."""

    number: int
    subject: str
    body: str
    written_at: datetime
    written_by_id: int
    written_by: str


def versions(
    scheme_id: int, template: str, carrier: Carrier, *, seen_by: Holder, most: int = MOST_VERSIONS
) -> Sequence[Version]:
    """The newest versions, the newest first."""
    query = (
        select(Wording.number, Wording.subject, Wording.body, Wording.written_at, User.id, User.name)
        .join(User, User.id == Wording.written_by_id)
        .where(
            Wording.scheme_id == scheme_id, Wording.template == template, Wording.carrier == carrier,
            within(seen_by, Can.MANAGE_SCHEME, Wording.scheme_id),
        )
        .order_by(Wording.number.desc())
        .limit(most)
    )  # fmt: skip
    return [Version(*row) for row in session.execute(query)]


def saved_over(found: Sequence[Version], *, seen_by: User) -> Version | None:
    """The newest version, when it is somebody else's and this person's own newest words came before it."""
    is_mine = [each.written_by_id == seen_by.id for each in found]
    return found[0] if any(is_mine) and not is_mine[0] else None


def own_words(scheme_id: int, *, seen_by: Holder) -> set[tuple[str, Carrier]]:
    """Which messages the scheme has in its own words now."""
    query = (
        select(Wording.template, Wording.carrier, Wording.body)
        .where(Wording.scheme_id == scheme_id, within(seen_by, Can.MANAGE_SCHEME, Wording.scheme_id))
        .order_by(Wording.id)
    )
    newest = {(row.template, row.carrier): row.body for row in session.execute(query)}
    return {key for key, body in newest.items() if body}
