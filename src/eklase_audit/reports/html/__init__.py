"""The report as one HTML file: for the school's leadership to look at, print and pass on."""

from __future__ import annotations

from eklase_audit.reports.html.page import render

__all__ = ["render"]
