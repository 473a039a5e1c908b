"""What is on the pages, whether it fits them, and that the same facts always give the same file."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import combinations

import pytest
import segno
from PIL import Image

from portal.certification.documents import Certificate, CvEvidence, Skill
from portal.documents import tagging, words
from portal.documents.letterhead import INK
from portal.documents.tagging import TaggedCanvas
from tests.documents.conftest import needs_poppler
from tests.documents.facts import UNITS, certificate, evidence
from tests.documents.reading import opened, tags, text

WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


def test_a_certificate_says_what_was_done_when_and_who_says_so():
    said = text(certificate().render())
    for words_expected in (
        "Certificate of completion of training",
        "Ann Smith",
        "completed the training course of Durham Peer Mentors",
        "Cohort 7 · 1 September to 24 November 2026 · 46 of 48 hours attended",
        "U3 Staying safe and well",
        "BW-7F3K-2Q",
        "mentors.example.org/v/AbCdEfGhIjKlMnOpQrStUv",
        "Jo Brown, coordinator",
        "Issued on 27 November 2026",
    ):
        assert words_expected in said


def test_a_certificate_says_that_it_is_not_the_regulated_award():
    said = text(certificate().render())
    assert "It is not a regulated qualification" in said
    assert "Level 2 Award" not in said


def test_a_certificate_that_no_longer_counts_says_so_first():
    assert text(certificate(state="Withdrawn on 3 May 2027").render()).startswith("Withdrawn on 3 May 2027")


def test_the_same_facts_give_the_same_bytes():
    assert certificate().render() == certificate().render()
    assert evidence().render() == evidence().render()
    assert certificate().render() != certificate(mentor="Anne Smith").render()


def test_a_certificate_kept_as_json_is_printed_again_to_the_byte():
    kept = json.dumps(certificate(mentor="محمد علی خان").facts())
    assert Certificate.of(json.loads(kept)) == certificate(mentor="محمد علی خان")
    assert Certificate.of(json.loads(kept)).render() == certificate(mentor="محمد علی خان").render()


def test_the_file_is_dated_when_the_certificate_was_issued():
    assert opened(certificate().render()).metadata.creation_date.date() == date(2026, 11, 27)


def test_many_threads_give_the_same_files_as_one():
    # Accented letters are put together from parts of the font file, which takes many reads of it.
    accented = [chr(code) for code in range(0xC0, 0x17F)]

    def pages_to_finish() -> list[TaggedCanvas]:
        pages = []
        for n in range(40):
            page = TaggedCanvas(title="Page", author="Scheme", dated=date(2026, 11, 24), pagesize=(600, 100))
            with page.marked("P"):
                page.say("".join(accented[n:] + accented[:n]), 10, 10, size=5, colour=INK)
            pages.append(page)
        return pages

    alone = [page.finish() for page in pages_to_finish()]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns in the middle of everything
    try:
        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(TaggedCanvas.finish, pages_to_finish())) == alone
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("paper", [certificate(), evidence()], ids=["certificate", "CV evidence"])
def test_a_paper_is_drawn_alone_from_its_first_letter(monkeypatch, paper):
    others_may_draw = []

    def finish(canvas: TaggedCanvas) -> bytes:
        with ThreadPoolExecutor(1) as another:
            others_may_draw.append(another.submit(tagging._drawing.acquire, blocking=False).result())
        return b""

    monkeypatch.setattr(TaggedCanvas, "finish", finish)
    paper.render()
    assert others_may_draw == [False]


FACTS = {
    "one letter": {"mentor": "X", "units": ()},
    "two hundred letters": {"mentor": "Wolfeschlegelsteinhausen " * 8},
    "two hundred wide letters in one word": {"mentor": "W" * 200},
    "two hundred letters of Urdu": {"mentor": "محمد علی " * 22, "romanised": "Muhammad Ali " * 15},
    "forty units": {
        "units": tuple((f"U{n}", f"A unit whose title is as long as titles are, number {n}") for n in range(40))
    },
    "everything long": {
        "mentor": "Wolfeschlegelsteinhausen " * 8,
        "course_title": "Peer mentor training for everybody " * 6,
        "scheme": "The long community scheme of " * 7,
        "units": tuple((f"U{n}", "A long title that goes on and on " * 4) for n in range(12)),
        "signed_by": "Somebody Important " * 10,
        "state": "Replaced on 3 May 2027",
    },
}


@needs_poppler
@pytest.mark.parametrize("facts", FACTS.values(), ids=FACTS)
def test_a_certificate_keeps_every_word_inside_its_frame_and_apart_from_the_others(facts, poppler):
    pdf = certificate(**facts).render()
    assert len(opened(pdf).pages) == 1
    boxes = [tuple(map(float, found[:4])) for found in WORD.findall(poppler("pdftotext", "-bbox", pdf=pdf))]
    assert len(boxes) > 30
    for left, top, right, bottom in boxes:
        assert left > 30
        assert top > 30
        assert right < 842 - 30
        assert bottom < 595 - 30
    for (left, top, right, bottom), (left_2, top_2, right_2, bottom_2) in combinations(boxes, 2):
        across = min(right, right_2) - max(left, left_2)
        down = min(bottom, bottom_2) - max(top, top_2)
        lowest = min(bottom - top, bottom_2 - top_2)
        assert across <= 0.5 or down <= lowest * 0.35, "two words lie on each other"


@needs_poppler
def test_the_qr_code_on_the_page_is_the_code_of_the_address(tmp_path):
    paper = certificate()
    (tmp_path / "page.pdf").write_bytes(paper.render())
    scale = 4  # pixels a point, so that a module is about nine pixels
    command = ["pdftoppm", "-gray", "-singlefile", "-r", str(72 * scale), tmp_path / "page.pdf", tmp_path / "page"]
    subprocess.run(command, check=True)
    picture = Image.open(tmp_path / "page.pgm")
    code = segno.make(paper.check_url, error="m", mask=3, micro=False, boost_error=False)
    expected = [[bool(module) for module in row] for row in code.matrix]
    module = 92 / (len(expected) + 8)
    left, top = 38 + 4 * module, 595.28 - (52 + 92) + 4 * module

    def is_dark(across: int, down: int) -> bool:
        at = (left + (across + 0.5) * module) * scale, (top + (down + 0.5) * module) * scale
        return picture.getpixel((int(at[0]), int(at[1]))) < 128

    size = range(-4, len(expected) + 4)
    around = {(x, y) for x in size for y in size} - {(x, y) for x in size[4:-4] for y in size[4:-4]}
    assert [[is_dark(x, y) for x in size[4:-4]] for y in size[4:-4]] == expected
    assert not any(is_dark(x, y) for x, y in around), "a scanner needs four white modules on every side"


def test_evidence_shows_every_section_that_was_chosen():
    said = text(evidence().render())
    for section in (
        "Training",
        "Units studied",
        "Skills, with evidence",
        "Roles",
        "Dates",
        "Certificate of completion",
    ):
        assert section in said
    for fact in (
        "46 hours 30 minutes",
        "96%",
        "23",
        "ann@example.org",
        "1 December 2026 now",
        "met every criterion",
    ):
        assert fact in said


def test_evidence_leaves_no_trace_of_what_was_not_chosen():
    bare = CvEvidence(mentor="Ann", romanised=None, scheme="Durham Peer Mentors", prepared_on=date(2026, 11, 28))
    pdf = bare.render()
    assert [tag for tag in tags(pdf) if tag != "P"] == ["Document", "H1"]
    assert not re.search(r"Units|Skills|Roles|Dates|Certificate|Attendance|hours", text(pdf))


def test_no_attendance_at_all_is_shown_when_the_mentor_chose_to_show_it():
    said = text(evidence(hours_minutes=0, attendance_percent=0, sessions_attended=0).render())
    assert "0 hours" in said
    assert "0%" in said


@needs_poppler
def test_evidence_of_any_length_stays_on_its_pages(poppler):
    long = "Was observed in practice and met every criterion that there is. " * 120
    pdf = evidence(
        skills=tuple(Skill("Listening " * 20, long) for _ in range(4)),
        roles=("Peer mentor " * 300,),
        dates=(("Volunteering " * 600, date(2026, 1, 1), None),),
        contact="x" * 3000,
    ).render()
    found = WORD.findall(poppler("pdftotext", "-bbox", pdf=pdf))
    assert sum(word == "criterion" for *_, word in found) == 4 * 120
    assert sum(word == "Volunteering" for *_, word in found) == 600
    for left, top, right, bottom in (map(float, box) for *box, _ in found):
        assert 40 < left < right < 595 - 40
        assert 30 < top < bottom < 842 - 30


def test_evidence_numbers_its_pages():
    pdf = evidence(skills=tuple(Skill(f"Skill {n}", "Was seen to do this well. " * 20) for n in range(9))).render()
    for number, page in enumerate(opened(pdf).pages, start=1):
        assert f"Page {number}" in page.extract_text()


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 hours"), (1, "1 minute"), (60, "1 hour"), (90, "1 hour 30 minutes"), (2880, "48 hours")],
)
def test_minutes_are_said_as_hours(minutes, said):
    assert words.hours(minutes) == said


def test_hours_attended_are_said_of_the_whole():
    assert words.hours_of(2760, 2880) == "46 of 48 hours"
    assert words.hours_of(2790, 2880) == "46 hours 30 minutes of 48 hours"


def test_days_say_the_year_once_when_it_is_the_same():
    assert words.days(date(2026, 9, 1), date(2026, 11, 24)) == "1 September to 24 November 2026"
    assert words.days(date(2026, 9, 1), date(2027, 1, 5)) == "1 September 2026 to 5 January 2027"
    assert words.days(date(2026, 9, 1), date(2026, 9, 1)) == "1 September 2026"


def test_units_are_listed_in_the_order_given():
    said = text(certificate(units=UNITS).render())
    assert said.index("U1") < said.index("U2") < said.index("U3") < said.index("U4")
