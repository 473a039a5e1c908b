"""Letters about an application that somebody types for another person."""

from __future__ import annotations

from portal.applications.models import Application, Helper
from portal.applications.rules import RETURN_LASTS, grouped
from portal.assisted.rules import LINK_LASTS
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by


def helping_started(application: Application, helper: Helper, code: str) -> Letter:
    """The way back, for whoever types."""
    person = application.volunteer
    return Letter(
        template="helping_started", to_address=helper.email, to_name=helper.name, scheme_id=person.scheme_id,
        facts={
            "signed_by": person.scheme.name, "phone": person.scheme.phone, "reference": person.reference,
            "code": grouped(code), "lasts": RETURN_LASTS.days,
        },
    )  # fmt: skip


def confirmation_asked(application: Application, helper: Helper, token: str) -> Letter:
    """Is this yours? To the person themselves."""
    person = application.volunteer
    return Letter(
        template="confirmation_asked", to_address=person.email, to_volunteer=True, is_worth_a_call=False,
        to_name=person.preferred_name,
        facts={
            "signed_by": signed_by(person), "phone": person.scheme.phone, "reference": person.reference,
            "helper": helper.name, "token": token, "lasts": LINK_LASTS.days,
        },
        scheme_id=person.scheme_id, volunteer_id=person.id,
    )  # fmt: skip


def put_right(application: Application, helper: Helper) -> Letter:
    """The person said that something is wrong: whoever typed it is told that, what it is stays in the application."""
    person = application.volunteer
    return Letter(
        template="put_right", to_address=helper.email, to_name=helper.name, scheme_id=person.scheme_id,
        facts={"signed_by": person.scheme.name, "phone": person.scheme.phone, "reference": person.reference},
    )  # fmt: skip


def helping_finished(application: Application, helper: Helper) -> Letter:
    """The person confirmed it, and it is sent: thank whoever typed. They open it no more."""
    person = application.volunteer
    return Letter(
        template="helping_finished", to_address=helper.email, to_name=helper.name, scheme_id=person.scheme_id,
        facts={"signed_by": person.scheme.name, "phone": person.scheme.phone, "reference": person.reference},
    )  # fmt: skip
