"""All the gates that stand before the course, together."""

from __future__ import annotations

from collections.abc import Sequence

from portal.agreements.gates import gates as agreement_gates
from portal.checks.gates import gates as check_gates
from portal.disclosure.gates import gates as disclosure_gates
from portal.interviews.gates import gates as interview_gates
from portal.recommendations.gates import gates as recommendation_gates
from portal.references.gates import gates as reference_gates
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate

SOURCES = (recommendation_gates, interview_gates, reference_gates, disclosure_gates, check_gates, agreement_gates)


def gates_to_train(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """Every gate that a stage up to here knows, for each volunteer, whether the scheme asks for it or not."""
    every = [each(volunteers) for each in SOURCES]
    return {each.id: [gate for found in every for gate in found[each.id]] for each in volunteers}
