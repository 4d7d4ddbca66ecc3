"""The report as JSON Lines, for programs that read line by line: each line is an object with its `type`.

First `audit` (the answer without its lists), then one line each check, finding, data problem, skipped
file and error, with the keys they have in the JSON answer.
"""

from __future__ import annotations

import json
from typing import Any

from eklase_audit.audit import Audit
from eklase_audit.reports import json_answer

_LISTS = {
    "checks": "check",
    "coverage": "coverage",
    "findings": "finding",
    "undetermined": "undetermined",
    "data_problems": "data_problem",
    "skipped": "skipped",
    "errors": "error",
}


def render(audit: Audit) -> bytes:
    """The answer of an audit as the bytes of a JSON Lines file."""
    answer = json_answer.answer(audit)
    lines: list[dict[str, Any]] = [
        {"type": "audit", **{key: value for key, value in answer.items() if key not in _LISTS}}
    ]
    lines += [{"type": word, **entry} for key, word in _LISTS.items() for entry in answer[key]]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
