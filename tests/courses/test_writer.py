"""A course that is written to a folder and read again is the same course."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from courses import checks, loader, writer
from courses.syllabus import Course
from tests.courses.made import courses
from tests.courses.samples import HEAD, WEEK, write


@given(courses())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_course_comes_back_from_its_folder_as_it_was(course):
    with tempfile.TemporaryDirectory() as folder:
        writer.write(course, Path(folder))
        assert loader.load(Path(folder)) == course


@given(courses())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_course_comes_back_from_its_files_without_a_folder(course):
    files = {name: text.encode() for name, text in writer.files(course).items()}
    assert loader.read(files) == course


def test_the_built_in_course_comes_back_as_it_was(tmp_path):
    writer.write(loader.builtin(), tmp_path / "made" / "here")
    assert loader.load(tmp_path / "made" / "here") == loader.builtin()


def test_a_session_that_covers_nothing_says_so_and_one_that_forgot_is_named(tmp_path):
    course = loader.load(write(tmp_path))
    week = course.weeks[0]
    first, second = (
        replace(session, covers=covers)
        for session, covers in zip(week.sessions, [(), ("U1.1.1", "U1.1.2")], strict=True)
    )
    changed = replace(course, weeks=(replace(week, sessions=(first, second)),))
    files = writer.files(changed)
    assert "- Covers: nothing\n" in files["week_01.md"]
    assert loader.read({name: text.encode() for name, text in files.items()}) == changed
    forgotten = WEEK.replace("- Covers: U1.1.1\n", "")
    with pytest.raises(loader.CourseInvalid, match=r'no "- Covers: ..." line'):
        loader.read({"course.toml": HEAD.encode(), "week_01.md": forgotten.encode()})


@pytest.mark.parametrize(
    ("part", "text", "said"),
    [
        ("title", "Two\nlines", "on one line"),
        ("title", " A space before", "on one line"),
        ("notes", "one\n## Session 9: x", "#### "),
        ("handout", "one\n### Plan", "#### "),
        ("notes", "a space at the end \nof a line", "no space"),
        ("handout", "a bell \x07", "a page cannot show"),
        ("aims", ("say it", ""), "says nothing"),
    ],
)
def test_words_that_no_file_could_hold_are_a_fault_of_the_course(tmp_path, part, text, said):
    course = loader.load(write(tmp_path))
    week = course.weeks[0]
    session = replace(week.sessions[0], **{part: text})
    wrong = replace(course, weeks=(replace(week, sessions=(session, week.sessions[1])),))
    assert any(fault.where[-1] == part and said.strip() in fault.message for fault in checks.faults(wrong))
    with pytest.raises(loader.CourseInvalid):
        Course.from_json(wrong.to_json())


def test_a_course_too_long_for_its_files_is_a_fault(tmp_path):
    course = loader.load(write(tmp_path))
    week = course.weeks[0]
    long = replace(week, sessions=(replace(week.sessions[0], notes="x" * 400_000), week.sessions[1]))
    assert any("too many words" in fault.message for fault in checks.faults(replace(course, weeks=(long,))))
    assert any("at most 99 weeks" in fault.message for fault in checks.faults(replace(course, weeks=(week,) * 100)))
