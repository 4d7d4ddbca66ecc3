"""The names of pupils in E-klase's own workbook, by which those of exports are turned: given name first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from eklase_audit.exports import values
from eklase_audit.exports.journal_workbook import JournalSheet
from eklase_audit.exports.texts import Column
from eklase_audit.journal import STAND_INS, Journal, categorical


def straight(first: str, surname: str) -> str:
    """The name as it is shown: the given name first."""
    return f"{first} {surname}".strip()


class Names:
    """The pupils' names, which exports may write in either order."""

    def __init__(self, sheets: Sequence[tuple[int, JournalSheet]]) -> None:
        self.known: set[tuple[str, str]] = set()
        self.turned: dict[tuple[str, str], str] = {}
        for _number, sheet in sheets:
            for first, surname in sheet.pupils:
                self._learn(sheet.class_name, first, surname)

    def _learn(self, class_name: str, first: str, surname: str) -> None:
        name = straight(first, surname)
        self.known.add((class_name, name))
        self.turned[class_name, straight(surname, first)] = name

    def of_list(self, class_text: str, first: str, surname: str) -> str:
        """The name of a pupil of a list, where what is the surname is told only by its place."""
        class_name = values.school_class(class_text)[0]
        written = (class_name, straight(surname, first))
        if written in self.known:
            return written[1]
        if written not in self.turned:
            self._learn(class_name, first, surname)
        return self.turned[written]

    def turn(self, journal: Journal) -> None:
        """Turn the names in all frames that stand surname first."""
        turned = {key: name for key, name in self.turned.items() if key not in self.known}
        if not turned:
            return
        anywhere = {written: name for (_class, written), name in turned.items()}

        def of_events(classes: str, pupils: str) -> str:
            return ";".join(
                next((turned[c, name] for c in classes.split(";") if (c, name) in turned), name)
                if classes
                else anywhere.get(name, name)
                for name in pupils.split(";")
            )

        for kind, frame in journal.frames.items():
            if kind == "events":
                _reworded(frame, "pupils", of_events)
            elif "pupil" in frame and kind not in STAND_INS:
                _reworded(frame, "pupil", lambda class_name, name: turned.get((class_name, name), name))


def _reworded(frame: pd.DataFrame, column: str, work: Callable[[str, str], str]) -> None:
    """Put what `work` makes of each class and text in place of the text; worked once a distinct pair."""
    classes, texts = frame["class"].cat, frame[column].cat
    width = len(texts.categories) + 1
    pairs, place = np.unique(
        classes.codes.to_numpy().astype(np.int64) * width + texts.codes.to_numpy() + 1, return_inverse=True
    )
    names: list[str] = []
    for pair in pairs:
        class_code, code = divmod(int(pair), width)
        class_name = str(classes.categories[class_code]) if class_code >= 0 else ""
        names.append(work(class_name, str(texts.categories[code - 1])) if code else "")
    made = Column.of(names)
    codes = np.where(pairs % width == 0, -1, made.codes)
    frame[column] = categorical(codes[place], made.texts)
