"""A hall with a group of forty, a portal that a phone can lose sight of, and phones that remember when closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright
from sqlalchemy import select

from portal import clock
from portal.attendance.models import Mark
from portal.cohorts.models import Cohort, CohortSession, Enrolment
from portal.database import session, will_write
from tests.attendance.groups import FIRST_DAY, TODAY
from tests.cohorts.groups import Place, number, place
from tests.journeys.chromium import EXECUTABLE, FLAGS, PHONE
from tests.journeys.house import House

A_TAP = 1.5
"""Seconds from one tap to the next: to find a name, decide and tap, as somebody does who has done it before."""
A_KEY = 0.3
"""Seconds for a key, or a digit of the phone's keyboard."""


@dataclass
class Hall(Place):
    """A place with a group that meets this evening."""

    house: House
    address: str
    cohort_made: Cohort
    meeting: CohortSession
    people: list[Enrolment]

    @property
    def path(self) -> str:
        """This evening's register."""
        return f"/sessions/{self.meeting.id}/register"

    def marks(self) -> dict[int, str]:
        """Every mark of this evening that has arrived, by enrolment; nobody has two."""
        session.rollback()
        rows = session.execute(select(Mark.enrolment_id, Mark.code).where(Mark.session_id == self.meeting.id)).all()
        session.rollback()
        assert len({row.enrolment_id for row in rows}) == len(rows), "somebody has two marks"
        return {row.enrolment_id: row.code.value for row in rows}

    def codes(self) -> str:
        """The same in the order of the people, "." for none."""
        marks = self.marks()
        return "".join(marks.get(each.id, ".") for each in self.people)


def hall(house: House, address: str, size: int = 40) -> Hall:
    """Forty people, and a session that began an hour and a half ago."""
    will_write(True)
    day: date = TODAY.date()
    house.at(day, 19)
    with house.hour():
        here = place()
        cohort = here.cohort(starts_on=FIRST_DAY, capacity=size)
        # in the order of the register: by name, where 10 comes before 9
        people = sorted(here.enrolled(cohort, size), key=lambda each: (each.volunteer.sort_name, each.id))
        for each in people:
            each.joined_on = FIRST_DAY
        session.commit()
    will_write(False)
    meeting = number(cohort, 11)
    assert clock.in_london(meeting.starts_at).date() == day
    assert meeting.starts_at + timedelta(hours=3) > house.now > meeting.starts_at
    return Hall(here.area, here.coordinator, here.trainer, house, address, cohort, meeting, people)


