"""DBS checks: eligibility, the free check, the certificate, the decision; the gate that follows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from portal import clock
from portal.access import Role
from portal.audit.models import AuditLine
from portal.checks import gates, services
from portal.checks.models import Level, Outcome, Suitability, Workforce
from portal.checks.rules import TRAINEE, FreeTest
from portal.clock import months_after
from portal.conditions.gates import gates_to_train
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import GateState
from tests.factories import DbsCheckFactory, EligibilityFactory, UserFactory, VolunteerFactory

NUMBER = "001234567890"
ALL = tuple(FreeTest)


def offered(**changes):
    return VolunteerFactory(stage=Stage.OFFERED, **changes)


def officer(volunteer):
    return UserFactory(role=Role.DBS_OFFICER, scheme=volunteer.scheme)


def lead(volunteer):
    return UserFactory(role=Role.SAFEGUARDING_LEAD, scheme=volunteer.scheme)


def apply(volunteer, **changes):
    given = {
        "eligibility": changes.pop("eligibility", None) or EligibilityFactory(scheme=volunteer.scheme),
        "applied_on": clock.today(), "application_reference": "E123", "free_as_volunteer": True, "statements": ALL,
        "by": officer(volunteer),
    }  # fmt: skip
    return services.apply(volunteer, **{**given, **changes})


def see(check, **changes):
    given = {"number": NUMBER, "issued_on": clock.today(), "seen_on": clock.today()}
    given |= {"outcome": Outcome.NO_INFORMATION, "by": officer(check.volunteer)}
    services.see_certificate(check, **{**given, **changes})
    return check


def decide(check, **changes):
    given = {"decision": Suitability.SUITABLE, "because": "Nothing on it", "conditions": ""}
    services.decide(check, **{**given, "by": lead(check.volunteer), **changes})
    return check


def test_eligibility_says_which_wording_was_relied_on(session):
    scheme = VolunteerFactory().scheme
    given = {"role_title": "Mentor", "level": Level.ENHANCED, "workforce": Workforce.ADULT, "by": UserFactory()}
    with pytest.raises(Refused, match="which wording"):
        services.decide_eligibility(scheme, **given, relied_on=" ")
    with pytest.raises(Refused, match="barred lists is for work with"):
        services.decide_eligibility(
            scheme, **{**given, "level": Level.ENHANCED_BARRED, "workforce": Workforce.OTHER}, relied_on="x"
        )
    decided = services.decide_eligibility(scheme, **given, relied_on="Weekly advice to adults in treatment")
    assert decided.decided_on == clock.today()


def test_a_check_takes_its_level_from_the_decision_about_the_role(session):
    volunteer = offered()
    eligibility = EligibilityFactory(scheme=volunteer.scheme, level=Level.STANDARD, workforce=Workforce.OTHER)
    check = apply(volunteer, eligibility=eligibility)
    assert (check.level, check.workforce) == (Level.STANDARD, Workforce.OTHER)


@pytest.mark.parametrize("stage", [Stage.APPLIED, Stage.INTERVIEWING, Stage.DECLINED])
def test_a_check_follows_an_offer(session, stage):
    with pytest.raises(Refused, match="follows an offer"):
        apply(VolunteerFactory(stage=stage))


def test_a_check_is_not_applied_for_twice_at_once_nor_in_the_future_nor_on_anothers_decision(session):
    volunteer = offered()
    with pytest.raises(Refused, match="future"):
        apply(volunteer, applied_on=clock.today() + timedelta(days=1))
    with pytest.raises(Refused, match="another scheme"):
        apply(volunteer, eligibility=EligibilityFactory())
    first = apply(volunteer)
    with pytest.raises(Refused, match="under way already"):
        apply(volunteer)
    services.close(first, because="Returned by the DBS: a name was missing", by=officer(volunteer))
    assert apply(volunteer).id != first.id


@pytest.mark.parametrize("missing", ALL)
def test_a_free_check_needs_every_statement_of_the_test(session, missing):
    with pytest.raises(Refused, match="Not confirmed") as refused:
        apply(offered(), statements=[each for each in ALL if each is not missing])
    assert len(refused.value.reasons) == 1


def test_somebody_heading_for_a_qualification_is_not_free_unless_the_registered_body_said_so(session):
    volunteer = offered()
    with pytest.raises(Refused) as refused:
        apply(volunteer, is_trainee=True)
    assert refused.value.reasons == [TRAINEE]
    check = apply(volunteer, is_trainee=True, despite_training="The umbrella body agreed on 3 May")
    assert check.free_despite_training == "The umbrella body agreed on 3 May"


def test_a_basic_check_is_never_free_and_a_paid_one_needs_no_statements(session):
    volunteer = offered()
    basic = EligibilityFactory(scheme=volunteer.scheme, level=Level.BASIC)
    with pytest.raises(Refused, match="never free"):
        apply(volunteer, eligibility=basic)
    check = apply(volunteer, eligibility=basic, free_as_volunteer=False, statements=())
    assert check.volunteer_declaration_by_id is None


def test_who_confirmed_the_free_test_is_kept(session):
    volunteer = offered()
    by = officer(volunteer)
    assert apply(volunteer, by=by).volunteer_declaration_by_id == by.id


@pytest.mark.parametrize("number", ["12345678901", "1234567890123", "00123456789X", "", "٠٠١٢٣٤٥٦٧٨٩٠"])
def test_a_certificate_number_has_12_digits(session, number):
    with pytest.raises(Refused, match="12 digits"):
        see(DbsCheckFactory(), number=number)


def test_leading_noughts_are_kept_and_spaces_are_not(session):
    check = see(DbsCheckFactory(), number="0012 3456 7890")
    assert (check.number, check.number_last_four) == (NUMBER, "7890")


def test_the_dates_of_a_certificate_are_in_order(session):
    today = clock.today()
    applied = DbsCheckFactory(applied_on=today - timedelta(days=10))
    with pytest.raises(Refused, match="issue cannot be in the future"):
        see(applied, issued_on=today + timedelta(days=1))
    with pytest.raises(Refused, match="before this check was applied for"):
        see(applied, issued_on=today - timedelta(days=11))
    with pytest.raises(Refused, match="saw it cannot be in the future"):
        see(applied, seen_on=today + timedelta(days=1))
    with pytest.raises(Refused, match="before the date of issue"):
        see(applied, seen_on=today - timedelta(days=1))
    assert applied.number is None


def test_a_certificate_is_recorded_once_and_not_on_a_closed_check(session):
    with pytest.raises(Refused, match="recorded already"):
        see(see(DbsCheckFactory()))
    with pytest.raises(Refused, match="was closed"):
        see(DbsCheckFactory(closed_at=clock.now()))


def test_one_certificate_cannot_stand_for_two_people_of_a_scheme(session):
    first = see(DbsCheckFactory())
    session.commit()
    with pytest.raises(Refused, match="somebody else’s check"):
        see(DbsCheckFactory(volunteer__area=first.volunteer.area))
    assert see(DbsCheckFactory()).number == NUMBER  # in another scheme nobody is told anything


def test_the_number_is_never_in_plain_in_the_database_or_the_record(session):
    check = see(DbsCheckFactory(application_reference="REFERENCE-IN-PLAIN"))
    session.commit()
    row = session.execute(text("SELECT * FROM dbs_check WHERE id = :id"), {"id": check.id}).one()
    assert NUMBER not in str([bytes(each) if isinstance(each, memoryview) else each for each in row])
    lines = str([(line.before, line.after) for line in session.scalars(select(AuditLine))])
    assert NUMBER not in lines
    assert check.number_hash not in lines
    if session.get_bind().dialect.name == "sqlite":
        file = session.connection().connection.dbapi_connection.serialize()
        assert b"REFERENCE-IN-PLAIN" in file  # so that this would find the number
        assert NUMBER.encode() not in file


def test_nothing_is_decided_before_the_certificate_was_seen(session):
    with pytest.raises(Refused, match="not been seen yet"):
        decide(DbsCheckFactory())


def test_a_decision_sets_the_day_of_the_next_check(session):
    check = decide(see(DbsCheckFactory()))
    months = check.volunteer.scheme.settings.dbs_recheck_after_months
    assert check.recheck_due_on == months_after(check.issued_on, months)
    with pytest.raises(Refused, match="decided or closed already"):
        decide(check)


@pytest.mark.parametrize("decision", [each for each in Suitability if each is not Suitability.NOT_SUITABLE])
def test_a_barred_person_is_only_ever_not_suitable(session, decision):
    check = see(DbsCheckFactory(), outcome=Outcome.BARRED)
    with pytest.raises(Refused, match="barred list"):
        decide(check, decision=decision, conditions="x")
    decide(check, decision=Suitability.NOT_SUITABLE, because="Barred")
    assert check.recheck_due_on is None


def test_two_people_are_needed_where_there_is_something_on_it(session):
    check = DbsCheckFactory()
    saw = lead(check.volunteer)
    see(check, outcome=Outcome.INFORMATION_DISCLOSED, by=saw)
    with pytest.raises(Refused, match="somebody else must decide"):
        decide(check, by=saw)
    decide(check, by=lead(check.volunteer))
    assert check.decision is Suitability.SUITABLE


def test_one_person_may_see_and_decide_where_there_is_nothing_on_it(session):
    check = DbsCheckFactory()
    both = lead(check.volunteer)
    assert decide(see(check, by=both), by=both).decision is Suitability.SUITABLE


def test_a_decision_needs_its_reason_and_conditions_need_words(session):
    check = see(DbsCheckFactory())
    with pytest.raises(Refused, match="Say why"):
        decide(check, because=" ")
    with pytest.raises(Refused, match="what the conditions are"):
        decide(check, decision=Suitability.SUITABLE_WITH_CONDITIONS)
    decide(check, decision=Suitability.SUITABLE_WITH_CONDITIONS, conditions="In pairs only")
    assert check.conditions == "In pairs only"


def test_nobody_decides_about_themselves(session):
    user = UserFactory()
    check = see(DbsCheckFactory(volunteer=offered(user=user)))
    with pytest.raises(Refused, match="themselves"):
        decide(check, by=user)


def test_a_decision_that_was_put_off_can_be_made_later(session):
    check = decide(see(DbsCheckFactory()), decision=Suitability.DEFERRED, because="Disputed")
    assert decide(check).decision is Suitability.SUITABLE


def test_what_was_on_it_and_why_it_was_decided_so_is_not_in_the_record(session):
    check = see(DbsCheckFactory(), outcome=Outcome.INFORMATION_DISCLOSED)
    decide(check, because="a delicate matter of long ago")
    session.commit()
    lines = str([(line.before, line.after) for line in session.scalars(select(AuditLine))])
    assert "delicate" not in lines
    assert "information_disclosed" not in lines


def test_a_closed_check_needs_a_reason_and_cannot_be_closed_twice(session):
    check = DbsCheckFactory()
    with pytest.raises(Refused, match="why it is closed"):
        services.close(check, because="", by=officer(check.volunteer))
    services.close(check, because="Withdrawn", by=officer(check.volunteer))
    with pytest.raises(Refused, match="already"):
        services.close(check, because="Again", by=officer(check.volunteer))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day, months, later):
    assert months_after(day, months) == later


def dbs(volunteer):
    gate = gates.gates([volunteer])[volunteer.id][0]
    assert gate.key == "dbs"
    return gate


def test_the_gate_follows_the_check(session):
    volunteer = offered()
    assert (dbs(volunteer).state, dbs(volunteer).owner) == (GateState.NOT_STARTED, "The DBS officer")
    check = apply(volunteer)
    assert (dbs(volunteer).state, dbs(volunteer).owner) == (GateState.WAITING, "The DBS officer")
    see(check, outcome=Outcome.INFORMATION_DISCLOSED)
    assert (dbs(volunteer).state, dbs(volunteer).owner) == (GateState.WAITING, "The safeguarding lead")
    assert "something" not in dbs(volunteer).why.lower()
    decide(check, decision=Suitability.DEFERRED, because="Disputed")
    assert dbs(volunteer).why == "the decision was put off"
    decide(check)
    session.flush()
    assert dbs(volunteer).state is GateState.MET


def test_the_gate_is_refused_when_somebody_is_not_suitable_or_a_new_check_is_due(session):
    no = decide(see(DbsCheckFactory()), decision=Suitability.NOT_SUITABLE, because="Barred from it")
    old = decide(see(DbsCheckFactory()))
    old.recheck_due_on = clock.today()
    session.commit()
    assert dbs(no.volunteer).state is GateState.REFUSED
    assert (dbs(old.volunteer).state, dbs(old.volunteer).why) == (GateState.REFUSED, "a new check is due")
    apply(old.volunteer)
    assert dbs(old.volunteer).state is GateState.WAITING


def test_a_recheck_under_way_does_not_take_away_a_decision_that_still_holds(session):
    check = decide(see(DbsCheckFactory()))
    session.commit()
    apply(check.volunteer)
    assert dbs(check.volunteer).state is GateState.MET


def test_a_check_that_was_closed_counts_for_nothing(session):
    check = DbsCheckFactory(closed_at=clock.now())
    assert dbs(check.volunteer).state is GateState.NOT_STARTED


def test_the_gates_cost_the_same_for_one_and_for_ten(session, count_queries):
    people = [DbsCheckFactory().volunteer for _ in range(10)]
    with count_queries() as one:
        gates_to_train(people[:1])
    with count_queries() as ten:
        gates_to_train(people)
    assert one.total == ten.total == 8
    assert gates.gates([]) == {}


def test_the_setting_of_the_scheme_says_when_a_new_check_is_due(session):
    check = see(DbsCheckFactory())
    scheme = check.volunteer.scheme
    scheme.settings = replace(scheme.settings, dbs_recheck_after_months=12)
    assert decide(check).recheck_due_on == months_after(check.issued_on, 12)


def test_nobody_records_their_own_certificate(session):
    volunteer = offered()
    own = officer(volunteer)
    volunteer.user = own
    check = apply(volunteer, by=lead(volunteer))
    with pytest.raises(Refused, match="own certificate"):
        see(check, by=own)
    assert check.seen_on is None
    see(check, by=officer(volunteer))
