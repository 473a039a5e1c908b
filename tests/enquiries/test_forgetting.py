"""A hello is forgotten half a year after our answer, as the privacy notice promises; only a number is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.audit.models import AuditLine
from portal.audit.rules import Outsider
from portal.enquiries import queries, services
from portal.enquiries.models import Enquiry, Outcome
from portal.enquiries.rules import KEPT_MONTHS
from portal.enquiries.services import Hello
from portal.messages.models import Message, MessageState
from portal.privacy.rules import RETENTION
from portal.schemes.models import Doors
from portal.worker import TASKS
from tests.factories import AreaFactory, EnquiryFactory, UserFactory, VolunteerFactory

BY = Outsider("Somebody who says hello")
SAM = Hello("Sam Pritchard", email="sam@example.org", words="I was inside", hide_scheme_name=True)
ANSWERED = datetime(2026, 5, 22, 15, tzinfo=UTC)


@pytest.fixture
def area(session):
    return AreaFactory(name="Seaham")


@pytest.fixture
def coordinator(area):
    return UserFactory(role=Role.COORDINATOR, scheme=area.scheme)


def at_night(at):
    """The task of the worker, at this instant."""
    with time_machine.travel(at, tick=False):
        [task] = [each for each in TASKS if each.name == "enquiries.forget"]
        return task.run(clock.now())


def said_and_answered(area, coordinator, hello=SAM, *, outcome=Outcome.NOT_NOW):
    with time_machine.travel(ANSWERED - timedelta(days=2), tick=False):
        enquiry = services.say_hello(area, hello, by=BY)
    with time_machine.travel(ANSWERED, tick=False):
        services.answer(enquiry, outcome=outcome, note="Rang Sam", by=coordinator)
    return enquiry


def sent(session):
    for letter in session.scalars(select(Message)):
        letter.state, letter.sent_at, letter.body = MessageState.SENT, clock.now(), None
    session.flush()


def test_after_six_months_the_name_the_words_and_the_addresses_are_gone(session, area, coordinator):
    enquiry = said_and_answered(area, coordinator)
    sent(session)
    assert at_night(datetime(2026, 11, 22, 2, 55, tzinfo=UTC)) == 0
    assert enquiry.name == "Sam Pritchard"
    assert at_night(datetime(2026, 11, 23, 2, 55, tzinfo=UTC)) == 1
    assert at_night(datetime(2026, 11, 24, 2, 55, tzinfo=UTC)) == 0
    session.commit()
    session.expire_all()
    left = " ".join(str(row) for table in (Enquiry, Message, AuditLine) for row in session.execute(
        select(*table.__table__.columns)
    ))  # fmt: skip
    for word in ("Sam", "Pritchard", "sam@example.org", "inside", "Rang"):
        assert word not in left
    assert (enquiry.made_at, enquiry.answered_at, enquiry.outcome) == (
        ANSWERED - timedelta(days=2), ANSWERED, Outcome.NOT_NOW,
    )  # fmt: skip
    line = session.scalars(select(AuditLine).where(AuditLine.purpose.like("Forgotten%"))).one()
    assert (line.table_name, line.row_id, line.scheme_id) == ("enquiry", enquiry.id, area.scheme_id)


def test_who_was_forgotten_is_in_no_list_and_may_say_hello_again(browser, session, area, coordinator):
    enquiry = said_and_answered(area, coordinator)
    at_night(ANSWERED + timedelta(days=190))
    session.commit()
    assert not queries.enquiries(seen_by=coordinator, is_answered=True).items
    browser.sign_in_as(coordinator).get(f"/enquiries/{enquiry.id}", status=404)
    again = services.say_hello(area, SAM, by=BY)
    assert again.id != enquiry.id
    assert again.answered_at is None


@pytest.mark.parametrize(
    "made", [{"answered_at": None, "outcome": None}, {"answered_at": ANSWERED, "outcome": Outcome.WAITING}]
)
def test_who_has_no_answer_or_waits_for_doors_to_open_is_not_forgotten(session, area, made):
    waits = EnquiryFactory(area=area, made_at=ANSWERED, tell_when_open=made["answered_at"] is not None, **made)
    assert at_night(ANSWERED + timedelta(days=600)) == 0
    assert waits.name


def test_who_was_told_that_doors_are_open_is_forgotten_half_a_year_later(session, area):
    waits = EnquiryFactory(
        area=area, made_at=ANSWERED, answered_at=ANSWERED, outcome=Outcome.WAITING, tell_when_open=True
    )
    area.doors = Doors.OPEN
    with time_machine.travel(ANSWERED + timedelta(days=300), tick=False):
        services.tell_of_open_doors(clock.now())
    sent(session)
    assert at_night(ANSWERED + timedelta(days=400)) == 0
    assert at_night(ANSWERED + timedelta(days=300 + 190)) == 1
    session.expire_all()
    assert (waits.name, session.scalars(select(Message.to_address)).all()) == ("", [""])


def test_nobody_waits_in_our_books_for_longer_than_two_years(session, area):
    EnquiryFactory(area=area, made_at=ANSWERED, answered_at=ANSWERED, outcome=Outcome.WAITING, tell_when_open=True)
    assert at_night(ANSWERED + timedelta(days=729)) == 0
    assert at_night(ANSWERED + timedelta(days=732)) == 1


def test_an_application_that_came_of_it_stays_as_it_is(session, area):
    volunteer = VolunteerFactory(area=area, name="Sam Pritchard")
    enquiry = EnquiryFactory(
        area=area, made_at=ANSWERED, answered_at=ANSWERED, outcome=Outcome.APPLYING, volunteer=volunteer,
        tell_when_open=True,
    )  # fmt: skip
    assert at_night(ANSWERED + timedelta(days=190)) == 1
    session.expire_all()
    assert (enquiry.volunteer_id, enquiry.outcome, volunteer.name) == (None, Outcome.APPLYING, "Sam Pritchard")


def test_the_notice_says_what_the_worker_does():
    [row] = [each for each in RETENTION if "said hello" in each.what]
    assert row.how_long == f"{KEPT_MONTHS} months"
