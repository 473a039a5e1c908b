"""The gate "certificate", and all the gates that stand before a certificate, together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.agreements.gates import gates as agreement_gates
from portal.assessment.gates import gates as assessment_gates
from portal.attendance.gates import gates as attendance_gates
from portal.certification.models import Certificate, CertificateState
from portal.certification.rules import gates_needed
from portal.checks.gates import gates as check_gates
from portal.cohorts.models import Enrolment
from portal.database import session
from portal.references.gates import gates as reference_gates
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState, reasons_not_ready

STAFF = "The coordinator"


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """One gate for each volunteer, in one query for any number of them."""
    if not volunteers:
        return {}
    latest: dict[int, Certificate] = {}
    query = select(Certificate).where(Certificate.volunteer_id.in_([each.id for each in volunteers]))
    for certificate in session.scalars(query.order_by(Certificate.id)):
        latest[certificate.volunteer_id] = certificate
    return {each.id: [_gate(each, latest.get(each.id))] for each in volunteers}


def _gate(volunteer: Volunteer, latest: Certificate | None) -> Gate:
    state, since, why = GateState.NOT_STARTED, None, "not issued yet"
    if latest is not None:
        state, since, why = GateState.REFUSED, latest.issued_on, f"number {latest.number} was withdrawn"
        if latest.state is CertificateState.VALID:
            state, why = GateState.MET, f"number {latest.number}"
    return Gate("certificate", "Certificate", state, STAFF, since, why, f"/people/{volunteer.id}/certificates")


def gates_to_certify(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """Every gate before a certificate, for each volunteer: the same few queries for any number of them."""
    kinds = (attendance_gates, assessment_gates, reference_gates, check_gates, agreement_gates)
    every = [each(volunteers) for each in kinds]
    return {each.id: [gate for found in every for gate in found[each.id]] for each in volunteers}


def reasons_not_to_certify(enrolments: Sequence[Enrolment]) -> dict[int, list[str]]:
    """Each gate that is not met, and who holds it, by enrolment. The volunteers come with their schemes."""
    found = gates_to_certify([each.volunteer for each in enrolments])
    return {each.id: reasons_not_ready(found[each.volunteer_id], needed(each.volunteer)) for each in enrolments}


def needed(volunteer: Volunteer) -> tuple[str, ...]:
    """The keys of the gates that this volunteer's scheme asks for before a certificate."""
    settings = volunteer.scheme.settings
    return gates_needed({*settings.to_train(volunteer.route), *settings.gates_to_approve})
