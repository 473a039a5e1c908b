"""What mentors are told about their certificates. Why one was withdrawn is said in person, not in a letter."""

from __future__ import annotations

from portal.certification.models import Certificate
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by
from portal.volunteers.models import Volunteer


def certificate_issued(certificate: Certificate, volunteer: Volunteer) -> Letter:
    """They have finished: congratulations, and where to find it."""
    return _letter("certificate_issued", certificate, volunteer)


def certificate_replaced(certificate: Certificate, volunteer: Volunteer) -> Letter:
    """A new certificate takes the place of the old one."""
    return _letter("certificate_replaced", certificate, volunteer)


def certificate_withdrawn(certificate: Certificate, volunteer: Volunteer) -> Letter:
    """The certificate no longer holds; ring us."""
    return _letter("certificate_withdrawn", certificate, volunteer)


def _letter(template: str, certificate: Certificate, volunteer: Volunteer) -> Letter:
    return Letter(
        template=template, to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": volunteer.scheme.phone, "number": certificate.number,
        },
        scheme_id=volunteer.scheme_id, volunteer_id=volunteer.id,
    )  # fmt: skip
