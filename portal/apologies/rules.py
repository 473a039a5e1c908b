"""Who can say that they cannot come, and until when."""

from __future__ import annotations

from datetime import datetime

from courses.marks import AbsenceReason

LONGEST_NOTE = 300
OWN_REASONS = {
    AbsenceReason.ILLNESS: "I am ill",
    AbsenceReason.MEDICAL_APPT: "I have a medical appointment",
    AbsenceReason.PROBATION_OR_COURT: "I have a probation appointment or court",
    AbsenceReason.BEREAVEMENT: "Somebody died, or there is a funeral",
    AbsenceReason.FAMILY_EMERGENCY: "A family emergency",
    AbsenceReason.RELIGIOUS: "It is a religious day",
    AbsenceReason.TRANSPORT: "I have no way to get there",
    AbsenceReason.CARING: "I have to care for somebody",
    AbsenceReason.WORK: "I have to work",
    AbsenceReason.CUSTODY: "Custody",
    AbsenceReason.OTHER: "Another reason",
}
"""The reasons as a learner says them of themselves."""
OFFERED = tuple(reason for reason in OWN_REASONS if reason is not AbsenceReason.CUSTODY)
"""Nobody in custody opens our page: that one is for who rings on their behalf."""


def reasons_not_to_apologise(
    *, is_on_the_course: bool, is_called_off: bool, starts_at: datetime, now: datetime
) -> list[str]:
    """Why an apology cannot be taken any more, or need not be: said to learners and trainers alike."""
    if is_called_off:
        return ["This session does not take place, so there is nothing to tell us"]
    if not is_on_the_course:
        return ["Only somebody who is on the course just now can say that they cannot come"]
    if now >= starts_at:
        return ["This session has begun, so it is too late to tell us here"]
    return []
