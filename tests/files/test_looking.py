"""A file is told by its content, and kept only when nothing in it acts, hides or fetches."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from PIL import Image

from portal.files import rules
from portal.files.services import examined
from portal.refusals import Refused
from tests.files import given

GOOD = {
    "Plan.pdf": given.pdf(),
    "Notes.docx": given.docx(),
    "Slides.pptx": given.pptx(),
    "Notes.odt": given.odf(),
    "Slides.odp": given.odf("presentation"),
    "Scan.png": given.picture(),
    "Photo.jpg": given.picture("JPEG"),
}


@pytest.mark.parametrize("name", GOOD)
def test_each_kind_we_take_is_taken_under_its_name(name):
    file = examined(name, GOOD[name])
    assert file.name == name
    assert name.endswith(file.kind.endings[0])
    if file.kind not in (rules.PNG, rules.JPEG):
        assert file.content == GOOD[name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Choose a file"),
        ("Plan", "The name must end in “.pdf”"),
        ("Plan.docx", "The name ends in “.docx”, but inside it is a PDF file"),
        ("Plan.exe", "inside it is a PDF file"),
        ("Plan.doc", "Save it as DOCX"),
        ("Plan.docm", "Save it as DOCX"),
    ],
)
def test_a_name_that_does_not_agree_is_refused(name, said):
    with pytest.raises(Refused, match=said):
        examined(name, given.pdf())


@pytest.mark.parametrize(
    "content",
    [b"hello", b"MZ" + bytes(300), b"<html><script>alert(1)</script></html>", b"GIF89a" + bytes(50), bytes(500),
     given.zipped({"a.txt": "hello"}), given.picture("GIF"), given.picture("TIFF"), b"<svg onload='x'/>"],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["pdf", "docx", "png"])
def test_anything_else_is_refused_whatever_it_is_called(content, ending):
    with pytest.raises(Refused, match=r"The file must be PDF, Word .* or JPEG"):
        examined(f"file.{ending}", content)


def test_an_empty_file_and_one_too_large_are_not_even_opened():
    with pytest.raises(Refused, match="The file is empty"):
        examined("a.pdf", b"")
    with pytest.raises(Refused, match=r"too large. It must be 20 MB or smaller"):
        examined("a.pdf", bytes(rules.MOST_BYTES + 1))


def test_a_page_may_welcome_fewer_kinds():
    with pytest.raises(Refused, match="The file must be PDF, PNG or JPEG"):
        examined("a.docx", given.docx(), kinds=(rules.PDF, rules.PNG, rules.JPEG))


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        (r"C:\Users\Ann\Plan.pdf", "Plan.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("Cynllun ŵythnos 3.PDF", "Cynllun ŵythnos 3.pdf"),
        ('a"b<c>:d?.pdf', "a-b-c--d.pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        ("line\r\nbreak.pdf", "linebreak.pdf"),
        ("...pdf", "file.pdf"),
        ("x" * 400 + ".pdf", "x" * 114 + ".pdf"),
    ],
)
def test_the_name_is_made_safe(given_name, kept):
    assert examined(given_name, given.pdf()).name == kept


def act(action: pikepdf.Dictionary):
    return lambda pdf: pdf.Root.__setitem__("/OpenAction", action)


def annotated(pdf: pikepdf.Pdf) -> None:
    hidden = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=hidden, Rect=[0, 0, 1, 1])
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([link]))


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["evil.exe"] = b"MZ"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (act(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x"))), "has scripts in it"),
        (act(pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd"))), "starts a program"),
        (act(pikepdf.Dictionary(S=pikepdf.Name.GoToR, Next=pikepdf.Dictionary(S=pikepdf.Name.Launch))), "program"),
        (annotated, "has scripts in it"),
        (attached, "has another file inside it"),
    ],
)
@pytest.mark.parametrize("packed", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_a_pdf_that_acts_or_carries_is_refused_wherever_that_stands(change, said, packed):
    with pytest.raises(Refused, match=said):
        examined("a.pdf", given.pdf(change, object_stream_mode=packed))


def test_a_pdf_with_links_to_pages_and_to_the_web_is_kept():
    def linked(pdf: pikepdf.Pdf) -> None:
        address = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org"))
        pdf.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=address)])
        pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])

    assert examined("a.pdf", given.pdf(linked)).kind is rules.PDF


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (given.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "needs a password"),
        (given.pdf(encryption=pikepdf.Encryption(owner="a", user="")), "is protected"),
        (given.pdf()[:-40], "is damaged"),
        (b"%PDF-1.7\n" + bytes(200), "is damaged"),
        (given.pdf(lambda pdf: pdf.pages.__delitem__(0)), "has no pages"),
    ],
)
def test_a_locked_or_broken_pdf_is_refused_in_words(content, said):
    with pytest.raises(Refused, match=said):
        examined("a.pdf", content)


def unfolding_to(size: int) -> bytes:
    """A PDF by hand, one of whose objects lies at the head of a compressed stream this large."""
    body = b"5 0 <</A 1>>"
    deflate = zlib.compressobj(9)
    packed = deflate.compress(body)
    packed += b"".join(deflate.compress(bytes(b" " * 1_000_000)) for _ in range(size // 1_000_000)) + deflate.flush()
    head = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(packed), packed),
    ]  # fmt: skip
    pdf, rows = b"%PDF-1.7\n", [b"\x00" + bytes(4)]
    for number, each in enumerate(objects, start=1):
        rows.append(b"\x01" + struct.pack(">I", len(pdf)))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    rows += [b"\x02" + struct.pack(">HH", 0, 4), b"\x01" + struct.pack(">I", len(pdf))]
    rows[5] = b"\x02" + struct.pack(">I", 4 << 8)  # in stream 4, first place
    table = b"".join(row[:1] + (row[1:] if n != 5 else struct.pack(">I", 4)) for n, row in enumerate(rows))
    about = b"/Type/XRef/Size 7/W[1 4 0]/Root 1 0 R/Length %d" % len(table)
    return pdf + b"6 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (about, table, len(pdf))


def test_a_pdf_that_unfolds_to_far_more_than_it_seems_is_refused():
    assert examined("a.pdf", unfolding_to(1_000_000)).kind is rules.PDF
    with pytest.raises(Refused, match="unfolds to far more"):
        examined("a.pdf", unfolding_to(100_000_000))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (given.docx(word__vbaProject_bin=b"x").replace(b"Project_bin", b"Project.bin"), "has macros"),
        (given.zipped({"[Content_Types].xml": given.TYPES.format(
            "application/vnd.ms-word.document.macroEnabled.main+xml"), "word/document.xml": "<d/>"}), "has macros"),
        (given.zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>"}), "is not a DOCX inside"),
        (given.docx(word__embeddings__oleObject1=b"x"), "another file or a control"),
        (given.docx(word__activeX__activeX1=b"x"), "another file or a control"),
        (given.zipped({"[Content_Types].xml": given.TYPES.format(given.W), "word/document.xml": "<d/>",
            "word/_rels/settings.xml.rels": given.RELATION.format("attachedTemplate", "http://evil")}), "fetches"),
        (given.zipped({"[Content_Types].xml": given.TYPES.format(given.W), "word/document.xml":
            '<!DOCTYPE x [<!ENTITY a "b">]><d/>'}), "no office program"),
        (given.docx(**{".." + "__evil": b"x"}), "no office program"),
        (given.docx(**{"__etc__passwd": b"x"}), "no office program"),
        (given.docx(word__media__a=bytes(20_000_000)), "no office program"),
        (given.docx(**{f"word__p{n}": b"" for n in range(5_001)}), "unfolds to far more"),
        (given.docx()[:-30], "must be"),
    ],
)  # fmt: skip
def test_a_word_file_with_macros_or_tricks_is_refused(content, said):
    with pytest.raises(Refused, match=said):
        examined("a.docx", content)


def test_a_word_file_with_a_link_to_the_web_is_kept():
    relation = given.RELATION.format("hyperlink", "https://example.org")
    content = given.zipped(
        {"[Content_Types].xml": given.TYPES.format(given.W), "word/document.xml": "<d/>",
         "word/_rels/document.xml.rels": relation}
    )  # fmt: skip
    assert examined("a.docx", content).kind is rules.DOCX


def test_two_parts_of_one_name_and_a_part_that_is_not_what_it_says_are_refused():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        for name in ("[Content_Types].xml", "word/document.xml", "word/Document.xml"):
            file.writestr(name, given.TYPES.format(given.W))
    with pytest.raises(Refused, match="no office program"):
        examined("a.docx", kept.getvalue())
    whole = given.zipped({"[Content_Types].xml": given.TYPES.format(given.W), "word/document.xml": "<d/>"}, 0)
    with pytest.raises(Refused, match="damaged"):
        examined("a.docx", whole.replace(b"<d/>", b"<e/>"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (given.odf(Basic__Standard__Module1=b"x"), "has macros"),
        (given.odf(Scripts__python__a=b"x"), "has macros"),
        (given.odf(**{"content.xml": "<script:event-listener/>"}), "has macros"),
        (given.odf(**{"content.xml": '<draw:image xlink:href="http://evil/x.png"/>'}), "fetches"),
        (given.odf(**{"content.xml": '<draw:object xlink:href="file:///etc"/>'}), "fetches"),
        (given.odf(**{"META-INF__manifest.xml": "<manifest:encryption-data/>"}), "needs a password"),
        (given.odf(**{"content.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><x/>"}), "no office program"),
    ],
)
def test_an_open_document_with_macros_or_tricks_is_refused(content, said):
    with pytest.raises(Refused, match=said):
        examined("a.odt", content)


def test_an_open_document_with_a_link_and_a_picture_of_its_own_is_kept():
    links = '<text:a xlink:type="simple" xlink:href="https://x.org">x</text:a><draw:image xlink:href="Pictures/1.png"/>'
    assert examined("a.odt", given.odf(**{"content.xml": links})).kind is rules.ODT


def test_a_photograph_loses_where_it_was_taken_and_keeps_which_way_is_up():
    about = Image.Exif()
    about[0x0112] = 6  # turned a quarter
    about[0x010F] = "A telephone"
    about.get_ifd(0x8825)[2] = (54.0, 46.0, 0.0)
    before = given.picture("JPEG", (40, 20), exif=about.tobytes(), comment=b"at home")
    assert b"A telephone" in before
    kept = examined("a.jpeg", before)
    assert kept.name == "a.jpg"
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert picture.size == (20, 40)
        assert not picture.getexif()
        assert "comment" not in picture.info
    assert b"telephone" not in kept.content


def test_what_is_hidden_behind_a_picture_is_not_kept():
    kept = examined("a.png", given.picture() + b"<?php system() ?>" + given.zipped({"a": "b"}))
    assert b"php" not in kept.content
    assert Image.open(io.BytesIO(kept.content)).size == (40, 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_any_kind_of_colour_is_kept(mode):
    kept = examined("a.png", given.picture(mode=mode))
    assert Image.open(io.BytesIO(kept.content)).size == (40, 20)


def test_a_jpeg_for_printing_is_kept():
    kept = examined("a.jpg", given.picture("JPEG", mode="CMYK"))
    assert Image.open(io.BytesIO(kept.content)).mode == "RGB"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_picture_that_unfolds_to_billions_of_points_is_refused(side):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
    with pytest.raises(Refused, match="too large to open"):
        examined("a.png", bomb)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_half_a_picture_is_refused_in_words(form):
    half = given.picture(form, (300, 300))
    with pytest.raises(Refused, match="damaged"):
        examined(f"a.{'png' if form == 'PNG' else 'jpg'}", half[: len(half) // 2])
