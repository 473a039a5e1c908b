"""From the public page to a confirmed place on the course."""

from __future__ import annotations

import re
from datetime import date

import pyotp

from portal.access import Role
from portal.checks.rules import FreeTest
from portal.interviews.rules import ScoreArea
from tests import markup
from tests.browser import Browser
from tests.journeys.house import House
from tests.journeys.steps.given import PASSWORD

NAME = "Łucja Ŵyn"
EMAIL = "lucja@example.org"
REFEREES = ("kim@service.example", "joe@foodbank.example")
REFERENCE = {
    "How do you know them?": "I was her key worker", "How long have you known them?": "3 years",
    "Do they do what they say they will do?": "Yes, very much", "Are they honest?": "Yes, very much",
    "Do they respect other people’s boundaries?": "Mostly",
    "Do you have any concern about them being in contact with vulnerable adults?": "No",
    "Would you recommend them as a peer mentor?": "Yes, with good support",
    "May they read these answers, if they ask us?": "Yes",
}  # fmt: skip
SECRET = "A short sentence, eleven years ago."


def a_visitor_starts_to_apply_and_stops(house: House) -> None:
    visitor = house.visitor()
    visitor.get("/").click(house.scheme.name)
    visitor.click("Seaham")
    visitor.click("Start your application")
    visitor.submit("Start", status=422)  # nothing was filled in: each field says so
    assert visitor.errors
    visitor.fill(
        {"What is your name?": NAME, "Your email address": EMAIL, "How did you hear about us?": "I found it myself"}
    )
    visitor.submit("Start")
    assert visitor.heading == "How to come back later"
    visitor.get("/application").click("Why you want to do this")
    visitor.fill({"What made you think of it now?": "Somebody was there for me. I want to be that person."})
    visitor.submit("Save and continue")


def she_returns_by_the_link_and_sends_it(house: House) -> None:
    her = house.visitor().get(house.link_to(EMAIL, "application_started"))
    her.click("About you").fill({"Are you 18 or over?": "Yes"}).submit("Save and continue")
    her.click("How to reach you").submit("Save and continue")
    for number, email in enumerate(REFEREES):
        her.get("/application").click("People who can speak for you").click("Add a person")
        her.fill({
            "Their name": ("Kim Worker", "Joe Emmerson")[number],
            "How do they know you?": "A support or key worker", "Their email address": email,
            "How many years have they known you?": "3", "Are they in your family?": "No",
            "Do they live with you?": "No",
        }).submit("Save this person")  # fmt: skip
    her.get("/application").click("When you are free")
    her.fill(days=["Tuesdays"], times=["Evenings"]).submit("Save and continue")
    her.get("/application").click("Checks and privacy").fill(agrees_to_checks=True).submit("Save and continue")
    her.get("/application/check")
    assert her.sees("Somebody was there for me.", NAME)
    her.submit("Send my application")
    assert her.path == "/application/sent"


def the_coordinator_signs_in_with_a_password_and_an_authenticator(house: House) -> None:
    email = house.email(Role.COORDINATOR)
    desk = house.visitor().get("/sign-in").fill({"Email address": email}).submit("Continue")
    desk.fill(Password=PASSWORD).submit("Sign in")
    assert desk.path.startswith("/authenticator/set-up")
    found = re.search(r"\b(?:[A-Z2-7]{4}[ -]?){8,}\b", desk.text)
    assert found, "the page must show the key for those who cannot scan"
    code = pyotp.TOTP(re.sub("[^A-Z2-7]", "", found[0])).now()
    desk.fill(code=code).submit("Finish")
    assert desk.path == "/authenticator/recovery-codes"
    desk.submit("I have kept them")
    assert desk.sees("Sign out"), "she is in"
    assert desk.get("/applications").sees(NAME)


def the_coordinator_reads_it_and_invites_her(house: House, day: date) -> None:
    desk = house.desk(Role.COORDINATOR).get("/applications").click(NAME)
    house.volunteer_id = int(re.findall(r"/people/(\d+)", desk.path)[0])
    assert desk.sees("Somebody was there for me.")
    desk.get(f"/people/{house.volunteer_id}/interviews").click("Plan an interview")
    desk.fill({
        "Which day?": day, "What time?": "2pm", "How will you talk?": "In person",
        "Where, or which number or link?": "The Hub, Church Street", "Who will talk with them?": "Carol Reed",
    }).submit("Plan the interview")  # fmt: skip


def they_talk_and_she_is_offered_a_place(house: House) -> None:
    desk = house.desk(Role.COORDINATOR).get(f"/people/{house.volunteer_id}/interviews").click("Record this interview")
    desk.fill({each.words: "3: good" for each in ScoreArea} | {"Who else was there for us?": "Sheila Lamb"})
    desk.submit("Save the scores").click("Offer a place")
    desk.fill({"Why do you offer a place?": "Warm, honest, and clear about what a mentor is not."}).submit(
        "Offer a place"
    )


