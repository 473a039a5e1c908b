"""Letters to applicants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from portal.applications.models import Application
from portal.applications.rules import RETURN_LASTS, grouped
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by, where_path


def application_started(application: Application, code: str) -> Letter:
    """The link and the code with which they can come back."""
    letter = _letter(
        "application_started",
        application,
        code=grouped(code),
        lasts=RETURN_LASTS.days,
        where=where_path(application.volunteer),
    )
    return replace(letter, is_worth_a_call=False)  # the page has just shown them the code


def application_sent(application: Application, *, has_account: bool) -> Letter:
    """We have it; what happens next; how to look at it again."""
    return _letter("application_sent", application, has_account=has_account, where=where_path(application.volunteer))


def application_to_join(application: Application) -> Letter:
    """Somebody applied with an address that already has an account: only its owner is told, by this letter."""
    return _letter("application_to_join", application)


def _letter(template: str, application: Application, **facts: Any) -> Letter:
    person = application.volunteer
    return Letter(
        template=template, to_address=person.email, to_volunteer=True, to_name=person.preferred_name,
        facts={
            "signed_by": signed_by(person), "phone": person.scheme.phone, "reference": person.reference,
            "reply_within_days": person.scheme.settings.reply_within_days, **facts,
        },
        scheme_id=person.scheme_id, volunteer_id=person.id,
    )  # fmt: skip
