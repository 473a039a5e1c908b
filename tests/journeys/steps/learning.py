"""From a new group to the certificate in her hand."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

from pypdf import PdfReader
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.cohorts.models import CohortSession
from portal.database import session
from tests import markup
from tests.browser import Browser
from tests.journeys.chromium import Phone
from tests.journeys.house import House
from tests.journeys.steps.joining import EMAIL, NAME


def the_coordinator_makes_a_cohort_and_enrols_her(house: House, first_day: date, day_off: date) -> None:
    desk = house.desk(Role.COORDINATOR).get("/cohorts").click("Make a new cohort")
    desk.fill({
        "Area": "Seaham", "Course": "0", "Name of the group": "Seaham spring", "Where it meets": "The Hub",
        "Places": "12", "First day": first_day, "Day of the week": "Tuesday", "Starts at": "18:00",
        "Second day of the week, if there is one": "Thursday", "Second day starts at": "18:00",
        "Trainers": ["Tom Bell"], "Days off": f"{day_off.day}/{day_off.month}/{day_off.year}",
    }).submit("See the dates")  # fmt: skip
    assert desk.heading == "Check the dates"
    desk.submit("Make this cohort")
    assert desk.heading == "Seaham spring"
    desk.click("Enrol people").fill({"Who is ready for a course": [NAME]}).submit("Enrol")
    assert house.letters(EMAIL, "enrolled")


def the_sessions(house: House) -> list[tuple[int, date]]:
    """(id, day) of every session, in order."""
    session.rollback()
    found = session.execute(select(CohortSession.id, CohortSession.starts_at).order_by(CohortSession.starts_at)).all()
    session.rollback()
    return [(number, clock.in_london(starts_at).date()) for number, starts_at in found]


def the_trainer_marks_every_register(house: House) -> None:
    """On the evening itself, from the page that opens; late once, away once, and made up."""
    for turn, (number, day) in enumerate(the_sessions(house)):
        house.at(day, 20)
        trainer = house.desk(Role.TRAINER).get(f"/sessions/{number}/register")
        enrolment = re.findall(r'name="code-(\d+)"', trainer.html)[0]
        mark(trainer, enrolment, {4: "L", 9: "A"}.get(turn, "P"))
        if turn == 9:
            away = (number, enrolment)
        if turn == 11:
            she_catches_up(trainer, *away, day)


def mark(trainer: Browser, enrolment: str, code: str) -> None:
    """Nothing is marked beforehand; one tap and save."""
    assert trainer.sees("0 of 1 marked")
    if isinstance(trainer, Phone):
        trainer.screen.locator(f"#{code}-{enrolment}").check()
    else:
        trainer.fill({f"code-{enrolment}": code})
    if code == "L":
        trainer.fill({f"minutes-{enrolment}": "15"})
    if code == "A":
        trainer.fill({f"reason-{enrolment}": "Transport let them down"})
    trainer.submit("Save register")
    assert trainer.status == 200, trainer.errors
    assert trainer.sees("1 of 1 marked") or trainer.sees("saved"), trainer.text


def she_catches_up(trainer: Browser, missed: int, enrolment: str, day: date) -> None:
    trainer.get(f"/sessions/{missed}/catch-up/{enrolment}")
    trainer.fill({
        "When was it?": day, "How long did it last?": "120", "Who was the tutor?": "Tom Bell",
        "What was done?": "Went through the handout together",
    }).submit("Record the catch-up")  # fmt: skip


def buttons(browser: Browser) -> list[str]:
    """The words of the buttons of the page's main part."""
    assert browser.root is not None
    return [markup.text_of(each) for main in browser.root.iter("main") for each in main.iter("button")]


def no_certificate_can_be_issued_yet(house: House, *missing: str) -> None:
    desk = house.desk(Role.COORDINATOR).get("/cohorts").click("Seaham spring").click("Certificates")
    assert desk.sees(*missing), desk.text
    assert "Issue certificates" not in buttons(desk)


def the_assessor_decides_every_criterion(house: House) -> None:
    for unit in ("U1", "U2", "U3", "U4"):
        assessor = house.desk(Role.ASSESSOR).get("/learners").click(NAME)
        assessor.click(f"Decide several criteria of {unit}")
        criteria = sorted(set(re.findall(r'name="(state_[^"]+)"', assessor.html)))
        assert criteria
        assessor.fill(dict.fromkeys(criteria, "Met"))
        assessor.fill({
            "Kind of evidence": "observation", "Where is the evidence?": "Seen in sessions, notes in the folder",
            "Feedback for the learner": "You listened well.",
        }).submit("Save decisions")  # fmt: skip


def the_iqa_samples_and_agrees(house: House) -> None:
    iqa = house.desk(Role.IQA).get("/learners").click("Seaham spring").click("Quality check of Seaham spring")
    iqa.submit("Plan these")
    samples = [path for path in iqa.links().values() if re.fullmatch(r".*/samples/\d+", path)]
    assert samples
    for path in samples:
        iqa.get(path)
        iqa.fill({"Decision": "Agree with the assessor", "Feedback for the assessor": "Sound and fair"})
        iqa.fill(is_valid=True, is_authentic=True, is_current=True, is_sufficient=True).submit("Save")


def the_coordinator_issues_the_certificate(house: House) -> None:
    desk = house.desk(Role.COORDINATOR).get("/cohorts").click("Seaham spring").click("Certificates")
    desk.submit("Issue certificates")
    assert house.letters(EMAIL, "certificate_issued")


def anybody_can_check_it(house: House, her: Browser) -> None:
    her.get("/my/certificate")
    path = next(path for path in her.links().values() if "/c/" in path)
    stranger = house.visitor().get(path)
    assert stranger.heading == "This certificate is valid"
    assert stranger.sees(NAME)


def her_certificate_and_cv_evidence_are_hers_to_print(her: Browser) -> None:
    her.get("/my/certificate.pdf")
    assert NAME in text_of_pdf(her.body)
    her.get("/my/cv").fill({
        "What shall it show?": ["How many hours I trained", "My skills, with what shows them", "My own words"],
        "Your own words, if you want any": "Dw i’n gwrando.",
    }).submit("Save and see it")  # fmt: skip
    her.get("/my/cv.pdf")
    words = text_of_pdf(her.body)
    assert NAME in words
    assert "Dw i’n gwrando." in words
    assert EMAIL not in words, "what she did not tick is not there"


def text_of_pdf(body: bytes) -> str:
    """The words of a PDF, with single spaces."""
    assert body.startswith(b"%PDF-")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages).split())
