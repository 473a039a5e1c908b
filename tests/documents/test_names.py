"""A name is printed as its owner writes it, and reads back as the same letters."""

import pytest

from portal.certification.documents import Skill
from portal.documents import fonts
from portal.documents.fonts import Weight
from tests.documents.conftest import needs_poppler
from tests.documents.facts import certificate, evidence
from tests.documents.reading import nodes, opened, text

NAMES = {
    "Welsh": "Siân Ŵyn-Łukasiewicz",
    "Polish": "Grażyna Żółć-Świątek",
    "Turkish": "Işıl Çağrı Güneş",
    "Vietnamese": "Nguyễn Thị Hằng",
    "Greek": "Ελένη Παπαδοπούλου",
    "Ukrainian": "Олександр Ґалаґан",
    "Urdu": "محمد علی خان",
    "Urdu letters of its own": "ٹیپو ڈاڑھی گہرے",
    "Arabic": "فاطمة الزهراء",
}
EVERY_NAME = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)


@EVERY_NAME
def test_a_name_reads_back_from_the_certificate(name):
    assert fonts.can_show(name)
    assert name in text(certificate(mentor=name).render())


@EVERY_NAME
def test_a_name_is_the_first_heading_of_cv_evidence(name):
    assert text(evidence(mentor=name).render()).find(name) > -1


@needs_poppler
@EVERY_NAME
def test_a_name_reads_back_through_poppler_in_page_order_and_in_tag_order(name, poppler):
    pdf = certificate(mentor=name).render()
    assert name in poppler("pdftotext", pdf=pdf)
    assert f'"{name}"' in poppler("pdfinfo", "-struct-text", pdf=pdf)


def test_arabic_letters_are_drawn_joined_and_from_the_right():
    line = fonts.set_line("محمد", Weight.STRONG)
    assert [run.letters for run in line.runs] == ["ﺪﻤﺤﻣ"]
    lefts = [left for left, _, _ in line.strokes(10)]
    assert lefts == sorted(lefts, reverse=True)


def test_a_name_in_arabic_letters_says_its_plain_letters_to_a_screen_reader():
    (name,) = [node for node in nodes(certificate(mentor="مُحَمَّد علی").render()) if node["/S"] == "/H2"]
    assert name["/ActualText"] == "مُحَمَّد علی"


def test_page_furniture_is_never_part_of_what_a_screen_reader_says():
    long = "محمد علی خان " * 900
    pdf = evidence(mentor="محمد علی خان", skills=(Skill("Listening", long),)).render()
    assert len(opened(pdf).pages) > 2
    said = [node["/ActualText"] for node in nodes(pdf) if "/ActualText" in node]
    assert said == ["محمد علی خان", long.strip()]


def test_a_romanised_form_stands_beneath_a_name_that_most_readers_cannot_read():
    said = text(certificate(mentor="محمد علی خان", romanised="Muhammad Ali Khan").render())
    assert said.index("محمد علی خان") < said.index("Muhammad Ali Khan") < said.index("completed")


def test_a_romanised_form_that_is_the_name_itself_is_not_said_twice():
    assert text(certificate(romanised="Ann Smith").render()).count("Ann Smith") == 1


@pytest.mark.parametrize(
    ("name", "romanised"), [("李小龙", "Li Xiaolong"), ("አበበ ቢቂላ", "Abebe Bikila"), ("אברהם", "Avraham")]
)
def test_a_name_our_fonts_cannot_show_is_printed_romanised_and_kept_in_the_title(name, romanised):
    assert not fonts.can_show(name)
    for paper in (certificate(mentor=name, romanised=romanised), evidence(mentor=name, romanised=romanised)):
        pdf = paper.render()
        assert romanised in text(pdf)
        assert name not in text(pdf)
        assert name in opened(pdf).metadata.title


def test_letters_we_cannot_show_and_have_no_other_form_of_are_never_dropped_unseen():
    pdf = certificate(mentor="李小龙").render()
    assert "???" in text(pdf)
    (name,) = [node for node in nodes(pdf) if node["/S"] == "/H2"]
    assert name["/ActualText"] == "李小龙"


@pytest.mark.parametrize(
    "name", ["Ann 🌻 Smith", "Ann\u202e Smith", "Ann\x00 Smith", "Ann \ud800Smith", "Ann\n\tSmith"]
)
def test_signs_that_are_not_letters_do_not_spoil_a_name(name):
    assert "Ann Smith" in text(certificate(mentor=name).render()).replace("  ", " ")


def test_letters_typed_as_two_signs_are_printed_as_one():
    assert "Siân" in text(certificate(mentor="Sia\u0302n").render())


@pytest.mark.parametrize("name", ["", " ", "🌻", "\u202e"])
def test_a_name_with_nothing_to_print_still_gives_a_page(name):
    assert not fonts.can_show(name)
    assert len(opened(certificate(mentor=name).render()).pages) == 1


def test_words_wrap_between_words_and_inside_a_word_only_where_they_must():
    assert fonts.wrap("one two three", Weight.TEXT, 10, 42) == ["one two", "three"]
    pieces = fonts.wrap("W" * 20, Weight.TEXT, 10, 42)
    assert "".join(pieces) == "W" * 20
    assert all(fonts.set_line(piece).width(10) <= 42 for piece in pieces)
