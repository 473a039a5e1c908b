"""How much a page may be sent, and how a file is handed to a browser."""

from __future__ import annotations

import io

import pytest
from flask import Blueprint, Flask, request
from flask_wtf import FlaskForm

from portal.files import services
from portal.files.forms import UploadField
from portal.files.services import Shelf, examined, keep
from portal.files.views import download
from portal.web import uploads
from portal.web.fields import Form
from tests.factories import SchemeFactory
from tests.files import given


class ScanForm(Form):
    """One file."""

    scan = UploadField("The scan", required="Choose the scan")


@pytest.fixture
def sent(app, monkeypatch):
    """What the field says of a file that a browser sent."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)

    def send(file) -> FlaskForm:
        data = {"scan": file} if file is not None else {}
        with app.test_request_context("/", method="POST", data=data, content_type="multipart/form-data"):
            form = ScanForm()
            form.validate_on_submit()
            return form

    return send


def test_a_good_file_is_looked_at_by_its_field(sent):
    form = sent((io.BytesIO(given.pdf()), "Plan.pdf"))
    assert form.errors == {}
    assert form.scan.data == examined("Plan.pdf", given.pdf())


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "Choose the scan"),
        ((io.BytesIO(b""), ""), "Choose the scan"),
        ("text where a file was meant", "Choose the scan"),
        ((io.BytesIO(b""), "a.pdf"), "The file is empty. Choose it again"),
        ((io.BytesIO(b"MZ"), "a.pdf"), "The file must be PDF, Word (DOCX)"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(sent, file, said):
    form = sent(file)
    assert form.scan.data is None
    assert form.scan.errors[0].startswith(said)


def test_a_file_a_little_too_large_is_told_of_at_its_field(sent, monkeypatch):
    monkeypatch.setattr(ScanForm.scan, "kwargs", {"most": 100_000})
    form = sent((io.BytesIO(bytes(100_001)), "a.pdf"))
    assert form.scan.errors == ["The file is too large. It must be 97 KB or smaller"]


def test_the_field_says_what_is_welcome_and_lets_the_browser_show_only_that(app):
    with app.test_request_context("/"):
        html = str(ScanForm().scan())
    assert "PDF, Word (DOCX), PowerPoint (PPTX), OpenDocument (ODT, ODP), PNG or JPEG, up to 20 MB" in html
    assert 'type="file"' in html
    assert 'accept=".pdf,.docx,' in html


@pytest.fixture
def trial():
    """A small app of two pages that only say how much they were sent."""
    app = Flask("trial")
    app.config["MAX_CONTENT_LENGTH"] = 1000
    pages = Blueprint("pages", __name__)

    @pages.post("/much")
    @uploads.takes_files
    def much() -> str:
        return str(len(request.files["scan"].read()))

    @pages.post("/little")
    def little() -> str:
        return str(len(request.files["scan"].read()))

    app.register_blueprint(pages)
    app.before_request(uploads.make_room)
    return app.test_client()


def test_only_a_page_for_files_is_sent_much(trial, session):
    assert trial.post("/much", data={"scan": (io.BytesIO(bytes(5000)), "a")}).text == "5000"
    assert trial.post("/little", data={"scan": (io.BytesIO(bytes(5000)), "a")}).status_code == 413


def test_too_much_is_answered_in_words_after_it_was_heard_to_its_end(browser):
    browser.get("/sign-in")
    body = io.BytesIO(bytes(3 * 1024 * 1024))
    answer = browser._client.post("/sign-in", input_stream=body, content_length=3 * 1024 * 1024,
                                  content_type="multipart/form-data; boundary=x")  # fmt: skip
    assert answer.status_code == 413
    assert "What you sent is too large" in answer.text
    assert body.read() == b"", "a browser that is not heard to its end shows an error of its own"


def test_a_download_is_saved_and_never_opened_or_kept_on_the_way(app, session, tmp_path, monkeypatch):
    fresh = Shelf()
    fresh.load(f"file://{tmp_path}")
    monkeypatch.setattr(services, "shelf", fresh)
    stored = keep(examined("Cynllun ŵ.pdf", given.pdf()), scheme_id=SchemeFactory().id, by=None)
    with app.test_request_context("/"):
        response = download(stored)
    assert response.get_data() == given.pdf()
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Cynllun%20%C5%B5.pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
