"""pandera: pandas frames, a schema of checks over them, validated lazily; the failures are the findings."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pandera.pandas as pa

from peers import Finding, Task
from peers.csv_loop import entry_fault

_STAMP, _DAY = "%d.%m.%Y %H:%M", "%d.%m.%Y"
_FAULTS = (
    "prefix-not-first", "no-prefix", "no-separator", "empty-result", "empty-topic", "placeholder",
)  # fmt: skip
_ATB = re.compile(r"a(t(b(r(i(v(o(t(s|a)?)?)?)?)?)?)?)?")


def run(task: Task) -> list[Finding]:
    """Check marks, lessons and exemptions."""
    marks, lessons, exemptions = (_frame(task, kind) for kind in ("marks", "lessons", "exemptions"))
    return [*_failures(_work_schema(task), _work(task, marks)), *_failures(_EXEMPT, _given(task, marks, exemptions)),
            *_failures(_lesson_schema(task), _lessons(task, lessons))]  # fmt: skip


def _frame(task: Task, kind: str) -> pd.DataFrame:
    frame = pd.read_csv(task.file(kind), sep=";", dtype=str, keep_default_na=False, encoding=task.encoding)
    return frame.set_index(frame.index + 2)


def _failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> list[Finding]:
    """What fails, by the names of the checks: the check and the word for it."""
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["check", "index"]].drop_duplicates()
        told = ((name.split(" "), row) for name, row in cases.itertuples(index=False))
        return [(check, row, what) for (check, what), row in told]
    return []


def _is(column: str, value: str, name: str) -> pa.Check:
    return pa.Check(lambda frame: frame[column] != value, name=name)


def _duty_checks(check: str, task: Task) -> list[pa.Check]:
    as_of = pd.Timestamp(task.as_of)

    def in_time(frame: pd.DataFrame) -> pd.Series:
        mine = frame["check"] == check
        return ~(mine & frame["there"] & (frame["done"] <= as_of) & (frame["done"] > frame["due"]))

    def there(frame: pd.DataFrame) -> pd.Series:
        mine = frame["check"] == check
        return ~(mine & (~frame["there"] | (frame["done"] > as_of)) & (frame["due"] < as_of))

    return [pa.Check(in_time, name=f"{check} late"), pa.Check(there, name=f"{check} overdue")]


def _work_schema(task: Task) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(checks=[*_duty_checks("5-formative", task), *_duty_checks("6-summative", task)])


def _work(task: Task, marks: pd.DataFrame) -> pd.DataFrame:
    rows = marks[marks["Vērtējuma veids"].isin(["formatīvs", "summatīvs"])]
    formative = rows["Vērtējuma veids"] == "formatīvs"
    on = rows["Darba datums"].where(formative | (rows["Iesniegts"] == ""), rows["Iesniegts"])
    working = pd.DatetimeIndex(task.working)
    place = working.searchsorted(pd.to_datetime(on, format=_DAY), side="right") + np.where(formative, 3, 7) - 1
    return pd.DataFrame(
        {
            "check": np.where(formative, "5-formative", "6-summative"),
            "there": rows["Vērtējums"] != "",
            "done": pd.to_datetime(rows["Ievadīts"], format=_STAMP, errors="coerce"),
            "due": working[place] + pd.Timedelta(hours=23, minutes=59, seconds=59),
        },
        index=rows.index,
    )


_EXEMPT = pa.DataFrameSchema(
    checks=[_is("fault", "misspelt", "9-exempt misspelt"), _is("fault", "other-mark", "9-exempt other-mark"),
            _is("fault", "unfounded", "9-unfounded defect")]
)  # fmt: skip


def _given(task: Task, marks: pd.DataFrame, exemptions: pd.DataFrame) -> pd.DataFrame:
    rows = marks[marks["Vērtējuma veids"].isin(["semestra", "gada"]) & (marks["Vērtējums"] != "")]
    done = pd.to_datetime(rows["Ievadīts"], format=_STAMP, errors="coerce")
    rows = rows[~(done > task.as_of)]
    grade = rows["Klase"].str.extract(r"^(\d+)")[0].astype(int)
    periods = {"1. semestris": 0, "2. semestris": 1, "": 2}
    last = pd.to_datetime([task.ends[one][periods[period]] for one, period in zip(grade, rows["Periods"], strict=True)])
    rows = rows.assign(grade=grade, last=last, subject=rows["Priekšmets"].str.casefold(), row=rows.index)
    spans = exemptions.assign(subject=exemptions["Priekšmets"].str.casefold())
    pairs = rows.merge(spans, on=["Skolēns", "Klase", "subject"], suffixes=("", "_of"))
    until = pd.to_datetime(pairs["Līdz"], format=_DAY, errors="coerce")
    holds = (pd.to_datetime(pairs["No"], format=_DAY) <= pairs["last"]) & (until.isna() | (pairs["last"] <= until))
    free = rows["row"].isin(pairs.loc[holds, "row"])
    right = rows["Vērtējums"] == "atb"
    level = (rows["grade"] <= 3) & (rows["Vērtējums"] == "A")
    misspelt = ~level & rows["Vērtējums"].str.casefold().map(lambda text: bool(_ATB.fullmatch(text)))
    wrong = np.where(misspelt, "misspelt", "other-mark")
    return pd.DataFrame({"fault": np.where(free & ~right, wrong, np.where(right & ~free, "unfounded", ""))}, rows.index)


def _lesson_schema(task: Task) -> pa.DataFrameSchema:
    faults = [_is("fault", fault, f"3.1-topic {fault}") for fault in _FAULTS]
    return pa.DataFrameSchema(checks=[*_duty_checks("2-lesson", task), *faults])


def _lessons(task: Task, rows: pd.DataFrame) -> pd.DataFrame:
    done = pd.to_datetime(rows["Ievadīts"], format=_STAMP, errors="coerce")
    told = pd.to_datetime(rows["Tēma ievadīta"], format=_STAMP, errors="coerce").fillna(done)
    looked_at = (rows["Tēma"] != "") & ~(told > task.as_of)
    return pd.DataFrame(
        {
            "check": "2-lesson",
            "there": (rows["Tēma"] != "") | (rows["Mājas darbs"] != "") | (rows["Ievadīts"] != ""),
            "done": done,
            "due": pd.to_datetime(rows["Datums"], format=_DAY) + pd.Timedelta(hours=17),
            "fault": rows["Tēma"].map(entry_fault).where(looked_at, ""),
        }
    )
