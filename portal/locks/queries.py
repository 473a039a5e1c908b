"""When the holder of an office was last alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.database import session
from portal.locks.models import Watch


def last_beat(office: str) -> datetime | None:
    """When the worker that holds this office last said that it is alive."""
    return session.scalar(select(Watch.beat_at).where(Watch.office == office))
