"""A course folder is read whole, and everything wrong in it is named with its file and line."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import loader
from courses.syllabus import CourseInvalid, Thresholds
from tests.courses.samples import HEAD, WEEK, line_of, session, write


def problems(folder: Path) -> list[str]:
    with pytest.raises(CourseInvalid) as caught:
        loader.load(folder)
    assert str(caught.value) == "\n".join(str(problem) for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def test_a_short_course_is_read_as_it_was_written(tmp_path):
    course = loader.load(write(tmp_path))
    assert [session.number for session in course.sessions] == [1, 2]
    assert [session.mandatory for session in course.sessions] == [False, True]
    first = course.session(1)
    assert (first.title, first.minutes, first.unit, first.covers) == ("Day 1", 90, "U1", ("U1.1.1",))
    assert first.aims == ("say it in your own words",)
    assert [(step.minutes, step.activity) for step in first.plan] == [(30, "Tea"), (60, "Talk")]
    assert first.notes == "Keep it warm."
    assert first.handout == "#### What we did\nWe talked."
    assert course.weeks[0].introduction == "A quick start."
    assert course.criterion("U1.1.2").text == "say where the role ends"
    assert course.thresholds.max_unauthorised == 2


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("glh = 3", 'glh = "3"', '"glh" must be a whole number'),
        ("level = 2\nsummary", "level = true\nsummary", '"level" must be a whole number'),
        ("level = 2\nsummary", "level = 9\nsummary", '"level" must be from 1 to 8, not 9'),
        ("minimum_percent", "minimum_percnt", 'did you mean "minimum_percent"?'),
        ("minimum_percent = 50", "minimum_percent = 101", "must be from 0 to 100, not 101"),
        ("mandatory_sessions = [2]", "mandatory_sessions = [7]", "session 7 is mandatory"),
        ("mandatory_sessions = [2]", 'mandatory_sessions = ["2"]', "must be a whole number"),
        ("tqt = 4", "tqt = 2", "total time (2 hours) is less than guided learning (3)"),
        ("glh = 3", "glh = 4", "U1 asks for 4 guided hours, its sessions give 3"),
        ('"1.2" =', '"2.1" =', "does not belong to outcome 1 of U1"),
        ('"say where the role ends"', "7", '"text" must be text'),
        ('code = "two_days"', 'code = "Two days"', "must be small letters"),
    ],
)
def test_a_wrong_value_in_the_head_is_named_with_its_line(tmp_path, right, wrong, said):
    head = HEAD.replace(right, wrong)
    changed = [n for n, (a, b) in enumerate(zip(HEAD.splitlines(), head.splitlines(), strict=True), 1) if a != b]
    found = problems(write(tmp_path, head))
    assert any(f"course.toml, line {changed[0]}: " in line and said in line for line in found), found


def test_lines_are_right_after_texts_and_lists_that_run_over_several_lines(tmp_path):
    head = HEAD.replace('"A short one"', '"""\n[thresholds]\nglh = 9\n"""').replace("[2]", "[\n  # why\n  2,\n]")
    head = head.replace("credits = 1", "credits = 99")
    assert problems(write(tmp_path, head)) == [
        f'course.toml, line {line_of(head, "credits")}: "credits" must be from 0 to 60, not 99'
    ]


def test_the_line_is_that_of_the_right_unit_when_there_are_several(tmp_path):
    second = HEAD[HEAD.index("[[units]]") :].replace("U1", "U2").replace("credits = 1", "credits = -1")
    head = HEAD + second
    found = problems(write(tmp_path, head))
    assert f'course.toml, line {line_of(head, "credits = -1")}: "credits" must be from 0 to 60, not -1' in found


def test_a_criterion_no_session_covers_is_named_at_its_own_line(tmp_path):
    head = HEAD + '"1.3" = "say who to ask"\n'
    assert problems(write(tmp_path, head)) == [
        f"course.toml, line {line_of(head, 'who to ask')}: criterion U1.1.3 is not covered by any session"
    ]


def test_what_is_not_toml_is_named_with_its_line(tmp_path):
    head = HEAD.replace("glh = 3", "glh = = 3")
    (found,) = problems(write(tmp_path, head))
    assert found.startswith(f"course.toml, line {line_of(head, 'glh')}: is not TOML")


def test_a_text_never_closed_is_named_too(tmp_path):
    (found,) = problems(write(tmp_path, HEAD + 'end = """'))
    assert found.startswith("course.toml, line ")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("- Minutes: 90", "- Minutes: ninety", '"ninety" is not a number of minutes'),
        ("- Minutes: 90", "- Minute: 90", '"Minute" is not one of Minutes, Unit, Covers, Label'),
        ("- Covers: U1.1.1", "- Covers: U1.9.9", 'there is no criterion "U1.9.9"'),
        ("- Unit: U1", "- Unit: U7", 'there is no unit "U7"'),
        ("- Unit: U1", "Unit U1", 'only "- Minutes: 120" may stand'),
        ("## Session 1: Day 1", "## Session one", 'a session begins "## Session 1: its title"'),
        ("## Session 1: Day 1", "## Session 4: Day 1", "this must be session 1, not 4"),
        ("| 30 | Tea |", "| 40 | Tea |", None),
        ("| 30 | Tea |", "| half | Tea |", '"half" is not a number of minutes'),
        ("| 30 | Tea |", "30 minutes of tea", "a line of the plan looks like"),
        ("| 30 | Tea |", "| 30 | |", "says no activity"),
        ("- say it in your own words", "say it", 'each line of "Aims" begins with "- "'),
        ("### Handout", "### Hand-out", '"Hand-out" is not one of'),
        ("# Week 1: Both days", "# Week 2: Both days", "this must be week 1, not 2"),
        ("# Week 1: Both days", "# The week", 'a week begins "# Week 1: its title"'),
    ],
)
def test_a_wrong_line_in_a_week_is_named(tmp_path, right, wrong, said):
    assert WEEK.index(right) >= 0
    week = WEEK.replace(right, wrong, 1)
    line = line_of(WEEK[: WEEK.index("## Session 2")], "### Plan" if said is None else right)
    said = said or "the plan of session 1 adds up to 100 minutes, not 90"
    found = problems(write(tmp_path, week_01=week))
    assert any(entry.startswith(f"week_01.md, line {line}: ") and said in entry for entry in found), found


