"""Pages of one file: templates, what stands in them, and a policy under which nothing else is taken or fetched."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eklase_audit.i18n import active
from eklase_audit.reports.safe_text import visible


def environment() -> Environment:
    """How templates are filled: every text escaped, and shown without control and direction characters."""
    return Environment(
        loader=PackageLoader("eklase_audit.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def single_page(name: str, **texts: Any) -> str:
    """The page of templates/<name>.html and assets/<name>.css, in the language spoken."""
    style = asset(f"{name}.css")
    return (
        environment()
        .get_template(f"{name}.html")
        .render(
            language=active(),
            policy=policy([style]),
            style=Markup(style),  # noqa: S704 - our own file
            **texts,
        )
    )


def policy(styles: Iterable[str], scripts: Iterable[str] = ()) -> str:
    """A Content-Security-Policy under which these styles and scripts alone are taken, and nothing is fetched."""
    sources = {"style-src": styles, "script-src": scripts}
    taken = [f"{word} {' '.join(map(_hash, texts))}" for word, texts in sources.items() if texts]
    return "; ".join(["default-src 'none'", *taken, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def asset(name: str) -> str:
    """A file of ours that pages take in whole: a style or a script."""
    return (files("eklase_audit.reports.html") / "assets" / name).read_text("utf-8")
