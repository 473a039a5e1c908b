"""The portal as gunicorn serves it here: the real application, and around it a note of where its time went.

Every answer carries `X-Bench`: statements sent, milliseconds until they were answered, and milliseconds of the
processor, of the template and of all. The processor's time hardly changes when others use the machine too.
Nothing of this is in the portal itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from flask import before_render_template, template_rendered
from sqlalchemy import event

from portal import create_app
from portal.database import db


@dataclass
class Spent:
    """Where one request's time went, in milliseconds."""

    statements: int = 0
    database: float = 0.0
    template: float = 0.0
    since: float = 0.0
    began: float = field(default_factory=time.thread_time)


_spent: ContextVar[Spent] = ContextVar("spent")
CLOSING = ("commit", "rollback")


class Measured:
    """The application with a note on every answer, and the visitor's own address, so that none is held back."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """One request; the limits on guessing count by address, so each visitor here says its own."""
        spent = Spent()
        _spent.set(spent)
        environ["REMOTE_ADDR"] = environ.get("HTTP_X_BENCH_ADDRESS", "192.0.2.1")

        def noting(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            processor = (time.thread_time() - spent.began) * 1000
            note = f"{spent.statements} {spent.database:.3f} {spent.template:.3f} {processor:.3f}"
            return start_response(status, [*headers, ("X-Bench", note)], *rest)

        answer: Iterable[bytes] = self._app(environ, noting)
        return answer


def _begins(*_: Any) -> None:
    if spent := _spent.get(None):
        spent.statements += 1
        spent.since = time.perf_counter()


def _ended(*_: Any) -> None:
    if spent := _spent.get(None):
        spent.database += (time.perf_counter() - spent.since) * 1000


def _template_begins(*_: Any, **__: Any) -> None:
    if spent := _spent.get(None):
        spent.since = time.thread_time()


def _template_ended(*_: Any, **__: Any) -> None:
    if spent := _spent.get(None):
        spent.template += (time.thread_time() - spent.since) * 1000


def _measured_commit(dialect: Any) -> None:
    """Most of what a save waits for is the commit itself, which is no statement."""
    for name in CLOSING:
        do = getattr(dialect, f"do_{name}")

        def timed(connection: Any, do: Callable[[Any], None] = do) -> None:
            began = time.perf_counter()
            do(connection)
            if spent := _spent.get(None):
                spent.database += (time.perf_counter() - began) * 1000

        setattr(dialect, f"do_{name}", timed)


portal = create_app()
before_render_template.connect(_template_begins, portal)
template_rendered.connect(_template_ended, portal)
with portal.app_context():
    event.listen(db.engine, "before_cursor_execute", _begins)
    event.listen(db.engine, "after_cursor_execute", _ended)
    _measured_commit(db.engine.dialect)
    db.engine.dispose()  # each worker opens its own connections
app = Measured(portal.wsgi_app)
