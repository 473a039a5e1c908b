"""Writing to those who left registers open."""

from __future__ import annotations

from datetime import datetime

from portal import clock
from portal.chasers import messages, queries, rules
from portal.chasers.models import Chaser
from portal.chasers.queries import unmarked_registers
from portal.database import session
from portal.messages.services import queue


def chase(at: datetime) -> int:
    """Write to every trainer of a cohort and every coordinator of its area whose registers wait; says to how many.

    The worker calls this every hour, as seven in London is another hour in summer; outside the morning nothing
    happens, and nobody has two letters a day. Only what was over before today is chased.
    """
    local = clock.in_london(at)
    if not rules.is_time_to_write(local):
        return 0
    day, written = local.date(), 0
    for user in queries.staff_not_written_to(day):
        rows = [row for row in unmarked_registers(seen_by=user) if clock.in_london(row.ends_at).date() < day]
        if rows:
            queue(messages.registers_left_open(user, rows))
            session.add(Chaser(user_id=user.id, on=day, registers=len(rows)))
            written += 1
    session.flush()
    return written
