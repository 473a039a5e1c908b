"""When the letters of the morning are written."""

from __future__ import annotations

from datetime import datetime, time

FROM, UNTIL = time(7), time(12)


def is_time_to_write(in_london: datetime) -> bool:
    """From seven on a London clock. A worker that slept at seven still writes in the morning, never at night."""
    return FROM <= in_london.time() < UNTIL
