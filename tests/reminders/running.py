"""What a worker process of the tests runs: its own tasks at the instants the test says, until it is killed."""

from __future__ import annotations

from datetime import UTC, datetime
from multiprocessing.connection import Connection

import time_machine

from config import Settings
from portal import create_app
from portal.references import services as references
from portal.reminders import services as reminders
from portal.worker import Worker, every, hourly


def work(database_url: str, queue_path: str, orders: Connection) -> None:
    """Be a worker: at each instant that comes by the pipe, do what is due then, and say how many tasks that was.

    The tasks are the worker's own: huey says which are due, queues them and does them, each kept as it is in
    production. A task that was begun when the process was killed is gone, as it would be there.
    """
    settings = Settings(environment="test", database_url=database_url, queue_path=queue_path, log_level="CRITICAL")
    huey = Worker(create_app(settings), tasks=(every(15, references.expire), hourly(reminders.chase))).huey
    orders.send(0)
    while instant := orders.recv():
        at, done = datetime.fromtimestamp(instant, UTC), 0
        naive = at.replace(tzinfo=None)
        with time_machine.travel(at, tick=False):
            for task in huey.read_periodic(naive):
                huey.enqueue(task)
            while task := huey.dequeue():
                huey.execute(task, naive)
                done += 1
        orders.send(done)
