"""A plain loop: csv, datetime and dictionaries, one row after the other."""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from peers import Finding, Task

_LATER = re.compile(r"(?<![^\W\d_])(?:SR:|S\.R\.:|SR -)")
_SEPARATOR = re.compile(r"\s/|/\s")
_LETTER = re.compile(r"[^\W\d_]")
_ORNAMENT = re.compile(r"[\s\"'«»„“”‚‘’<>]+")
_SAMPLES = ("sasniedzamaisrezultāts", "temats")
_ATB = re.compile(r"a(t(b(r(i(v(o(t(s|a)?)?)?)?)?)?)?)?")
_LAST_SECOND = time(23, 59, 59)


def run(task: Task) -> list[Finding]:
    """Check marks, lessons and exemptions."""
    exempt = exemptions(task)
    found = [one for row, line in _rows(task, "marks") for one in of_mark(task, exempt, row, line)]
    return [*found, *(one for row, line in _rows(task, "lessons") for one in of_lesson(task, row, line))]


def _rows(task: Task, kind: str) -> Iterator[tuple[int, dict[str, str]]]:
    with task.file(kind).open(encoding=task.encoding, newline="") as file:
        yield from enumerate(csv.DictReader(file, delimiter=";"), 2)


def _day(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()


def _judged(check: str, row: int, due: datetime, there: bool, stamp: str, as_of: datetime) -> Iterator[Finding]:
    if there and not stamp:
        return
    if there and (done := datetime.strptime(stamp, "%d.%m.%Y %H:%M")) <= as_of:
        if done > due:
            yield check, row, "late"
    elif as_of > due:
        yield check, row, "overdue"


Exemptions = dict[tuple[str, str, str], list[tuple[date, date]]]
_PERIODS = {"1. semestris": 0, "2. semestris": 1, "": 2}


def exemptions(task: Task) -> Exemptions:
    """From when until when pupils are exempt, by pupil, class and subject."""
    exempt: Exemptions = {}
    for _row, line in _rows(task, "exemptions"):
        key = (line["Skolēns"], line["Klase"], line["Priekšmets"].casefold())
        until = _day(line["Līdz"]) if line["Līdz"] else date.max
        exempt.setdefault(key, []).append((_day(line["No"]), until))
    return exempt


def of_mark(task: Task, exempt: Exemptions, row: int, line: dict[str, str]) -> Iterator[Finding]:
    """What is found of one mark."""
    kind, mark, stamp = line["Vērtējuma veids"], line["Vērtējums"], line["Ievadīts"]
    if kind in ("formatīvs", "summatīvs"):
        formative = kind == "formatīvs"
        on = line["Darba datums"] if formative else line["Iesniegts"] or line["Darba datums"]
        place = bisect_right(task.working, _day(on)) + (3 if formative else 7) - 1
        due = datetime.combine(task.working[place], _LAST_SECOND)
        yield from _judged("5-formative" if formative else "6-summative", row, due, bool(mark), stamp, task.as_of)
    elif mark and not (stamp and datetime.strptime(stamp, "%d.%m.%Y %H:%M") > task.as_of):
        grade = int(line["Klase"].split(".")[0])
        end = task.ends[grade][_PERIODS[line["Periods"]]]
        spans = exempt.get((line["Skolēns"], line["Klase"], line["Priekšmets"].casefold()), [])
        free = any(first <= end <= last for first, last in spans)
        if free and mark != "atb":
            level = grade <= 3 and mark == "A"
            misspelt = not level and _ATB.fullmatch(mark.casefold())
            yield "9-exempt", row, "misspelt" if misspelt else "other-mark"
        elif mark == "atb" and not free:
            yield "9-unfounded", row, "defect"


def of_lesson(task: Task, row: int, line: dict[str, str]) -> Iterator[Finding]:
    """What is found of one lesson."""
    day, topic, stamp = _day(line["Datums"]), line["Tēma"], line["Ievadīts"]
    due = datetime.combine(day, time()) + timedelta(hours=17)
    there = bool(topic or line["Mājas darbs"] or stamp)
    yield from _judged("2-lesson", row, due, there, stamp, task.as_of)
    told = line["Tēma ievadīta"] or stamp
    known = not told or datetime.strptime(told, "%d.%m.%Y %H:%M") <= task.as_of
    if topic and known and (fault := entry_fault(topic)):
        yield "3.1-topic", row, fault


def entry_fault(topic: str) -> str:
    """Why a topic is not of the form "SR: result / topic"."""
    if not topic.startswith("SR:"):
        return "prefix-not-first" if _LATER.search(topic, 1) else "no-prefix"
    rest = topic[3:]
    separator = _SEPARATOR.search(rest)
    if not separator:
        return "no-separator"
    slash = rest.index("/", separator.start())
    result, matter = rest[:slash], rest[slash + 1 :]
    if not _LETTER.search(result):
        return "empty-result"
    if not _LETTER.search(matter):
        return "empty-topic"
    parts = (_ORNAMENT.sub("", part.casefold()).rstrip(".") for part in (result, matter))
    return "placeholder" if any(part in _SAMPLES for part in parts) else ""
