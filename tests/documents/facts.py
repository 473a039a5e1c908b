"""Facts for a certificate and for CV evidence; a test changes only what it is about."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from portal.certification.documents import Certificate, CvEvidence, Skill
from portal.clock import LONDON
from portal.packs.documents import Booklet, Meeting
from portal.sheets.documents import Page, PaperRegister

UNITS = (
    ("U1", "Understanding peer mentoring"),
    ("U2", "Peer mentoring skills"),
    ("U3", "Staying safe and well"),
    ("U4", "Working alongside services"),
)

_CERTIFICATE = Certificate(
    number="BW-7F3K-2Q",
    check_url="https://mentors.example.org/v/AbCdEfGhIjKlMnOpQrStUv",
    mentor="Ann Smith",
    romanised=None,
    scheme="Durham Peer Mentors",
    course_title="Peer mentor training",
    cohort="Cohort 7",
    starts_on=date(2026, 9, 1),
    ends_on=date(2026, 11, 24),
    hours_attended_minutes=2760,
    course_minutes=2880,
    units=UNITS,
    issued_on=date(2026, 11, 27),
    signed_by="Jo Brown, coordinator",
)

_EVIDENCE = CvEvidence(
    mentor="Ann Smith",
    romanised=None,
    scheme="Durham Peer Mentors",
    prepared_on=date(2026, 11, 28),
    contact="ann@example.org",
    hours_minutes=2790,
    attendance_percent=96,
    sessions_attended=23,
    units=UNITS,
    skills=(Skill("Listening", "Was observed in twelve practice conversations and met every criterion."),),
    roles=("Peer mentor, Darlington",),
    dates=(("Training", date(2026, 9, 1), date(2026, 11, 24)), ("Volunteering", date(2026, 12, 1), None)),
    certificate_number="BW-7F3K-2Q",
    check_url="https://mentors.example.org/v/AbCdEfGhIjKlMnOpQrStUv",
)


_MEETING = Meeting(
    number=1, title="Listening", starts_at=datetime(2026, 9, 1, 18, tzinfo=LONDON),
    ends_at=datetime(2026, 9, 1, 20, tzinfo=LONDON), place="The Hub", is_for_everybody=True, is_cancelled=False,
    aims=("listen well",),
    handout="#### Words\n\nSay **it**.\n\n1. One\n   - in it\n\n| A | B |\n|---|---|\n| 1 | 2 |\n",
)  # fmt: skip


def booklet(**facts: Any) -> Booklet:
    """A course booklet with one session, but for these facts."""
    usual: dict[str, Any] = {
        "learner": "Ann Smith", "scheme": "Durham Peer Mentors", "phone": "+441914980000", "email": "",
        "course": "Peer mentoring", "version": 3, "cohort": "Cohort 8", "place": "The Hub", "meetings": (_MEETING,),
        "printed_on": date(2026, 8, 20),
    }  # fmt: skip
    return Booklet(**usual | facts)


def certificate(**facts: Any) -> Certificate:
    """A certificate that says what every other does, but for these facts."""
    return replace(_CERTIFICATE, **facts)


def evidence(**facts: Any) -> CvEvidence:
    """CV evidence with every section shown, but for these facts."""
    return replace(_EVIDENCE, **facts)


def paper_register(names: int = 3) -> PaperRegister:
    """Two sessions' registers for so many people, the first of whom is Ann Smith."""
    group = ("Ann Smith", *(f"Person {n}" for n in range(2, names + 1)))
    pages = tuple(
        Page("Cohort 7", n, "Boundaries", "Tuesday 8 September 2026, 18:00 to 20:00", "The Hub", "Rita Shaw", group)
        for n in (3, 4)
    )
    return PaperRegister("Durham Peer Mentors", "Registers of Ann Smith's group", date(2026, 9, 7), pages)
