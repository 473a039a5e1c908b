"""Letters about offers, declines and coming back. None says anything that somebody else at home should not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from portal import clock
from portal.decisions.models import Decline
from portal.decisions.rules import DeclineKind, conditions
from portal.messages.documents import our_letter
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by, where_path
from portal.volunteers.models import Volunteer
from portal.web.text import phone


def place_offered(volunteer: Volunteer, own: Sequence[str] = ()) -> Letter:
    """Offer a place, and say what must still be done."""
    asked = conditions(volunteer.scheme.settings.to_train(volunteer.route))
    return _letter("place_offered", volunteer, conditions=[*asked, *own])


def place_declined(made: Decline, *, calendar: str = "") -> Letter:
    """Say kindly that it is not to be this time, who else may help, and whom to ring. A talk leaves their calendar."""
    letter = declined_letter(
        made.volunteer, DeclineKind(made.kind), words=made.words, signposts=made.signposts,
        apply_again_on=made.apply_again_on,
    )  # fmt: skip
    return replace(letter, calendar=calendar)


def declined_letter(
    volunteer: Volunteer, kind: DeclineKind, *, words: str, signposts: Sequence[Mapping[str, str]],
    apply_again_on: date | None,
) -> Letter:  # fmt: skip
    """The letter before anything is decided, to be read first by whoever sends it."""
    return _letter(
        "place_declined", volunteer, reason=kind.to_applicant, words=words,
        signposts=[{**each, "phone": phone(each["phone"])} for each in signposts],
        apply_again_on=_day(apply_again_on) if apply_again_on else "",
    )  # fmt: skip


def may_apply_again(made: Decline) -> Letter:
    """The day that we named has come."""
    scheme, area = made.volunteer.scheme, made.volunteer.area
    return _letter("may_apply_again", made.volunteer, area=area.name, apply_path=f"/join/{scheme.slug}/{area.slug}")


def came_back(volunteer: Volunteer) -> Letter:
    """They undid their withdrawal."""
    return _letter("came_back", volunteer)


def as_read(letter: Letter) -> str:
    """The words of a letter as its reader meets them, subject first."""
    subject, body = our_letter(letter)
    return f"{subject}\n\n{body.strip()}"


def day_of(instant: datetime) -> str:
    """7 December 2026, in London."""
    return _day(clock.in_london(instant).date())


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _letter(template: str, volunteer: Volunteer, **facts: Any) -> Letter:
    scheme = volunteer.scheme
    return Letter(
        template=template,
        to_address=volunteer.email,
        to_volunteer=True,
        to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": scheme.phone, "where": where_path(volunteer), **facts,
        },
        scheme_id=volunteer.scheme_id,
        volunteer_id=volunteer.id,
    )  # fmt: skip
