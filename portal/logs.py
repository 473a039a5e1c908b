"""Log lines: JSON, with the request's id, without personal data."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to standard error, whatever that is now. One of a kind: setting up twice writes no line twice."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Where lines go."""
        return sys.stderr


def say_what_failed(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Write an exception with its causes, without the values that PostgreSQL puts under DETAIL."""
    given = line.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    if given is True:
        error = sys.exc_info()[1]
    parts: list[str] = []
    while error is not None:
        stack = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{stack}{type(error).__qualname__}: {_without_values(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if parts:
        line["exception"] = "\ncaused by\n".join(parts)
    return line


def _without_values(error: BaseException) -> str:
    diagnosis = getattr(getattr(error, "orig", error), "diag", None)
    return str(getattr(diagnosis, "message_primary", None) or error)


def set_up(level: str) -> None:
    """Write one JSON object a line to standard error, for the libraries' lines too.

    Names, addresses and form contents never go in: lines carry numbers and names of ours, and the database's errors
    are told to keep the values to themselves (see `database.set_up`).
    """
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        say_what_failed,
        structlog.processors.JSONRenderer(),
    ]
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, StandardError)]:
        root.removeHandler(old)
    handler = StandardError()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=first, processors=last))
    root.addHandler(handler)
    root.setLevel(level)
    structlog.configure(
        processors=[*first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=False,
    )
