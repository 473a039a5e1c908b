"""Two records of one person are put together, shown as one, and parted again; nothing is lost either way."""

from __future__ import annotations

import pytest

from portal.access import Role
from portal.applications.queries import application_by_code
from portal.database import keyring
from portal.duplicates import queries, services
from portal.duplicates.models import Verdict
from portal.refusals import Refused
from portal.reports.queries import figures
from portal.volunteers.journey import Stage
from portal.volunteers.queries import people
from tests.factories import (
    ApplicationFactory,
    AreaFactory,
    HistoryLineFactory,
    InterviewFactory,
    RefereeFactory,
    ReferenceFactory,
    SchemeFactory,
    UserFactory,
    VolunteerFactory,
)

CODE = "23456789ABCDEFGHJKMNPQRSTVWX"


@pytest.fixture
def area(session):
    return AreaFactory(scheme=SchemeFactory(), name="Quayside")


@pytest.fixture
def staff(area):
    return UserFactory(role=Role.COORDINATOR, scheme=area.scheme, name="Cora Coordinator")


@pytest.fixture
def kept(area):
    person = VolunteerFactory(
        area=area, name="John Smith", sort_name="john smith", phone="+447700900982", email="", stage=Stage.APPLIED
    )
    HistoryLineFactory(volunteer=person, to_stage=Stage.APPLIED)
    ApplicationFactory(volunteer=person)
    return person


@pytest.fixture
def other(area):
    person = VolunteerFactory(
        area=area, name="Jon Smith", sort_name="jon smith", phone="+447700900982", email="jon@example.org",
        stage=Stage.APPLYING,
    )  # fmt: skip
    HistoryLineFactory(volunteer=person, to_stage=Stage.APPLYING, by_name="Jon himself")
    RefereeFactory(application=ApplicationFactory(volunteer=person, return_code_hash=keyring.hash(CODE)), name="Tess")
    return person


def join(kept, other, staff, **more):
    return services.join(kept, other, because="Rang them", by=staff, **more)


def test_people_who_share_a_number_are_found_by_who_may_see_both_only(kept, other, staff, area):
    found = queries.perhaps_the_same(seen_by=staff)
    assert [(each.one_id, each.other_id, each.shares) for each in found] == [
        (kept.id, other.id, "the same phone number")
    ]  # fmt: skip
    elsewhere = VolunteerFactory(area=AreaFactory(scheme=area.scheme), phone="+447700900982")
    of_one_area = UserFactory(role=Role.COORDINATOR, area=elsewhere.area)
    assert queries.perhaps_the_same(seen_by=of_one_area) == []
    VolunteerFactory(phone="+447700900982")
    assert len(queries.perhaps_the_same(seen_by=staff)) == 3


def test_joined_the_other_ends_and_what_was_chosen_is_carried(kept, other, staff):
    pair = join(kept, other, staff, carry=["email"])
    assert (other.stage, other.same_as_id) == (Stage.JOINED, kept.id)
    assert (kept.email, kept.name, kept.stage) == ("jon@example.org", "John Smith", Stage.APPLIED)
    assert (pair.verdict, pair.because) == (Verdict.SAME, "Rang them")
    assert queries.perhaps_the_same(seen_by=staff) == []


def test_parted_again_everything_is_as_it_was(kept, other, staff, session):
    referee = queries.application_of(other).referees[0]
    pair = join(kept, other, staff, carry=["email", "name"], referees=[referee.id])
    session.expire_all()
    assert [each.name for each in queries.application_of(kept).referees] == ["Tess"]
    services.part(pair, by=staff)
    session.expire_all()
    assert (kept.email, kept.name, kept.sort_name) == ("", "John Smith", "john smith")
    assert (other.stage, other.same_as_id, other.email) == (Stage.APPLYING, None, "jon@example.org")
    assert [each.name for each in queries.application_of(other).referees] == ["Tess"]
    with pytest.raises(Refused, match="undone already"):
        services.part(pair, by=staff)


def test_they_can_be_joined_again_after_parting(kept, other, staff):
    services.part(join(kept, other, staff), by=staff)
    assert join(kept, other, staff).undone_at is None


def test_what_was_changed_since_is_not_undone(kept, other, staff):
    pair = join(kept, other, staff, carry=["email"])
    kept.email = "new@example.org"
    services.part(pair, by=staff)
    assert kept.email == "new@example.org"


