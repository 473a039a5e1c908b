"""A course that is being written keeps its numbers in order by itself, and what sessions cover follows."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from courses import editing
from courses.editing import Piece
from courses.loader import builtin
from courses.syllabus import Course, Session, Thresholds, Week
from tests.courses.made import courses


def titles(course):
    return [session.title for session in course.sessions]


def test_a_session_moved_up_from_the_first_place_of_its_week_goes_into_the_week_before():
    course = builtin()
    moved = editing.moved(course, Piece("sessions", (3,)), -1)
    assert [len(week.sessions) for week in moved.weeks[:2]] == [3, 1]
    assert titles(moved) == titles(course)
    assert moved.session(3).week == 1
    down = editing.moved(course, Piece("sessions", (2,)), 1)
    assert [len(week.sessions) for week in down.weeks[:2]] == [1, 3]
    assert editing.moved(course, Piece("sessions", (1,)), -1) == course
    assert editing.moved(course, Piece("sessions", (24,)), 1) == course


def test_who_must_do_a_session_follows_it_when_it_moves_or_another_is_taken_out():
    course = builtin()
    third = course.session(3).title
    fewer = editing.removed(course, Piece("sessions", (1,)))
    assert fewer.session(2).title == third
    assert fewer.session(2).mandatory
    assert fewer.thresholds.mandatory_sessions == (2, 5, 6, 7, 19)
    swapped = editing.moved(course, Piece("weeks", (1,)), 1)
    assert swapped.session(1).title == third
    assert 1 in swapped.thresholds.mandatory_sessions


def test_choosing_the_mandatory_sessions_tells_the_sessions():
    course = editing.with_passing(builtin(), Thresholds(mandatory_sessions=(2, 9)))
    assert [each.number for each in course.sessions if each.mandatory] == [2, 9]


def test_a_copy_stands_right_after_its_session():
    course = editing.copied(builtin(), 5)
    assert course.session(6).title == course.session(5).title + " (copy)"
    assert len(course.sessions) == 25
    assert course.weeks[2].sessions[1].number == 6


def test_a_criterion_that_moves_or_changes_its_words_a_little_is_still_covered():
    course = builtin()
    before = course.units[0].outcomes[1]
    words = [each.text for each in before.criteria]
    mixed = [words[2], words[0].replace("explain", "explain well"), "something quite new", words[1]]
    changed = editing.with_outcome(course, 1, 2, before.title, mixed)
    keys = [each.key for each in changed.units[0].outcomes[1].criteria]
    assert keys == ["U1.2.1", "U1.2.2", "U1.2.3", "U1.2.4"]
    for old, new in (
        (before.criteria[2].key, "U1.2.1"),
        (before.criteria[0].key, "U1.2.2"),
        (before.criteria[1].key, "U1.2.4"),
    ):
        assert [s.number for s in changed.sessions_covering(new)] == [s.number for s in course.sessions_covering(old)]
    assert changed.sessions_covering("U1.2.3") == ()


def test_a_unit_with_a_new_code_takes_its_criteria_and_sessions_along():
    course = builtin()
    changed = editing.with_unit(course, 1, replace(course.units[0], code="PM1"))
    assert changed.units[0].criteria[0].key == "PM1.1.1"
    assert [s.number for s in changed.sessions_covering("PM1.1.1")] == [
        s.number for s in course.sessions_covering("U1.1.1")
    ]
    assert {s.unit for s in changed.sessions} == {"PM1", "U2", "U3", "U4"}


def test_what_is_taken_out_is_forgotten_by_the_sessions():
    course = editing.removed(builtin(), Piece("units", (1,)))
    assert not any(key.startswith("U1.") for session in course.sessions for key in session.covers)
    assert "" in {session.unit for session in course.sessions}
    fewer = editing.removed(builtin(), Piece("outcomes", (1, 1)))
    assert [each.number for each in fewer.units[0].outcomes] == [1, 2]


def test_what_is_no_piece_of_a_course_is_none():
    for words in (
        "",
        "sessions",
        "sessions/x",
        "sessions/-1",
        "sessions/99999",
        "units/1/weeks/2",
        "../1",
        "weeks/1/2",
    ):
        assert Piece.read(words) is None
    assert Piece.read("sessions/25").title(builtin()) is None
    assert Piece.read("sessions/0").title(builtin()) is None
    assert Piece.read("units/9/outcomes/1").title(builtin()) is None


def test_a_course_can_be_begun_with_nothing_and_filled():
    course = editing.begun("new", "New")
    course = editing.with_week(course, 1, Week(1, "One", "", ()))
    session = Session(0, 1, "First", 60, "", (), True, (), (), (), "", "")
    course = editing.with_new_session(course, 1, session)
    assert course.session(1).title == "First"
    assert course.thresholds.mandatory_sessions == (1,)
    assert editing.from_draft(course.to_json()) == course


PIECES = st.tuples(st.sampled_from(["sessions", "weeks", "units", "outcomes"]), st.integers(1, 9), st.integers(1, 3))


@given(courses(), st.lists(st.tuples(PIECES, st.sampled_from(["up", "down", "remove", "copy"])), max_size=8))
@settings(max_examples=60, deadline=None)
def test_after_any_edits_numbers_run_from_1_and_nothing_is_covered_that_is_not_there(course, edits):
    for (kind, first, second), do in edits:
        piece = Piece(kind, (first, second) if kind == "outcomes" else (first,))
        if piece.title(course) is None:
            continue
        if do == "remove":
            course = editing.removed(course, piece)
        elif do == "copy":
            course = editing.copied(course, first) if kind == "sessions" else course
        else:
            course = editing.moved(course, piece, -1 if do == "up" else 1)
    assert [week.number for week in course.weeks] == list(range(1, len(course.weeks) + 1))
    assert [session.number for session in course.sessions] == list(range(1, len(course.sessions) + 1))
    assert all(session.week == week.number for week in course.weeks for session in week.sessions)
    assert course.thresholds.mandatory_sessions == tuple(s.number for s in course.sessions if s.mandatory)
    keys = {criterion.key for criterion in course.criteria}
    assert len(keys) == len(course.criteria)
    assert all(set(session.covers) <= keys for session in course.sessions)
    assert editing.from_draft(course.to_json()) == course
    assert isinstance(course, Course)
