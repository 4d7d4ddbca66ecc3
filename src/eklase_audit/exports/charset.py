"""The charset of a text file, and the bytes of one that are of no charset."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from eklase_audit.exports.memory import Data
from eklase_audit.exports.texts import LOST
from eklase_audit.exports.threads import in_threads, parts_of
from eklase_audit.i18n import _

# So much of a file is looked at in one go that it stays near the processor.
_CHUNK = 1 << 20


class BadBytes(Exception):  # noqa: N818 - told to the user with the file's name before it
    """The bytes are no table. The message says what they are and what to do."""


@dataclass(frozen=True)
class Charset:
    """A charset by name and codec, the length of its mark, and whether all bytes are of it."""

    name: str
    codec: str
    start: int = 0
    sound: bool = True


# Latvian letters in UTF-8. In windows-1257 it would be "Ä" or "Å" before a sign.
_UTF_8_LEADS = [0xC4, 0xC5]
_UTF_8_LETTER = re.compile(rb"[\xc4\xc5][\x80-\xbf]")
_NOT_WINDOWS_1257 = [code for code in range(256) if not bytes([code]).decode("cp1257", "ignore")]


def charset_of(data: Data) -> Charset:
    """The charset of a file.

    A ladder (mark, strict UTF-8, UTF-16 by its zero bytes, windows-1257) because guessers take
    Latvian windows-1257 for other code pages. UTF-8 with a wrong byte here and there stays UTF-8: in
    it every second byte that is no ASCII begins a Latvian letter, in windows-1257 hardly one does.
    """
    head = data[:4096]
    if head.startswith(codecs.BOM_UTF8):
        return Charset("utf-8", "utf-8", 3, data.find(b"\0") < 0 and _is_utf_8(data))
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return Charset("utf-16", codec, 2)
    zeros = head[0::2].count(0), head[1::2].count(0)
    if any(zeros) and max(zeros) * 4 >= len(head) // 2:
        return Charset("utf-16", "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be")
    if sum(zeros) * 100 > len(head):
        raise BadBytes(_("this is no text: save it as CSV or as XLSX"))
    texts = data if data.find(b"\0") < 0 else bytes(data).replace(b"\0", b"")
    if _is_utf_8(texts):
        return Charset("utf-8", "utf-8", sound=len(texts) == len(data))
    counts = _counts_beyond_ascii(texts)
    others, leads = int(counts.sum()), int(counts[_UTF_8_LEADS].sum())
    if leads * 4 > others:
        return Charset("utf-8", "utf-8", sound=False)
    wrong = int(counts[_NOT_WINDOWS_1257].sum())
    if wrong * 20 > others:
        raise BadBytes(_("its bytes are of no known charset: save it as CSV in UTF-8, or as XLSX"))
    return Charset("windows-1257", "cp1257", sound=not (wrong or leads) and len(texts) == len(data))


def without_wrong(body: Data, charset: Charset) -> bytes:
    """The text in UTF-8, with LOST for what is no letter of its charset: a data problem, never a guess."""
    if charset.name == "windows-1257":
        # A line in UTF-8 among those in windows-1257: to read it would be to guess, too.
        body = _UTF_8_LETTER.sub(bytes(_NOT_WINDOWS_1257[:1]), body)
    return bytes(body).decode(charset.codec, "replace").replace("\0", LOST).encode()


def _counts_beyond_ascii(data: Data) -> npt.NDArray[np.int64]:
    """How often each byte stands in the data, those of ASCII (0 to 127) left out."""
    codes = np.frombuffer(data, np.uint8)

    def counted(part: tuple[int, int]) -> npt.NDArray[np.int64]:
        counts = np.zeros(256, np.int64)
        for place in range(*part, _CHUNK):
            chunk = codes[place : min(place + _CHUNK, part[1])]
            counts += np.bincount(chunk.take(np.flatnonzero(chunk > 127)), minlength=256)
        return counts

    return np.sum(in_threads(counted, parts_of(data)), axis=0, dtype=np.int64)


def _is_utf_8(data: Data) -> bool:
    """Whether all bytes are UTF-8. Asked of Arrow, which makes no text of them to see it."""
    held = pa.py_buffer(data)

    def is_sound(part: tuple[int, int]) -> bool:
        try:
            ends = pa.py_buffer(np.array(part, np.int64))
            pa.Array.from_buffers(pa.large_string(), 1, [None, ends, held]).validate(full=True)
        except pa.ArrowInvalid:
            return False
        return True

    # No letter of UTF-8 holds a line feed, so that none is cut in two.
    return all(in_threads(is_sound, parts_of(data)))


# How many bytes of UTF-8 each byte of windows-1257 becomes.
_LENGTHS = np.array([len(bytes([code]).decode("cp1257", "replace").encode()) for code in range(256)], np.int32)


def from_windows_1257(texts: pa.BinaryArray) -> pa.StringArray:
    """The same texts (none of them null, all of sound windows-1257) in UTF-8."""
    _nulls, held_ends, held = texts.buffers()
    ends = np.frombuffer(held_ends, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    letters = held.to_pybytes()[ends[0] : ends[-1]] if held else b""
    if letters.isascii():
        return texts.view(pa.string())
    # Three bytes at most come of each byte of a file, which is much smaller than what 32 bits count.
    moved = np.zeros(len(letters) + 1, np.int32)
    np.cumsum(_LENGTHS[np.frombuffer(letters, np.uint8)], out=moved[1:])
    recoded = [None, pa.py_buffer(moved[ends - ends[0]]), pa.py_buffer(letters.decode("cp1257").encode())]
    return pa.Array.from_buffers(pa.string(), len(texts), recoded)