@dataclass
class Handset:
    """A real phone: what it keeps is still there when its browser was closed, or the battery was flat."""

    playwright: Playwright
    hall: Hall
    folder: Path
    clock_is_ahead: timedelta = timedelta()
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """How long a person would have taken for what was tapped and typed."""
    context: BrowserContext | None = None
    page: Page = field(init=False)

    def open(self, *, has_signal: bool = True) -> Handset:
        """Take the phone out of the pocket and start its browser."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder, executable_path=EXECUTABLE, args=FLAGS, headless=True, viewport=PHONE, has_touch=True,  # type: ignore[arg-type]
            is_mobile=True, locale="en-GB",
        )  # fmt: skip
        if self.clock_is_ahead:
            ahead = int(self.clock_is_ahead.total_seconds() * 1000)
            self.context.add_init_script(
                f"(() => {{ const right = Date.now.bind(Date); Date.now = () => right() + {ahead}; }})();"
            )
        self.context.set_offline(not has_signal)
        self.tab()
        return self

    def tab(self) -> Page:
        """A new tab."""
        assert self.context is not None
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.wrong.append(f"a script failed: {error}"))
        self.page.on("console", self._listen)
        return self.page

    def close(self) -> None:
        """Close the browser, all its tabs with it."""
        if self.context is not None:
            self.context.close()
            self.context = None

    def signal(self, there_is: bool) -> None:
        """Walk into the hall, or out of it."""
        assert self.context is not None
        self.context.set_offline(not there_is)

    def sign_in_as(self, user: Any) -> Handset:
        """Be this user, as if every step of signing in had been taken."""
        assert self.context is not None
        app = self.hall.house.app
        now = int(self.hall.house.now.timestamp())
        facts = {"_user_id": user.fs_uniquifier, "_fresh": True, "began": now, "seen": now, "two_steps": True}
        value = app.session_interface.get_signing_serializer(app).dumps(facts)
        session.rollback()
        self.context.clear_cookies()
        later = 4_000_000_000  # a browser forgets a session's cookie when it is closed; phones bring their tabs back
        self.context.add_cookies([{"name": "session", "value": value, "url": self.hall.address, "expires": later}])
        return self

    def go(self, path: str | None = None) -> Handset:
        """Open a page, this evening's register if nothing is said."""
        self.page.goto(self.hall.address + (path or self.hall.path))
        return self

    def is_ready(self) -> Handset:
        """Wait until the phone has all it needs for a hall without signal."""
        # Whether this very page is in its hands does not matter: the next one is.
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.says("All saved")
        return self

    def tap(self, enrolment: Enrolment, code: str) -> None:
        """One thumb on one mark."""
        self.page.locator(f"#{code}-{enrolment.id}").tap(timeout=10_000)
        self.seconds += A_TAP

    def type(self, field_id: str, words: str) -> None:
        """Tap a field, then type."""
        self.page.locator(f"#{field_id}").tap(timeout=10_000)
        self.page.keyboard.type(words)
        self.seconds += A_TAP + A_KEY * len(words)

    def says(self, words: str) -> None:
        """Wait until the line above the buttons says this."""
        self.page.locator(".save-bar__state", has_text=words).wait_for(timeout=20_000)

    def has_written(self, code: str) -> None:
        """Wait until a mark with this code is in the phone's store: whoever pulls the battery sooner loses it."""
        self.page.wait_for_function(
            """async (code) => {
                const db = await new Promise((resolve) => {
                    const asked = indexedDB.open("alongside-register");
                    asked.onsuccess = () => resolve(asked.result);
                });
                const marks = await new Promise((resolve) => {
                    const asked = db.transaction("marks").objectStore("marks").getAll();
                    asked.onsuccess = () => resolve(asked.result);
                });
                db.close();
                return marks.some((mark) => mark.code === code);
            }""",
            arg=code,
        )

    def kept(self) -> dict[str, int]:
        """How many things are in each drawer of the phone."""
        found: dict[str, int] = self.page.evaluate(
            """async () => {
                const known = await indexedDB.databases();
                if (!known.some((each) => each.name === "alongside-register")) return {};
                const db = await new Promise((resolve) => {
                    const asked = indexedDB.open("alongside-register");
                    asked.onsuccess = () => resolve(asked.result);
                });
                const counts = {};
                for (const name of db.objectStoreNames) {
                    counts[name] = await new Promise((resolve) => {
                        const asked = db.transaction(name).objectStore(name).count();
                        asked.onsuccess = () => resolve(asked.result);
                    });
                }
                db.close();
                return counts;
            }"""
        )
        return found

    def everything(self) -> str:
        """All that is written on the phone, as one text."""
        text: str = self.page.evaluate(
            """async () => {
                const db = await new Promise((resolve) => {
                    const asked = indexedDB.open("alongside-register");
                    asked.onsuccess = () => resolve(asked.result);
                });
                const all = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
                for (const name of db.objectStoreNames) {
                    all.push(await new Promise((resolve) => {
                        const asked = db.transaction(name).objectStore(name).getAll();
                        asked.onsuccess = () => resolve(JSON.stringify(asked.result));
                    }));
                }
                db.close();
                for (const name of await caches.keys()) {
                    for (const request of await (await caches.open(name)).keys()) {
                        all.push(await (await caches.match(request)).text());
                    }
                }
                return all.join("\\n");
            }"""
        )
        return text

    def look(self, name: str = "") -> None:
        """Let axe read the page, see that nothing is wider than the phone, and keep a picture."""
        for each in Axe().run(self.page).response["violations"]:
            where = [node["html"][:200] for node in each["nodes"]][:3]
            self.wrong.append(f"{name}: {each['id']}: {each['help']}: {where}")
        if (wide := self.page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
            self.wrong.append(f"{name}: {wide} pixels wide")
        self.page.screenshot(path=self.folder.parent / f"{name}.png")

    def _listen(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.wrong.append(message.text)
