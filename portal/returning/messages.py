"""Letters that lead back to an application."""

from __future__ import annotations

from dataclasses import replace

from portal.applications.models import Application
from portal.messages.rules import Letter
from portal.returning.rules import LINK_LASTS
from portal.volunteers.messages import signed_by, where_path


def new_link(application: Application, token: str) -> Letter:
    """They lost their way back and asked for another."""
    return _letter("come_back", application, token)


def reminder(application: Application, token: str) -> Letter:
    """It is not finished: where it is, and how to hear no more of it."""
    letter = _letter("application_unfinished", application, token)
    return replace(letter, facts={**letter.facts, "where": where_path(application.volunteer)})


def _letter(template: str, application: Application, token: str) -> Letter:
    person = application.volunteer
    return Letter(
        template=template, to_address=person.email, to_volunteer=True, is_worth_a_call=False,
        to_name=person.preferred_name, scheme_id=person.scheme_id, volunteer_id=person.id,
        facts={
            "signed_by": signed_by(person), "phone": person.scheme.phone, "reference": person.reference,
            "token": token, "lasts": LINK_LASTS.days,
        },
    )  # fmt: skip
