"""Clause 2: lessons, topics, absences and homework are entered each day by a fixed time."""

from __future__ import annotations

from eklase_audit.anchors import LESSON
from eklase_audit.calendar import school_start
from eklase_audit.clauses.keys import joined_texts, keys, pair_keys
from eklase_audit.clauses.registry import Context, Need, check, entry_duties
from eklase_audit.duties import BEARERS, duty_frame
from eklase_audit.i18n import N_
from eklase_audit.journal import Stamps, filled, stamps
from eklase_audit.lazy import np, pd
from eklase_audit.moments import NO_DAY, Flags, unknown_time


def _shown_to_be_entered(rows: pd.DataFrame) -> Flags:
    """Lessons that some cell shows to have been entered: a topic, homework or any stamp."""
    shown = filled(rows["topic"]) | filled(rows["homework"])
    for name in ("entered_at", "topic_entered_at", "absences_entered_at", "homework_entered_at"):
        shown |= stamps(rows, name).filled
    return shown


def _own_or_entered(rows: pd.DataFrame, own: str) -> Stamps:
    return stamps(rows, own).otherwise(stamps(rows, "entered_at"))


@check(
    "daily.lesson",
    thing=N_("lesson"),
    needs=[Need(("lessons",), ("entered_at",))],
    deadline=LESSON,
    aspect="lesson",
)
def lesson(ctx: Context) -> pd.DataFrame:
    """Lesson entered on its day.

    What the regulation asks:
        Every lesson is entered in the journal on its own day, by the hour set.
    What is checked:
        Each row of the lessons is judged by «Ievadīts», the first entry: in time or late. A row without
        topic, homework and any stamp is not done: overdue once the hour has passed. It is undetermined where
        the lesson is there but its stamp is missing, cannot be read, or has the right day and no clock time.
        A later change makes nothing late.
    What a violation looks like:
        Mathematics in 7.a, Monday's second lesson, was first entered on Tuesday morning.
    What is right:
        It was entered on Monday straight after the lesson; on Tuesday the teacher only reworded the topic.
    How to mend it in E-klase:
        Open the class journal at that day and enter what is missing. A late entry stays late.
    Settings:
        The deadline (at).
    """
    rows = ctx.journal.rows("lessons")
    rows = rows[stamps(rows, "entered_at").has_column | ctx.observed]
    done = stamps(rows, "entered_at").done(_shown_to_be_entered(rows))
    return entry_duties(ctx, rows, on="date", done=done, lesson=rows["lesson"])


@check("daily.topic", thing=N_("topic of the lesson"), needs=[Need(("lessons",))], deadline=LESSON, aspect="topic")
def topic(ctx: Context) -> pd.DataFrame:
    """Topic entered on the lesson's day.

    What the regulation asks:
        The topic of every lesson is entered on the lesson's day, by the hour set.
    What is checked:
        Each row of the lessons needs a «Tēma». When it came is told by «Tēma ievadīta» or, lacking that, by
        «Ievadīts»: in time or late. A blank topic is overdue once the hour has passed, stamp or no stamp. A
        topic that has no readable stamp, or only the lesson's date without a clock time, is undetermined. The
        form of the words is the matter of another check.
    What a violation looks like:
        History in 8.a was entered on 8 December, but a week later its topic is still blank.
    What is right:
        The topic was written during the lesson itself.
    How to mend it in E-klase:
        Open the class journal, the lesson of that day, and enter its topic. One that was late stays late.
    Settings:
        The deadline (at).
    """
    rows = ctx.journal.rows("lessons")
    done = _own_or_entered(rows, "topic_entered_at").done(filled(rows["topic"]))
    return entry_duties(ctx, rows, on="date", done=done, lesson=rows["lesson"])


@check(
    "daily.attendance",
    thing=N_("attendance"),
    needs=[Need(("lessons",), ("absences_entered_at",))],
    deadline=LESSON,
)
def attendance(ctx: Context) -> pd.DataFrame:
    """Attendance taken on the lesson's day.

    What the regulation asks:
        Absences are entered on the lesson's day, by the hour set, so attendance is taken at every lesson.
    What is checked:
        Each row of the lessons by «Kavējumi ievadīti», the moment when attendance was taken, even if nobody
        was absent: in time or late. A blank cell is overdue once the hour has passed. A stamp that cannot be
        read, or has the lesson's date without a clock time, leaves it undetermined. Files without that column
        are left out.
    What a violation looks like:
        In English, 6.a, the lesson and its topic are there, but nobody has marked who was absent.
    What is right:
        All were present, and the teacher confirmed that in the journal during the lesson.
    How to mend it in E-klase:
        Open the class journal, the lesson of that day, and enter the absences or that there were none.
    Settings:
        The deadline (at).
    """
    rows = ctx.journal.rows("lessons")
    taken = stamps(rows, "absences_entered_at")
    rows, taken = rows[taken.has_column], stamps(rows[taken.has_column], "absences_entered_at")
    return entry_duties(ctx, rows, on="date", done=taken.done(taken.filled), lesson=rows["lesson"])