def test_every_problem_in_every_file_is_named_at_once(tmp_path):
    folder = write(
        tmp_path,
        HEAD.replace("glh = 3", 'glh = "3"').replace("tqt", "tqtt"),
        week_01=WEEK.replace("- Minutes: 90", "- Minutes: x"),
        week_02="# Week 2\n" + session(3, "U1.1.1").replace("### Aims", "### Aim"),
    )
    found = problems(folder)
    assert len([entry for entry in found if entry.startswith("course.toml")]) == 3
    assert len([entry for entry in found if entry.startswith("week_01.md") and '"x"' in entry]) == 2
    assert len([entry for entry in found if entry.startswith("week_02.md")]) == 3
    assert found == sorted(found, key=lambda entry: entry.split(",")[0])


def test_a_course_may_have_as_many_weeks_as_it_likes(tmp_path):
    weeks = {f"week_{n:02}": f"# Week {n}: Part {n}\n" + session(n, "U1.1.1 U1.1.2") for n in range(1, 6)}
    assert len(loader.load(write(tmp_path, **weeks)).sessions) == 5


def test_a_week_left_out_is_named(tmp_path):
    found = problems(write(tmp_path, week_01=WEEK, week_03="# Week 2: Late\n" + session(3, "U1.1.1")))
    assert found == ["week_03.md: week_02.md was expected here: weeks count from 01"]


def test_a_folder_without_a_head_or_weeks_says_so(tmp_path):
    assert problems(tmp_path) == [
        "course.toml: is missing",
        "week_01.md: is missing: a course needs at least one week",
    ]
    assert "there is no such folder" in problems(tmp_path / "nowhere")[0]


def test_a_week_without_sessions_is_no_week(tmp_path):
    found = problems(write(tmp_path, week_01="# Week 1: Nothing\n"))
    assert "week_01.md, line 1: week 1 has no session" in found


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path):
    folder = write(tmp_path)
    (folder / "week_01.md").write_bytes("# Week 1: Both\ncafé\n".encode("latin-1"))
    assert "week_01.md, line 2: is not written in UTF-8; save it again as UTF-8" in problems(folder)


def test_a_huge_file_is_refused_unread(tmp_path):
    folder = write(tmp_path, week_01=WEEK + "x" * loader.LARGEST)
    assert "week_01.md: is larger than 400,000 bytes" in problems(folder)


def test_a_file_from_windows_is_read_like_any_other(tmp_path):
    folder = write(tmp_path)
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert loader.load(folder).session(1).handout == "#### What we did\nWe talked."


@pytest.mark.parametrize("rubbish", ["units = 3", "units = [3]", "thresholds = 1", "[[units]]\noutcomes = [2]"])
def test_rubbish_of_the_wrong_shape_is_a_problem_not_a_crash(tmp_path, rubbish):
    assert problems(write(tmp_path, rubbish))


def test_lists_nested_without_end_are_a_problem_not_a_crash(tmp_path):
    (found,) = problems(write(tmp_path, "a = " + "[" * 100_000))
    assert found == "course.toml: has lists inside lists too deep to read"


def test_the_example_in_the_documentation_is_a_course(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "courses.md").read_text(encoding="utf-8")
    head = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    week = re.search(r"```markdown\n(.*?)```", text, re.DOTALL)
    course = loader.load(write(tmp_path, head[1], week_01=week[1]))
    assert course.session(1).title == "What a peer is"
    assert course.thresholds == Thresholds()


SPOILERS = ["", "|", "#", "-1", '"', "[", "[[", "x = 1", "## ", "é\u202e"]


@given(st.data())
def test_however_a_course_is_spoilt_it_loads_or_names_lines_that_exist(data):
    files = {"course.toml": HEAD.splitlines(), "week_01.md": WEEK.splitlines()}
    for _ in range(data.draw(st.integers(1, 4))):
        lines = files[data.draw(st.sampled_from(sorted(files)))]
        n = data.draw(st.integers(0, len(lines) - 1))
        end = data.draw(st.integers(0, len(lines[n])))
        lines[n] = lines[n][:end] + data.draw(st.sampled_from(SPOILERS))
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, lines in files.items():
            (folder / file).write_text("\n".join(lines), encoding="utf-8")
        try:
            loader.load(folder)
            named = []
        except CourseInvalid as invalid:
            named = [(problem.file, problem.line) for problem in invalid.problems]
            named = named or [("nothing", 1)]
    assert all(0 <= line <= len(files[file]) for file, line in named)


def test_a_built_in_course_nobody_wrote_is_refused():
    with pytest.raises(KeyError):
        loader.builtin("../courses")
