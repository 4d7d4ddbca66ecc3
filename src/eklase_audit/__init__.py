"""Audit E-klase exports against a school's regulation on the use of the journal."""

__version__ = "0.1.0"
