"""The worker as a process: killed twenty times it loses nothing, and one of many is the clock."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from portal import clock
from portal.audit.models import AuditLine
from portal.audit.rules import WORKER
from portal.database import db
from portal.database import session as portal_session
from portal.locks.models import CLOCK
from portal.locks.queries import last_beat
from portal.messages.models import Message, MessageState
from portal.schemes.models import Scheme
from portal.worker import CLOCK_LEASE, TASKS, Clock, Worker, daily, every, every_minute
from tests.databases import empty_database, portal_on
from tests.factories import SchemeFactory
from tests.mail import DEADLINE, MailSink
from tests.outbox.running import work

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
PEOPLE, EACH = 30, 5


@dataclass
class Post:
    """A portal on a database that other processes can open, too."""

    app: Any
    url: str
    queue_path: str

    def queue(self, people: int, each: int) -> list[str]:
        """So many messages for so many people; their ids in the order in which they were written."""
        with self.app.app_context():
            at = clock.now()
            rows = [
                Message(
                    message_id=f"<{number}-{person}@alongside>", template="trial", to_address=f"p{person}@example.org",
                    subject=str(number), body="Hello\n", next_try_at=at, queued_at=at,
                )
                for number in range(each) for person in range(people)
            ]  # fmt: skip
            portal_session.add_all(rows)
            portal_session.commit()
            return [row.message_id for row in rows]

    def states(self) -> dict[MessageState, int]:
        """How many messages there are in each state."""
        with self.app.app_context():
            rows = portal_session.execute(select(Message.state, func.count().label("number")).group_by("state"))
            return {row.state: row.number for row in rows}


@pytest.fixture
def post(database_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    server = request.getfixturevalue("postgresql_url") if database_name == "postgresql" else None
    with empty_database(server, tmp_path / "post.sqlite") as url, portal_on(url, tmp_path) as app:
        with app.app_context():
            db.create_all()
        yield Post(app, url, str(tmp_path / "queue.sqlite"))


def test_a_worker_killed_twenty_times_loses_no_message(post: Post):
    ids = post.queue(PEOPLE, EACH)
    nursery = multiprocessing.get_context("forkserver")
    nursery.set_forkserver_preload(["tests.outbox.running"])
    with MailSink() as sink:

        def start() -> Any:
            process = nursery.Process(target=work, args=(post.url, post.queue_path, sink.url(), 1))
            process.start()
            return process

        for number in range(KILLS):
            process = start()
            sink.wait_for(min(len(sink.received) + 1 + number % 4, len(ids)))
            if number % 2:
                process.join(number / 1000)  # not always in the moment in which a message has arrived
            os.kill(process.pid, signal.SIGKILL)
            process.join(DEADLINE)
            assert process.exitcode == -signal.SIGKILL
            process.close()
        last = start()
        seen: set[str] = set()
        for _ in range(len(ids) + KILLS):
            seen = {email["Message-ID"] for email in sink.received}
            if seen >= set(ids):
                break
            sink.wait_for(len(sink.received) + 1)
        last.terminate()
        last.join(DEADLINE)
        assert last.exitcode == 0
        last.close()
        assert seen == set(ids)
        assert len(sink.received) - len(ids) <= KILLS, "only what was being sent at a kill may come twice"
        first_seen = list(dict.fromkeys(email["Message-ID"] for email in sink.received))
        for person in range(PEOPLE):
            theirs = [each for each in first_seen if each.endswith(f"-{person}@alongside>")]
            assert theirs == [f"<{number}-{person}@alongside>" for number in range(EACH)]
    assert post.states() == {MessageState.SENT: len(ids)}


def test_the_command_sends_holds_the_clock_and_stops_when_asked(post: Post):
    post.queue(1, 1)
    with MailSink() as sink:
        env = os.environ | {
            "ALONGSIDE_ENV": "test", "DATABASE_URL": post.url, "QUEUE_PATH": post.queue_path, "SMTP_URL": sink.url(),
        }  # fmt: skip
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)
        try:
            sink.wait_for(1)
        finally:
            process.terminate()
            _out, log = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0, log
    assert "worker stopped" in log
    assert post.states() == {MessageState.SENT: 1}
    assert "example.org" not in log
    with post.app.app_context():
        assert last_beat(CLOCK) is not None
    follower = Worker(post.app, tasks=())
    follower.beat()
    assert follower.holds_clock, "a worker that stopped gave the clock up"


@pytest.fixture
def workers(app: Any, session: Any) -> tuple[Worker, Worker]:
    return Worker(app, tasks=()), Worker(app, tasks=())


def test_only_one_worker_at_a_time_is_the_clock(workers):
    first, second = workers
    for worker in (first, second, first, second):
        worker.beat()
    assert (first.holds_clock, second.holds_clock) == (True, False)


def test_the_clock_of_a_worker_that_died_is_taken_over(workers):
    first, second = workers
    first.beat()
    with time_machine.travel(clock.now() + CLOCK_LEASE + timedelta(seconds=1)):
        second.beat()
        first.beat()
    assert (first.holds_clock, second.holds_clock) == (False, True)


def at_minute(worker: Worker, when: datetime) -> int:
    """What the worker's scheduler does at this minute; how many tasks are then done."""
    Clock(worker)._create_scheduler().enqueue_periodic_tasks(when)
    done = 0
    while task := worker.huey.dequeue():
        worker.huey.execute(task)
        done += 1
    return done


