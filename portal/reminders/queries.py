"""Reading what waits: who is to be rung, what came back, what was reminded; and the applicant's own list."""

from __future__ import annotations

from datetime import UTC
from hmac import compare_digest

from portal.database import keyring, session
from portal.references.models import Reference
from portal.references.queries import LONGEST_TOKEN, whole

MOST_DIGITS = 9  # a number the database can compare


def address_path(reference: Reference) -> str:
    """Where the applicant gives another address for this referee, as long as this round lasts.

    The secret is derived and not kept: it opens this form and nothing else, and dies with the round.
    """
    return f"/referees/{reference.id}-{_address_secret(reference)}"


def reference_by_address_link(token: str) -> Reference | None:
    """The reference whose applicant may give another address with this secret; None when it is none, or over."""
    number, _, secret = token.partition("-")
    if len(token) > LONGEST_TOKEN or not (number.isascii() and number.isdigit()) or len(number) > MOST_DIGITS:
        return None
    found = session.scalar(whole().where(Reference.id == int(number)))
    if found is None or not compare_digest(secret.encode(), _address_secret(found).encode()):
        return None
    return found


def _address_secret(reference: Reference) -> str:
    asked_at = reference.requested_at.astimezone(UTC).isoformat()
    return keyring.hash(f"referee address link:{reference.id}:{reference.link_number}:{asked_at}")[:48]
