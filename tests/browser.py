"""The one HTTP client of the tests: it goes through pages as a person does, and checks each page it opens."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import Context
from datetime import date
from typing import Any, Self
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask, has_app_context
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts.models import User
from portal.database import session
from tests import markup

Answer = Any
MOST_REDIRECTS = 5


class Browser:
    """A person at a browser without JavaScript: opens pages, reads, fills in and sends forms by their words."""

    def __init__(self, app: Flask, *, address: str = "192.0.2.1") -> None:
        """Every browser has its own cookies; `address` is where it seems to come from."""
        self._client = app.test_client()
        self._client.environ_base["REMOTE_ADDR"] = address
        self._filled: dict[str, Answer] = {}
        self.response: TestResponse
        self.path = "/"
        self.root: Element | None = None

    def sign_in_as(self, user: User) -> Self:
        """Be this user from here on, as if every step of signing in had been taken."""
        with self._client.session_transaction() as cookies:
            cookies.clear()
            now = int(clock.now().timestamp())
            cookies.update(_user_id=user.fs_uniquifier, _fresh=True, began=now, seen=now, two_steps=True)
        return self

    # Going somewhere

    def get(self, path: str, *, status: int | None = None, **query: Any) -> Self:
        """Open a page, following redirects; `status` is what it must answer if not 200."""
        return self._open("GET", path, status=status or 200, query_string=query or None)

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, status: int | None = None) -> Self:
        """Post without a form, as somebody would who wants to do harm; sends this page's token if it has one."""
        token = next((f.get("value", "") for f in self._inputs() if f.get("name") == "csrf_token"), None)
        body = ({"csrf_token": token} if token else {}) | dict(data or {})
        return self._open("POST", path, status=status, data=body)

    def click(self, words: str, *, status: int | None = None) -> Self:
        """Follow the link with these words, or press the lone button with them."""
        page = self._page()
        links = [a for a in page.iter("a") if a.get("href") and _says(a, words)]
        if not links:
            return self.submit(words, status=status)
        hrefs = {link.get("href", "") for link in links}
        assert len(hrefs) == 1, f"{len(hrefs)} links say {words!r}: {sorted(hrefs)}"
        return self.get(urljoin(self.path, urldefrag(hrefs.pop()).url) or self.path, status=status)

    def fill(self, answers: Mapping[str, Answer] | None = None, /, **by_name: Answer) -> Self:
        """Answer questions by the words of their labels, or by field name; sent by the next `submit`.

        A choice is answered with its words, boxes with a list of words, a single box with True, a date with a
        `date` or three texts, a file with (bytes stream, file name).
        """
        self._filled |= dict(answers or {}) | by_name
        return self

    def submit(self, button: str, *, status: int | None = None) -> Self:
        """Press a button by its words: sends its form as it stands on the page, with what was filled in."""
        form, pressed = self._form_with(button)
        data = _standing(form)
        if pressed.get("name"):
            data[pressed.get("name", "")] = [pressed.get("value", "")]
        for question, answer in self._filled.items():
            name, values = _answered(form, question, answer)
            data[name] = values
        self._filled = {}
        action = urljoin(self.path, form.get("action") or self.path)
        if (form.get("method") or "get").lower() == "get":
            return self._open("GET", urldefrag(action).url, status=status or 200, query_string=data)
        return self._open("POST", action, status=status, data=data)

    # Reading the page

    @property
    def status(self) -> int:
        """The status of the last answer."""
        return self.response.status_code

    @property
    def html(self) -> str:
        """The page as it was sent."""
        return self.response.get_data(as_text=True)

    @property
    def body(self) -> bytes:
        """What was sent, when it is a file."""
        return self.response.get_data()

    @property
    def text(self) -> str:
        """What can be read on the page, with single spaces."""
        return markup.text_of(next(self._page().iter("body")))

    @property
    def title(self) -> str:
        """The words on the browser's tab."""
        return markup.text_of(next(self._page().iter("title")))

    @property
    def heading(self) -> str:
        """The main heading."""
        return markup.text_of(next(self._page().iter("h1")))

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary; empty when there is none."""
        summaries = self._with_class("govuk-error-summary__list")
        return [markup.text_of(line) for summary in summaries for line in summary.iter("li")]

    @property
    def banners(self) -> list[str]:
        """What the page says has just happened."""
        return [markup.text_of(words) for words in self._with_class("govuk-notification-banner__content")]

    def sees(self, *words: str) -> bool:
        """Whether all these words can be read on the page."""
        text = self.text
        return all(" ".join(each.split()) in text for each in words)

    def value(self, question: str) -> str:
        """What stands in the text field with this label or name."""
        found = [f for form in self._page().iter("form") for f in _fields(form, question)]
        assert found, f"no field is labelled {question!r}"
        return (found[0].text or "").removeprefix("\n") if found[0].tag == "textarea" else found[0].get("value", "")

    def links(self) -> dict[str, str]:
        """Where each link leads, by its words."""
        return {markup.text_of(a): a.get("href", "") for a in self._page().iter("a")}

    # Inside

    def _open(self, method: str, path: str, *, status: int | None, **request: Any) -> Self:
        parts = urlsplit(path)
        target = parts._replace(scheme="", netloc="", fragment="").geturl()
        if request.get("query_string") is None:
            request.pop("query_string", None)
        self.response = self._send(target, method=method, **request)
        redirects = 0
        while self.response.status_code in {301, 302, 303, 307, 308} and status not in {301, 302, 303, 307, 308}:
            redirects += 1
            assert redirects <= MOST_REDIRECTS, f"{path} redirects for ever"
            target = urljoin(target, self.response.headers["Location"])
            parts = urlsplit(target)
            assert parts.netloc in {"", "localhost"}, f"{path} leads away to {parts.netloc}"
            target = parts._replace(scheme="", netloc="", fragment="").geturl()
            self.response = self._send(target, method="GET")
        self.path, self.root, self._filled = target, None, {}
        if self.response.mimetype == "text/html" and self.body:
            self.root = markup.parsed(self.html)
            if not 300 <= self.status < 400:
                found = markup.mistakes(self.root)
                assert not found, f"{method} {target}: {'; '.join(found)}"
        assert self.status != 500, f"{method} {target} failed: {self.text if self.root else self.body[:500]!r}"
        if status is not None:
            seen = self.text if self.root is not None else repr(self.body[:500])
            assert self.status == status, f"{method} {target} answered {self.status}, not {status}: {seen[:1500]}"
        return self

    def _send(self, target: str, **request: Any) -> TestResponse:
        """One request, apart from the test around it: its own application context, session and signed-in user."""
        if has_app_context():
            session.rollback()  # what the test did not commit no page may see
            session.expire_all()  # and what it holds is read again
        return Context().run(self._client.open, target, buffered=True, **request)

    def _page(self) -> Element:
        assert self.root is not None, "there is no page: the last answer was not HTML"
        return self.root

    def _inputs(self) -> list[Element]:
        return markup.inputs(self.root) if self.root is not None else []

    def _with_class(self, name: str) -> list[Element]:
        return [e for e in markup.elements(self._page()) if name in (e.get("class") or "").split()]

    def _form_with(self, words: str) -> tuple[Element, Element]:
        found = [
            (form, button)
            for form in self._page().iter("form")
            for button in form.iter("button")
            if _says(button, words) and button.get("type", "submit") == "submit"
        ]
        seen = [markup.text_of(button) for button in self._page().iter("button")]
        assert found, f"no link or button says {words!r}; buttons: {seen}; links: {list(self.links())}"
        assert len(found) == 1, f"{len(found)} buttons say {words!r}"
        return found[0]


def _says(element: Element, words: str) -> bool:
    return markup.text_of(element) == words or element.get("aria-label") == words


def _standing(form: Element) -> dict[str, list[Any]]:
    """What a browser would send if nothing were filled in."""
    data: dict[str, list[Any]] = {}
    for field in markup.inputs(form):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or field.get("disabled") is not None or kind in {"file", "submit", "button"}:
            continue
        if kind in {"radio", "checkbox"} and field.get("checked") is None:
            continue
        data.setdefault(name, []).extend(_standing_values(field))
    return data


def _standing_values(field: Element) -> list[str]:
    if field.tag == "textarea":
        return [(field.text or "").removeprefix("\n")]
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return [_option_value(option) for option in chosen]
    return [field.get("value", "on" if field.get("type") in {"radio", "checkbox"} else "")]


def _option_value(option: Element) -> str:
    return option.get("value", markup.text_of(option))


def _answered(form: Element, question: str, answer: Answer) -> tuple[str, list[Any]]:
    fields = _fields(form, question)
    asked = [markup.text_of(e) for e in form.iter() if e.tag in {"label", "legend"}]
    assert fields, f"no question says {question!r}; the form asks: {asked}"
    name, kind = fields[0].get("name", ""), fields[0].get("type", "text")
    if fields[0].tag == "select":
        return name, [_chosen({markup.text_of(o): _option_value(o) for o in fields[0].iter("option")}, answer)]
    if kind in {"radio", "checkbox"}:
        words = markup.labels(form)
        offered = {words.get(f.get("id", ""), ""): f.get("value", "on") for f in fields}
        if isinstance(answer, bool):
            return name, list(offered.values())[:1] if answer else []
        answers = answer if isinstance(answer, list | tuple | set) else [answer]
        return name, [_chosen(offered, each) for each in answers]
    if len(fields) == 3:
        parts = (answer.day, answer.month, answer.year) if isinstance(answer, date) else answer
        return name, [str(part) for part in parts]
    return name, [answer if isinstance(answer, tuple) else str(answer)]


def _chosen(offered: Mapping[str, str], answer: Answer) -> str:
    if str(answer) in offered:
        return offered[str(answer)]
    assert str(answer) in offered.values(), f"{answer!r} is not offered; there are {list(offered)}"
    return str(answer)


def _fields(form: Element, question: str) -> list[Element]:
    """The fields of a question: by legend (radios, boxes, dates), by label, or by name."""
    for group in form.iter("fieldset"):
        legend = next(group.iter("legend"), None)
        if legend is not None and markup.text_of(legend) == question and markup.inputs(group):
            first = markup.inputs(group)[0].get("name")
            return [field for field in markup.inputs(group) if field.get("name") == first]
    words = markup.labels(form)
    seen = [f for f in markup.inputs(form) if f.get("type") != "hidden"]
    by_label = [f for f in seen if question in {words.get(f.get("id", "-")), f.get("aria-label")}]
    return by_label[:1] or [field for field in markup.inputs(form) if field.get("name") == question]
