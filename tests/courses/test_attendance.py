"""The three figures, the hours, what to catch up and whether a learner can still pass."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import attendance, loader
from courses.attendance import AbsenceReason, Code, Guided, Needs, SessionFact
from courses.syllabus import Thresholds
from tests.courses.samples import facts

LIMITS = Thresholds()


def figures(codes, limits=LIMITS):
    return attendance.figures(facts(codes), limits)


# What the marks are


def test_the_marks_are_the_agreed_nine():
    assert {mark.value: (mark.label, mark.rule.counts, mark.rule.guided) for mark in Code} == {
        "P": ("Present", 1, Guided.FULL),
        "V": ("Present online", 1, Guided.FULL),
        "L": ("Late", 1, Guided.ATTENDED),
        "E": ("Left early", 1, Guided.ATTENDED),
        "A": ("Authorised absence", 0, Guided.NONE),
        "U": ("Unauthorised absence", 0, Guided.NONE),
        "C": ("Caught up", 1, Guided.CATCH_UP),
        "X": ("Session cancelled", None, Guided.NONE),
        "N": ("Not yet enrolled or has left", None, Guided.NONE),
    }


def test_each_mark_says_what_must_be_written_beside_it():
    needs = {mark.value: mark.rule.needs for mark in Code if mark.rule.needs is not Needs.NOTHING}
    assert needs == {
        "L": Needs.MINUTES_LATE,
        "E": Needs.MINUTES_LEFT,
        "A": Needs.REASON,
        "C": Needs.CATCH_UP,
    }
    assert {mark.value for mark in Code if mark.rule.may_catch_up} == set("AULE")


def test_every_reason_for_being_away_has_words():
    assert len({reason.label for reason in AbsenceReason}) == len(AbsenceReason) == 11


# The three figures


def test_the_three_figures_differ_as_they_should():
    found = figures("PPPAU.....")
    assert (found.percent_so_far, found.percent_of_whole, found.commitment) == (60, 30, 80)
    assert (found.attended, found.missed, found.unmarked, found.to_come) == (3, 2, 0, 5)


def test_nothing_held_yet_shows_no_figure_so_far():
    found = figures("....")
    assert (found.percent_so_far, found.percent_of_whole, found.commitment) == (None, 0, None)


def test_no_sessions_at_all_show_no_figures():
    assert figures("").percent_of_whole is None
    assert figures("XNX").percent_of_whole is None


def test_a_percentage_is_rounded_down_so_that_the_minimum_is_really_reached():
    assert figures("P" * 19 + "U" * 5).percent_so_far == 79  # 79.17
    assert figures("PPU").percent_so_far == 66  # 66.67
    assert figures("P" * 20 + "U" * 4).percent_so_far == 83


def test_cancelled_and_not_enrolled_sessions_are_left_out():
    assert figures("XPNU").percent_so_far == 50
    cancelled = [*facts("PU"), SessionFact(3, 120, cancelled=True, code=Code.U)]
    assert attendance.figures(cancelled, LIMITS).percent_of_whole == 50


def test_an_unmarked_session_is_in_the_whole_but_not_in_so_far():
    found = figures("P?")
    assert (found.percent_so_far, found.percent_of_whole, found.unmarked) == (100, 50, 1)


def test_how_many_more_may_be_missed():
    assert figures("." * 24).may_still_miss == 4  # 20 of 24 are needed for 80 in 100
    assert figures("UA" + "." * 22).may_still_miss == 2
    assert figures("UUUUU" + "." * 19).may_still_miss == 0
    assert figures("UUUUU" + "." * 19).must_catch_up == 1
    assert figures("P" * 23 + ".").may_still_miss == 1


# Late, early, caught up


@pytest.mark.parametrize(
    ("mark", "there", "missed"), [("L", 90, False), ("L", 89, True), ("E", 90, False), ("E", 89, True)]
)
def test_missing_more_than_thirty_minutes_of_two_hours_misses_the_content(mark, there, missed):
    fact = SessionFact(1, 120, code=Code(mark), minutes_attended=there)
    assert attendance.is_content_missed(fact, LIMITS) is missed
    assert attendance.counts_as_attended(fact, LIMITS) is not missed
    assert attendance.guided_minutes(fact) == there


def test_the_limit_follows_the_length_of_the_session():
    assert attendance.is_content_missed(SessionFact(1, 60, code=Code.L, minutes_attended=44), LIMITS)
    assert not attendance.is_content_missed(SessionFact(1, 60, code=Code.L, minutes_attended=45), LIMITS)


def test_somebody_very_late_still_showed_commitment():
    found = attendance.figures([SessionFact(1, 120, code=Code.L, minutes_attended=10)], LIMITS)
    assert (found.percent_so_far, found.commitment, found.guided_minutes) == (0, 100, 10)


def test_a_catch_up_makes_an_absence_good_however_it_is_recorded():
    for fact in (
        SessionFact(1, 120, code=Code.C, caught_up_minutes=45),
        SessionFact(1, 120, code=Code.U, caught_up_minutes=45),
    ):
        found = attendance.figures([fact], LIMITS)
        assert (found.percent_so_far, found.commitment, found.unauthorised) == (100, 100, 0)
        assert found.guided_minutes == 45


def test_a_catch_up_of_no_minutes_is_none():
    for minutes in (0, -5, None):
        assert not SessionFact(1, 120, code=Code.A, caught_up_minutes=minutes).is_caught_up


def test_a_catch_up_of_a_late_start_adds_the_minutes_that_were_missed():
    fact = SessionFact(1, 120, code=Code.L, minutes_attended=80, caught_up_minutes=40)
    assert attendance.guided_minutes(fact) == 120


def test_a_catch_up_beside_full_attendance_changes_nothing():
    fact = SessionFact(1, 120, code=Code.P, caught_up_minutes=60)
    assert attendance.guided_minutes(fact) == 120
    assert attendance.figures([fact, *facts(".")], LIMITS).attended == 1


def test_guided_hours_are_told_apart_by_unit():
    course = loader.builtin()
    marks = {1: Code.P, 6: Code.P, 9: Code.U, 15: Code.E}
    marked = [SessionFact(number, 120, code=mark, minutes_attended=75) for number, mark in marks.items()]
    assert attendance.guided_minutes_by_unit(course, [*marked, SessionFact(99, 120, code=Code.P)]) == {
        "U1": 120,
        "U2": 0,
        "U3": 120,
        "U4": 75,
    }


def test_being_at_every_session_gives_all_guided_hours_of_every_unit():
    course = loader.builtin()
    given_minutes = attendance.guided_minutes_by_unit(course, facts("P" * 24))
    assert given_minutes == {unit.code: unit.glh * 60 for unit in course.units}


# What to catch up, and whether it is too late


def test_missed_sessions_are_offered_for_catching_up_the_soonest_first():
    offered = attendance.to_catch_up(
        facts("AUP" + "." * 21, mandatory=(2,), first=date(2026, 9, 1)), LIMITS, today=date(2026, 9, 16)
    )
    assert [(offer.number, offer.by, offer.minutes, offer.is_needed) for offer in offered] == [
        (1, date(2026, 9, 22), 120, False),
        (2, date(2026, 9, 29), 120, True),
    ]


def test_after_the_last_day_a_session_is_no_longer_offered():
    missed = facts("A" + "." * 23, first=date(2026, 9, 1))
    assert attendance.to_catch_up(missed, LIMITS, today=date(2026, 9, 22))
    assert attendance.to_catch_up(missed, LIMITS, today=date(2026, 9, 23)) == []


def test_every_missed_session_is_needed_once_the_minimum_is_out_of_reach_without_it():
    assert all(offer.is_needed for offer in attendance.to_catch_up(facts("AAAAA" + "." * 19), LIMITS))
    assert not any(offer.is_needed for offer in attendance.to_catch_up(facts("AAAA" + "." * 20), LIMITS))


def test_a_learner_can_still_pass_while_catching_up_is_open():
    assert attendance.reasons_cannot_pass(facts("AAAAA" + "." * 19), LIMITS) == []


def test_a_learner_who_cannot_reach_the_minimum_is_told_so_with_the_figure():
    missed = facts("AAAAA" + "." * 19, first=date(2026, 9, 1))
    (reason,) = attendance.reasons_cannot_pass(missed, LIMITS, today=date(2027, 1, 1))
    assert "79%" in reason
    assert "80%" in reason


def test_a_mandatory_session_past_its_last_day_cannot_be_passed():
    missed = facts("A" + "." * 23, mandatory=(1,), first=date(2026, 9, 1))
    assert attendance.reasons_cannot_pass(missed, LIMITS, today=date(2026, 9, 22)) == []
    (reason,) = attendance.reasons_cannot_pass(missed, LIMITS, today=date(2026, 9, 23))
    assert "session 1" in reason
    assert "22 September 2026" in reason


def test_too_many_absences_without_a_word_are_named_when_it_is_too_late_for_them():
    missed = facts("UUU" + "." * 21, first=date(2026, 9, 1))
    assert attendance.reasons_cannot_pass(missed, LIMITS, today=date(2026, 9, 2)) == []
    (reason,) = attendance.reasons_cannot_pass(missed, LIMITS, today=date(2027, 1, 1))
    assert "3 times without telling us" in reason


# What must hold whatever the register says

MARKED = st.builds(
    SessionFact,
    number=st.integers(1, 40),
    minutes=st.integers(5, 600),
    mandatory=st.booleans(),
    cancelled=st.booleans(),
    held=st.booleans(),
    code=st.sampled_from([None, *Code]),
    minutes_attended=st.none() | st.integers(-50, 900),
    caught_up_minutes=st.none() | st.integers(-50, 900),
    on=st.none() | st.dates(date(2026, 8, 1), date(2026, 9, 30)),
)
TODAY = date(2026, 9, 21)
RULES = st.builds(
    Thresholds,
    minimum_percent=st.integers(0, 100),
    max_unauthorised=st.integers(0, 5),
    late_limit_percent=st.integers(0, 100),
)
REGISTER = st.lists(MARKED, min_size=1, max_size=30)
BETTER = {
    Code.U: [Code.A, Code.C, Code.L, Code.E, Code.P, Code.V],
    Code.A: [Code.C, Code.L, Code.E, Code.P, Code.V],
    Code.L: [Code.P, Code.V],
    Code.E: [Code.P, Code.V],
}


def shown(found):
    return [found.percent_so_far, found.percent_of_whole, found.commitment]


@given(REGISTER, RULES)
def test_no_figure_is_ever_below_0_or_above_100(register, rules):
    found = attendance.figures(register, rules)
    assert all(figure is None or 0 <= figure <= 100 for figure in shown(found))
    assert found.attended + found.missed + found.unmarked + found.to_come <= len(register)
    assert min(found.may_still_miss, found.must_catch_up) == 0


@given(REGISTER, RULES, st.data())
def test_no_figure_falls_when_a_mark_improves(register, rules, data):
    worse = [n for n, fact in enumerate(register) if fact.code in BETTER]
    if not worse:
        return
    n = data.draw(st.sampled_from(worse))
    mark = data.draw(st.sampled_from(BETTER[register[n].code]))
    better = [*register[:n], replace(register[n], code=mark), *register[n + 1 :]]
    before, after = attendance.figures(register, rules), attendance.figures(better, rules)
    for old, new in zip(shown(before), shown(after), strict=True):
        assert old is None or (new is not None and new >= old)
    assert after.must_catch_up <= before.must_catch_up
    assert after.unauthorised <= before.unauthorised
    was = attendance.reasons_cannot_pass(register, rules, today=TODAY)
    assert len(attendance.reasons_cannot_pass(better, rules, today=TODAY)) <= len(was)


@given(REGISTER, RULES, st.data())
def test_coming_for_longer_never_lowers_anything(register, rules, data):
    n = data.draw(st.integers(0, len(register) - 1))
    more = (register[n].minutes_attended or 0) + data.draw(st.integers(0, 200))
    longer = [*register[:n], replace(register[n], minutes_attended=more), *register[n + 1 :]]
    before = attendance.figures([replace(f, minutes_attended=f.minutes_attended or 0) for f in register], rules)
    after = attendance.figures([replace(f, minutes_attended=f.minutes_attended or 0) for f in longer], rules)
    assert after.guided_minutes >= before.guided_minutes
    assert after.attended >= before.attended


@given(REGISTER, RULES, st.integers(1, 900))
def test_a_catch_up_counts_once_whatever_was_missed(register, rules, minutes):
    caught_up = [replace(fact, caught_up_minutes=minutes) for fact in register]
    found = attendance.figures(caught_up, rules)
    assert found.attended <= sum(not fact.is_left_out for fact in register)
    again = attendance.figures([replace(fact, caught_up_minutes=minutes * 2) for fact in register], rules)
    assert (again.attended, shown(again)) == (found.attended, shown(found))


@given(MARKED)
def test_a_session_never_gives_more_guided_minutes_than_it_lasts(fact):
    assert 0 <= attendance.guided_minutes(fact) <= fact.minutes


@given(REGISTER, RULES)
def test_the_minimum_shown_as_reached_is_reached(register, rules):
    found = attendance.figures(register, rules)
    if found.percent_of_whole is None:
        return
    counted = found.attended + found.missed + found.unmarked + found.to_come
    reached = found.attended * 100 >= rules.minimum_percent * counted
    assert (found.percent_of_whole >= rules.minimum_percent) == reached


@given(REGISTER, RULES)
def test_missing_as_many_more_as_allowed_still_reaches_the_minimum(register, rules):
    found = attendance.figures(register, rules)
    open_ones = [n for n, fact in enumerate(register) if not fact.is_left_out and not fact.is_marked]
    later = list(register)
    for place, n in enumerate(open_ones):
        later[n] = replace(register[n], code=Code.U if place < found.may_still_miss else Code.P, caught_up_minutes=None)
    after = attendance.figures(later, rules)
    if found.must_catch_up == 0 and after.percent_of_whole is not None:
        assert after.percent_of_whole >= rules.minimum_percent


@given(MARKED, RULES)
def test_one_session_counts_exactly_when_the_figures_count_it(fact, rules):
    assert attendance.figures([fact], rules).attended == attendance.counts_as_attended(fact, rules)


@given(REGISTER, RULES, st.randoms(use_true_random=False))
def test_the_order_of_the_sessions_changes_nothing(register, rules, chance):
    shuffled = list(register)
    chance.shuffle(shuffled)
    assert attendance.figures(shuffled, rules) == attendance.figures(register, rules)
    for asked in (attendance.reasons_cannot_pass, attendance.to_catch_up):
        was, now = (asked(facts, rules, today=TODAY) for facts in (register, shuffled))
        assert sorted(map(str, now)) == sorted(map(str, was))


LEFT_OUT = st.builds(
    SessionFact,
    number=st.integers(41, 60),
    minutes=st.integers(5, 600),
    mandatory=st.booleans(),
    held=st.booleans(),
    code=st.sampled_from([Code.N, Code.X]),
    minutes_attended=st.none() | st.integers(-50, 900),
    caught_up_minutes=st.none() | st.integers(-50, 900),
    on=st.none() | st.dates(date(2026, 8, 1), date(2026, 9, 30)),
)
CALLED_OFF = st.builds(replace, MARKED, cancelled=st.just(value=True))


@given(REGISTER, st.lists(LEFT_OUT | CALLED_OFF, min_size=1, max_size=6), RULES, st.integers(0, 30))
def test_sessions_that_are_left_out_change_nothing(register, left_out, rules, at):
    among = [*register[:at], *left_out, *register[at:]]
    assert attendance.figures(among, rules) == attendance.figures(register, rules)
    assert attendance.to_catch_up(among, rules, today=TODAY) == attendance.to_catch_up(register, rules, today=TODAY)
    was = attendance.reasons_cannot_pass(register, rules, today=TODAY)
    assert attendance.reasons_cannot_pass(among, rules, today=TODAY) == was


@given(st.lists(MARKED, max_size=30, unique_by=lambda fact: fact.number), st.randoms(use_true_random=False))
def test_the_hours_of_a_unit_are_never_more_than_its_sessions_lasted(register, chance):
    course = loader.builtin()
    lasted = {unit.code: 0 for unit in course.units}
    for fact in register:
        for session in course.sessions:
            if session.number == fact.number:
                lasted[session.unit] += fact.minutes
    given_minutes = attendance.guided_minutes_by_unit(course, register)
    assert all(0 <= minutes <= lasted[unit] for unit, minutes in given_minutes.items())
    shuffled = list(register)
    chance.shuffle(shuffled)
    assert attendance.guided_minutes_by_unit(course, shuffled) == given_minutes


@given(REGISTER, RULES, st.data())
def test_making_up_for_a_session_never_lowers_a_figure(register, rules, data):
    n = data.draw(st.integers(0, len(register) - 1))
    made_up = replace(register[n], caught_up_minutes=data.draw(st.integers(1, 600)))
    plain = replace(register[n], caught_up_minutes=None)
    before, after = ([*register[:n], each, *register[n + 1 :]] for each in (plain, made_up))
    before, after = attendance.figures(before, rules), attendance.figures(after, rules)
    for old, new in zip(shown(before), shown(after), strict=True):
        assert old is None or (new is not None and new >= old)
    assert before.attended <= after.attended <= before.attended + 1
    assert before.guided_minutes <= after.guided_minutes
