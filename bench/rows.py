"""The rows of the table: what is asked of the portal and of the bare application, and what it is held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench import PASSWORD
from bench.data import Filled
from bench.load import TURN
from bench.visitors import ENCODINGS, FOUND, Asked, Browser, request
from courses.marks import Code
from portal.registers.rules import fingerprint

SEARCH = "smi"


@dataclass(frozen=True)
class Row:
    """One line of the table. `aim` is milliseconds for one visitor, or answers a second where `aims_at_rate`."""

    name: str
    moodle: str
    aim: float
    portal: Callable[[Browser, Filled, int], Asked]
    bare: Callable[[Filled, int], Asked]
    limit: str
    aims_at_rate: bool = False


def _register(browser: Browser, filled: Filled, visitors: int) -> Asked:
    return browser.reading(f"/sessions/{filled.registers[0]}/register", filled.trainer, visitors)


def _save(browser: Browser, filled: Filled, visitors: int) -> Asked:
    """Each visitor saves a register of their own; every save changes all twenty marks, and says the right version."""
    asked = []
    for session, learners in zip(filled.registers[:visitors], filled.learners, strict=False):
        path = f"/sessions/{session}/register"
        cookie, token = browser.open(path, browser.session_of(filled.trainer))
        turns = []
        for before, after in ((Code.P, Code.U), (Code.U, Code.P)):
            form: dict[str, object] = {"csrf_token": token, "version": TURN.decode(), "do": "save"}
            for each in learners:
                form |= {
                    f"was-{each}": fingerprint(before, None, None, ""), f"code-{each}": after.value,
                    f"minutes-{each}": "", f"reason-{each}": "", f"note-{each}": "",
                }  # fmt: skip
            turns.append(request(path, cookie=cookie, form=form, encodings=ENCODINGS))
        asked.append(turns)
    return Asked(asked, FOUND, turns=[0] * len(asked))


def _bare_save(filled: Filled, visitors: int) -> Asked:
    asked = []
    for session, learners in zip(filled.registers[:visitors], filled.learners, strict=False):
        forms = [{f"code-{each}": letter for each in learners} for letter in "UP"]
        asked.append([request(f"/register/{session}", form=form) for form in forms])
    return Asked(asked, FOUND)


def _sign_in(browser: Browser, filled: Filled, visitors: int) -> Asked:
    asked = []
    for n, email in enumerate(filled.emails[:visitors], start=1):
        cookie, token = browser.at_password(email, address=n)
        form = {"csrf_token": token, "password": PASSWORD}
        # no address may post more than 40 a minute, so each visitor comes from many
        asked.append(
            [
                request("/sign-in/password", cookie=cookie, form=form, encodings=ENCODINGS, address=n * 1000 + turn)
                for turn in range(1000)
            ]
        )
    return Asked(asked, FOUND)


def _people(search: str) -> Callable[[Browser, Filled, int], Asked]:
    path = f"/people?search={search}" if search else "/people"
    return lambda browser, filled, visitors: browser.reading(path, filled.coordinator, visitors)


def _bare(path: str) -> Callable[[Filled, int], Asked]:
    """Visitors of one page of the bare application; the path may name what the data has."""

    def ask(filled: Filled, visitors: int) -> Asked:
        shown = path.format(
            register=filled.registers[0], cohort=filled.report_cohort, certificate=filled.certificates[0]
        )
        return Asked([[request(shown)] for _ in range(visitors)])

    return ask


def _certificate(browser: Browser, filled: Filled, visitors: int) -> Asked:
    cookie = browser.session_of(filled.coordinator)
    paths = [f"/certificates/{each}/certificate.pdf" for each in filled.certificates]
    asked = [request(path, cookie=cookie, encodings=ENCODINGS) for path in paths]
    browser.send(asked[0])
    return Asked([asked for _ in range(visitors)])


ROWS = (
    Row(
        "Open register, 20 people", "100 ms, 25 a second, 69 statements", 8, _register, _bare("/register/{register}"),
        "Python: a third of it draws the page, the rest reads who asks and sends four statements",
    ),
    Row(
        "Save register, 20 marks", "190 ms, 12 a second, 815 statements", 12, _save, _bare_save,
        "eight statements, 20 chained lines of the record behind one lock, and the commit's write to disk",
    ),
    Row(
        "People, first page of 10,000", "155–190 ms, 11 a second", 12, _people(""), _bare("/people"),
        "Python: drawing 40 rows and the filters, then reading who asks",
    ),
    Row(
        "People, name search", "155–190 ms, 11 a second", 12, _people(SEARCH), _bare(f"/people?search={SEARCH}"),
        "as above, and reading along the index of names until 41 fit",
    ),
    Row(
        "Attendance report, 20 × 24", "110–130 ms, 17 a second", 12,
        lambda browser, filled, visitors: browser.reading(
            f"/cohorts/{filled.report_cohort}/attendance", filled.coordinator, visitors
        ),
        _bare("/report/{cohort}"), "the ORM's objects for 20 people and 24 sessions, and reckoning 480 marks",
    ),
    Row(
        "Certificate PDF on request", "73–84 ms, 26–29 a second", 5 * 29, _certificate,
        _bare("/certificate/{certificate}"), "drawing, QR code, and tags for reading it aloud", aims_at_rate=True,
    ),
    Row(
        "Log-in POST", "52–72 ms", 50, _sign_in,
        lambda filled, visitors: Asked([[request("/sign-in", form={"password": PASSWORD})]] * visitors, FOUND),
        "argon2id, as slow as it is meant to be",
    ),
)  # fmt: skip