def test_tasks_run_at_their_minute_and_only_where_the_clock_is(app, session, tmp_path):
    ran: list[datetime] = []

    def note(at: datetime) -> None:
        ran.append(at)

    worker = Worker(app, tasks=(every_minute(note),))
    when = datetime(2026, 11, 24, 10, 7, tzinfo=UTC)
    assert at_minute(worker, when) == 0
    worker.beat()
    with time_machine.travel(when, tick=False):
        assert at_minute(worker, when) == 1
    assert ran == [when]


def test_when_tasks_are_due():
    def nothing(_at: datetime) -> None: ...

    def minutes(task: Any) -> list[int]:
        return [
            minute
            for minute in range(24 * 60)
            if task.when(datetime(2026, 11, 24, minute // 60, minute % 60, tzinfo=UTC))
        ]

    assert len(minutes(every_minute(nothing))) == 24 * 60
    assert minutes(every(15, nothing))[:3] == [0, 15, 30]
    assert minutes(daily(2, 30, nothing)) == [150]


def test_what_a_task_writes_is_kept_in_the_workers_name_and_undone_when_it_fails(app, session):
    scheme = SchemeFactory()

    def rename(_at: datetime) -> None:
        portal_session.get(Scheme, scheme.id).name = "Renamed"

    def rename_and_fail(_at: datetime) -> None:
        portal_session.get(Scheme, scheme.id).name = "Half done"
        portal_session.flush()
        raise RuntimeError

    kept, undone = every_minute(rename), every_minute(rename_and_fail)
    worker = Worker(app, tasks=())
    worker._kept(kept)()
    with pytest.raises(RuntimeError):
        worker._kept(undone)()
    session.refresh(scheme)
    assert scheme.name == "Renamed"
    line = session.scalars(select(AuditLine).order_by(AuditLine.id.desc())).first()
    assert (line.actor_name, line.after) == (WORKER.name, {"name": "Renamed"})


def test_everything_that_happens_by_itself_may_happen_twice(app, session):
    worker = Worker(app, tasks=())
    assert len({task.name for task in TASKS}) == len(TASKS) > 0
    for task in TASKS:
        worker._kept(task)()
        worker._kept(task)()


def test_an_error_in_one_round_does_not_end_the_loop(app, session):
    worker = Worker(app, tasks=())
    rounds: list[int] = []

    def fail_then_stop() -> None:
        rounds.append(1)
        if len(rounds) == 2:
            worker.stopping.set()
        raise RuntimeError

    worker._repeat(fail_then_stop, 0)
    assert len(rounds) == 2


def test_a_worker_with_a_wrong_mail_server_does_not_start(app, session, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], smtp_url="mail.example.org"))
    result = app.test_cli_runner().invoke(args=["worker", "run"])
    assert result.exit_code == 1
    assert "SMTP_URL must look like smtp://" in result.output
