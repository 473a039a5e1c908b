"""The page that says where somebody is, by a link."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.audit.rules import Outsider
from portal.decisions import services as decisions
from portal.interviews import services as interviews
from portal.messages.models import Message
from portal.volunteers.journey import Stage
from portal.volunteers.messages import where_path
from tests.factories import ApplicationFactory, RefereeFactory, ReferenceFactory, VolunteerFactory


def test_the_page_says_where_they_are_without_a_name_or_a_check(browser, session):
    volunteer = VolunteerFactory(stage=Stage.OFFERED, name="Łucja O’Neill")
    session.commit()
    browser.get(where_path(volunteer))
    assert browser.sees("We have offered you a place", "0191 498 0000")
    assert not any(browser.sees(word) for word in ("Łucja", "DBS", "in confidence", volunteer.scheme.name))


def test_they_stop_and_go_on_by_their_link(browser, session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    session.commit()
    browser.get(where_path(volunteer)).click("I do not want to go on for now").submit("Yes, stop for now")
    assert browser.sees("Did you change your mind?")
    browser.submit("I want to go on after all")
    assert browser.sees("Welcome back", "We have your application")
    browser.get(where_path(volunteer) + "/stop").post(where_path(volunteer) + "/undo")
    assert browser.sees("undone already")


def test_a_dead_link_says_what_to_do(browser, session):
    for path in ("/where/rubbish", "/where/1-b4f21-" + "0" * 40, "/where/rubbish/stop"):
        browser.get(path, status=410)
        assert browser.sees("Send me a new link")


def test_a_lost_link_goes_to_the_address_we_know_and_the_answer_is_always_the_same(browser, session):
    volunteer = VolunteerFactory(email="ann@example.org", phone="+447700900123")
    session.commit()
    said = set()
    for typed in ("Ann@example.org", "07700 900123", "nobody@example.org", "rubbish"):
        browser.get("/where").fill({"Your email address or phone number": typed}).submit("Send me the link")
        said.add(browser.text)
    assert len(said) == 1
    (letter,) = session.scalars(select(Message).where(Message.template == "where_link"))
    assert (letter.volunteer_id, letter.to_address) == (volunteer.id, "ann@example.org")


def test_somebody_who_was_not_taken_on_reads_the_same_kind_words_on_their_own_page(browser, session):
    from portal.access import Role
    from tests.factories import SignpostFactory, UserFactory

    user = UserFactory(role=Role.VOLUNTEER)
    volunteer = VolunteerFactory(stage=Stage.APPLIED, user=user)
    decisions.decline(
        volunteer, because="A secret", by=UserFactory(), words="You were warm.",
        signposts=[SignpostFactory(scheme=volunteer.scheme, title="Wear Recovery")],
        apply_again_on=clock.today() + timedelta(days=60),
    )  # fmt: skip
    session.commit()
    browser.sign_in_as(user).get("/my")
    assert browser.sees("now is the right time", "You were warm.", "Wear Recovery", "look at it again")
    assert not browser.sees("A secret")


def test_undoing_is_offered_on_the_own_page(browser, session):
    from portal.access import Role
    from tests.factories import UserFactory

    user = UserFactory(role=Role.VOLUNTEER)
    volunteer = VolunteerFactory(stage=Stage.APPLIED, user=user)
    decisions.withdraw(volunteer, by=Outsider("Ann"))
    session.commit()
    browser.sign_in_as(user).get("/my").submit("I want to go on after all")
    assert browser.sees("Welcome back")


def test_a_time_for_the_talk_is_chosen_from_it_as_long_as_their_link_to_the_talk_works(browser, session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    token = interviews.link_for(volunteer)
    session.commit()
    browser.get(where_path(volunteer))
    assert not browser.sees("nothing you need to do")
    browser.click("Choose a time to talk with us")
    assert browser.path == f"/talk/{token}"
    interviews.close_links(volunteer)
    session.commit()
    assert not browser.get(where_path(volunteer)).sees("Choose a time to talk with us")


def test_another_address_for_somebody_they_named_is_given_from_it_without_a_name(browser, session):
    volunteer = VolunteerFactory(stage=Stage.OFFERED)
    referee = RefereeFactory(application=ApplicationFactory(volunteer=volunteer), name="Chris Hill")
    reference = ReferenceFactory(
        volunteer=volunteer, referee=referee, requested_at=clock.now(), expires_at=clock.now() + timedelta(days=28)
    )
    session.commit()
    assert not browser.get(where_path(volunteer)).sees("another address")
    reference.bounced_at = clock.now()
    session.commit()
    assert not browser.get(where_path(volunteer)).sees("Chris Hill")
    browser.click("Give us another address for somebody you named")
    assert browser.path.startswith(f"/referees/{reference.id}-")


def test_the_letters_on_the_way_lead_to_it(session):
    from portal.applications.messages import application_sent
    from portal.interviews.messages import choose_a_time, interview_planned
    from portal.messages.documents import our_letter, our_short
    from portal.returning.messages import reminder
    from tests.factories import InterviewFactory

    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    application, path = ApplicationFactory(volunteer=volunteer), where_path(volunteer)
    for letter in (
        application_sent(application, has_account=False), reminder(application, "abc"),
        choose_a_time(volunteer, "abc"), interview_planned(InterviewFactory(volunteer=volunteer), "abc"),
    ):  # fmt: skip
        assert path in our_letter(letter)[1]
    assert path in (our_short(application_sent(application, has_account=False)) or "")


def test_whoever_stops_and_comes_back_can_choose_a_time_for_the_talk_again(browser, session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    interviews.link_for(volunteer)
    session.commit()
    browser.get(where_path(volunteer)).click("I do not want to go on for now").submit("Yes, stop for now")
    assert not browser.sees("Choose a time")
    browser.submit("I want to go on after all").click("Choose a time to talk with us")
    assert browser.path.startswith("/talk/")


def test_whoever_began_carries_on_from_here_and_whoever_waits_too_long_reads_that_we_are_sorry(browser, session):
    began = VolunteerFactory(stage=Stage.APPLYING)
    browser.get(where_path(began)).click("Carry on with your application")
    assert browser.heading == "Carry on with your application"
    waits = VolunteerFactory(stage=Stage.APPLIED, stage_since=clock.now() - timedelta(days=30))
    assert browser.get(where_path(waits)).sees("We should have answered by now. We are sorry.")
    assert not browser.sees("within 5 days")
    fresh = VolunteerFactory(stage=Stage.APPLIED, stage_since=clock.now())
    assert browser.get(where_path(fresh)).sees("get in touch within 5 days", "We answer by")
