"""DuckDB: SQL over the files, with the calendar as tables."""

from __future__ import annotations

from itertools import chain

import duckdb

from peers import Finding, Task

_JUDGED = """
    select "check", row, case
        when there and done <= $as_of and done > due then 'late'
        when (not there or done > $as_of) and due < $as_of then 'overdue' end as what
    from {duties} where what is not null
"""
_WORK = """
    with work as (
        select row, "Vērtējuma veids" = 'formatīvs' as formative, "Vērtējums" <> '' as there,
            try_strptime("Ievadīts", '%d.%m.%Y %H:%M') as done,
            case when formative or "Iesniegts" = '' then "Darba datums" else "Iesniegts" end as written,
            strptime(written, '%d.%m.%Y')::date as day
        from marks where "Vērtējuma veids" in ('formatīvs', 'summatīvs')
    ), duties as (
        select case when formative then '5-formative' else '6-summative' end as "check", row, there, done,
            later.day + time '23:59:59' as due
        from work asof join working as before on work.day >= before.day
        join working as later on later.number = before.number + case when formative then 3 else 7 end
    )
"""
_LESSONS = """
    with duties as (
        select '2-lesson' as "check", row, "Tēma" <> '' or "Mājas darbs" <> '' or "Ievadīts" <> '' as there,
            try_strptime("Ievadīts", '%d.%m.%Y %H:%M') as done,
            strptime("Datums", '%d.%m.%Y')::date + time '17:00' as due
        from lessons
    )
"""
_TOPICS = r"""
    with parts as (
        select row, "Tēma" as topic, starts_with(topic, 'SR:') as begins, substr(topic, 4) as rest,
            regexp_extract(rest, '^((?:[^/]|[^\s/]/[^\s/])*?)(?:\s/|/\s)', 1) as result,
            regexp_extract(rest, '^(?:[^/]|[^\s/]/[^\s/])*?(?:\s/|/\s)(.*)$', 1) as matter
        from lessons where topic <> ''
            and coalesce(try_strptime("Tēma ievadīta", '%d.%m.%Y %H:%M'), try_strptime("Ievadīts", '%d.%m.%Y %H:%M'),
                $as_of) <= $as_of
    )
    select '3.1-topic' as "check", row, case
        when not begins and regexp_matches(topic, '[^\p{L}](?:SR:|S\.R\.:|SR -)') then 'prefix-not-first'
        when not begins then 'no-prefix'
        when not regexp_matches(rest, '\s/|/\s') then 'no-separator'
        when not regexp_matches(result, '\p{L}') then 'empty-result'
        when not regexp_matches(matter, '\p{L}') then 'empty-topic'
        when sample(result) or sample(matter) then 'placeholder' end as what
    from parts where what is not null
"""
_EXEMPT = """
    with given as (
        select row, "Skolēns" as pupil, "Klase" as class, lower("Priekšmets") as subject, "Vērtējums" as mark,
            split_part("Klase", '.', 1)::int as grade, ends.day as last
        from marks join ends on ends.grade = split_part("Klase", '.', 1)::int and ends.period = "Periods"
        where "Vērtējuma veids" in ('semestra', 'gada') and mark <> ''
            and coalesce(try_strptime("Ievadīts", '%d.%m.%Y %H:%M'), $as_of) <= $as_of
    ), free as (
        select distinct given.row from given join exemptions on pupil = "Skolēns" and class = "Klase"
            and subject = lower("Priekšmets") and strptime("No", '%d.%m.%Y')::date <= last
            and ("Līdz" = '' or last <= try_strptime("Līdz", '%d.%m.%Y')::date)
    )
    select '9-exempt' as "check", row, case
        when not (grade <= 3 and mark = 'A')
            and regexp_full_match(lower(mark), 'a(t(b(r(i(v(o(t(s|a)?)?)?)?)?)?)?)?') then 'misspelt'
        else 'other-mark' end as what
    from given semi join free using (row) where mark <> 'atb'
    union all
    select '9-unfounded', row, 'defect' from given anti join free using (row) where mark = 'atb'
"""


def run(task: Task) -> list[Finding]:
    """Check marks, lessons and exemptions."""
    with duckdb.connect() as db:
        for kind in ("marks", "lessons", "exemptions"):
            db.execute(
                f"create view {kind} as select *, row_number() over () + 1 as row from read_csv('{task.file(kind)}', "
                "delim=';', header=true, all_varchar=true, nullstr='\\N')"
            )
        db.execute("create table working (number int, day date)")
        db.executemany("insert into working values (?, ?)", list(enumerate(task.working)))
        db.execute("create table ends (grade int, period text, day date)")
        periods = ("1. semestris", "2. semestris", "")
        rows = ((grade, *one) for grade, days in task.ends.items() for one in zip(periods, days, strict=True))
        db.executemany("insert into ends values (?, ?, ?)", list(rows))
        db.execute(
            "create macro sample(part) as rtrim(regexp_replace(lower(part), '[\\s\"''«»„“”‚‘’<>]+', '', 'g'), '.') "
            "in ('sasniedzamaisrezultāts', 'temats')"
        )
        duties = _JUDGED.format(duties="duties")
        queries = (_WORK + duties, _LESSONS + duties, _TOPICS, _EXEMPT)
        return list(chain.from_iterable(db.execute(query, {"as_of": task.as_of}).fetchall() for query in queries))