@check(
    "daily.homework",
    thing=N_("homework"),
    needs=[Need(("lessons",), ("homework",)), Need(("lessons",), ("homework_entered_at", "entered_at"))],
    deadline=LESSON,
    aspect="homework",
)
def homework(ctx: Context) -> pd.DataFrame:
    """Homework entered on the lesson's day.

    What the regulation asks:
        Homework that was set is entered on the lesson's day, by the hour set.
    What is checked:
        Lessons with something in «Mājas darbs», unless it is one of the words for no homework. When it came
        is told by «Mājas darbs ievadīts» or, lacking that, by «Ievadīts»: in time or late. Without a readable
        stamp, or with only the lesson's date and no clock time, it is undetermined. Files with neither of
        these columns are left out.
    What a violation looks like:
        Physics in 9.a was on Wednesday, and its homework was entered late in the evening at home.
    What is right:
        The exercise was entered before the teacher went home.
    How to mend it in E-klase:
        Nothing can be mended afterwards: enter homework while the lesson lasts, or straight after it.
    Settings:
        The deadline (at). The words that mean no homework stand in the rule pack.
    """
    rows = ctx.journal.rows("lessons")
    none = {word.casefold() for word in ctx.symbols.no_homework}
    words = rows["homework"].cat.categories
    given = np.array([*(bool(word) and word.casefold() not in none for word in words), False])
    stamp = _own_or_entered(rows, "homework_entered_at")
    has_stamp_column = stamps(rows, "homework_entered_at").has_column | stamps(rows, "entered_at").has_column
    owed = given[rows["homework"].cat.codes.to_numpy()] & (has_stamp_column | ctx.observed)
    done = stamp.done(np.ones(len(rows), bool))
    return entry_duties(ctx, rows[owed], on="date", done=done[owed], lesson=rows["lesson"][owed])


@check(
    "daily.absence",
    thing=N_("absence"),
    needs=[Need(("absences",), ("entered_at",))],
    deadline=LESSON,
    aspect="absence",
)
def absence(ctx: Context) -> pd.DataFrame:
    """Absence entered on its day.

    What the regulation asks:
        The subject teacher enters absences on the day of the lesson, by the hour set.
    What is checked:
        Each row of the absences is judged by «Ievadīts», the first entry: in time or late. A row with no
        readable stamp, or with only that day's date and no clock time, is undetermined; one that came after
        the moment of the audit is overdue. An absence that nobody entered leaves no row and is not seen here:
        whether attendance was taken is another check.
    What a violation looks like:
        Marta Kalna, 7.a, missed biology on Monday; her absence was entered on Wednesday.
    What is right:
        It was entered during the lesson, and on Wednesday it only became a justified one.
    How to mend it in E-klase:
        A late entry stays late. Mark who is absent at the start of each lesson.
    Settings:
        The deadline (at).
    """
    rows = ctx.journal.rows("absences")
    rows = rows[stamps(rows, "entered_at").has_column | ctx.observed]
    done = stamps(rows, "entered_at").done(np.ones(len(rows), bool))
    return entry_duties(ctx, rows, on="date", done=done, pupil=True, lesson=rows["lesson"])


@check(
    "daily.unrecorded",
    thing=N_("lesson of the timetable"),
    needs=[Need(("lessons",)), Need(("timetable",))],
    deadline=LESSON,
)
def unrecorded(ctx: Context) -> pd.DataFrame:
    """Timetabled lesson recorded on its day.

    What the regulation asks:
        Every timetabled lesson is entered in the journal on its day.
    What is checked:
        Each slot of the timetable, on each school day of the class from the first lesson in the exports on
        and within «Spēkā no» and «Spēkā līdz», needs a lesson of that class, day and number. Any subject or
        teacher fills it, a substitute too, whenever entered. Else it is overdue once the hour has passed, or
        undetermined where a row with an unreadable day, class or number may be the one.
    What a violation looks like:
        Thursday's third lesson in 8.a is history, but the journal has no third lesson that day.
    What is right:
        The historian was ill; a colleague held geography and entered it as the third lesson.
    How to mend it in E-klase:
        Open the class journal at that day and enter the lesson. Lessons that were not to be held belong in
        the configuration (no_lessons).
    Settings:
        The deadline (at).
    """
    lessons = ctx.journal.frames["lessons"]
    slots = _slots(ctx, lessons)
    due = ctx.due(slots["date"].to_numpy())
    recorded = _recorded(slots, lessons[lessons["date"].to_numpy() != NO_DAY])
    perhaps = _perhaps_recorded(slots, lessons) & (due < ctx.as_of)
    done = unknown_time(recorded | perhaps)
    # Whatever its time of entry, a recorded lesson fills its slot: its lateness is another check's matter.
    done.last[recorded] = due[recorded]
    return duty_frame(
        len(slots),
        on=slots["date"],
        due=due,
        done=done,
        role="subject_teacher",
        bearer=slots["teacher"],
        class_=slots["class"],
        subject=slots["subject"],
        lesson=slots["lesson"],
        sheet_no=slots["sheet_no"],
        row=slots["row"],
    )


