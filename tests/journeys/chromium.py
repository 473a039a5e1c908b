"""A person at Chromium on a phone, who reads and does what `Browser` can: the same story runs through both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from axe_playwright_python.sync_playwright import Axe
from html5lib import HTMLParser
from playwright.sync_api import Browser as Chrome
from playwright.sync_api import Error, Locator, Response, sync_playwright

from portal import clock
from tests import markup
from tests.browser import Browser, _answered

EXECUTABLE = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}


class Findings:
    """What is wrong with the pages that were opened, and their HTML for a checker that reads many at once.

    A page is looked at once in each of its states: the same path (numbers and secrets aside), heading and status.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is where the pages are kept."""
        self.folder = folder
        self.seen: set[tuple[str, str, int]] = set()
        self.wrong: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def is_new(self, path: str, heading: str, status: int) -> bool:
        """Whether this page has not been looked at in this state."""
        alike = re.sub(r"\d+|[\w-]{20,}", "…", path)
        key = (alike, re.sub(r"\d+", "…", heading), status)
        known = key in self.seen
        self.seen.add(key)
        return not known

    def keep(self, path: str, html: str) -> None:
        """Keep a page for the checker."""
        name = re.sub(r"[^a-z-]+", "_", path.lower())[:60]
        (self.folder / f"{len(self.seen):03}{name}.html").write_text(html, encoding="utf-8")


class Phone(Browser):
    """A person at a phone with JavaScript. Reading the page is `Browser`'s; acting goes through Chromium."""

    def __init__(self, app: Any, chrome: Chrome, address: str, findings: Findings) -> None:
        """Every phone has its own cookies."""
        super().__init__(app)
        self.app, self.address, self.findings = app, address, findings
        self.context = chrome.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-GB")  # type: ignore[arg-type]
        self.screen = self.context.new_page()
        self.screen.on("pageerror", lambda error: findings.wrong.append(f"{self.path}: a script failed: {error}"))
        self.screen.on("console", self._listen)
        self._status, self._html, self._bytes = 0, "", b""

    @property
    def status(self) -> int:
        """The status of the last answer."""
        return self._status

    @property
    def html(self) -> str:
        """The page as it was sent."""
        return self._html

    @property
    def body(self) -> bytes:
        """What was sent, when it is a file."""
        return self._bytes

    def sign_in_as(self, user: Any) -> Self:
        """Be this user from here on, as if every step of signing in had been taken."""
        now = int(clock.now().timestamp())
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        value = serializer.dumps(
            {"_user_id": user.fs_uniquifier, "_fresh": True, "began": now, "seen": now, "two_steps": True}
        )
        self.screen.goto("about:blank")  # what the last page still asks for must not bring its old session back
        self.context.clear_cookies()
        self.context.add_cookies([{"name": "session", "value": value, "url": self.address}])
        return self

    def close(self) -> None:
        """Put the phone away."""
        self.context.close()

    def _listen(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.findings.wrong.append(f"{self.path}: {message.text}")

    def _open(self, method: str, path: str, *, status: int | None, **request: Any) -> Self:
        """Type an address; files are fetched with the phone's cookies, because Chromium would only save them."""
        assert method == "GET", "a person at a phone posts by pressing a button"
        url = urljoin(self.address, urlsplit(path)._replace(scheme="", netloc="").geturl())
        if path.endswith(".pdf"):
            answer = self.context.request.get(url)
            self._status, self._bytes, self.root = answer.status, answer.body(), None
        else:
            self._read(self.screen.goto(url, wait_until="load"))
        return self._expect(status)

    def click(self, words: str, *, status: int | None = None) -> Self:
        """Tap the link with these words, or the lone button with them."""
        links = list(self._now().iter("a"))
        found = [place for place, link in enumerate(links) if link.get("href") and _says(link, words)]
        if not found:
            return self.submit(words, status=status)
        href = links[found[0]].get("href", "")
        target = self.screen.locator("a").nth(found[0])
        if href.endswith(".pdf") or not target.is_visible():
            return self.get(urljoin(self.path, href), status=status)
        with self._moving():
            target.click()
        return self._expect(status or 200)

    def submit(self, button: str, *, status: int | None = None) -> Self:
        """Type and tap what was filled in, then tap the button with these words."""
        root = self._now()
        forms = [form for form in root.iter("form") if any(_says(each, button) for each in form.iter("button"))]
        assert len(forms) == 1, f"{len(forms)} forms have a button {button!r}; there are {list(self.links())}"
        for question, answer in self._filled.items():
            self._type(*_answered(forms[0], question, answer))
        self._filled = {}
        place = next(n for n, each in enumerate(root.iter("button")) if _says(each, button))
        with self._moving():
            self.screen.locator("button").nth(place).click()
        return self._expect(status)

    def _type(self, name: str, values: list[Any]) -> None:
        fields = self.screen.locator(f'[name="{name}"]:not([type="hidden"])')
        kind = fields.first.evaluate("field => field.type")
        if kind in {"radio", "checkbox"}:
            for place in range(fields.count()):
                self._choose(fields.nth(place), values, is_only=kind == "radio")
        elif kind.startswith("select"):
            fields.first.select_option(values[0])
        else:
            for place, value in enumerate(values):
                fields.nth(place).fill(str(value))

    def _choose(self, field: Locator, values: list[Any], *, is_only: bool) -> None:
        wanted = field.get_attribute("value") in values
        if field.is_checked() != wanted and (wanted or not is_only):
            self.screen.locator(f'label[for="{field.get_attribute("id")}"]').click()

    @contextmanager
    def _moving(self) -> Iterator[None]:
        with self.screen.expect_navigation(wait_until="load") as moved:
            yield
        self._read(moved.value)

    def _read(self, answer: Response | None) -> None:
        """Take in the page that has just come, and look for what is wrong with it."""
        assert answer is not None, f"{self.screen.url} did not answer"
        parts = urlsplit(self.screen.url)
        self.path = parts.path + (f"?{parts.query}" if parts.query else "")
        self._status, self._html, self._filled = answer.status, answer.text(), {}
        assert answer.headers.get("content-type", "").startswith("text/html"), f"{self.path} is no page"
        self.root = markup.parsed(self._html)
        found = markup.mistakes(self.root)
        assert not found, f"{self.path}: {'; '.join(found)}"
        if self.findings.is_new(parts.path, self.heading, self._status):
            self._examine(parts.path)

    def _examine(self, path: str) -> None:
        self.findings.keep(path, self._html)
        for each in Axe().run(self.screen).response["violations"]:
            where = [node["html"][:200] for node in each["nodes"]][:3]
            self.findings.wrong.append(f"{self.path}: {each['id']}: {each['help']}: {where}")
        wide = self.screen.evaluate("document.documentElement.scrollWidth")
        if wide > PHONE["width"]:
            self.findings.wrong.append(f"{self.path}: is {wide} pixels wide on a phone of {PHONE['width']}")

    def _expect(self, status: int | None) -> Self:
        assert self._status < 500, f"{self.path} answered {self._status}"
        if status is not None:
            seen = self.text if self.root is not None else "a file"
            assert self._status == status, f"{self.path} answered {self._status}, not {status}: {seen[:1500]}"
        return self

    def _now(self) -> Element:
        """The page as scripts have left it: what they added can be pressed too."""
        parser = HTMLParser(namespaceHTMLElements=False)
        root: Element = parser.parse(self.screen.content())
        return root


def _says(element: Element, words: str) -> bool:
    return markup.text_of(element) == words or element.get("aria-label") == words


class Phones:
    """One Chromium for all phones of a story."""

    def __enter__(self) -> Self:
        """Start it."""
        self._playwright = sync_playwright().start()
        self.chrome = self._playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS, headless=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        with suppress(Error):  # it may have died already
            self.chrome.close()
        self._playwright.stop()
