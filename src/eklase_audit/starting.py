"""What a new school starts from: a commented configuration, and a rule pack to change."""

from __future__ import annotations

import re

from eklase_audit.i18n import _


def starting_pack(text: str, school: str) -> str:
    """A copy of a rule pack for a school to change: its own id and title, the rest as it is."""
    from json import dumps

    intro = "".join(f"# {line}\n" for line in _PACK_INTRO().splitlines())
    text = re.sub(r"\A(?:#.*\n)*", "", text)
    text = re.sub(r'^id = ".*"$', 'id = "musu-skola"', text, count=1, flags=re.M)
    # On one line, and without what TOML has no place for.
    school = "".join(letter for letter in school if letter.isprintable() or letter.isspace())
    name = dumps(" ".join(school.split()), ensure_ascii=False)
    title = f"[title]\nlv = {name}\nen = {name}\n"
    source = dumps(_("the regulation of the school: name it here, with its date"), ensure_ascii=False)
    text = re.sub(r'^source = ".*"$', lambda _found: f"source = {source}", text, count=1, flags=re.M)
    return intro + re.sub(r"^\[title\]\nlv = .*\nen = .*\n", lambda _found: title, text, count=1, flags=re.M)


def starting_config(pack: str) -> str:
    """A configuration that names the pack; everything else stands in it as a comment, with its default."""
    lines = "".join(f"# {line}\n" for line in _CONFIG_INTRO().splitlines())
    return f"""{lines}
rules = "{pack}"
# lang = "lv"

# moved_days = "ignored"
# count_school_breaks = false

# [parameters]
# "5.working_days" = 5
# "2.at" = "18:00"

# [[free_days]]
# name = "1. klases papildu brīvlaiks"
# from = 2027-02-15
# to = 2027-02-19
# grades = [1]

# [[no_lessons]]
# from = 2026-10-14
# classes = ["7.a", "7.b"]
# lessons = [4, 5, 6]
# reason = "ekskursija"

# [[outages]]
# from = 2026-10-05T12:00:00
# to = 2026-10-06T09:00:00
# reason = "E-klase nedarbojās"

# [[staff_absences]]
# teacher = "Anna Bērziņa"
# from = 2026-10-05
# to = 2026-10-16
# substitute = "Jānis Kalniņš"

# [mail]
# host = "smtp.skola.lv"
# security = "starttls"
# from = "audits@skola.lv"
# user = "audits@skola.lv"
# to = ["direktors@skola.lv"]
"""


def _PACK_INTRO() -> str:  # noqa: N802 - a text that waits for its language
    return _(
        "The regulation of the school on the use of E-klase, as data.\n"
        "Change what your regulation says otherwise: clause numbers, titles, deadlines.\n"
        "Take out a check by taking out its [[clauses.checks]] table.\n"
        'A deadline is one of: at = "17:00", working_days = 3, calendar_days = 5,\n'
        'calendar_days_before_end = 3, day_of_month = 5, by = "09-30", end_of_day = true,\n'
        'next_lesson = true, weekday = "monday" with at = "08:00".\n'
        "reading = true says that the text leaves the number open and this is your reading.\n"
        "After a change, `eklase-audit clauses` shows it, or says what is wrong.\n"
    )


def _CONFIG_INTRO() -> str:  # noqa: N802 - a text that waits for its language
    return _(
        "The configuration of eklase-audit for one school. Lines with # are examples.\n"
        "rules: the rule pack, a file beside this one or the id of an installed one.\n"
        'moved_days: "ignored" where the school does not follow moved working days.\n'
        "count_school_breaks: false where days of school breaks are no working days.\n"
        "parameters: other numbers than the rule pack has.\n"
        "free_days: days without lessons besides the school year's breaks.\n"
        "no_lessons: days, classes and lessons on which none was held.\n"
        "outages: times in which E-klase could not be used; what was due then is due later.\n"
        "staff_absences: days on which a teacher was away; what was due then is due as much later.\n"
        "mail: the server for eklase-audit send; its password is never written here (docs/mail.md).\n"
    )
