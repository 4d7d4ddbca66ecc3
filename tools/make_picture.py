"""Make the README's picture of the terminal from a real run over the sample exports."""

import re
import sys
from datetime import datetime
from io import StringIO
from pathlib import Path

from rich.console import Console

from eklase_audit import i18n
from eklase_audit.audit import Auditor, Filters
from eklase_audit.calendar import load_calendar
from eklase_audit.clauses import CHECKS
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.packs import DEFAULT
from eklase_audit.regulation import load_regulation
from eklase_audit.reports import terminal

WIDTH = 100


def main(out: Path) -> None:
    """Audit one class of the samples for clauses 2, 5 and 9 and write the screen as SVG."""
    i18n.activate("lv")
    regulation = load_regulation(DEFAULT, CHECKS)
    journal = read_journal(find_files([Path("sample_exports")]))
    auditor = Auditor(
        journal,
        regulation,
        load_calendar(),
        datetime(2026, 11, 24, 18, 0),
        Filters(("Aija Šteinberga", "Egils Cīrulis"), ("6.a", "11.a")),
    )
    audit = auditor.audit(regulation.select(["2-topic", "3.1", "5", "9"]))
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, highlight=False)
    terminal.show(audit, console)
    picture = console.export_svg(title="eklase-audit check sample_exports --lang lv --class 11.a --class 6.a …")
    # The picture must not fetch a font from elsewhere: the reader's own fixed-width font will do.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.S)
    out.write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/terminal.svg"))
