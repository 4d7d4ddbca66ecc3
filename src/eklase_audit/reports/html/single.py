"""Small pages of one file: a template, its style, and a policy under which nothing else is taken or fetched."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eklase_audit.i18n import active
from eklase_audit.reports.safe_text import visible


def single_page(name: str, **texts: Any) -> str:
    """The page of templates/<name>.html and assets/<name>.css, in the language spoken."""
    style = (files("eklase_audit.reports.html") / "assets" / f"{name}.css").read_text("utf-8")
    environment = Environment(
        loader=PackageLoader("eklase_audit.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # What stands in exports is shown without control and direction characters.
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return environment.get_template(f"{name}.html").render(
        language=active(),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        style=Markup(style),  # noqa: S704 - our own file
        **texts,
    )
