"""A mail server that listens, and a worker that sends to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from portal.worker import Worker
from tests.mail import MailSink


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """A mail server of this test's own."""
    with MailSink() as sink:
        yield sink


@pytest.fixture
def worker(app: Any, session: Any, sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Worker]:
    """Call it for a worker that sends to the mail server, or to another address."""

    def make(url: str | None = None, **changes: Any) -> Worker:
        settings = replace(app.config["SETTINGS"], smtp_url=sink.url() if url is None else url)
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        return Worker(app, tasks=(), **changes)

    return make
