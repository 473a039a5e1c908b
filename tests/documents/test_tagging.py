"""A screen reader finds its way through every PDF."""

import re
from itertools import pairwise

import pytest

from portal.certification.documents import Skill
from tests.documents.conftest import needs_poppler
from tests.documents.facts import booklet, certificate, evidence, paper_register
from tests.documents.reading import held_by, marks, nodes, opened, tags

CHECKED = {"certificate": certificate(), "evidence": evidence()}
PRINTED = CHECKED | {"register": paper_register(), "booklet": booklet()}
WITH_A_CHECK = pytest.mark.parametrize("paper", CHECKED.values(), ids=CHECKED)
PAPERS = pytest.mark.parametrize("paper", PRINTED.values(), ids=PRINTED)


@PAPERS
def test_the_language_the_title_and_the_claim_of_conformance_are_set(paper):
    pdf = opened(paper.render())
    root = pdf.root_object
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert "Ann Smith" in pdf.metadata.title
    assert pdf.metadata.author == "Durham Peer Mentors"
    assert pdf.xmp_metadata.dc_title["x-default"] == pdf.metadata.title
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()


@PAPERS
def test_every_mark_on_a_page_leads_to_the_node_that_claims_it(paper):
    pdf = paper.render()
    pages = {page.indirect_reference.idnum: n for n, page in enumerate(opened(pdf).pages)}
    claimed = {
        (pages[mark.raw_get("/Pg").idnum], mark["/MCID"]): node["/S"][1:] for node in nodes(pdf) for mark in marks(node)
    }
    assert claimed == held_by(pdf)
    drawn = {
        (n, int(number))
        for n, page in enumerate(opened(pdf).pages)
        for number in re.findall(rb"/MCID (\d+)>> BDC", page.get_contents().get_data())
    }
    assert drawn == set(claimed)


@PAPERS
def test_nothing_is_drawn_outside_content_and_furniture(paper):
    for page in opened(paper.render()).pages:
        depth = 0
        for operands, operator in page.get_contents().operations:
            if operator in (b"BDC", b"BMC"):
                depth += 1
                assert depth == 1, "one inside another would be claimed twice"
            elif operator == b"EMC":
                depth -= 1
            elif operator in (b"Tj", b"TJ", b"S", b"f", b"f*", b"B", b"re", b"m"):
                assert depth == 1, (operands, operator)
        assert depth == 0


def test_the_certificate_is_one_heading_with_the_name_beneath_and_a_list_of_units():
    found = tags(certificate().render())
    assert found[0] == "Document"
    assert found.count("H1") == found.count("H2") == 1
    assert found.index("H1") < found.index("H2") < found.index("L")
    assert found.count("LI") == found.count("Lbl") == found.count("LBody") == 4


def test_every_picture_says_what_it_shows():
    pictures = [node for node in nodes(certificate().render()) if node["/S"] == "/Figure"]
    assert [picture["/Alt"] for picture in pictures] == [
        "Alongside: an arc over a dot",
        "QR code that leads to the page where this certificate can be checked: "
        "https://mentors.example.org/v/AbCdEfGhIjKlMnOpQrStUv",
    ]


def test_headings_of_cv_evidence_go_down_one_level_at_a_time():
    levels = [int(tag[1]) for tag in tags(evidence().render()) if re.fullmatch(r"H\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_table_heads_say_what_they_head():
    scopes = [node["/A"]["/Scope"] for node in nodes(evidence().render()) if node["/S"] == "/TH"]
    assert scopes.count("/Row") == 4  # three figures and the number of the certificate
    assert scopes.count("/Column") == 5  # two of the units, three of the dates


def test_a_long_table_draws_its_head_on_each_page_and_is_read_once():
    pdf = evidence(units=tuple((f"U{n}", f"Unit number {n}") for n in range(90))).render()
    pages = [page.extract_text() for page in opened(pdf).pages]
    with_rows = [page for page in pages if "Unit number" in page]
    assert len(with_rows) > 2
    assert all(page.split().count("Title") == 1 for page in with_rows)
    columns = [node for node in nodes(pdf) if node["/S"] == "/TH" and node["/A"]["/Scope"] == "/Column"]
    assert len(columns) == 5


@WITH_A_CHECK
def test_the_link_to_the_check_is_tied_to_its_words(paper):
    pdf = paper.render()
    (area,) = [each.get_object() for page in opened(pdf).pages for each in page.get("/Annots", [])]
    assert area["/A"]["/URI"] == "https://mentors.example.org/v/AbCdEfGhIjKlMnOpQrStUv"
    assert area["/Contents"].startswith("Check th")
    numbers = opened(pdf).root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    owner = dict(zip(numbers[::2], numbers[1::2], strict=True))[area["/StructParent"]].get_object()
    assert owner["/S"] == "/Link"


@needs_poppler
def test_poppler_reads_headings_paragraphs_and_tables(poppler):
    said = poppler("pdfinfo", "-struct-text", pdf=evidence().render())
    lines = [line.strip().removesuffix(":") for line in said.splitlines()]
    assert lines[0] == "Document"
    assert lines[1:3] == ["H1 (block)", '"Ann Smith"']
    for tag in ("H2 (block)", "P (block)", "Table (block)", "TR", "TD", "L (block)"):
        assert tag in lines
    assert lines[lines.index('"Training hours attended"') + 1 :][:2] == [
        "TD",
        '"46 hours 30 minutes"',
    ]


@needs_poppler
@PAPERS
def test_poppler_finds_the_file_tagged_and_the_fonts_embedded(paper, poppler):
    about = poppler("pdfinfo", pdf=paper.render())
    assert re.search(r"Tagged: +yes", about)


def test_a_space_is_drawn_between_the_lines_of_one_sentence():
    sentence = "Was observed in practice and met every criterion that there is. " * 4
    page = opened(evidence(skills=(Skill("Listening", sentence),)).render()).pages[0]
    # pypdf puts a line break where a line ends: a space before it was drawn by us.
    assert page.extract_text().count("observed") == 4
    lines = [line for line in page.extract_text().splitlines() if "criterion" in line]
    assert len(lines) > 1
    assert all(line.endswith(" ") for line in lines[:-1])
