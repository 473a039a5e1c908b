"""Two versions of a course laid side by side, in words somebody can decide by."""

from dataclasses import replace

import pytest

from courses import loader
from courses.differences import Difference, differences, paired_sessions
from courses.syllabus import Course
from tests.courses.samples import HEAD, WEEK, session, write


@pytest.fixture
def course(tmp_path):
    return loader.load(write(tmp_path))


@pytest.fixture
def changed(tmp_path, course):
    """The same course with something of its two files replaced, read as a scheme's own would be."""

    def make(was: str, now: str, times: int = 1) -> Course:
        folder = tmp_path / "newer"
        folder.mkdir()
        assert was in HEAD + WEEK, "the sample has no such words"
        write(folder, HEAD.replace(was, now, times), week_01=WEEK.replace(was, now, times))
        return loader.load(folder)

    return make


def test_a_course_does_not_differ_from_itself(course):
    assert differences(course, course) == ()
    assert differences(course, Course.from_json(course.to_json())) == ()


def test_every_session_of_the_course_that_comes_with_the_portal_is_its_own_partner():
    course = loader.builtin()
    assert differences(course, course) == ()
    assert all(old is new for old, new in paired_sessions(course, course))


@pytest.mark.parametrize(
    ("was", "now", "where", "before", "after"),
    [
        ("Two-day course", "Two good days", "Title", "Two-day course", "Two good days"),
        ('version = "1"', 'version = "2"', "Version", "1", "2"),
        ("minimum_percent = 50", "minimum_percent = 80", "Attendance asked for", "50%", "80%"),
        ("credits = 1", "credits = 3", "Unit U1, credits", "1", "3"),
        ("glh = 3", "glh = 2", "Unit U1, guided learning", "3 hours", "2 hours"),
        ("Know the role", "Know your role", "Unit U1, outcome 1", "Know the role", "Know your role"),
        ("where the role ends", "when to stop", "Criterion U1.1.2", "say where the role ends", "say when to stop"),
        ("Week 1: Both days", "Week 1: Two days", "Week 1, title", "Both days", "Two days"),
        ("2: Day 2", "2: The end", "Session 2, title", "Day 2", "The end"),
        ("A quick start.", "Begin.", "Week 1, introduction", "3 words", "changed, now 1 word"),
        ("Keep it warm.", "", "Session 1, trainer's notes", "3 words", "–"),
        ("- pens", "- pens and paper", "Session 1, materials", "1 word", "changed, now 3 words"),
    ],
)  # fmt: skip
def test_one_change_is_one_difference(course, changed, was, now, where, before, after):
    assert differences(course, changed(was, now)) == (Difference(where, before, after),)


def test_a_session_that_is_no_longer_for_everybody_is_said_in_words(course, changed):
    newer = changed("mandatory_sessions = [2]", "mandatory_sessions = []")
    assert differences(course, newer) == (
        Difference("Session 2, for everybody", "Everybody must do it", "May be missed"),
    )


def test_a_longer_session_shows_its_minutes_and_that_its_plan_changed(course, tmp_path):
    folder = tmp_path / "newer"
    folder.mkdir()
    longer = WEEK.replace(session(2, "U1.1.2"), session(2, "U1.1.2", minutes=120))
    found = {each.where: each for each in differences(course, loader.load(write(folder, week_01=longer)))}
    assert found.keys() == {"Session 2, length", "Session 2, plan"}
    assert (found["Session 2, length"].before, found["Session 2, length"].after) == ("90 minutes", "120 minutes")


def test_a_session_put_between_two_others_moves_the_later_one_and_keeps_it(course):
    week = course.weeks[0]
    first, second = week.sessions
    between = replace(first, number=2, title="Practice")
    newer = replace(
        course, weeks=(replace(week, sessions=(first, between, replace(second, number=3))),)
    )  # fmt: skip
    assert [(old and old.number, new and new.number) for old, new in paired_sessions(course, newer)] == [
        (1, 1), (None, 2), (2, 3),
    ]  # fmt: skip
    assert differences(course, newer) == (
        Difference("Session 2", "–", "New: Practice, 90 minutes, U1"),
        Difference("Session 3, place", "Session 2", "Session 3"),
    )


def test_a_session_left_out_is_taken_out(course):
    week = course.weeks[0]
    shorter = replace(course, weeks=(replace(week, sessions=week.sessions[:1]),))
    assert differences(course, shorter) == (Difference("Session 2", "Day 2, 90 minutes, U1", "Taken out"),)


def test_two_sessions_of_one_title_each_find_their_own(course):
    week = course.weeks[0]
    twins = tuple(replace(each, title="Practice") for each in week.sessions)
    both = replace(course, weeks=(replace(week, sessions=twins),))
    assert [(old.number, new.number) for old, new in paired_sessions(both, both)] == [(1, 1), (2, 2)]


def test_a_unit_that_came_and_a_unit_that_went_are_both_named(course):
    unit = course.units[0]
    newer = replace(course, units=(replace(unit, code="U2", title="Being kind"),))
    assert differences(course, newer) == (
        Difference("Unit U2", "–", "New: Being kind, 2 criteria"),
        Difference("Unit U1", "Being a peer, 2 criteria", "Taken out"),
    )


def test_a_long_text_is_only_said_to_have_changed(course):
    newer = replace(course, summary="word " * 200)
    assert differences(course, newer) == (Difference("Summary", "3 words", "changed"),)
