"""The volunteer's own page, and the page of the few who may read what was told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.access import GRANTS, Can, Role
from portal.audit.models import Action, AuditLine
from portal.disclosure import services
from portal.disclosure.models import Disclosure
from portal.disclosure.rules import NOTHING
from portal.volunteers.journey import Stage
from tests.browser import Browser
from tests.factories import AreaFactory, RoleHeldFactory, UserFactory, VolunteerFactory

SECRET = "a thing told in confidence"
RUBBISH = ["\0", "x" * 10_000, "\u202e\u0627", "👩🏽‍🦽", "<script>alert(1)</script>", "   "]
CHOICE, WORDS = "What would you like to do?", "What would you like us to know?"


@pytest.fixture
def area(session):
    return AreaFactory()


def somebody(area, stage=Stage.OFFERED):
    volunteer = VolunteerFactory(area=area, stage=stage, user=UserFactory())
    RoleHeldFactory(user=volunteer.user, role=Role.VOLUNTEER, scheme=area.scheme, area=area)
    return volunteer


def told(area, session, statement=SECRET):
    volunteer = somebody(area)
    services.answer(volunteer, statement=statement, by=volunteer.user)
    session.commit()
    return volunteer


@pytest.fixture
def lead(app, area):
    return Browser(app).sign_in_as(UserFactory(role=Role.SAFEGUARDING_LEAD, scheme=area.scheme, name="Lena Lead"))


def seen_lines(session):
    return session.scalars(select(AuditLine).where(AuditLine.action == Action.SEEN)).all()


def test_a_volunteer_tells_us_and_it_is_not_shown_again(browser, area, session):
    volunteer = somebody(area)
    browser.sign_in_as(volunteer.user).get("/my/disclosure")
    assert browser.sees("A record does not stop you", "Only the safeguarding lead")
    browser.fill({CHOICE: "I would like to tell you something", WORDS: SECRET}).submit("Send my answer")
    assert browser.sees("It is kept safe", "We have your answer of")
    assert SECRET not in browser.html
    assert session.scalar(select(Disclosure)).statement == SECRET


def test_nothing_to_tell_is_an_answer_and_looks_the_same(browser, area, session):
    volunteer = somebody(area)
    browser.sign_in_as(volunteer.user).get("/my/disclosure")
    browser.fill({CHOICE: "I have nothing to tell you"}).submit("Send my answer")
    nothing = browser.text
    assert session.scalar(select(Disclosure)).statement == NOTHING
    browser.fill({CHOICE: "I would like to tell you something", WORDS: SECRET}).submit("Send my answer")
    assert browser.text == nothing


def test_half_an_answer_is_said_at_the_field_and_kept(browser, area, session):
    browser.sign_in_as(somebody(area).user).get("/my/disclosure").submit("Send my answer", status=422)
    assert browser.errors == ["Choose whether there is something you would like to tell us"]
    browser.fill({CHOICE: "I would like to tell you something"}).submit("Send my answer", status=422)
    assert browser.errors == ["Write what you would like us to know"]
    browser.fill({CHOICE: "I have nothing to tell you", WORDS: SECRET}).submit("Send my answer", status=422)
    assert browser.errors == ["You wrote something below. Choose to tell us, or clear the box"]
    assert browser.value(WORDS) == SECRET
    assert session.scalar(select(Disclosure)) is None


@pytest.mark.parametrize("stage", [Stage.APPLYING, Stage.APPLIED, Stage.INTERVIEWING, Stage.DECLINED])
def test_nobody_is_asked_before_an_offer(browser, area, session, stage):
    browser.sign_in_as(somebody(area, stage).user).get("/my/disclosure")
    assert browser.sees("only once we have offered you a place")
    assert "statement" not in [field.get("name") for field in browser._inputs()]
    token = browser._inputs()[0].get("value")
    browser.post("/my/disclosure", {"csrf_token": token, "choice": "tell", "statement": SECRET})
    assert session.scalar(select(Disclosure)) is None


def test_reading_takes_a_purpose_shows_it_once_and_is_kept_on_the_record(lead, area, session):
    volunteer = told(area, session)
    lead.get(f"/people/{volunteer.id}/disclosure")
    assert SECRET not in lead.html
    lead.submit("Read it", status=422)
    assert lead.errors == ["Say what you need to read it for"]
    assert seen_lines(session) == []
    lead.fill({"What do you need to read it for?": "To plan support"}).submit("Read it")
    assert lead.sees(SECRET, "It is shown this once")
    (line,) = seen_lines(session)
    assert (line.actor_name, line.purpose, line.volunteer_id) == ("Lena Lead", "To plan support", volunteer.id)
    assert SECRET not in lead.get(f"/people/{volunteer.id}/disclosure").html


def test_reading_leaves_everything_else_as_it_was(lead, area, session):
    volunteer = told(area, session)
    before = session.scalar(select(Disclosure.version))
    lead.get(f"/people/{volunteer.id}/disclosure").fill({"purpose": "To plan"}).submit("Read it")
    assert session.scalar(select(Disclosure.version)) == before


def test_it_is_considered_once(lead, area, session):
    volunteer = told(area, session)
    lead.get(f"/people/{volunteer.id}/disclosure").submit("Mark as considered")
    assert lead.sees("It is marked as considered", "Considered on")
    assert session.scalar(select(Disclosure)).considered_by_id


def test_a_new_answer_meanwhile_is_not_taken_for_the_old_one(lead, area, session):
    volunteer = told(area, session)
    lead.get(f"/people/{volunteer.id}/disclosure")
    services.answer(volunteer, statement="Something more", by=volunteer.user)
    session.commit()
    lead.submit("Mark as considered", status=409)
    assert lead.sees("Someone else changed this", "Waiting to be considered")
    session.expire_all()
    assert session.scalar(select(Disclosure)).considered_at is None


def test_before_an_answer_there_is_nothing_to_read_or_consider(lead, area, session):
    volunteer = somebody(area)
    lead.get(f"/people/{volunteer.id}/disclosure")
    assert lead.sees("They have not answered yet")
    lead.post(lead.path, {"purpose": "To look"}, status=200)
    assert lead.sees("They have not answered yet")
    assert seen_lines(session) == []
    lead.post(f"/people/{volunteer.id}/disclosure/considered", status=404)


@pytest.mark.parametrize("role", [role for role in Role if Can.READ_DISCLOSURES not in GRANTS[role]])
def test_everybody_else_is_refused_whether_there_is_something_or_not(app, area, session, role):
    desk = Browser(app).sign_in_as(UserFactory(role=role, scheme=area.scheme))
    pages = set()
    for volunteer in (told(area, session), told(area, session, NOTHING), somebody(area)):
        pages.add(desk.get(f"/people/{volunteer.id}/disclosure", status=403).text)
        desk.post(f"/people/{volunteer.id}/disclosure", {"purpose": "To look"}, status=None)
        assert desk.status in {400, 403}
    assert len(pages) == 1
    assert seen_lines(session) == []


def test_people_of_another_scheme_do_not_exist(lead, session):
    volunteer = told(AreaFactory(), session)
    lead.get(f"/people/{volunteer.id}/disclosure", status=404)
    lead.post(f"/people/{volunteer.id}/disclosure/considered", status=404)


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_any_field_is_answered_calmly(browser, lead, area, session, rubbish):
    volunteer = told(area, session)
    for who, path in (
        (browser.sign_in_as(volunteer.user), "/my/disclosure"),
        (lead, f"/people/{volunteer.id}/disclosure"),
    ):
        who.get(path)
        names = [field.get("name") for field in who._inputs() if field.get("name") not in {None, "csrf_token"}]
        who.post(path, dict.fromkeys(names, rubbish))
        assert who.status in {200, 422}
    lead.get(f"/people/{volunteer.id}/disclosure").post(
        f"/people/{volunteer.id}/disclosure/considered", {"version": rubbish}, status=409
    )