def her_referees_answer_by_their_links(house: House) -> None:
    for email in REFEREES:
        referee = house.visitor()
        link = house.link_to(email, "reference_requested")
        referee.get(link).fill(is_me=True).submit("Start").fill(REFERENCE).submit("Check my answers")
        referee.submit("Send my reference")
        assert referee.heading == "Thank you"
        referee.get(link, status=410)  # one time means one time


def the_coordinator_cannot_confirm_yet(house: House, *missing: str) -> None:
    desk = house.desk(Role.COORDINATOR).get(f"/people/{house.volunteer_id}/place")
    assert "Confirm the place</button>" not in desk.html
    assert desk.sees("must be done before the place can be confirmed", *missing)


def the_coordinator_checks_the_references(house: House) -> None:
    for name in ("Kim Worker", "Joe Emmerson"):
        desk = house.desk(Role.COORDINATOR).get(f"/people/{house.volunteer_id}/references").click(name)
        desk.click("Say how it was checked").fill({"How did you check it?": "Rang the office"}).submit("It is checked")


def she_signs_in_with_a_code(house: House) -> Browser:
    her = house.visitor().get("/sign-in").fill({"Email address": EMAIL}).submit("Continue").submit("Email me a code")
    her.fill(Code=house.code_to(EMAIL)).submit("Sign in")
    her.get("/my")
    return her


def her_page_says(house: House, her: Browser, sentence: str, step: str) -> None:
    """One sentence, one next step, and at most one button for it."""
    her.get("/my")
    assert her.root is not None
    panels = [each for each in markup.elements(her.root) if "panel" in (each.get("class") or "").split()]
    assert len(panels) == 1
    words = markup.text_of(panels[0])
    assert words.startswith(sentence), words
    assert words.count("Your next step:") == 1
    assert step in words, words


def she_agrees_and_tells_in_confidence(house: House, her: Browser) -> None:
    her.get("/my").click("Read the volunteer agreement")
    her.fill({"I have read it, and I would like to take part in this way": True, "Your name": NAME})
    her.submit("Put my name under it")
    her.get("/my").click("Tell us in confidence")
    her.fill({
        "What would you like to do?": "I would like to tell you something", "What would you like us to know?": SECRET,
    }).submit("Send my answer")  # fmt: skip


def the_safeguarding_lead_considers_it(house: House) -> None:
    lead = house.desk(Role.SAFEGUARDING_LEAD).get(f"/people/{house.volunteer_id}/disclosure")
    assert SECRET not in lead.html, "nothing is shown before a purpose is stated"
    lead.fill({"What do you need to read it for?": "To plan support"}).submit("Read it")
    assert lead.sees(SECRET)
    lead.get(f"/people/{house.volunteer_id}/disclosure").submit("Mark as considered")
    house.desk(Role.COORDINATOR).get(f"/people/{house.volunteer_id}/disclosure", status=403)


def the_dbs_is_applied_for_seen_and_decided(house: House, applied: date, issued: date) -> None:
    house.at(applied, 14)
    officer = house.desk(Role.DBS_OFFICER).get(f"/people/{house.volunteer_id}/checks").click("Record an application")
    officer.fill({
        "Which role is it for?": "Peer mentor: enhanced, adult workforce",
        "Is it a free check, for a volunteer?": "Yes", "is_trainee": "No",
        "statements": [each.words for each in FreeTest],
    }).submit("Save")  # fmt: skip
    house.at(issued, 14)
    officer = house.desk(Role.DBS_OFFICER).get(f"/people/{house.volunteer_id}/checks").click("Record the certificate")
    officer.fill({
        "Certificate number": "0012 3456 7890", "Date of issue": issued, "When did you see the original?": issued,
        "What does it show?": "Something on it, to be looked at",
    }).submit("Save")  # fmt: skip
    assert "001234567890" not in officer.html, "only the last four digits are shown"
    lead = house.desk(Role.SAFEGUARDING_LEAD).get(f"/people/{house.volunteer_id}/checks").click("Decide")
    lead.fill({
        "What do you decide?": "Suitable with conditions", "Why?": "Long ago, and much has changed",
        "Conditions": "In pairs for the first three months",
    }).submit("Save the decision")  # fmt: skip


def the_coordinator_confirms_her_place(house: House) -> None:
    desk = house.desk(Role.COORDINATOR).get(f"/people/{house.volunteer_id}/place")
    desk.submit("Confirm the place")
    assert house.letters(EMAIL, "place_confirmed")