def test_a_referee_who_was_asked_stays_where_they_were_asked(kept, other, staff):
    referee = queries.application_of(other).referees[0]
    ReferenceFactory(referee=referee, volunteer=other)
    assert join(kept, other, staff, referees=[referee.id]).carried["referees"] == []


def test_two_people_who_decide_at_once_are_told(kept, other, staff):
    join(kept, other, staff)
    with pytest.raises(Refused, match="meanwhile"):
        join(kept, other, staff)
    with pytest.raises(Refused, match="meanwhile"):
        services.say_different(other, kept, because="", by=staff)


def test_two_different_people_are_remembered(kept, other, staff):
    services.say_different(kept, other, because="", by=staff)
    assert queries.perhaps_the_same(seen_by=staff) == []
    assert other.stage is Stage.APPLYING


def test_lists_show_the_person_once_and_searching_either_reference_leads_to_the_record_that_goes_on(
    kept, other, staff, session
):
    leader = UserFactory(role=Role.COORDINATOR, scheme=kept.scheme)
    before = sum(figures(seen_by=leader).at_stage[kept.area_id].values())
    join(kept, other, staff)
    session.flush()
    assert [row.id for row in people(seen_by=staff).items] == [kept.id]
    assert [row.id for row in people(seen_by=staff, search=other.reference).items] == [kept.id]
    assert [row.id for row in people(seen_by=staff, search="jon").items] == []
    assert sum(figures(seen_by=leader).at_stage[kept.area_id].values()) == before - 1


def test_the_code_of_the_record_that_ended_opens_nothing_and_works_again_after_parting(kept, other, staff):
    assert application_by_code(CODE) is not None
    pair = join(kept, other, staff)
    assert application_by_code(CODE) is None
    services.part(pair, by=staff)
    assert application_by_code(CODE).volunteer_id == other.id


def test_a_talk_that_was_planned_is_called_off(kept, other, staff, session):
    kept.stage = Stage.OFFERED
    other.stage = Stage.INTERVIEWING
    talk = InterviewFactory(volunteer=other)
    join(kept, other, staff)
    assert talk.cancelled_at is not None


def test_staff_compare_them_side_by_side_and_put_them_together(browser, kept, other, staff, session):
    session.commit()
    browser.sign_in_as(staff).get("/perhaps-the-same")
    assert browser.sees("They share the same phone number.")
    browser.get(f"/people/{kept.id}/same-as/{other.id}")
    assert browser.sees("John Smith", "Jon Smith", "Tess", "Jon himself")
    assert browser.sees(f"Email: not given ({kept.reference}), jon@example.org ({other.reference})")
    assert "Phone: " not in browser.text  # nothing to choose where both say the same
    browser.submit("Put them together", status=422)
    assert browser.errors == ["Say how you know that they are one person"]
    browser.fill({"How do you know that they are one person?": "Rang them"}).fill(carry=["email"])
    browser.submit("Put them together")
    assert browser.banners == [f"{other.reference} is joined with {kept.reference}"]
    browser.get(f"/people/{kept.id}")
    assert browser.sees(f"Joined from {other.reference}", "Jon himself")
    browser.get(f"/people/{other.id}")
    assert browser.sees("This record was joined with another one of the same person.")
    browser.get(f"/people/{kept.id}/joined").submit(f"Part them again {other.reference}")
    assert browser.banners == ["This is undone"]
    session.expire_all()
    assert other.stage is Stage.APPLYING


def test_a_record_that_is_too_far_along_says_why_it_cannot_end(browser, kept, other, staff, session):
    kept.stage, other.stage = Stage.TRAINING, Stage.TRAINING
    session.commit()
    browser.sign_in_as(staff).get(f"/people/{kept.id}/same-as/{other.id}")
    assert browser.sees("The other record cannot end here")
    assert "Put them together" not in browser.text
    browser.submit("They are two people")
    assert browser.banners == ["They are two people. We do not ask again"]
    assert browser.sees("Nobody seems to be on the list twice.")


def test_the_list_costs_the_same_for_one_pair_and_for_many(session, staff, kept, other, area, app):
    from sqlalchemy import event

    def statements():
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(session.connection(), "before_cursor_execute", listen)
        found = queries.perhaps_the_same(seen_by=staff)
        event.remove(session.connection(), "before_cursor_execute", listen)
        return len(seen), len(found)

    session.flush()
    statements()  # what they may do is read once
    once, few = statements()
    VolunteerFactory.create_batch(8, area=area, phone="+447700900111")
    session.flush()
    again, many = statements()
    assert many > few
    assert once == again
