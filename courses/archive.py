"""Takes the files of a course out of what somebody chose: a zip, or the files of a folder. Nothing touches a disk."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from courses.loader import HEAD, LARGEST
from courses.syllabus import CourseInvalid, Problem

MOST_FILES = 300
_WEEK = re.compile(r"week_\d{2,3}\.md")
_NEARLY = re.compile(r"(week|course)[^/]*\.(md|toml|txt|markdown|docx?)", re.IGNORECASE)
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What the standard library raises for an archive that is damaged, encrypted (RuntimeError) or compressed in a way it
# does not know (NotImplementedError): each is answered in the same words.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    lzma.LZMAError,
)


def unpacked(chosen: Sequence[tuple[str, bytes]]) -> dict[str, bytes]:
    """The files the loader reads, by name, from (name, content) as they were chosen: one zip, or several files.

    Raises CourseInvalid, in words for whoever chose them. A file is never taken out further than the loader
    would read it, so that a small zip cannot become a large one.
    """
    if not chosen:
        raise _refused("files", "choose a zip, or the files of a course folder")
    zips = [name for name, content in chosen if name.lower().endswith(".zip") or content[:4] == b"PK\x03\x04"]
    if zips and len(chosen) > 1:
        raise _refused(zips[0], "choose either one zip or the files of a folder, not both")
    if len(chosen) > MOST_FILES:
        raise _refused("files", f"there are more than {MOST_FILES} of them")
    if zips:
        return _of_zip(*chosen[0])
    return _settled([(_last(name), content) for name, content in chosen])


def _of_zip(name: str, content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _settled(_read(archive, name))
    except _DAMAGED as error:
        if isinstance(error, CourseInvalid):
            raise
        raise _refused(name, "is not a zip that can be opened; make it again") from error


def _read(archive: zipfile.ZipFile, name: str) -> list[tuple[str, bytes]]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise _refused(name, f"has more than {MOST_FILES} files in it")
    for entry in entries:
        parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
        if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise _refused(_named(entry.filename), "leads out of the zip, which no course needs; make the zip again")
    folder = _folder(entries, name)
    found = []
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.parent != folder or not _is_wanted(path.name):
            continue
        found.append((path.name, _content(archive, entry)))
    return found


def _folder(entries: list[zipfile.ZipInfo], name: str) -> PurePosixPath:
    """Where in the zip the course lies: a zip of a folder has everything one level down."""
    heads = [PurePosixPath(entry.filename.replace("\\", "/")) for entry in entries]
    heads = [path for path in heads if path.name == HEAD and not path.parts[0].startswith("__MACOSX")]
    if not heads:
        raise _refused(name, f"has no {HEAD} in it")
    if len(heads) > 1:
        raise _refused(name, f"has {len(heads)} courses in it, at {', '.join(_named(str(path)) for path in heads[:3])}")
    return heads[0].parent


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    name = _named(PurePosixPath(entry.filename).name)
    if entry.flag_bits & 0x1:
        raise _refused(name, "is locked with a password; make the zip without one")
    if entry.compress_type not in _METHODS:
        raise _refused(name, "is packed in a way that is not read here; make an ordinary zip")
    try:
        with archive.open(entry) as file:
            return file.read(LARGEST + 1)
    except _DAMAGED as error:
        raise _refused(name, "is damaged in the zip; make it again") from error


def _settled(found: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    problems = []
    for name, content in found:
        if not _is_wanted(name):
            continue
        if name in files:
            problems.append(Problem(_named(name), 0, "is there twice"))
        elif name != HEAD and not _WEEK.fullmatch(name):
            problems.append(Problem(_named(name), 0, f"is no name of a course file, like {HEAD} or week_01.md"))
        files[name] = content
    if problems:
        raise CourseInvalid(problems)
    if not files:
        raise _refused("files", f"there is no {HEAD} among them, and no week_01.md")
    return files


def _is_wanted(name: str) -> bool:
    # A picture or a README beside a course does no harm; a week that is nearly named right must not be left out unseen.
    return name == HEAD or bool(_NEARLY.fullmatch(name))


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _named(name: str) -> str:
    shown = "".join(letter if letter.isprintable() else "�" for letter in name)
    return shown if len(shown) <= 80 else shown[:80] + "…"


def _refused(name: str, words: str) -> CourseInvalid:
    return CourseInvalid([Problem(_named(name), 0, words)])
