"""Publishing an agreement, acknowledging it, and the gate that follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.agreements import gates, queries, services
from portal.agreements.models import AgreementKind
from portal.agreements.rules import Version, difference, is_name_of, standing, words_to_avoid
from portal.messages.models import Message
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import GateState
from tests.factories import AcknowledgementFactory, AgreementFactory, UserFactory, VolunteerFactory


def offered(**changes):
    return VolunteerFactory(stage=Stage.OFFERED, **changes)


def agreement_gate(volunteer):
    gate = gates.gates([volunteer])[volunteer.id][0]
    assert gate.key == "agreement"
    return gate


def test_a_new_version_is_a_new_row_with_the_next_number(session):
    scheme = offered().scheme
    one = services.publish(scheme, title="One", text="Words", by=UserFactory())
    two = services.publish(scheme, title="Two", text="Words", by=UserFactory())
    assert (one.number, two.number) == (1, 2)
    with pytest.raises(Refused, match="Enter the text"):
        services.publish(scheme, title="Three", text=" ", by=UserFactory())


def test_acknowledging_keeps_the_name_as_typed(session):
    user = UserFactory()
    volunteer = offered(user=user, name="Siân Ŵyn")
    agreement = AgreementFactory(scheme_id=volunteer.scheme_id)
    line = services.acknowledge(volunteer, agreement=agreement, typed_name="Siân Ŵyn", by=user)
    assert (line.typed_name, line.recorded_by_id) == ("Siân Ŵyn", None)
    with pytest.raises(Refused, match="acknowledged already"):
        services.acknowledge(volunteer, agreement=agreement, typed_name="Siân Ŵyn", by=user)


def test_who_recorded_a_paper_is_kept(session):
    volunteer, worker = offered(), UserFactory()
    agreement = AgreementFactory(scheme_id=volunteer.scheme_id)
    line = services.acknowledge(volunteer, agreement=agreement, typed_name="A", by=worker)
    assert line.recorded_by_id == worker.id


def test_only_the_latest_version_of_ones_own_scheme_is_acknowledged_with_a_name_after_an_offer(session):
    volunteer = offered()
    old = AgreementFactory(scheme_id=volunteer.scheme_id, number=1)
    new = AgreementFactory(scheme_id=volunteer.scheme_id, number=2)
    for wrong in (old, AgreementFactory(number=2)):
        with pytest.raises(Refused, match="newer version"):
            services.acknowledge(volunteer, agreement=wrong, typed_name="A", by=UserFactory())
    with pytest.raises(Refused, match="Type your name"):
        services.acknowledge(volunteer, agreement=new, typed_name=" ", by=UserFactory())
    volunteer.stage = Stage.APPLIED
    with pytest.raises(Refused, match="offered a place"):
        services.acknowledge(volunteer, agreement=new, typed_name="A", by=UserFactory())


def test_the_agreement_gate_follows_the_latest_version(session):
    volunteer = offered()
    assert agreement_gate(volunteer).owner == "The scheme admin"
    one = AgreementFactory(scheme_id=volunteer.scheme_id, number=1)
    assert (agreement_gate(volunteer).state, agreement_gate(volunteer).owner) == (
        GateState.NOT_STARTED,
        "The volunteer",
    )
    services.acknowledge(volunteer, agreement=one, typed_name="A", by=UserFactory())
    assert agreement_gate(volunteer).state is GateState.MET
    AgreementFactory(scheme_id=volunteer.scheme_id, number=2)
    assert agreement_gate(volunteer).state is GateState.WAITING


def version(number, *, asks_again=True, is_withdrawn=False):
    return Version(number, number, asks_again, is_withdrawn)


@pytest.mark.parametrize(
    ("versions", "counted"),
    [
        ([], None),
        ([version(1)], {1}),
        ([version(1), version(2)], {2}),
        ([version(1), version(2, asks_again=False)], {1, 2}),
        ([version(1), version(2), version(3, asks_again=False), version(4, asks_again=False)], {2, 3, 4}),
        ([version(1), version(2, is_withdrawn=True)], None),
        ([version(1, is_withdrawn=True), version(2)], {2}),
    ],
)
def test_earlier_versions_count_as_long_as_later_ones_only_put_a_mistake_right(versions, counted):
    found = standing(versions)
    assert (set(found.counted) if found else None) == counted


@pytest.mark.parametrize("typed", ["Anwen", "anwen wyn", "A. Ŵyn", "Ŵyn, A", "Anwin Wyn", "Nia"])
def test_a_name_is_theirs_when_one_part_is_near_enough(typed):
    assert is_name_of(typed.replace(",", ""), ["Anwen Ŵyn", "Nia", ""])


@pytest.mark.parametrize("typed", ["Bob", "x", "A", "…", "yes"])
def test_somebody_elses_name_is_not_theirs(typed):
    assert not is_name_of(typed, ["Anwen Ŵyn", "Nia", ""])


def test_words_that_make_it_read_like_a_contract_are_named_once_and_parts_of_words_are_not():
    assert words_to_avoid("You MUST sign this contract. Payments, and you must.") == [
        "contract", "payment", "must", "sign",
    ]  # fmt: skip
    assert words_to_avoid("We hope for mustard, contraction and design; a significant jobber") == []
    assert words_to_avoid("It is not a contract. Your travel is paid back; we pay back fares.") == []


def test_the_difference_shows_what_came_what_went_and_what_stayed():
    found = difference("We listen.\n\nYou come.", "We listen.\r\n\r\nYou come when you can.\nWe pay fares.")
    assert [(piece.how, piece.words) for piece in found] == [
        ("kept", "We listen."), ("removed", "You come."), ("added", "You come when you can."),
        ("added", "We pay fares."),
    ]  # fmt: skip


def admin_of(volunteer):
    return UserFactory(role=Role.SCHEME_ADMIN, scheme=volunteer.scheme)


def test_every_kind_that_is_published_is_asked_for_and_the_gate_says_which_is_missing(session):
    volunteer = offered()
    by = admin_of(volunteer)
    made = {
        kind: services.publish(volunteer.scheme, kind=kind, title=kind.words, text="We listen", by=by)
        for kind in AgreementKind
    }
    assert {each.number for each in made.values()} == {1}
    services.acknowledge(volunteer, agreement=made[AgreementKind.VOLUNTEER], typed_name="A", by=by)
    assert agreement_gate(volunteer).why == (
        "Confidentiality, version 1, is to be acknowledged; Code of conduct, version 1, is to be acknowledged"
    )
    services.withdraw(made[AgreementKind.CONDUCT], by=by)
    services.acknowledge(volunteer, agreement=made[AgreementKind.CONFIDENTIALITY], typed_name="A", by=by)
    assert (agreement_gate(volunteer).state, agreement_gate(volunteer).why) == (GateState.MET, "all 2 acknowledged")
    with pytest.raises(Refused, match="withdrawn already"):
        services.withdraw(made[AgreementKind.CONDUCT], by=by)


def test_a_mistake_put_right_asks_nobody_again(session):
    volunteer = offered()
    by = admin_of(volunteer)
    one = services.publish(volunteer.scheme, title="One", text="We lissen", by=by)
    services.acknowledge(volunteer, agreement=one, typed_name="A", by=by)
    services.publish(volunteer.scheme, title="One", text="We listen", asks_again=False, by=by)
    assert agreement_gate(volunteer).state is GateState.MET
    services.publish(volunteer.scheme, title="One", text="We listen and learn", by=by)
    assert agreement_gate(volunteer).why == "version 3 is new and to be acknowledged"


def test_the_same_words_are_not_published_twice(session):
    volunteer = offered()
    for refused in (False, True):
        if refused:
            with pytest.raises(Refused, match="nothing was changed"):
                services.publish(volunteer.scheme, title="One", text="We listen", by=admin_of(volunteer))
        else:
            services.publish(volunteer.scheme, title="One", text="We listen", by=admin_of(volunteer))


def test_a_volunteer_types_a_name_of_their_own(session):
    user = UserFactory()
    volunteer = offered(user=user, name="Siân Ŵyn")
    agreement = AgreementFactory(scheme_id=volunteer.scheme_id)
    with pytest.raises(Refused, match="your own name"):
        services.acknowledge(volunteer, agreement=agreement, typed_name="Mickey Mouse", by=user)


def test_everybody_with_a_place_is_written_to_once_and_reminded_after_a_week_and_after_two(session):
    active = VolunteerFactory(stage=Stage.ACTIVE, email="active@example.org")
    gone = VolunteerFactory(stage=Stage.LEFT, area=active.area, email="gone@example.org")
    old = AgreementFactory(scheme_id=active.scheme_id, number=1)
    AcknowledgementFactory(volunteer=active, agreement=old)
    start = clock.now()
    services.publish(active.scheme, title="New", text="We listen", by=admin_of(active))
    for hour in range(0, 30 * 24, 6):
        services.ask(start + timedelta(hours=hour))
    letters = [(each.to_address, each.template) for each in session.scalars(select(Message).order_by(Message.id))]
    assert letters == [
        (active.email, "agreement_to_read"), (active.email, "agreement_reminder"),
        (active.email, "agreement_reminder"),
    ]  # fmt: skip
    assert gone.email not in dict(letters)
    assert active.stage is Stage.ACTIVE  # asked again, not thrown out


def test_nobody_who_has_acknowledged_is_written_to(session):
    volunteer = offered()
    AcknowledgementFactory(volunteer=volunteer)
    assert services.ask(clock.now() + timedelta(days=20)) == 0


def test_a_link_is_for_one_person_one_version_and_one_address(session):
    volunteer, other = offered(email="one@example.org"), offered()
    one, two = AgreementFactory(scheme_id=volunteer.scheme_id), AgreementFactory(scheme_id=volunteer.scheme_id)
    token = queries.token_of(one, volunteer)
    found = queries.by_link(token)
    assert (found.volunteer, found.agreement) == (volunteer, one)
    _, _, day, secret = token.split("-")
    earlier = f"{int(day, 16) - 1:x}"
    for wrong in (
        f"{other.id}-{one.id}-{day}-{secret}", f"{volunteer.id}-{two.id}-{day}-{secret}",
        f"{volunteer.id}-{one.id}-{earlier}-{secret}", f"{volunteer.id}-{one.id}-{secret}", "1-2", "", "x" * 500,
        "²-1-x",
    ):  # fmt: skip
        assert queries.by_link(wrong) is None
    volunteer.email = "two@example.org"
    session.flush()
    assert queries.by_link(token) is None


def test_the_list_names_who_has_not_yet_in_ones_own_area(session):
    volunteer = offered()
    AgreementFactory(scheme_id=volunteer.scheme_id)
    here = UserFactory(role=Role.COORDINATOR, area=volunteer.area)
    ((person, missing),) = queries.not_yet(seen_by=here)
    assert (person, len(missing)) == (volunteer, 1)
    assert queries.not_yet(seen_by=UserFactory(role=Role.COORDINATOR)) == []


def test_the_gates_of_one_and_of_twenty_cost_the_same(session, count_queries):
    people = [offered()]
    AgreementFactory(scheme_id=people[0].scheme_id)
    people += [VolunteerFactory(stage=Stage.OFFERED, area=people[0].area) for _ in range(19)]
    with count_queries() as one:
        gates.gates(people[:1])
    with count_queries() as many:
        gates.gates(people)
    assert one.total == many.total == 2
