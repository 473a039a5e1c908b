"""A zip or several files give the files of a course; whatever else was chosen is answered in words."""

import io
import zipfile

import pytest

from courses import archive, loader
from courses.syllabus import CourseInvalid
from tests.courses.samples import HEAD, WEEK

GOOD = {"course.toml": HEAD.encode(), "week_01.md": WEEK.encode()}


def zipped(files, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return packed.getvalue()


def said(*chosen):
    with pytest.raises(CourseInvalid) as caught:
        loader.read(archive.unpacked(chosen))
    return str(caught.value)


@pytest.mark.parametrize("folder", ["", "two_days/", "Courses of Carol/two days/", "./"])
def test_a_zip_of_the_files_or_of_the_folder_is_read(folder):
    content = zipped({folder + name: text for name, text in GOOD.items()})
    assert loader.read(archive.unpacked([("course.zip", content)])).code == "two_days"


def test_several_files_of_a_folder_are_read_whatever_their_path():
    chosen = [("two_days/course.toml", HEAD.encode()), ("C:\\courses\\week_01.md", WEEK.encode()), ("a.png", b"\x89")]
    assert loader.read(archive.unpacked(chosen)).code == "two_days"


def test_what_a_computer_adds_to_a_zip_is_passed_over():
    content = zipped(GOOD | {"__MACOSX/._course.toml": b"\x00", ".DS_Store": b"\x00", "README.md": b"hello"})
    assert set(archive.unpacked([("c.zip", content)])) == {"course.toml", "week_01.md"}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("c.zip", b"", "is not a zip that can be opened"),
        ("c.zip", b"PK\x03\x04 but no more", "is not a zip that can be opened"),
        ("photo.png", b"\x89PNG", "there is no course.toml among them"),
        ("c.zip", zipped({"notes.txt": b"x"}), "has no course.toml in it"),
        ("c.zip", zipped({f"a/{each}": HEAD for each in ("course.toml", "b/course.toml")}), "has 2 courses in it"),
        ("c.zip", zipped(GOOD | {"../../etc/week_02.md": b"x"}), "leads out of the zip"),
        ("c.zip", zipped(GOOD | {"/week_02.md": b"x"}), "leads out of the zip"),
        ("c.zip", zipped(GOOD | {"C:\\week_02.md": b"x"}), "leads out of the zip"),
        ("c.zip", zipped(GOOD | {f"{n}.txt": b"" for n in range(400)}), "more than 300 files"),
        ("c.zip", zipped(GOOD | {"Week_2.md": b"x"}), "Week_2.md: is no name of a course file"),
        ("c.zip", zipped(GOOD | {"week_02.docx": b"x"}), "week_02.docx: is no name of a course file"),
        ("c.zip", zipped(GOOD, zipfile.ZIP_BZIP2), "packed in a way that is not read here"),
        ("c.zip", zipped(GOOD | {"week_01.md": WEEK.encode("utf-16")}), "week_01.md, line 1: is not written in UTF-8"),
    ],
)
def test_anything_else_is_refused_in_words(name, content, words):
    assert words in said((name, content))


def test_a_small_zip_that_would_become_a_large_file_is_refused_without_unpacking_it():
    bomb = zipped(GOOD | {"week_01.md": b"x" * 50_000_000, "filler.bin": b"\0" * 50_000_000})
    assert len(bomb) < 200_000
    taken = archive.unpacked([("c.zip", bomb)])
    assert len(taken["week_01.md"]) == loader.LARGEST + 1
    assert "filler.bin" not in taken
    assert "week_01.md: is larger than 400,000 bytes" in said(("c.zip", bomb))


def test_a_number_too_long_for_any_computer_is_refused_in_words():
    files = {"course.toml": HEAD.replace("glh = 3", "glh = " + "9" * 5000).encode(), "week_01.md": WEEK.encode()}
    assert "course.toml" in said(("c.zip", zipped(files)))


def test_a_damaged_or_locked_file_is_named():
    content = bytearray(zipped(GOOD, zipfile.ZIP_STORED))
    at = content.index(b"two_days")
    content[at : at + 3] = b"tow"
    assert "course.toml: is damaged in the zip" in said(("c.zip", bytes(content)))
    locked = bytearray(zipped(GOOD))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    assert "is locked with a password" in said(("c.zip", bytes(locked)))


def test_a_zip_beside_other_files_too_many_files_or_the_same_twice_is_refused():
    assert "either one zip or the files" in said(("c.zip", zipped(GOOD)), ("week_01.md", b"x"))
    assert "more than 300" in said(*(("week_01.md", b"x") for _ in range(301)))
    assert "week_01.md: is there twice" in said(("course.toml", b""), ("a/week_01.md", b"x"), ("b/week_01.md", b"x"))
    assert "choose a zip" in said()
