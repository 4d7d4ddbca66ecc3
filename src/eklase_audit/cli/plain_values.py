"""Values of options made without a library: texts, paths, words out of a list, flags.

Typer has pydantic look at every value, also of an option that was not given, and reading pydantic takes longer than all
else that a command does which only shows texts. So what is plain is made here, and Typer is asked for the rest and for
whatever is wrong: the errors are its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, get_args


class PlainValues:
    """Stands where Typer keeps what makes the values of a parameter, until a value is not plain."""

    def __init__(self, parameter: Any) -> None:
        self._parameter = parameter
        annotation = parameter.type_descriptor.annotation
        self._type = (get_args(annotation) or (annotation,))[0]

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value of a parameter, by what was typed (or its default); Typer calls this."""
        many = param.multiple or param.nargs == -1
        if value is None:
            return () if many else None
        try:
            return [self._plain(one) for one in value] if many else self._plain(value)
        except (TypeError, ValueError):
            self._parameter._runtime_param = None
            return self._parameter.get_runtime_param().coerce(value, param=param, ctx=ctx)

    def _plain(self, value: Any) -> Any:
        """One value. Raises TypeError or ValueError where it is not plain."""
        if isinstance(value, self._type):
            return value
        if issubclass(self._type, Enum):
            return self._type(value)
        if self._type is Path and (os.access(value, os.R_OK) or not os.path.lexists(value)):
            return Path(value)
        raise TypeError


def plainly(get_params: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """A command's `get_params` whose parameters get their values here; a Typer without pydantic is left alone."""

    def parameters(ctx: Any) -> list[Any]:
        found = get_params(ctx)
        for parameter in found:
            if getattr(parameter, "_runtime_param", parameter) is None:
                parameter._runtime_param = PlainValues(parameter)
        return found

    return parameters
