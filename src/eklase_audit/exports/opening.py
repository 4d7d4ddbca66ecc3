"""Opening a file: its bytes, and whether they are a package, a text, or nothing that is read."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path

from eklase_audit.exports.charset import BadBytes
from eklase_audit.exports.limits import MAX_FILE
from eklase_audit.exports.memory import Data, room
from eklase_audit.exports.packages import Package
from eklase_audit.i18n import _

# Below it, a system has no large pages worth asking for.
_LARGE = 16 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_WEB = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<?xml", b"<meta")


def file_bytes(path: Path) -> bytes:
    """The bytes of a file that is not too large and stays the same meanwhile. Raises BadBytes."""
    return bytes(file_data(path))


def file_data(path: Path) -> Data:
    """The same, those of a large file in memory of their own."""
    try:
        # A pipe would be waited for without end.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise BadBytes(_("it is no ordinary file: give a file that an export was saved to"))
            if before.st_size > MAX_FILE:
                raise BadBytes(
                    _("it is larger than {size} MiB: no export is so large; export shorter periods").format(
                        size=MAX_FILE >> 20
                    )
                )
            data = _content(file, before.st_size)
            after = os.fstat(file.fileno())
    except OSError:
        raise BadBytes(
            _("it cannot be opened: check its access rights, and close it where a program holds it open")
        ) from None
    if len(data) != before.st_size or (before.st_size, before.st_mtime_ns) != (
        after.st_size,
        after.st_mtime_ns,
    ):
        raise BadBytes(_("it changed while it was read: wait until it is saved, and try again"))
    return data


def _content(file: BufferedReader, size: int) -> Data:
    """What a file of that size holds; something of another size if it has changed meanwhile."""
    if size < _LARGE:
        return file.read(MAX_FILE + 1)
    data = room(size)
    return data if file.readinto(data) == size and not file.read(1) else b""


def package_of(data: Data) -> Package | None:
    """The package that the bytes are (xlsx, ods or zip); None for a text. Raises BadBytes for all else."""
    head = data[:2048]
    if head.startswith(_OLE):
        if data.find(_ENCRYPTED) >= 0:
            raise BadBytes(_("it is protected by a password: save it without one"))
        raise BadBytes(_("it is a workbook of the old .xls form: save it as .xlsx"))
    if head.startswith(_ZIP):
        package = Package(data)
        if not package.form:
            raise BadBytes(_("it is no workbook of the form XLSX or ODS: open it in a spreadsheet and save it as XLSX"))
        return package
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB):
        raise BadBytes(_("it is a web page, whatever its name says: open it in a spreadsheet and save it as XLSX"))
    return None
