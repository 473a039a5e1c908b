"""The worker: it sends the outbox, and it is the clock of what happens by itself. `flask worker run`."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import click
import structlog
from flask import Flask, current_app
from flask.cli import AppGroup
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer, Scheduler
from sqlalchemy.exc import DBAPIError

from config import Settings
from portal import clock, database
from portal.agreements import services as agreements
from portal.apologies import services as apologies
from portal.audit import queries as audit_queries
from portal.audit import services as audit
from portal.audit.rules import WORKER
from portal.carriers.rules import Carrier, MailServer, NotCarried
from portal.carriers.services import CarriesMessages, Postman, TextService
from portal.chasers import services as chasers
from portal.cohorts import services as cohorts
from portal.conditions import services as conditions
from portal.database import session
from portal.decisions import services as decisions
from portal.enquiries import services as enquiries
from portal.files import services as files
from portal.interviews import services as interviews
from portal.locks import services as locks
from portal.locks.models import CLOCK
from portal.offline import services as offline
from portal.outbox import services as outbox
from portal.recommendations import services as recommendations
from portal.references import services as references
from portal.reminders import services as reminders
from portal.returning import services as returning

CLOCK_LEASE = timedelta(seconds=30)
SECONDS_BETWEEN_BEATS = 5
SECONDS_BETWEEN_LOOKS = 1
log = structlog.get_logger()
commands = AppGroup("worker", help="What the portal does by itself.")


@dataclass(frozen=True)
class Task:
    """Something done by itself: what, given the instant, and when. It is safe to do twice, and does not commit."""

    name: str
    run: Callable[[datetime], object]
    when: Callable[[Any], bool]


def every_minute(run: Callable[[datetime], object]) -> Task:
    """At every full minute."""
    return Task(_name(run), run, crontab())


def every(minutes: int, run: Callable[[datetime], object]) -> Task:
    """Every so many minutes; `minutes` divides 60."""
    return Task(_name(run), run, crontab(minute=f"*/{minutes}"))


def hourly(run: Callable[[datetime], object]) -> Task:
    """At every full hour."""
    return Task(_name(run), run, crontab(minute="0"))


def daily(hour: int, minute: int, run: Callable[[datetime], object]) -> Task:
    """Once a day, at this time in UTC."""
    return Task(_name(run), run, crontab(hour=str(hour), minute=str(minute)))


def _name(run: Callable[[datetime], object]) -> str:
    return f"{run.__module__.removeprefix('portal.').removesuffix('.services')}.{run.__name__}"


def check_the_record(_at: datetime) -> None:
    """Say in the log when a line of the record was altered, removed or put in behind its back."""
    verdict = audit_queries.verdict()
    if verdict.broken:
        log.error("the record is broken", line=verdict.broken.line_id, why=verdict.broken.why)


TASKS: tuple[Task, ...] = (
    every(15, references.expire),
    hourly(reminders.chase),
    every(15, recommendations.expire),
    every(15, recommendations.look_again),
    hourly(recommendations.chase),
    hourly(agreements.ask),
    hourly(chasers.chase),
    every(15, apologies.send_links),
    every(15, apologies.remind),
    every(15, interviews.remind),
    daily(9, 20, returning.remind),
    daily(2, 30, check_the_record),
    daily(3, 10, offline.forget_batches),
    every(30, cohorts.mind_breaks),
    daily(2, 45, files.sweep),
    daily(9, 20, decisions.remind_to_apply_again),
    every(15, enquiries.tell_of_open_doors),
    daily(9, 40, conditions.tell_what_is_met),
    daily(2, 50, outbox.forget_words),
    daily(2, 55, enquiries.forget),
)
"""Everything that happens by itself, and when."""


def queue_of(settings: Settings, name: str = "alongside") -> Huey:
    """The queue: a file of its own, or Redis where the portal runs on more than one machine."""
    if settings.redis_url:
        return RedisHuey(name, url=settings.redis_url, results=False)
    Path(settings.queue_path).parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(name, filename=settings.queue_path, results=False, fsync=True)


class Worker:
    """One worker process: a thread that sends, a thread that holds the clock, and huey's threads for the tasks."""

    def __init__(self, app: Flask, *, lease: timedelta = outbox.LEASE, tasks: tuple[Task, ...] = TASKS) -> None:
        self.app = app
        self.settings: Settings = app.config["SETTINGS"]
        self.lease = lease
        self.holder = f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.holds_clock = False
        self.stopping = threading.Event()
        self.huey = queue_of(self.settings)
        for task in tasks:
            self.huey.periodic_task(task.when, name=task.name)(self._kept(task))

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is being sent or done then is finished first."""
        consumer = Clock(self)
        threads = [threading.Thread(target=loop, name=loop.__name__) for loop in (self._send_loop, self._beat_loop)]
        consumer.start()
        for thread in threads:
            thread.start()
        log.info("worker started", holder=self.holder, sends=[each.value for each in self._carriers()])
        while not self.stopping.wait(SECONDS_BETWEEN_LOOKS):
            consumer.check_worker_health()
        consumer.stop(graceful=True)
        for thread in threads:
            thread.join()
        log.info("worker stopped")

    def send_all(self) -> int:
        """Send what is due, one message after another, each kept by itself; how many went."""
        sent = 0
        with ExitStack() as open_until_done:
            carriers = {kind: open_until_done.enter_context(each) for kind, each in self._carriers().items()}
            while carriers and not self.stopping.is_set() and (claimed := self._claim(carriers)):
                try:
                    self._send(carriers[claimed.carrier], claimed)
                    sent += 1
                except NotCarried as failed:
                    if failed.is_away:  # what else it would carry keeps its tries for later
                        del carriers[claimed.carrier]
        return sent

    def _carriers(self) -> dict[Carrier, CarriesMessages]:
        """Who carries what here. Nobody in the demonstration: messages stay where they can be read."""
        settings = self.settings
        carriers: dict[Carrier, CarriesMessages] = {}
        if settings.smtp_url:
            carriers[Carrier.EMAIL] = Postman(MailServer.read(settings.smtp_url), mail_from=settings.mail_from)
        if settings.sends_texts:
            carriers[Carrier.TEXT] = TextService(
                key=settings.notify_key, template_id=settings.notify_text_template, url=settings.notify_url
            )
        return carriers

    def beat(self) -> None:
        """Take or keep the clock."""
        with self.app.app_context():
            database.will_write(True)
            self.holds_clock = locks.hold(CLOCK, holder=self.holder, lease=CLOCK_LEASE)
            session.commit()

    def _claim(self, carriers: Collection[Carrier] = outbox.CARRIED) -> outbox.Claimed | None:
        with self.app.app_context():
            database.will_write(False)
            try:
                if not outbox.is_anything_due(carriers):
                    return None
                session.rollback()
            finally:
                database.will_write(True)
            claimed = outbox.claim(lease=self.lease, carriers=carriers)
            session.commit()
            return claimed

    def _send(self, carrier: CarriesMessages, claimed: outbox.Claimed) -> None:
        """Hand it over, and keep what came of it. Raises `NotCarried`."""
        try:
            carried_as = carrier.deliver(claimed.parcel)
        except NotCarried as failed:
            with self.app.app_context():
                outbox.note_failed(
                    claimed, str(failed), is_final=failed.is_final, is_address_wrong=failed.is_address_wrong
                )
                session.commit()
            # what a carrier answers often holds the address: it is shown in the outbox, never logged
            log.warning("a message could not be sent", message=claimed.id, tries=claimed.attempts)
            raise
        with self.app.app_context():
            outbox.note_sent(claimed, carried_as)
            session.commit()

    def _send_loop(self) -> None:
        self._repeat(self.send_all, SECONDS_BETWEEN_LOOKS)

    def _beat_loop(self) -> None:
        self._repeat(self.beat, SECONDS_BETWEEN_BEATS)
        if self.holds_clock:
            with self.app.app_context():
                locks.let_go(CLOCK, holder=self.holder)
                session.commit()

    def _repeat(self, work: Callable[[], object], seconds: float) -> None:
        """Do it again and again; a database that is away or busy for a while stops nobody for good."""
        while not self.stopping.is_set():
            try:
                work()
            except DBAPIError as error:
                self.holds_clock = False
                log.warning("the worker waits for the database", error=type(error.orig).__name__)
            except Exception:
                log.exception("the worker goes on after an error")
            self.stopping.wait(seconds)

    def _kept(self, task: Task) -> Callable[[], None]:
        """The task in a transaction of its own, in the worker's name."""

        def run() -> None:
            with self.app.app_context():
                database.will_write(True)
                audit.acting(WORKER)
                task.run(clock.now())
                session.commit()
            log.info("task done", task=task.name)

        return run

    def asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """What SIGTERM and SIGINT do."""
        self.stopping.set()


