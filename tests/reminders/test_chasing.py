"""On which days who is reminded, each once; what came back; who is to be rung; what the applicant sees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import clock
from portal.access import Role
from portal.audit.rules import Outsider
from portal.messages.models import Message
from portal.references import services as references
from portal.references.models import CameBy, Reference, ReferenceState
from portal.references.queries import reference_by_link
from portal.references.services import Told
from portal.refusals import Refused
from portal.reminders import queries, services
from portal.reminders.rules import APPLICANT_DAYS, REFEREE_DAYS, next_step, ring_step, step_due
from portal.schemes.rules import ReferencesAsked
from portal.volunteers.journey import Stage
from tests.browser import Browser
from tests.factories import ApplicationFactory, AreaFactory, RefereeFactory, UserFactory, VolunteerFactory
from tests.references.test_services import GOOD

BEGIN = "2026-03-09 10:00+00:00"
BY = Outsider("Somebody")
DAY = date(2026, 3, 9)


@pytest.fixture
def area(session):
    return AreaFactory()


def asked(area, **referee):
    person = VolunteerFactory(area=area, stage=Stage.OFFERED, email="sam@example.org", name="Sam Example")
    RefereeFactory(application=ApplicationFactory(volunteer=person), name="Rhian Referee", **referee)
    ((reference, token),) = references.request_all(person, by=BY)
    return reference, token


def letters(session, template):
    session.flush()
    return session.scalars(select(Message).where(Message.template == template).order_by(Message.id)).all()


def chase_daily(traveller, days):
    for _ in range(days):
        traveller.shift(timedelta(days=1))
        services.chase(clock.now())


@given(st.integers(0, 90))
def test_only_the_latest_step_is_ever_due(days):
    step = step_due(DAY, DAY + timedelta(days=days), REFEREE_DAYS)
    assert step is None or step == max(each for each in REFEREE_DAYS if each <= days)
    assert step_due(DAY, DAY + timedelta(days=days), REFEREE_DAYS) != 0


@pytest.mark.parametrize(
    ("days", "step"), [(6, None), (7, 7), (11, 7), (12, None), (13, None), (14, 14), (27, None), (60, 28), (61, None)]
)
def test_a_late_reminder_waits_when_the_next_is_near_and_lapses_in_the_end(days, step):
    assert step_due(DAY, DAY + timedelta(days=days), REFEREE_DAYS) == step


def test_the_next_day_and_the_day_to_ring_are_told():
    assert next_step(DAY, DAY + timedelta(days=7), REFEREE_DAYS) == DAY + timedelta(days=14)
    assert next_step(DAY, DAY + timedelta(days=28), REFEREE_DAYS) is None
    assert [ring_step(DAY, DAY + timedelta(days=day)) for day in (0, 6, 7, 30)] == [0, 0, 7, 28]


def test_the_referee_and_the_applicant_are_reminded_on_their_days_with_the_same_link(session, area):
    with time_machine.travel(BEGIN, tick=False) as traveller:
        reference, token = asked(area)
        chase_daily(traveller, 40)
    reminded, nudged = letters(session, "reference_reminded"), letters(session, "reference_nudged")
    assert [(clock.in_london(each.queued_at).date() - DAY).days for each in reminded] == list(REFEREE_DAYS)
    assert [(clock.in_london(each.queued_at).date() - DAY).days for each in nudged] == list(APPLICANT_DAYS)
    assert all(f"/references/{token}" in each.body for each in reminded)
    assert "We will not remind you again" in reminded[-1].body
    assert "We will not remind you again" not in reminded[0].body
    assert {each.to_address for each in nudged} == {"sam@example.org"}
    assert {each.volunteer_id for each in nudged + reminded} == {reference.volunteer_id}


def test_the_applicant_never_reads_what_the_referee_did(session, area):
    with time_machine.travel(BEGIN, tick=False) as traveller:
        reference, _token = asked(area)
        references.open_link(reference, by=BY)
        chase_daily(traveller, 9)
    (nudged,) = letters(session, "reference_nudged")
    for word in ("opened", "answer", "declin", "not heard", "waiting", "rather not"):
        assert word not in nudged.body.casefold()


def test_a_link_that_is_reminded_of_works_even_where_its_time_was_over(session, area):
    settings = area.scheme.settings
    area.scheme.settings = type(settings).from_json(settings.to_json() | {"reference_link_days": 5})
    with time_machine.travel(BEGIN, tick=False) as traveller:
        reference, token = asked(area)
        references.open_link(reference, by=BY)
        traveller.shift(timedelta(days=6))
        references.expire(clock.now())
        assert reference.state is ReferenceState.EXPIRED
        chase_daily(traveller, 1)
        assert reference.state is ReferenceState.OPENED
        assert reference_by_link(token) is reference
        references.answer(reference, GOOD, by=BY)
    assert reference.came_by is CameBy.LINK


def test_after_a_week_without_a_worker_nobody_gets_two(session, area):
    with time_machine.travel(BEGIN, tick=False) as traveller:
        asked(area)
        traveller.shift(timedelta(days=16))
        services.chase(clock.now())
        services.chase(clock.now())
    assert (len(letters(session, "reference_reminded")), len(letters(session, "reference_nudged"))) == (1, 1)


@pytest.mark.parametrize("hour", [3, 8, 20, 23])
def test_nobody_is_reminded_at_night(session, area, hour):
    with time_machine.travel(BEGIN, tick=False) as traveller:
        asked(area)
        traveller.move_to(clock.now().replace(hour=hour) + timedelta(days=7))
        assert services.chase(clock.now()) == 0


@pytest.mark.parametrize("what", ["answered", "declined", "back", "quiet", "withdrawn", "not taken"])
def test_nobody_is_reminded_of_what_is_over_or_rests(session, area, what):
    with time_machine.travel(BEGIN, tick=False) as traveller:
        reference, _token = asked(area)
        match what:
            case "answered":
                references.answer(reference, GOOD, by=BY)
            case "declined":
                references.decline_to_give(reference, by=BY)
            case "back":
                services.came_back(reference)
            case "quiet":
                services.stop_reminding(reference, by=BY)
            case "withdrawn":
                reference.volunteer.stage = Stage.WITHDRAWN
            case _:
                reference.volunteer.stage = Stage.DECLINED
        session.flush()
        chase_daily(traveller, 31)
    assert letters(session, "reference_reminded") == letters(session, "reference_nudged") == []


def test_reminders_that_were_stopped_can_go_on_from_the_next(session, area):
    with time_machine.travel(BEGIN, tick=False) as traveller:
        reference, _token = asked(area)
        services.stop_reminding(reference, by=BY)
        chase_daily(traveller, 12)
        assert queries.to_come(reference) == []
        services.go_on_reminding(reference, by=BY)
        chase_daily(traveller, 2)
    assert len(letters(session, "reference_reminded")) == 1


def test_by_hand_they_are_reminded_once_a_day(session, area):
    with time_machine.travel(BEGIN, tick=False) as traveller:
        reference, _token = asked(area)
        services.remind_now(reference, by=BY)
        services.remind_now(reference, by=BY)
        assert len(letters(session, "reference_reminded")) == 1
        traveller.shift(timedelta(days=1))
        services.remind_now(reference, by=BY)
        assert len(letters(session, "reference_reminded")) == 2
        assert [words for _at, words in queries.timeline(reference)].count("The referee was reminded by one of us") == 2


def test_a_message_that_came_back_closes_the_link_and_asks_the_applicant_once(session, area):
    reference, token = asked(area)
    (sent,) = letters(session, "reference_requested")
    services.mind_bounce(sent)
    services.mind_bounce(sent)
    assert not reference.is_open(clock.now())
    (wanted,) = letters(session, "reference_address_wanted")
    assert wanted.to_address == "sam@example.org"
    path = queries.address_path(reference)
    assert path in wanted.body
    assert queries.reference_by_address_link(path.rpartition("/")[2]) is reference
    services.give_address(reference, email="new@example.org", phone="", by=BY)
    assert reference_by_link(token) is None
    assert queries.reference_by_address_link(path.rpartition("/")[2]) is None
    assert (reference.link_number, reference.bounced_at, reference.is_awaited) == (2, None, True)
    assert letters(session, "reference_requested")[-1].to_address == "new@example.org"


def test_a_message_to_somebody_else_closes_nothing(session, area):
    reference, _token = asked(area)
    (sent,) = letters(session, "reference_requested")
    sent.to_address = "other@example.org"
    services.mind_bounce(sent)
    assert reference.bounced_at is None


@pytest.mark.parametrize("secret", ["", "1", "1-", "x-y", "-", "٣-x", "9" * 40 + "-x", "1-" + "a" * 48])
def test_a_guessed_link_for_an_address_opens_nothing(session, area, browser, secret):
    reference, token = asked(area)
    services.came_back(reference)
    assert queries.reference_by_address_link(secret) is None
    assert queries.reference_by_address_link(f"{reference.id}-{token}") is None  # a secret for another purpose
    browser.get(f"/referees/{secret or 'x'}", status=410)
    assert browser.sees("no longer works")


def test_the_applicant_gives_another_address_by_link(session, area, browser):
    reference, _token = asked(area, email="old@example.org")
    services.came_back(reference)
    session.commit()
    path = queries.address_path(reference)
    browser.get(path).fill({"Their email address": "old@example.org"}).submit("Send", status=422)
    assert browser.errors == ["This is the address that did not work. Give another one, or a phone number"]
    browser.fill({"Their email address": "sam@example.org"}).submit("Send", status=422)
    assert browser.sees("the details of the person whom the reference is about")
    browser.fill({"Their email address": "new@example.org"}).submit("Send")
    assert browser.heading == "Thank you"
    browser.get(path, status=410)


def test_somebody_with_a_phone_alone_is_put_on_the_list_to_ring(session, area):
    worker = UserFactory(role=Role.COORDINATOR, area=area)
    with time_machine.travel(BEGIN, tick=False) as traveller:
        reference, _token = asked(area, email="", phone="+441914980000")
        session.flush()
        assert queries.waiting(seen_by=worker).to_ring == [reference]
        services.note_no_answer(reference, by=BY)
        assert queries.waiting(seen_by=worker).to_ring == []
        chase_daily(traveller, 7)
        assert queries.waiting(seen_by=worker).to_ring == [reference]
        with pytest.raises(Refused, match="ring them"):
            services.remind_now(reference, by=BY)
        chase_daily(traveller, 2)
        assert "look out for our call" in letters(session, "reference_nudged")[0].body
        told = Told(CameBy.PHONE, "Rhian", clock.today())
        references.answer(reference, GOOD, may_be_shown=True, told=told, by=worker)
    assert (reference.came_by, reference.spoke_to, reference.may_be_shown) == (CameBy.PHONE, "Rhian", True)
    assert letters(session, "reference_requested") == letters(session, "reference_received") == []


def test_the_work_list_costs_the_same_for_one_and_for_ten(session, area, count_queries):
    worker = UserFactory(role=Role.COORDINATOR, area=area)
    asked(area, email="", phone="+441914980000")
    session.flush()
    worker.may  # noqa: B018 - what they may do is read once
    queries.waiting(seen_by=worker)
    with count_queries() as one:
        queries.waiting(seen_by=worker)
    for number in range(9):
        asked(area, email="", phone=f"+44191498000{number}")
    session.flush()
    with count_queries() as ten:
        queries.waiting(seen_by=worker)
    assert one.total == ten.total == 2


def test_references_are_asked_for_when_the_scheme_has_set_it(session, area):
    settings = area.scheme.settings
    for when, stage in (
        (ReferencesAsked.ON_SENDING, Stage.APPLIED), (ReferencesAsked.AFTER_INTERVIEW, Stage.INTERVIEWING),
        (ReferencesAsked.AFTER_OFFER, Stage.OFFERED),
    ):  # fmt: skip
        area.scheme.settings = type(settings).from_json(settings.to_json() | {"references_asked": when.value})
        person = VolunteerFactory(area=area, stage=stage)
        RefereeFactory(application=ApplicationFactory(volunteer=person))
        others = [each for each in ReferencesAsked if each is not when]
        assert [references.request_if_due(person, when=each, by=BY) for each in others] == [[], []]
        assert len(references.request_if_due(person, when=when, by=BY)) == 1
        assert references.request_if_due(person, when=when, by=BY) == []


def test_asking_somebody_else_twice_asks_once(session, area):
    reference, _token = asked(area)
    given = {
        "name": "Imam Yusuf", "relation": reference.referee.relation, "organisation": "", "email": "y@example.org",
        "phone": "", "years_known": 4, "by": BY,
    }  # fmt: skip
    one = references.ask_another(reference.volunteer, **given)
    assert references.ask_another(reference.volunteer, **given) == one
    assert session.scalar(select(func.count()).select_from(Reference)) == 2
    assert len(letters(session, "reference_requested")) == 2


def test_a_concern_is_never_shown_and_the_rest_only_after_the_decision(session, area):
    reference, _token = asked(area)
    person = reference.volunteer
    references.answer(reference, GOOD, may_be_shown=True, by=BY)
    session.flush()
    assert queries.own_references(person)[0].said == ()
    person.stage = Stage.READY
    session.flush()
    assert queries.own_references(person)[0].said
    references.note_concern(reference, how="A worry", by=UserFactory())
    session.flush()
    assert queries.own_references(person)[0].said == ()


def test_staff_see_what_happened_and_what_comes_next(app, session, area):
    reference, _token = asked(area)
    session.commit()
    desk = Browser(app).sign_in_as(UserFactory(role=Role.COORDINATOR, area=area))
    desk.get("/references")
    assert desk.sees("Nobody has to be rung now", "Every address works")
    desk.get(f"/people/{reference.volunteer_id}/references/{reference.id}").click(
        "What happened so far, and what comes next"
    )
    assert desk.sees("Asked by e-mail", "We remind the referee", "We ask the applicant to have a word with them")
    desk.submit("Stop reminding").submit("Let the reminders go on").submit("Remind them now")
    assert desk.banners == ["They are reminded. Once a day is the most"]
    desk.submit("The address does not work")
    desk.get("/references").click("Rhian Referee, for Sam Example")
    assert desk.heading == "Send a new link"
