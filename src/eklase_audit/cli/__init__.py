"""The command line: options in, exit code out. Only here is anything printed or the clock read."""

from __future__ import annotations

from eklase_audit.cli.app import app, whole

__all__ = ["app", "whole"]
