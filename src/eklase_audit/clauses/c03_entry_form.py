"""Clauses 3.1 and 3.2: the form of a lesson's entry and of an individual-work entry."""

from __future__ import annotations

import re
from collections.abc import Callable

from eklase_audit.clauses.registry import Context, Need, check, entry_defects
from eklase_audit.duties import HINT
from eklase_audit.i18n import N_
from eklase_audit.journal import coded, filled, stamps
from eklase_audit.lazy import np, npt, pd
from eklase_audit.moments import Flags

_PREFIX = "SR:"
_LATER_PREFIX = re.compile(r"(?<![^\W\d_])(?:SR:|S\.R\.:|SR -)")
_NEAR_PREFIX = re.compile(r"s\.?\s?r\b\.?\s?[:;.,–-]?", re.I)
_SEPARATOR = re.compile(r"\s/|/\s")
_LETTER = re.compile(r"[^\W\d_]")
_ORNAMENT = r"[\s\"'«»„“”‚‘’<>]*"
# The sample's own words, however adorned and spaced. (An expression sees by the first letter that most are others.)
_SAMPLE = re.compile(
    f"{_ORNAMENT}(?:{'|'.join(_ORNAMENT.join(word) for word in ('sasniedzamaisrezultāts', 'temats'))})"
    rf"(?:{_ORNAMENT}\.)*{_ORNAMENT}\Z",
    re.I,
)
_INDIVIDUAL = "individuālais darbs"


def entry_fault(topic: str) -> str:
    """Why a topic is not of the form "SR: result / topic"; "" where it is."""
    topic = topic.strip()
    if not topic.startswith(_PREFIX):
        later = _LATER_PREFIX.search(topic, 1)
        return "prefix-not-first" if later and later.start() > 0 else "no-prefix"
    rest = topic[len(_PREFIX) :]
    separator = _SEPARATOR.search(rest)
    if not separator:
        return "no-separator"
    slash = rest.index("/", separator.start())
    result, subject_matter = rest[:slash], rest[slash + 1 :]
    if not _LETTER.search(result):
        return "empty-result"
    if not _LETTER.search(subject_matter):
        return "empty-topic"
    return "placeholder" if _SAMPLE.match(result) or _SAMPLE.match(subject_matter) else ""


def _hinted_fault(topic: str) -> str:
    # What stands behind HINT is for the message alone: the reason stays what it is.
    fault = entry_fault(topic)
    return f"{fault}{HINT}near-prefix" if fault == "no-prefix" and nearly_prefixed(topic) else fault


def nearly_prefixed(topic: str) -> bool:
    """Whether a topic begins with what was meant for the prefix: sr:, SR -, S.R."""
    return _NEAR_PREFIX.match(topic.strip()) is not None


def individual_fault(topic: str) -> str:
    """Why a topic is not of the form "Individuālais darbs (subjects) topic"; "" where it is."""
    topic = topic.strip()
    if not topic.casefold().startswith(_INDIVIDUAL):
        return "no-prefix"
    _before, bracket, rest = topic[len(_INDIVIDUAL) :].partition("(")
    subjects, closing, matter = rest.partition(")")
    if not (bracket and closing and _LETTER.search(subjects)):
        return "no-subject"
    return "" if _LETTER.search(matter) else "no-topic"


def _of_each_topic(topics: pd.Series, of: Callable[[str], str]) -> npt.NDArray[np.object_]:
    """What `of` makes of each topic; it is asked once a distinct one."""
    codes, texts = coded(topics)
    made = np.full(len(texts) + 1, "", object)
    for code in set(codes.tolist()) - {-1}:
        made[code] = of(texts[code])
    return made[codes]


def _is_individual(rows: pd.DataFrame) -> Flags:
    """Individual work: by the journal's name, or, where that says nothing, by how the topic begins."""
    journals = rows["journal"]
    named = np.array([*("individuāl" in name.casefold() for name in journals.cat.categories), False])
    begins = [text.casefold().startswith(_INDIVIDUAL) for text in rows["topic"].cat.categories]
    by_topic = np.array([*begins, False])[rows["topic"].cat.codes.to_numpy()]
    return np.where(filled(journals), named[journals.cat.codes.to_numpy()], by_topic)


def _with_topic(ctx: Context) -> tuple[pd.DataFrame, Flags]:
    """Lessons whose topic was there by `as_of`, and which of them are individual work."""
    return ctx.once("lessons with a topic", lambda: _by_topic(ctx))


def _by_topic(ctx: Context) -> tuple[pd.DataFrame, Flags]:
    rows = ctx.journal.rows("lessons")
    when = stamps(rows, "topic_entered_at").otherwise(stamps(rows, "entered_at"))
    rows = rows[when.done(filled(rows["topic"])).known_by(ctx.as_of)]
    return rows, _is_individual(rows)


@check("form.topic", thing=N_("topic of the lesson"), needs=[Need(("lessons",))], defects=True)
def topic_form(ctx: Context) -> pd.DataFrame:
    """Form of a lesson's entry.

    What the regulation asks:
        A lesson's entry reads «SR: result / topic»: what pupils achieve, then what the lesson is about.
    What is checked:
        Each «Tēma» that is filled in, those of individual work left out. It must begin with exactly «SR:»;
        then come a result, a slash with a space on at least one side, and a topic. Both need letters, and
        neither may be only the sample's own words. The first fault is named. When the entry was made does not
        matter.
    What a violation looks like:
        «Daļskaitļi. SR: saskaita daļas» (the sign is not first); «SR - saskaita daļas / Daļskaitļi» (no
        colon).
    What is right:
        «SR: saskaita daļas ar vienādiem saucējiem / Daļskaitļu saskaitīšana».
    How to mend it in E-klase:
        Open the class journal, the lesson of that day, and reword its topic.
    Settings:
        None: the form is the regulation's own.
    """
    rows, individual = _with_topic(ctx)
    rows = rows[~individual]
    reasons = _of_each_topic(rows["topic"], _hinted_fault)
    found = reasons != ""
    rows = rows[found]
    return entry_defects(rows, on=rows["date"].to_numpy(), reason=reasons[found], lesson=rows["lesson"])


@check("form.individual", thing=N_("entry of individual work"), needs=[Need(("lessons",))], defects=True)
def individual_form(ctx: Context) -> pd.DataFrame:
    """Form of an individual-work entry.

    What the regulation asks:
        Individual work is entered as «Individuālais darbs (subjects) topic», with its pupils attached.
    What is checked:
        Lessons with a topic whose «Žurnāls» speaks of individual work or, where it is blank, whose topic
        begins so. After «Individuālais darbs», in any case of letters, come subjects in brackets and then a
        topic, both with letters. «Skolēni» must not be blank, where the file has that column. The first fault
        is named.
    What a violation looks like:
        «Individuālais darbs. Atkārtojums»: there are no subjects in brackets.
    What is right:
        «Individuālais darbs (Matemātika / Fizika) Vienādojumu atkārtošana», with two pupils attached.
    How to mend it in E-klase:
        Open the individual-work journal, the entry of that day, reword it and attach the pupils.
    Settings:
        None: the form is the regulation's own.
    """
    rows, individual = _with_topic(ctx)
    rows = rows[individual]
    reasons = _of_each_topic(rows["topic"], individual_fault)
    has_column = rows["pupils"].cat.codes.to_numpy() >= 0
    reasons = np.where((reasons == "") & has_column & ~filled(rows["pupils"]), "no-pupils", reasons)
    found = reasons != ""
    rows = rows[found]
    return entry_defects(rows, on=rows["date"].to_numpy(), reason=reasons[found], lesson=rows["lesson"])
