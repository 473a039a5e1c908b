"""How long each kind of record is kept, as data: what the notice shows and what the worker will go by.

No law sets these periods; they are choices, which the scheme as the controller adopts or changes. Where they come
from: the DBS code of practice asks that certificate content goes within six months of the decision; awarding
organisations ask for assessment records for three years; accounts law asks for six years of expenses.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """One kind of record: what it is, how long it is kept and from when, and what happens then."""

    what: str
    how_long: str
    since: str
    then: str


RETENTION = (
    Kept(
        "Your name and words when you only said hello", "6 months",
        "our answer; or the day we told you that an area is open, if you asked us to (we try for up to 2 years)",
        "deleted; only a number without a name stays",
    ),
    Kept("An application you did not finish", "90 days", "your last change to it", "deleted"),
    Kept(
        "An application without a place, its references and notes of the talk", "6 months", "our answer, or yours",
        "deleted; only a number without a name stays",
    ),
    Kept(
        "What you told us in confidence, and anything that quotes it", "6 months", "the decision about your check",
        "deleted",
    ),
    Kept(
        "The record of your DBS check: its level, date and number, and what was decided", "6 years",
        "the day you leave", "deleted",
    ),
    Kept("What was decided about risk, without details of an offence", "6 years", "the day you leave", "deleted"),
    Kept("What we noted when we saw your identity papers", "2 years", "the day we saw them", "deleted"),
    Kept("When we looked at the DBS Update Service", "6 years", "the day you leave", "deleted"),
    Kept("Your file: details, agreement, references, training, support", "6 years", "the day you leave", "deleted"),
    Kept("Registers of the course", "3 years", "the session", "deleted"),
    Kept("Your course work and what was said about it", "3 years", "your certificate", "deleted; the result stays"),
    Kept(
        "The register of certificates: name, award, date, number", "for as long as the scheme exists",
        "your certificate", "kept, so that anybody can check a certificate; you may ask us to take your name off",
    ),
    Kept("Concerns about somebody’s safety", "as long as each case needs", "the case", "looked at by a person"),
    Kept("Complaints", "6 years", "the end of the complaint", "deleted"),
    Kept("Expenses", "6 years", "the end of the financial year", "deleted"),
    Kept("The record of who changed or saw what", "2 years", "each entry", "deleted; it holds nothing in confidence"),
)  # fmt: skip