def _slots(ctx: Context, lessons: pd.DataFrame) -> pd.DataFrame:
    """The slots of the timetable on school days, one line each: from the first lesson day to `as_of` or the horizon."""
    timetable = ctx.journal.rows("timetable")
    days = lessons["date"].to_numpy()
    days = days[days != NO_DAY]
    parts = []
    if len(days) and int(days.min()) <= ctx.last_day:
        first = int(days.min())
        starts = range(school_start(first), ctx.start + 1)
        unknown = np.array([start for start in starts if ctx.calendar.year(start) is None])
        if first <= ctx.today:
            ctx.leave_unknown_years(unknown, len(starts) - len(unknown))
        for start in range(school_start(first), school_start(ctx.last_day) + 1):
            # Of a year to come that the calendar does not know yet nothing is told, and nothing is lacking.
            if ctx.calendar.year(start) is None:
                continue
            for grade in np.unique(timetable["grade"].to_numpy()):
                school_days = ctx.calendar.school_days(start, int(grade))
                school_days = school_days[(school_days >= first) & (school_days <= ctx.last_day)]
                weekdays = ((school_days + 3) % 7).astype(np.int8)
                parts.append(pd.DataFrame({"grade": grade, "weekday": weekdays, "date": school_days}))
    if not parts:
        return timetable.iloc[:0].assign(date=np.array([], np.int32))
    slots = timetable.merge(pd.concat(parts), on=["grade", "weekday"])
    valid_to = slots["valid_to"].to_numpy()
    valid = (slots["valid_from"].to_numpy() <= slots["date"].to_numpy()) & (
        (valid_to == NO_DAY) | (slots["date"].to_numpy() <= valid_to)
    )
    for none in ctx.no_lessons:
        off = (slots["date"].to_numpy() >= none.first) & (slots["date"].to_numpy() <= none.last)
        if none.classes:
            off &= np.asarray(slots["class"].isin(none.classes))
        if none.lessons:
            off &= np.isin(slots["lesson"].to_numpy(), list(none.lessons))
        valid &= ~off
    slots = slots[valid].sort_values(["sheet_no", "row"], kind="stable").reset_index(drop=True)
    slots["slot"] = keys([slots], ("class", "date", "lesson"))[0]
    once = slots.drop_duplicates("slot").copy()
    if len(once) < len(slots):
        # Two groups of a class at one time: one duty, of both teachers, in both subjects.
        twice = slots[slots["slot"].duplicated(keep=False)]
        for column, separator in (("teacher", BEARERS), ("subject", " / ")):
            joined = once["slot"].astype(str).map(joined_texts(twice["slot"], twice[column], separator))
            once[column] = joined.astype(object).where(joined.notna(), once[column].astype(object))
    return once


def _recorded(slots: pd.DataFrame, lessons: pd.DataFrame) -> Flags:
    """Slots that a lesson fills, whatever its subject and teacher; "1-2" fills both."""
    held = lessons[(lessons["lesson"].to_numpy() >= 0) & (lessons["grade"].to_numpy() > 0)]
    slot_keys, held_keys = pair_keys(slots, _each_slot(held), ("class", "date", "lesson"))
    return np.isin(slot_keys, held_keys)


def _each_slot(lessons: pd.DataFrame) -> pd.DataFrame:
    """The lessons, one line a slot: "1-2" stands for two. One without a number stays one line."""
    spans = lessons["lesson_last"].to_numpy() - lessons["lesson"].to_numpy() + 1
    spread = lessons.loc[lessons.index.repeat(spans), ["class", "date", "lesson"]]
    spread["lesson"] += (np.arange(len(spread)) - np.repeat(np.cumsum(spans) - spans, spans)).astype(np.int16)
    return spread


def _perhaps_recorded(slots: pd.DataFrame, lessons: pd.DataFrame) -> Flags:
    """Slots that a lesson may fill whose day, class or number cannot be told, while what can be told fits."""
    known = {
        "date": lessons["date"].to_numpy() != NO_DAY,
        "class": lessons["grade"].to_numpy() > 0,
        "lesson": lessons["lesson"].to_numpy() >= 0,
    }
    combination = sum(flags.astype(int) << bit for bit, flags in enumerate(known.values()))
    perhaps = np.zeros(len(slots), bool)
    for code in set(np.unique(combination).tolist()) - {7}:
        loose = lessons[combination == code]
        columns = [name for bit, name in enumerate(known) if code >> bit & 1]
        if not columns:
            perhaps[:] = True
            continue
        slot_keys, loose_keys = pair_keys(slots, _each_slot(loose), columns)
        perhaps |= np.isin(slot_keys, loose_keys)
    return perhaps
