"""Zip packages (XLSX, ODS, archives of exports): what is in them, and whether it may be unpacked."""

from __future__ import annotations

import stat
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from eklase_audit.exports.charset import BadBytes
from eklase_audit.exports.limits import (
    HARMLESS_UNPACKED,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED,
)
from eklase_audit.exports.memory import Data
from eklase_audit.i18n import _

_BROKEN = (
    BadZipFile,
    LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class Package:
    """A zip package in memory whose directory was looked over. Raises BadBytes where it is not to be unpacked."""

    def __init__(self, data: Data) -> None:
        try:
            self._zip = ZipFile(BytesIO(data))
        except _BROKEN:
            raise BadBytes(broken()) from None
        self.members = [member for member in self._zip.infolist() if not member.filename.endswith("/")]
        unpacked = sum(member.file_size for member in self.members)
        if (
            len(self.members) > MAX_MEMBERS
            or unpacked > MAX_UNPACKED
            or (unpacked > HARMLESS_UNPACKED and unpacked > MAX_RATIO * len(data))
        ):
            raise BadBytes(_("it unpacks to far more than any export holds, and was not unpacked: export it anew"))
        self._names = {member.filename for member in self.members}

    @property
    def is_ambiguous(self) -> bool:
        """Whether two members have one name, so that another reader may find another one there."""
        return len({part_name(member.filename) for member in self.members}) < len(self.members)

    @property
    def form(self) -> str:
        """What the package is: xlsx, ods, zip, or "" for an office document that is no readable workbook."""
        if "xl/workbook.xml" in self._names:
            return "xlsx"
        if "content.xml" in self._names:
            return "ods" if b"spreadsheet" in self.read("mimetype") else ""
        return "" if "[Content_Types].xml" in self._names else "zip"

    def read(self, name: str | ZipInfo) -> bytes:
        """The bytes of a member, b"" where there is none of that name. Raises BadBytes."""
        if isinstance(name, str) and name not in self._names:
            return b""
        try:
            # Its length and checksum are compared: a directory that lies is a broken archive.
            return self._zip.read(name)
        except _BROKEN:
            raise BadBytes(broken()) from None


def broken() -> str:
    """The message that an archive is not as its directory says."""
    return _("it is a broken archive or workbook: export or copy it anew")


def part_name(name: str) -> str:
    """The name of a member as readers of workbooks look for it."""
    return name.replace("\\", "/").lower()


def fault_of_member(member: ZipInfo) -> str | None:
    """Why a member of an archive is not read, if it is not."""
    if member.flag_bits & 1:
        return _("it is protected by a password: save it without one")
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or stat.S_ISLNK(member.external_attr >> 16):
        return _("its path leads out of the archive, or it is a link: pack the file itself anew")
    return None