class OwnedScheduler(Scheduler):
    """Huey's scheduler, which is silent while another worker holds the clock."""

    owner: Worker

    def enqueue_periodic_tasks(self, now: Any) -> None:
        """Queue what is due at this minute, when this worker is the one to do so."""
        if self.owner.holds_clock:
            super().enqueue_periodic_tasks(now)


class Clock(Consumer):
    """Huey's consumer with our scheduler, and with our signal handlers, which end the other threads too."""

    def __init__(self, owner: Worker) -> None:
        self.owner = owner
        super().__init__(owner.huey, workers=1, periodic=True, shutdown_timeout=30)

    def _create_scheduler(self) -> OwnedScheduler:
        scheduler = OwnedScheduler(
            huey=self.huey, stop_flag=self.stop_flag, interval=self.scheduler_interval, periodic=self.periodic
        )
        scheduler.owner = self.owner
        return scheduler

    def _set_signal_handlers(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.owner.asked_to_stop)


@commands.command("run")
@click.option(
    "--lease", default=outbox.LEASE.seconds, help="Seconds after which a dead worker's message is taken over."
)
def run(lease: int) -> None:
    """Send messages and do what is due, until stopped."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    settings: Settings = current_app.config["SETTINGS"]
    try:
        if settings.smtp_url:
            MailServer.read(settings.smtp_url)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    Worker(current_app._get_current_object(), lease=timedelta(seconds=lease)).run()  # type: ignore[attr-defined]
