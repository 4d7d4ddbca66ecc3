"""What there are empty workbooks of: known without the library that writes them."""

from __future__ import annotations

# The kinds that a school may have to keep by hand, since E-klase may not export them.
TEMPLATES = (
    "statements",
    "documents",
    "exemptions",
    "notes",
    "events",
    "workloads",
    "timetable",
    "contacts",
    "classes",
)
# The lists that it keeps for this tool.
LISTS = ("waivers", "staff_absences", "addresses")
