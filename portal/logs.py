"""Log lines: JSON, with the request's id, without personal data."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up(level: str) -> None:
    """Write one JSON object a line to standard error; names, addresses and form contents never go in."""
    logging.basicConfig(stream=sys.stderr, level=level, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=False,
    )
