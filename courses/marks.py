"""The marks of a register and the reasons for being away: what each is called, counts for and needs."""

from dataclasses import dataclass
from enum import Enum


class Guided(Enum):
    """How many minutes of a session a mark gives towards guided learning hours."""

    FULL = "the whole session"
    ATTENDED = "the minutes the learner was there"
    CATCH_UP = "the minutes of the catch-up"
    NONE = "none"


class Needs(Enum):
    """What must be written down beside a mark."""

    NOTHING = ""
    MINUTES_LATE = "minutes late"
    MINUTES_LEFT = "minutes missed at the end"
    REASON = "a reason"
    CATCH_UP = "the tutor, the date, the minutes and the evidence of the catch-up"


@dataclass(frozen=True)
class MarkRule:
    """What one mark means."""

    label: str
    counts: int | None
    """1 attended, 0 not attended, None left out of the reckoning."""
    guided: Guided
    needs: Needs = Needs.NOTHING
    told_us: bool = False
    """The learner came, or let us know."""
    may_catch_up: bool = False


class Code(Enum):
    """A mark in the register. The letters are stored and printed, so they never change."""

    rule: MarkRule

    def __new__(cls, letter: str, rule: MarkRule) -> "Code":
        """A member keeps its rule on itself: registers ask for it thousands of times a page."""
        mark = object.__new__(cls)
        mark._value_ = letter
        mark.rule = rule
        return mark

    P = "P", MarkRule("Present", 1, Guided.FULL, told_us=True)
    V = "V", MarkRule("Present online", 1, Guided.FULL, told_us=True)
    L = "L", MarkRule("Late", 1, Guided.ATTENDED, Needs.MINUTES_LATE, told_us=True, may_catch_up=True)
    E = "E", MarkRule("Left early", 1, Guided.ATTENDED, Needs.MINUTES_LEFT, told_us=True, may_catch_up=True)
    A = "A", MarkRule("Authorised absence", 0, Guided.NONE, Needs.REASON, told_us=True, may_catch_up=True)
    U = "U", MarkRule("Unauthorised absence", 0, Guided.NONE, may_catch_up=True)
    C = "C", MarkRule("Caught up", 1, Guided.CATCH_UP, Needs.CATCH_UP, told_us=True)
    X = "X", MarkRule("Session cancelled", None, Guided.NONE)
    N = "N", MarkRule("Not yet enrolled or has left", None, Guided.NONE)

    @property
    def label(self) -> str:
        """What this mark is called."""
        return self.rule.label


class AbsenceReason(Enum):
    """Why somebody was away. Never on a printed register: it can say more than a learner wants known."""

    ILLNESS = "illness"
    MEDICAL_APPT = "medical_appt"
    PROBATION_OR_COURT = "probation_or_court"
    BEREAVEMENT = "bereavement"
    FAMILY_EMERGENCY = "family_emergency"
    RELIGIOUS = "religious"
    TRANSPORT = "transport"
    CARING = "caring"
    WORK = "work"
    CUSTODY = "custody"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The reason in words."""
        return _REASONS[self]


_REASONS = {
    AbsenceReason.ILLNESS: "Illness",
    AbsenceReason.MEDICAL_APPT: "Medical appointment",
    AbsenceReason.PROBATION_OR_COURT: "Probation appointment or court",
    AbsenceReason.BEREAVEMENT: "Bereavement or funeral",
    AbsenceReason.FAMILY_EMERGENCY: "Family emergency",
    AbsenceReason.RELIGIOUS: "Religious day",
    AbsenceReason.TRANSPORT: "Transport let them down",
    AbsenceReason.CARING: "Caring for somebody",
    AbsenceReason.WORK: "Work",
    AbsenceReason.CUSTODY: "In custody",
    AbsenceReason.OTHER: "Another reason",
}
