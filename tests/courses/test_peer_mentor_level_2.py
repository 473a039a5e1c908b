"""The course that comes with the portal can be taught: its hours, its plans and its criteria all add up."""

import re

import pytest

from courses import loader
from courses.syllabus import Course

COURSE = loader.builtin()


def test_it_has_twelve_weeks_of_two_sessions_of_two_hours():
    assert [len(week.sessions) for week in COURSE.weeks] == [2] * 12
    assert {session.minutes for session in COURSE.sessions} == {120}


def test_its_units_have_the_agreed_hours_and_credits():
    assert {unit.code: (unit.glh, unit.tqt, unit.credits) for unit in COURSE.units} == {
        "U1": (18, 20, 2),
        "U2": (14, 20, 2),
        "U3": (8, 10, 1),
        "U4": (8, 10, 1),
    }
    assert (COURSE.glh, COURSE.tqt, COURSE.credits) == (48, 60, 6)


@pytest.mark.parametrize("unit", COURSE.units, ids=lambda unit: unit.code)
def test_the_sessions_of_a_unit_give_exactly_its_guided_hours(unit):
    assert sum(session.minutes for session in COURSE.sessions if session.unit == unit.code) == unit.glh * 60


def test_its_study_at_home_is_the_rest_of_the_total_time():
    asked = [re.findall(r"\(about (\d+) minutes\)", session.handout) for session in COURSE.sessions]
    assert all(len(minutes) == 1 for minutes in asked)
    assert sum(int(minutes[0]) for minutes in asked) == (COURSE.tqt - COURSE.glh) * 60


@pytest.mark.parametrize("criterion", COURSE.criteria, ids=lambda criterion: criterion.key)
def test_every_criterion_is_taught_and_the_trainer_is_told_its_evidence(criterion):
    assert COURSE.sessions_covering(criterion.key)
    for session in COURSE.sessions_covering(criterion.key):
        evidence = session.notes[session.notes.index("**Evidence") :]
        assert criterion.key in evidence, f"session {session.number} does not say what shows {criterion.key}"


@pytest.mark.parametrize("session", COURSE.sessions, ids=lambda session: str(session.number))
def test_a_trainer_could_teach_from_every_session(session):
    assert sum(step.minutes for step in session.plan) == session.minutes
    assert any("Break" in step.activity for step in session.plan), "two hours without a break"
    assert 2 <= len(session.aims) <= 4
    assert session.materials
    assert "**Evidence" in session.notes
    assert len(session.notes.split()) > 180
    assert len(session.handout.split()) > 150
    assert session.handout.startswith("#### ")


@pytest.mark.parametrize("session", COURSE.sessions, ids=lambda session: str(session.number))
def test_a_session_covers_criteria_of_the_unit_its_hours_go_to(session):
    assert session.covers
    assert {key.split(".")[0] for key in session.covers} == {session.unit}


def test_the_sessions_everybody_must_do_are_the_agreed_five():
    assert [session.number for session in COURSE.sessions if session.mandatory] == [3, 6, 7, 8, 20]
    assert COURSE.thresholds.mandatory_sessions == (3, 6, 7, 8, 20)


def test_only_the_session_we_added_says_that_it_is_an_addition():
    labelled = [session for session in COURSE.sessions if session.label]
    assert [session.number for session in labelled] == [17]
    assert "addition" in labelled[0].label
    assert "rauma" in labelled[0].title


def test_handouts_use_sentences_that_can_be_read_in_one_breath():
    for session in COURSE.sessions:
        prose = " ".join(line for line in session.handout.splitlines() if not line.startswith(("#", "|")))
        sentences = [sentence for sentence in re.split(r"[.?!:]\W+", prose) if sentence]
        average = sum(len(sentence.split()) for sentence in sentences) / len(sentences)
        assert average < 12, f"session {session.number}: {average:.1f} words in a sentence"


def test_the_course_is_the_same_after_being_frozen():
    assert Course.from_json(COURSE.to_json()) == COURSE


def test_the_course_is_read_once():
    assert loader.builtin() is loader.builtin()


@pytest.mark.parametrize("session", COURSE.sessions, ids=lambda session: str(session.number))
def test_a_line_of_a_handout_is_never_run_together_with_the_next(session):
    lines = [line for text in (session.notes, session.handout) for line in [*text.splitlines(), ""]]
    prose = [bool(line) and not re.match(r"#|\||- |\d+\. ", line) for line in lines]
    for line, here, after in zip(lines, prose, prose[1:], strict=False):
        assert not (here and after), f"put an empty line after: {line}"
