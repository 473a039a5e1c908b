"""Letters about recommendations. A practitioner learns the applicant's name and that they applied, nothing more."""

from __future__ import annotations

from portal import clock
from portal.messages.rules import Letter
from portal.recommendations.models import Recommendation
from portal.recommendations.rules import month_of
from portal.volunteers.messages import signed_by

WITH_LINK = ("recommendation_asked", "recommendation_asked_again", "recommendation_reminder")
"""Letters to a practitioner whose coming back means that their link reached nobody."""


def asked(recommendation: Recommendation, token: str) -> Letter:
    """Ask a practitioner, with the link that is theirs alone."""
    return _to_practitioner("recommendation_asked", recommendation, token)


def asked_again(recommendation: Recommendation, token: str) -> Letter:
    """The day has come on which they wanted to be asked again."""
    return _to_practitioner("recommendation_asked_again", recommendation, token)


def reminder(recommendation: Recommendation, token: str) -> Letter:
    """They have not answered: the same link once more."""
    return _to_practitioner("recommendation_reminder", recommendation, token)


def received(recommendation: Recommendation) -> Letter:
    """Thank a practitioner."""
    return _to_practitioner("recommendation_received", recommendation, "")


def not_yet(recommendation: Recommendation) -> Letter:
    """Tell the applicant, without reasons, that we ask again, and in which month."""
    day = recommendation.look_again_on
    return _to_applicant("recommendation_not_yet", recommendation, month=month_of(day) if day else "")


def cannot(recommendation: Recommendation) -> Letter:
    """Tell the applicant that somebody else may be asked."""
    return _to_applicant("recommendation_cannot", recommendation)


def still_waiting(recommendation: Recommendation) -> Letter:
    """Tell the applicant that the practitioner has not answered, so that they may have a word with them."""
    return _to_applicant("recommendation_waiting", recommendation, practitioner=recommendation.name)


def _to_practitioner(template: str, recommendation: Recommendation, token: str) -> Letter:
    volunteer = recommendation.volunteer
    last_day = clock.in_london(recommendation.expires_at) if recommendation.expires_at else None
    return Letter(
        template=template, to_address=recommendation.email, to_name=recommendation.name,
        facts={
            "volunteer": volunteer.name, "scheme": volunteer.scheme.name, "phone": volunteer.scheme.phone,
            "path": f"/recommend/{token}" if token else "",
            "last_day": f"{last_day.day} {last_day:%B %Y}" if last_day else "",
        },
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id,
    )  # fmt: skip


def _to_applicant(template: str, recommendation: Recommendation, **facts: str) -> Letter:
    volunteer = recommendation.volunteer
    return Letter(
        template=template, to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={"signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, **facts},
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id,
    )  # fmt: skip
