"""What a worker process of the tests runs: a portal of its own, and the worker until it is ended."""

from __future__ import annotations

from datetime import timedelta

from config import Settings
from portal import create_app
from portal.worker import Worker


def work(database_url: str, queue_path: str, smtp_url: str, lease_seconds: float) -> None:
    """Be a worker, with a lease so short that a test need not wait for it."""
    settings = Settings(
        environment="test", database_url=database_url, queue_path=queue_path, smtp_url=smtp_url, log_level="CRITICAL"
    )
    Worker(create_app(settings), lease=timedelta(seconds=lease_seconds), tasks=()).run()
