"""Filters: an audit of some teachers or classes alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from eklase_audit.duties import BEARERS
from eklase_audit.errors import AuditError, nearest
from eklase_audit.exports.texts import clean, fold
from eklase_audit.exports.values import school_class
from eklase_audit.i18n import _
from eklase_audit.moments import Flags


@dataclass(frozen=True)
class Filters:
    """Which duties are looked at: those of some teachers, those of some classes; empty = all."""

    teachers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    def of(self, frame: pd.DataFrame) -> Flags:
        """Which duties (see duties.py) are looked at."""
        asked = np.ones(len(frame), bool)
        if self.teachers:
            bearers = frame["bearer"].cat
            mine = [bool(set(str(text).split(BEARERS)) & set(self.teachers)) for text in bearers.categories]
            asked &= np.array([*mine, False])[bearers.codes.to_numpy()]
        if self.classes:
            asked &= np.asarray(frame["class"].isin(self.classes))
        return asked


def known_filters(filters: Filters, teachers: Iterable[str], classes: Iterable[str]) -> Filters:
    """The filters in the exports' own words. Raises AuditError with the nearest names."""
    teachers, classes = list(teachers), list(classes)
    no_teacher = _("there is no teacher «{name}» in the exports; nearest: {near}")
    no_class = _("there is no class «{name}» in the exports; nearest: {near}")
    return Filters(
        tuple(_known_name(name, teachers, no_teacher) for name in filters.teachers),
        tuple(_known_name(_class_name(name), classes, no_class) for name in filters.classes),
    )


def _class_name(text: str) -> str:
    try:
        return school_class(clean(text))[0]
    except ValueError:
        return text


def known_name(name: str, known: Sequence[str]) -> str | None:
    """The one known name that is this one, letter case and diacritics aside; None where there is none, or several."""
    if name in known:
        return name
    alike = {other for other in known if fold(other) == fold(clean(name))}
    return alike.pop() if len(alike) == 1 else None


def _known_name(name: str, known: Sequence[str], unknown: str) -> str:
    if found := known_name(name, known):
        return found
    raise AuditError(
        unknown.format(name=name, near=nearest(name, known) or "–"), logged=unknown.format(name="…", near="…")
    )
