"""How much of anything a file may hold. What lies beyond is no export and would fill the memory."""

from __future__ import annotations

# A million lessons are 165 MiB as CSV; reading takes some three times a file's size.
MAX_FILE = 512 << 20
# All lines of a real export are shorter than a page; a line is decoded as a whole.
MAX_LINE = 32 << 20
# A summary has three columns a subject, a page of a journal one a pupil.
MAX_COLUMNS = 2_000
# A full sheet of Excel (1,048,576 rows) of an export's 14 columns has 15 million cells. A sheet is laid out
# with the blank cells up to its last corner, at 32 bytes and more each.
MAX_CELLS = 20_000_000
# What a workbook or an archive may unpack to, told by its directory before anything is unpacked.
MAX_UNPACKED = 1 << 30
# Sheets of XML shrink to a tenth or twentieth, blank ones to a hundredth; a bomb to a thousandth. What
# unpacks to little does no harm, whatever its ratio.
MAX_RATIO = 200
HARMLESS_UNPACKED = 32 << 20
# Sheets, styles and pictures are members of a workbook, exports those of an archive.
MAX_MEMBERS = 10_000
