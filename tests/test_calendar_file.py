"""The calendar of what falls due, read back by two programs that did not write it the same way."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject

from support import command, table, write_tables

# Lessons every weekday around the days on which the clocks change: 29 March and 25 October 2026.
TIMETABLE = table(
    """
    Klase | Nedēļas diena | Stunda | Priekšmets | Pedagogs
    7.a   | pirmdiena     | 1      | Matemātika | Ilze Krūmiņa
    7.a   | piektdiena    | 2      | Vēsture; ar komatu, un \\ zīmi | Ilze Krūmiņa
    7.b   | piektdiena    | 3      | Vēsture    | Dace Egle
    """
)
LESSONS = table(
    """
    Datums      | Stunda | Klase | Priekšmets | Pedagogs     | Tēma      | Ievadīts
    02.02.2026. | 1      | 7.a   | Matemātika | Ilze Krūmiņa | SR: x / y | 02.02.2026. 10:00
    """
)
MARKS = table(
    """
    Skolēns      | Klase | Priekšmets | Pedagogs     | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
    Anna Bērziņa | 7.a   | Vēsture    | Ilze Krūmiņa | formatīvais     | 25.03.2026.  |           |
    Jānis Ozols  | 7.a   | Vēsture    | Ilze Krūmiņa | formatīvais     | 25.03.2026.  |           |
    """
)
# The week before the clocks go back is a break.
SPRING, AUTUMN = "2026-03-26T12:00", "2026-10-15T12:00"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, {"timetable": TIMETABLE, "lessons": LESSONS, "marks": MARKS})
    return folder


def calendar_of(folder: Path, as_of: str, *options: str) -> bytes:
    result = command("due", folder, "--as-of", as_of, "--days", "7", "--format", "ics", *options)
    assert result.exit_code == 0, result.stderr
    return result.stdout_bytes


def events(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        # On Friday Riga is two hours ahead of UTC, on Monday three.
        (SPRING, {datetime(2026, 3, 27, 17): 15, datetime(2026, 3, 30, 17): 14}),
        (AUTUMN, {datetime(2026, 10, 16, 17): 14, datetime(2026, 10, 26, 17): 15}),
    ],
)
def test_both_readers_see_the_local_hour_before_and_after_the_clocks_change(
    exports: Path, as_of: str, expected: dict[datetime, int]
) -> None:
    content = calendar_of(exports, as_of, "--clause", "2")
    told = [one["DTEND"].dt for one in events(content)]
    assert {when.replace(tzinfo=None): when.astimezone(UTC).hour for when in told} == expected
    # vobject knows no zones of its own: it reckons with the one that stands in the file.
    other = [one.dtend.value for one in vobject.readOne(content.decode()).vevent_list]
    assert {when.replace(tzinfo=None): when.astimezone(UTC).hour for when in other} == expected


def test_the_zone_in_the_file_is_that_of_riga(exports: Path) -> None:
    zone = icalendar.Calendar.from_ical(calendar_of(exports, SPRING)).walk("VTIMEZONE")[0]
    assert zone["TZID"] == "Europe/Riga"
    reckoned = zone.to_tz(lookup_tzid=False)
    from zoneinfo import ZoneInfo

    for hour in range(0, 24 * 366, 5):
        when = datetime(2026, 1, 1) + timedelta(hours=hour, minutes=30)
        # The hour that there is not in March, and that there is twice in October, is told either way.
        if when.date() not in (date(2026, 3, 29), date(2026, 10, 25)):
            assert when.replace(tzinfo=reckoned).utcoffset() == when.replace(tzinfo=ZoneInfo("Europe/Riga")).utcoffset()


def test_a_deadline_at_the_end_of_a_day_is_an_event_of_that_whole_day(exports: Path) -> None:
    (event,) = events(calendar_of(exports, SPRING, "--clause", "5"))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 3, 30), date(2026, 3, 31))
    assert event["SUMMARY"] == "E-klase: formative mark (2)"
    assert "7.a, Vēsture, 25 Mar 2026: 2" in event["DESCRIPTION"]


def test_each_event_has_an_alarm_on_the_day_before(exports: Path) -> None:
    found = events(calendar_of(exports, SPRING))
    assert found
    for event in found:
        (alarm,) = event.walk("VALARM")
        start = event["DTSTART"].dt
        if isinstance(start, datetime):
            rings = start.replace(tzinfo=None) + alarm["TRIGGER"].dt
            assert rings == start.replace(tzinfo=None) - timedelta(days=1)
        else:
            rings = datetime(start.year, start.month, start.day) + alarm["TRIGGER"].dt
            assert rings == datetime(start.year, start.month, start.day) - timedelta(hours=16)
        assert alarm["ACTION"] == "DISPLAY"


def test_pupils_are_named_only_where_that_is_asked_for(exports: Path) -> None:
    assert "Anna" not in calendar_of(exports, SPRING).decode()
    (event,) = events(calendar_of(exports, SPRING, "--clause", "5", "--names"))
    assert "Anna Bērziņa, Jānis Ozols" in event["DESCRIPTION"]


def test_texts_survive_signs_that_mean_something_in_a_calendar(exports: Path) -> None:
    content = calendar_of(exports, SPRING, "--teacher", "Ilze Krūmiņa", "--clause", "2")
    texts = [event["DESCRIPTION"] for event in events(content)]
    assert any("7.a, Vēsture; ar komatu, un \\ zīmi, 27 Mar 2026, lesson 2" in text for text in texts)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_an_event_keeps_its_identity_while_its_duties_become_fewer(exports: Path, tmp_path: Path) -> None:
    (before,) = events(calendar_of(exports, SPRING, "--clause", "5"))
    write_tables(exports, {"marks": [MARKS[0], {**MARKS[1], "Vērtējums": "8", "Ievadīts": "26.03.2026. 11:00"}]})
    (after,) = events(calendar_of(exports, "2026-03-26T13:00", "--clause", "5"))
    assert after["SUMMARY"] == "E-klase: formative mark (1)"
    assert before["UID"] == after["UID"]
    assert before["DTSTAMP"].dt < after["DTSTAMP"].dt


def test_events_have_different_identities_and_name_their_teacher_where_there_are_several(exports: Path) -> None:
    found = events(calendar_of(exports, SPRING))
    assert len({event["UID"] for event in found}) == len(found) == 4
    assert {event["SUMMARY"].rpartition(" – ")[2] for event in found} == {"Ilze Krūmiņa", "Dace Egle"}


def test_the_same_exports_give_the_same_bytes(exports: Path) -> None:
    assert calendar_of(exports, SPRING) == calendar_of(exports, SPRING)


def test_a_calendar_of_nothing_is_a_calendar_all_the_same(exports: Path) -> None:
    content = calendar_of(exports, SPRING, "--clause", "6")
    assert events(content) == []
    assert re.match(rb"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", content)


def test_a_calendar_goes_to_a_file_of_its_owner(exports: Path, tmp_path: Path) -> None:
    target = tmp_path / "termini.ics"
    result = command("due", exports, "--as-of", SPRING, "--format", "ics", "--out", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.stat().st_mode & 0o777 == 0o600
    assert events(target.read_bytes())
