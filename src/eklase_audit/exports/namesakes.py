"""Pupils of one name and class who may be two: their contacts show different phones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from eklase_audit.exports.values import phone_numbers


def namesakes(contacts: pd.DataFrame, sheet: int) -> Iterator[tuple[str, str, list[int]]]:
    """Each such pupil with rows in a sheet (number): name, class, row numbers there.

    Rows of other sheets are looked at too. A pupil with a row for each parent has the same phone in all
    of them; where no number stands in all rows that have any, they may be of two pupils.
    """
    told = contacts[contacts["sound"].to_numpy()][["class", "pupil", "pupil_phone", "sheet_no", "row"]]
    phones = told["pupil_phone"].cat
    numbers = pd.Series([*(sorted(phone_numbers(text)) for text in phones.categories), []], dtype=object)
    told = told.astype({"class": object, "pupil": object}).drop(columns="pupil_phone")
    told["number"] = numbers.to_numpy()[phones.codes.to_numpy()]
    told["entry"] = np.arange(len(told))
    told = told.explode("number", ignore_index=True).dropna()
    if told.empty:
        return
    who = [told["class"], told["pupil"]]
    entries = told["entry"].groupby(who).transform("nunique")
    alike = told["entry"].groupby([*who, told["number"]]).transform("size").groupby(who).transform("max")
    doubtful = told[(alike < entries) & (told["sheet_no"] == sheet)]
    for (class_, name), rows in doubtful.groupby(["class", "pupil"], sort=False)["row"]:
        yield str(name), str(class_), np.unique(rows).tolist()
