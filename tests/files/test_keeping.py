"""What is kept can be handed out again, and nothing lies about that no row knows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from portal import clock, create_app
from portal.files import services
from portal.files.models import StoredFile
from portal.files.services import Shelf, content_of, examined, keep, shelf, sweep
from portal.refusals import Refused
from tests.conftest import test_settings
from tests.factories import SchemeFactory, UserFactory
from tests.files import given


@pytest.fixture(autouse=True)
def own_shelf(tmp_path, monkeypatch):
    """A shelf of this test's own."""
    fresh = Shelf()
    fresh.load(f"file://{tmp_path / 'kept'}")
    monkeypatch.setattr(services, "shelf", fresh)
    return fresh


@pytest.fixture
def stored(session):
    return keep(examined("Plan.pdf", given.pdf()), scheme_id=SchemeFactory().id, by=UserFactory())


def test_a_file_is_kept_under_a_name_of_ours_and_comes_back_as_it_was(stored, tmp_path):
    (lying,) = (tmp_path / "kept").iterdir()
    assert lying.name == stored.key
    assert "Plan" not in lying.name
    assert content_of(stored) == given.pdf()
    assert (stored.name, stored.kind, stored.size) == ("Plan.pdf", "application/pdf", len(given.pdf()))


def test_a_file_may_come_from_somebody_without_an_account(session):
    assert keep(examined("a.png", given.picture()), scheme_id=SchemeFactory().id, by=None).kept_by_id is None


def test_an_upload_that_is_undone_leaves_no_row_and_its_bytes_are_swept_a_day_later(session, own_shelf):
    scheme = SchemeFactory()
    keep(examined("Plan.pdf", given.pdf()), scheme_id=scheme.id, by=None)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
    assert sweep(clock.now() + timedelta(hours=23)) == 0
    assert len(list(own_shelf.kept())) == 1, "somebody may still be saving"
    assert sweep(clock.now() + timedelta(hours=25)) == 1
    assert list(own_shelf.kept()) == []


def test_what_is_kept_is_never_swept_and_nor_is_what_is_not_ours(session, stored, own_shelf, tmp_path):
    session.commit()
    stranger = tmp_path / "kept" / "notes of the administrator.txt"
    stranger.write_text("mine")
    assert sweep(clock.now() + timedelta(days=400)) == 0
    assert content_of(stored)
    assert stranger.exists()
    session.delete(stored)
    session.commit()
    assert sweep(clock.now() + timedelta(days=2)) == 1
    assert stranger.exists()


def test_sweeping_where_nothing_was_ever_kept_is_no_fault(session):
    assert sweep(clock.now()) == 0


def test_bytes_that_are_gone_or_were_changed_are_not_handed_out(stored, tmp_path):
    lying: Path = tmp_path / "kept" / stored.key
    lying.write_bytes(given.pdf() + b"more")
    with pytest.raises(Refused, match="damaged where it is kept"):
        content_of(stored)
    lying.unlink()
    with pytest.raises(Refused, match="cannot be opened now"):
        content_of(stored)


def test_the_age_of_bytes_is_told_by_their_name_whatever_hour_the_clocks_show(session, own_shelf):
    scheme = SchemeFactory()
    with time_machine.travel("2026-10-25 00:30 +0000", tick=False):  # 01:30 in London, for the first time
        keep(examined("a.pdf", given.pdf()), scheme_id=scheme.id, by=None)
        (key,) = own_shelf.kept()
    assert key.startswith("20261025003000-")


def test_the_portal_keeps_files_where_its_settings_say(tmp_path):
    before = shelf._root
    create_app(test_settings("sqlite://", tmp_path))
    assert shelf._root == str(tmp_path / "files")
    shelf.load(f"file://{before}")  # the shelf belongs to the process, and other tests come after this one
