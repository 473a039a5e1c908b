"""A referee comes by link; staff read, check and doubt what was said."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.audit.models import AuditLine
from portal.messages.models import Message
from portal.references import services
from portal.references.models import CameBy, Reference, ReferenceState
from portal.volunteers.journey import Stage
from tests.browser import Browser
from tests.factories import (
    ApplicationFactory,
    AreaFactory,
    RefereeFactory,
    ReferenceFactory,
    UserFactory,
    VolunteerFactory,
)
from tests.files import given as files
from tests.markup import jumps_back

RUBBISH = ["\0", "x" * 10_000, "\u202e\u0627", "👩🏽‍🦽", "<script>alert(1)</script>", "   "]
ANSWERS = {
    "How do you know them?": "I was his key worker",
    "How long have you known them?": "3 years",
    "Do they do what they say they will do?": "Yes, very much",
    "Are they honest?": "Mostly",
    "Do they respect other people’s boundaries?": "Yes, very much",
    "Do you have any concern about them being in contact with vulnerable adults?": "No",
    "Would you recommend them as a peer mentor?": "Yes, with good support",
    "May they read these answers, if they ask us?": "Yes",
}


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def coordinator(area):
    return UserFactory(role=Role.COORDINATOR, area=area, name="Cora Coordinator")


@pytest.fixture
def volunteer(area):
    return VolunteerFactory(area=area, stage=Stage.OFFERED, name="Anwen Ŵyn")


@pytest.fixture
def link(volunteer, session):
    """A link that was sent, and its reference."""
    RefereeFactory(application=ApplicationFactory(volunteer=volunteer), name="Rhian Referee")
    ((reference, token),) = services.request_all(volunteer, by=UserFactory())
    session.commit()
    return f"/references/{token}", reference


@pytest.fixture
def desk(app, session, coordinator):
    return Browser(app).sign_in_as(coordinator)


def given(volunteer, **changes):
    answers = {
        "how_known": "Work", "how_long": "2 years", "reliable": "very", "honest": "very", "boundaries": "mostly",
        "has_concern": False, "concern": "", "recommends": "yes", "more": "", "by_phone_to": "",
    }  # fmt: skip
    facts = {"state": ReferenceState.RECEIVED, "received_at": clock.now(), "answers": answers}
    referee = RefereeFactory(application=ApplicationFactory(volunteer=volunteer), name="Rhian Referee")
    return ReferenceFactory(referee=referee, **{**facts, **changes})


def test_a_referee_starts_answers_checks_changes_and_sends(browser, link, session):
    path, reference = link
    browser.get(path)
    assert browser.sees(
        "A reference for Anwen Ŵyn", "about five minutes", "peer mentor with Scheme", "Ring us on 0191 498 0000"
    )
    assert reference.state is ReferenceState.REQUESTED  # opening the page alone writes nothing
    browser.fill(is_me=True).submit("Start")
    assert browser.heading == "Your reference for Anwen Ŵyn"
    session.refresh(reference)
    assert (reference.state, bool(reference.opened_at)) == (ReferenceState.OPENED, True)
    browser.fill(ANSWERS).submit("Check my answers")
    assert browser.heading == "Check your answers"
    assert browser.sees("I was his key worker", "Yes, with good support")
    session.refresh(reference)
    assert reference.answers is None
    browser.submit("Change my answers")
    assert browser.value("How do you know them?") == "I was his key worker"
    assert browser.errors == []
    browser.fill({"Are they honest?": "Yes, very much"}).submit("Check my answers").submit("Send my reference")
    assert browser.heading == "Thank you"
    session.refresh(reference)
    assert reference.state is ReferenceState.RECEIVED
    assert reference.answers["honest"] == "very"
    browser.get(path, status=410)
    assert browser.sees("We have your reference already", reference.volunteer.scheme.email)


def test_the_record_says_that_a_referee_came_by_link(browser, link, session):
    path, _reference = link
    browser.get(path).fill(is_me=True).submit("Start")
    lines = session.scalars(select(AuditLine).where(AuditLine.table_name == "reference").order_by(AuditLine.id)).all()
    assert lines[-1].actor_name == "Referee by link"
    assert path.rpartition("/")[2] not in str([(line.before, line.after) for line in lines])


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(browser, link):
    browser.get(link[0]).fill(is_me=True).submit("Start")
    concern = "Do you have any concern about them being in contact with vulnerable adults?"
    browser.fill({"How long have you known them?": "Ages", concern: "Yes"}).submit("Check my answers", status=422)
    assert browser.errors == [
        "Tell us how you know them",
        "Choose whether they do what they say they will do",
        "Choose whether they are honest",
        "Choose whether they respect other people’s boundaries",
        "Tell us what your concern is",
        "Choose whether you would recommend them",
        "Choose whether they may read these answers",
    ]
    assert browser.value("How long have you known them?") == "Ages"


def test_answers_that_were_altered_after_the_check_are_checked_again(browser, link, session):
    path, reference = link
    browser.get(path).fill(is_me=True).submit("Start")
    browser.post(f"{path}/send", {"how_known": "Only this"}, status=422)
    session.refresh(reference)
    assert reference.answers is None


def test_a_concern_that_was_written_is_not_dropped_because_no_was_chosen(browser, link):
    browser.get(link[0]).fill(is_me=True).submit("Start")
    browser.fill(ANSWERS).fill({"What is your concern?": "He shouts"}).submit("Check my answers", status=422)
    assert browser.errors == ["You wrote about a concern. Choose “yes”, or take out what you wrote"]
    assert browser.value("What is your concern?") == "He shouts"
    browser.fill({"What is your concern?": ""}).submit("Check my answers")
    assert browser.heading == "Check your answers"


def test_a_concern_opens_a_closer_look(browser, link, session, desk, volunteer):
    path, reference = link
    concern = "Do you have any concern about them being in contact with vulnerable adults?"
    browser.get(path).fill(is_me=True).submit("Start").fill(ANSWERS).fill(
        {concern: "Yes", "What is your concern?": "He shouts"}
    )
    browser.submit("Check my answers").submit("Send my reference")
    session.refresh(reference)
    assert reference.state is ReferenceState.CONCERN
    desk.get(f"/people/{volunteer.id}/references")
    assert desk.sees("Needs a closer look")
    desk.click("Rhian Referee").click("Say what was found")
    desk.submit("It is checked", status=422)
    assert desk.errors == ["Say how you checked who gave it"]
    desk.fill({"How did you check it?": "Years ago, and settled"}).submit("It is checked")
    assert desk.banners == ["The reference is checked"]


def test_a_referee_may_rather_not(browser, link, session):
    path, reference = link
    browser.get(path).click("I would rather not give a reference").submit("I would rather not")
    assert browser.heading == "Thank you"
    assert browser.sees("That is all right")
    assert not browser.sees("We may ring you")
    session.refresh(reference)
    assert reference.state is ReferenceState.DECLINED
    browser.get(path, status=410)
    assert browser.sees("you would rather not")
    (wanted,) = session.scalars(select(Message).where(Message.template == "referee_wanted"))
    assert wanted.volunteer_id == reference.volunteer_id
    assert wanted.is_to_volunteer
    assert "You gave us Rhian Referee" in wanted.body
    for words in ("rather not", "declined", "refused", "said no", "answer"):
        assert words not in wanted.body + wanted.subject


@pytest.mark.parametrize("wrong", ["nonsense", "x" * 5000, "%00", "%F0%9F%92%A9"])
def test_a_wrong_link_is_not_found(browser, session, wrong):
    browser.get(f"/references/{wrong}", status=410)
    for tail in ("start", "send", "decline"):
        browser.post(f"/references/{wrong}/{tail}", status=None)
        assert browser.status in {400, 410}


def test_an_old_link_says_what_to_do_and_takes_nothing(browser, link, session):
    path, reference = link
    reference.expires_at = clock.now() - timedelta(minutes=1)
    session.commit()
    browser.get(path, status=410)
    assert browser.sees("It is too old", "Ring", "0191 498 0000")
    browser.get(f"{path}/decline", status=410)
    assert reference.state is ReferenceState.REQUESTED


def test_a_link_of_somebody_who_withdrew_is_dead(browser, link, volunteer, session):
    volunteer.stage = Stage.WITHDRAWN
    session.commit()
    browser.get(link[0], status=410)
    assert browser.sees("no longer needed")


def test_two_windows_of_one_link_send_one_answer(browser, app, link):
    path, _reference = link
    browser.get(path).fill(is_me=True).submit("Start").fill(ANSWERS).submit("Check my answers")
    other = Browser(app).get(path).fill(ANSWERS).submit("Check my answers").submit("Send my reference")
    assert other.heading == "Thank you"
    browser.submit("Send my reference", status=410)


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_any_field_is_answered_calmly(browser, desk, link, volunteer, rubbish):
    path, reference = link
    browser.get(path).fill(is_me=True).submit("Start")
    one = f"/people/{volunteer.id}/references/{reference.id}"
    pages = [(browser, path), (browser, f"{path}/decline")]
    pages += [(desk, f"{one}/{tail}") for tail in ("verify", "concern", "send-again", "by-phone")]
    for who, where in [(desk, f"/people/{volunteer.id}/references/new"), *pages]:
        who.get(where)
        names = [field.get("name") for field in who._inputs() if field.get("name") not in {None, "csrf_token"}]
        who.post(where, dict.fromkeys(names, rubbish))
        assert who.status in {200, 409, 410, 422}


def test_staff_see_who_was_asked_and_check_by_ringing_back(desk, volunteer):
    given(volunteer)
    desk.get(f"/people/{volunteer.id}/references")
    assert desk.sees("Given, to be checked", "just now")
    desk.click("Rhian Referee")
    assert desk.sees("Given in confidence", "2 years")
    desk.click("Say how it was checked").fill({"How did you check it?": "Rang the office"}).submit("It is checked")
    desk.click("Rhian Referee")
    assert desk.sees("How it was checked", "Rang the office")


def test_a_concern_can_be_noted_later(desk, volunteer):
    reference = given(volunteer)
    desk.get(f"/people/{volunteer.id}/references/{reference.id}").click("Note a concern")
    desk.submit("Note the concern", status=422)
    assert desk.errors == ["Say what the concern is"]
    desk.fill({"What is the concern?": "Rang back with a worry"}).submit("Note the concern")
    desk.click("Rhian Referee")
    assert desk.sees("A concern, noted by", "Rang back with a worry")


def test_a_check_that_somebody_else_made_meanwhile_is_shown(desk, volunteer, coordinator, session):
    reference = given(volunteer)
    desk.get(f"/people/{volunteer.id}/references/{reference.id}/verify")
    reference.verified_at, reference.verified_by_id = clock.now(), coordinator.id
    reference.state, reference.verified_how = ReferenceState.VERIFIED, "Theirs"
    session.commit()
    desk.fill({"How did you check it?": "Mine"}).submit("It is checked", status=409)
    assert desk.sees("Someone else changed this", "Theirs")
    assert desk.value("How did you check it?") == "Mine"


def test_a_new_link_goes_to_a_corrected_address_and_the_old_one_is_dead(desk, browser, link, volunteer, session):
    path, reference = link
    desk.get(f"/people/{volunteer.id}/references/{reference.id}").click("Send a new link, or change the address")
    desk.fill({"Their email address": "nonsense"}).submit("Send the link", status=422)
    desk.fill({"Their email address": "right@example.org"}).submit("Send the link")
    browser.get(path, status=410)
    assert browser.sees("each new link closes the one before")
    body = session.scalars(select(Message.body).where(Message.to_address == "right@example.org")).one()
    new = next(word for word in body.split() if "/references/" in word)
    browser.get("/references/" + new.rpartition("/")[2])


def test_a_reference_given_by_phone_is_written_down_and_still_to_be_checked(desk, volunteer, session):
    referee = RefereeFactory(application=ApplicationFactory(volunteer=volunteer), email="", phone="+441914980000")
    desk.get(f"/people/{volunteer.id}/references")
    assert desk.sees("Not asked")
    desk.click("Ask them now")
    assert desk.sees("Somebody has no e-mail address")
    desk.click(referee.name).click("Write down a reference given by phone").fill(ANSWERS)
    desk.submit("Save what they said", status=422)
    assert desk.errors == ["Enter whom you spoke to"]
    desk.fill({"Who did you speak to?": "Rhian herself", "On which day?": clock.today()}).submit("Save what they said")
    reference = session.scalar(select(Reference))
    assert reference.state is ReferenceState.RECEIVED
    assert desk.click(referee.name).sees("Cora Coordinator, who spoke to Rhian herself")


def test_a_reference_by_letter_is_written_down_with_its_scan(desk, volunteer, session):
    reference = given(volunteer, state=ReferenceState.REQUESTED, received_at=None, answers=None)
    session.commit()
    page = f"/people/{volunteer.id}/references/{reference.id}"
    letter = {**ANSWERS, "Who signed the letter?": "Rhian Referee", "On which day?": clock.today()}
    desk.get(f"{page}/by-letter").fill(letter)
    desk.fill(file=(BytesIO(files.zipped({"a.txt": "a"})), "letter.pdf")).submit("Save what they wrote", status=422)
    assert len(desk.errors) == 1
    assert desk.value("Who signed the letter?") == "Rhian Referee"
    session.refresh(reference)
    assert reference.state is ReferenceState.REQUESTED
    scan = files.pdf()
    desk.fill(file=(BytesIO(scan), "letter.pdf")).submit("Save what they wrote")
    session.refresh(reference)
    assert (reference.state, reference.came_by) == (ReferenceState.RECEIVED, CameBy.LETTER)
    assert desk.get(page).sees("from a letter of Rhian Referee")
    assert desk.get(f"{page}/letter").body == scan


def test_somebody_else_can_be_asked(desk, volunteer):
    ApplicationFactory(volunteer=volunteer)
    desk.get(f"/people/{volunteer.id}/references")
    assert desk.sees("No referee has been named")
    desk.click("Ask somebody else").submit("Ask them", status=422)
    assert desk.errors == [
        "Enter their name",
        "Choose how they know the person",
        "Enter an email address or a phone number",
        "Enter how many years",
    ]
    desk.fill({
        "Their name": "Imam Yusuf", "How do they know the person?": "A group leader, sponsor or faith leader",
        "Their email address": "yusuf@example.org", "How many years have they known the person?": "4",
    }).submit("Ask them")  # fmt: skip
    assert desk.sees("They are asked", "Imam Yusuf", "Asked for")


def test_before_an_offer_the_page_says_so(desk, area):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    desk.get(f"/people/{volunteer.id}/references")
    assert desk.sees("References are asked for once a place has been offered")
    desk.post(f"/people/{volunteer.id}/references/request", status=None)
    assert desk.status in {400, 409}


@pytest.mark.parametrize("tail", ["", "/verify", "/concern", "/send-again", "/by-phone"])
def test_references_of_another_scheme_area_or_person_do_not_exist(desk, volunteer, area, tail):
    reference = given(volunteer)
    other = VolunteerFactory(area=area, stage=Stage.OFFERED)
    desk.get(f"/people/{other.id}/references/{reference.id}{tail}", status=404)
    for their_area in (AreaFactory(), AreaFactory(scheme=area.scheme)):
        theirs = given(VolunteerFactory(area=their_area, stage=Stage.OFFERED))
        desk.get(f"/people/{theirs.volunteer_id}/references/{theirs.id}{tail}", status=404)
        desk.get(f"/people/{theirs.volunteer_id}/references", status=404)


@pytest.mark.parametrize("role", [Role.TRAINER, Role.DBS_OFFICER, Role.APPROVER, Role.VOLUNTEER])
def test_whoever_may_not_see_references_sees_none(browser, volunteer, area, role):
    reference = given(volunteer)
    browser.sign_in_as(UserFactory(role=role, scheme=area.scheme))
    browser.get(f"/people/{volunteer.id}/references/{reference.id}", status=403)


def test_the_list_costs_the_same_for_one_and_for_ten(desk, volunteer, count_queries):
    reference = given(volunteer)
    with count_queries() as one:
        desk.get(f"/people/{volunteer.id}/references")
    for _ in range(9):
        ReferenceFactory(referee=RefereeFactory(application=reference.referee.application))
    with count_queries() as ten:
        desk.get(f"/people/{volunteer.id}/references")
    assert one.total == ten.total


def test_by_phone_the_first_error_of_the_list_is_the_first_of_the_page_and_the_day_is_today(desk, link, volunteer):
    _path, reference = link
    desk.get(f"/people/{volunteer.id}/references/{reference.id}/by-phone")
    assert desk.value("Year") == str(clock.today().year)
    desk.fill({"Day": "", "Month": "", "Year": ""}).submit("Save what they said", status=422)
    assert desk.errors[:3] == ["Enter whom you spoke to", "Enter the day", "Tell us how you know them"]
    assert not list(jumps_back(desk.root))
