"""What a school says of its own exports: headings, spellings, names. The defaults say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Alias:
    """A pupil or teacher who stands in exports under another name, or a pupil under another class.

    `name` in class `class_` (None: any) is read as `to_name` in class `to_class` (None: as it stands). What
    tells two pupils of one name apart are further conditions on the row (None: any): `group` (values.group_key),
    `subject` (casefolded), `teacher`, and in contacts `phone`, a number of the pupil (values.phone_numbers).
    """

    name: str
    to_name: str
    class_: str | None = None
    to_class: str | None = None
    group: str | None = None
    subject: str | None = None
    teacher: str | None = None
    phone: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is about a name alone, wherever that stands."""
        return (self.class_, self.to_class, self.group, self.subject, self.teacher, self.phone) == (None,) * 6


@dataclass(frozen=True)
class Settings:
    """The school's own words.

    `headings`: by kind and meaning, further headings (they come before the built-in ones);
    `mark_kinds`: further spellings, casefolded, of the kinds of marks (values.MARK_KINDS);
    `lesson_types`: what a row of E-klase's workbook yields, by its type, casefolded;
    `surname_first`: the kinds of exports in which names stand surname first and are turned round;
    `aliases`: see Alias.
    """

    headings: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    mark_kinds: Mapping[str, str] = field(default_factory=dict)
    lesson_types: Mapping[str, str] = field(default_factory=dict)
    surname_first: frozenset[str] = frozenset()
    aliases: tuple[Alias, ...] = ()


DEFAULTS = Settings()
