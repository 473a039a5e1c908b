"""Every page that anybody may open, on a phone in Chromium: axe and the Nu checker find nothing, and it prints."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from portal.database import session
from portal.demo.opening.services import open_scheme, set_the_stage
from portal.schemes.models import Doors
from tests.journeys.chromium import EXECUTABLE, Findings, Phone, Phones
from tests.journeys.conftest import served
from tests.journeys.vnu import mistakes_in
from tests.public.pages import paths
from tests.skips import needs


def test_every_public_page_is_right_on_a_phone_and_prints_on_one_side(migrated: Any, tmp_path: Path) -> None:
    needs(EXECUTABLE)
    stage = set_the_stage(datetime(2026, 11, 22, 12, tzinfo=UTC))
    open_scheme(stage)
    for area, doors in zip(stage.areas.values(), Doors, strict=False):
        area.doors = doors
    session.commit()
    asked = paths(stage.scheme)
    session.rollback()  # the pages are served by another thread: nothing may be held here
    findings = Findings(tmp_path / "pages")
    with served(migrated) as address, Phones() as phones:
        phone = Phone(migrated, phones.chrome, address, findings)
        for path in asked.values():
            phone.get(path)
        for path in (asked["could I do this"], asked["could I do this here"]):
            phone.get(path).submit("See what we think", status=422)
            phone.get(path).fill(is_adult="Yes", time="No", settled="Yes", checks="I am not sure")
            phone.fill(kinds=["Help to run a group"]).submit("See what we think")
            assert "could" in phone.text
        phone.get(asked["could I do this"]).fill(is_adult="No, not yet").submit("See what we think")
        phone.get(asked["hello"]).submit("Send", status=422)
        phone.fill(name="Sam", contact="07700 900123").submit("Send")
        assert phone.heading == "Thank you for saying hello"
        for page in ("area, open", "area, closed", "area, waiting list"):
            phone.get(asked[page])
            phone.screen.emulate_media(media="print")
            sides = PdfReader(io.BytesIO(phone.screen.pdf(format="A4", prefer_css_page_size=True))).pages
            phone.screen.emulate_media(media="screen")
            assert len(sides) == 1, f"{page} takes {len(sides)} sides of paper"
            said = sides[0].extract_text()
            assert stage_address(migrated) in "".join(said.split()), "a long address may go on in the next line"
            assert "Start your application" not in said
    assert [*findings.wrong, *mistakes_in(findings.folder)] == []
    assert len(findings.seen) >= 18


def stage_address(app: Any) -> str:
    """The address that the printed page leads back to."""
    return f"{app.config['SETTINGS'].public_url}/schemes/county-durham"
