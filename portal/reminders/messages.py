"""Letters that remind: to referees, and to the applicants who named them."""

from __future__ import annotations

from typing import Any

from portal.messages.rules import Letter
from portal.references.messages import in_words, link_path, to_referee
from portal.references.models import Reference
from portal.volunteers.messages import signed_by


def reference_reminded(reference: Reference, token: str, *, is_last: bool) -> Letter:
    """Remind a referee, with the same link."""
    return to_referee(
        "reference_reminded", reference, path=link_path(token), last_day=in_words(reference.expires_at),
        asked_on=in_words(reference.requested_at), is_last=is_last,
    )  # fmt: skip


def reference_nudged(reference: Reference) -> Letter:
    """Ask the applicant to have a word with somebody they named. It says what we did, never what the referee did."""
    return _to_applicant(
        "reference_nudged", reference, asked_on=in_words(reference.requested_at), is_by_phone=reference.is_by_phone
    )


def reference_address_wanted(reference: Reference, path: str) -> Letter:
    """Our message to somebody they named came back: ask the applicant for another address."""
    return _to_applicant("reference_address_wanted", reference, path=path)


def _to_applicant(template: str, reference: Reference, **facts: Any) -> Letter:
    person = reference.volunteer
    return Letter(
        template=template, to_address=person.email, to_volunteer=True, to_name=person.preferred_name,
        facts={
            "signed_by": signed_by(person), "phone": person.scheme.phone, "referee": reference.referee.name, **facts,
        },
        scheme_id=person.scheme_id, volunteer_id=person.id,
    )  # fmt: skip
