"""Polars, lazily: scan, expressions, one collect a check."""

from __future__ import annotations

import polars as pl

from peers import Finding, Task

_STAMP, _DAY = "%d.%m.%Y %H:%M", "%d.%m.%Y"
_PUPIL = ["Skolēns", "Klase", "key"]


def run(task: Task) -> list[Finding]:
    """Check marks, lessons and exemptions."""
    found = pl.collect_all([*_work(task), *_exempt(task), *_lessons(task)])
    return [line for frame in found for line in frame.iter_rows()]


def _scan(task: Task, kind: str) -> pl.LazyFrame:
    return pl.scan_csv(
        task.file(kind), separator=";", infer_schema=False, empty_string_is_null=False, row_index_name="row",
        row_index_offset=2,
    )  # fmt: skip


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.to_date(_DAY, strict=False)


def _stamp(name: str) -> pl.Expr:
    return pl.col(name).str.to_datetime(_STAMP, strict=False)


def _judged(task: Task, check: pl.Expr, due: pl.Expr, there: pl.Expr) -> list[pl.Expr]:
    known = there & (pl.col("done") <= task.as_of)
    verdict = (
        pl.when(known & (pl.col("done") > due))
        .then(pl.lit("late"))
        .when((~there | (pl.col("done") > task.as_of)) & (due < task.as_of))
        .then(pl.lit("overdue"))
    )
    return [check.alias("check"), pl.col("row"), verdict.alias("what")]


def _work(task: Task) -> list[pl.LazyFrame]:
    """Clauses 5 and 6."""
    days = pl.LazyFrame({"number": range(len(task.working)), "due": task.working})
    formative = pl.col("Vērtējuma veids") == "formatīvs"
    on = pl.when(formative | (pl.col("Iesniegts") == "")).then(_day("Darba datums")).otherwise(_day("Iesniegts"))
    rows = (
        _scan(task, "marks")
        .filter(pl.col("Vērtējuma veids").is_in(["formatīvs", "summatīvs"]))
        .select("row", formative.alias("formative"), on.alias("on"), _stamp("Ievadīts").alias("done"), "Vērtējums")
        .sort("on")
        .join_asof(days.rename({"due": "on"}).with_columns(pl.col("on").alias("working")), on="on")
        .with_columns((pl.col("number") + pl.when("formative").then(3).otherwise(7)).alias("number"))
        .join(days, on="number")
    )
    due = pl.col("due").cast(pl.Datetime("us")) + pl.duration(hours=23, minutes=59, seconds=59)
    check = pl.when("formative").then(pl.lit("5-formative")).otherwise(pl.lit("6-summative"))
    return [rows.select(_judged(task, check, due, pl.col("Vērtējums") != "")).filter(pl.col("what").is_not_null())]


def _exempt(task: Task) -> list[pl.LazyFrame]:
    """Clause 9."""
    ends = pl.LazyFrame(
        [
            {"grade": grade, "Periods": period, "end": end}
            for grade, days in task.ends.items()
            for period, end in zip(("1. semestris", "2. semestris", ""), days, strict=True)
        ]
    )
    key = pl.col("Priekšmets").str.to_lowercase().alias("key")
    spans = _scan(task, "exemptions").select(
        "Skolēns", "Klase", key, _day("No").alias("from"), _day("Līdz").alias("to")
    )
    marks = (
        _scan(task, "marks")
        .filter(pl.col("Vērtējuma veids").is_in(["semestra", "gada"]), pl.col("Vērtējums") != "")
        .filter((_stamp("Ievadīts") <= task.as_of).fill_null(value=True))
        .select(
            "row",
            "Skolēns",
            "Klase",
            key,
            "Periods",
            "Vērtējums",
            pl.col("Klase").str.extract(r"^(\d+)").cast(pl.Int64).alias("grade"),
        )
        .join(ends, on=["grade", "Periods"])
    )
    free = (
        marks.join(spans, on=_PUPIL)
        .filter(pl.col("from") <= pl.col("end"), pl.col("to").is_null() | (pl.col("end") <= pl.col("to")))
        .unique("row")
    )
    mark = pl.col("Vērtējums")
    level = (pl.col("grade") <= 3) & (mark == "A")
    misspelt = ~level & mark.str.to_lowercase().str.contains("^a(t(b(r(i(v(o(t(s|a)?)?)?)?)?)?)?)?$")
    what = pl.when(misspelt).then(pl.lit("misspelt")).otherwise(pl.lit("other-mark"))
    return [
        free.filter(mark != "atb").select(pl.lit("9-exempt").alias("check"), "row", what.alias("what")),
        marks.filter(mark == "atb")
        .join(free, on="row", how="anti")
        .select(pl.lit("9-unfounded").alias("check"), "row", pl.lit("defect").alias("what")),
    ]


def _lessons(task: Task) -> list[pl.LazyFrame]:
    """Clauses 2 and 3.1."""
    rows = _scan(task, "lessons")
    entered = rows.with_columns(_stamp("Ievadīts").alias("done"))
    there = (pl.col("Tēma") != "") | (pl.col("Mājas darbs") != "") | (pl.col("Ievadīts") != "")
    due = _day("Datums").cast(pl.Datetime("us")) + pl.duration(hours=17)
    told = pl.coalesce(_stamp("Tēma ievadīta"), _stamp("Ievadīts"))
    topics = rows.filter(pl.col("Tēma") != "", (told <= task.as_of).fill_null(value=True))
    return [
        entered.select(_judged(task, pl.lit("2-lesson"), due, there)).filter(pl.col("what").is_not_null()),
        topics.select(pl.lit("3.1-topic").alias("check"), "row", _fault().alias("what")).filter(pl.col("what") != ""),
    ]


def _fault() -> pl.Expr:
    topic = pl.col("Tēma")
    rest = topic.str.strip_prefix("SR:")
    # Up to the first slash that has white space on a side, and what follows it.
    result = rest.str.extract(r"^((?:[^/]|[^\s/]/[^\s/])*?)(?:(?:\s/)|(?:/\s))")
    matter = rest.str.extract(r"^(?:[^/]|[^\s/]/[^\s/])*?(?:(?:\s/)|(?:/\s))(.*)$")

    def sample(part: pl.Expr) -> pl.Expr:
        plain = part.str.to_lowercase().str.replace_all(r"[\s\"'«»„“”‚‘’<>]+", "").str.strip_chars_end(".")
        return plain.is_in(["sasniedzamaisrezultāts", "temats"])

    return (
        pl.when(~topic.str.starts_with("SR:") & topic.str.contains(r"[^\p{L}](?:SR:|S\.R\.:|SR -)"))
        .then(pl.lit("prefix-not-first"))
        .when(~topic.str.starts_with("SR:"))
        .then(pl.lit("no-prefix"))
        .when(~rest.str.contains(r"\s/|/\s"))
        .then(pl.lit("no-separator"))
        .when(~result.str.contains(r"\p{L}"))
        .then(pl.lit("empty-result"))
        .when(~matter.str.contains(r"\p{L}"))
        .then(pl.lit("empty-topic"))
        .when(sample(result) | sample(matter))
        .then(pl.lit("placeholder"))
        .otherwise(pl.lit(""))
    )
