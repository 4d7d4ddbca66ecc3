"""Time and memory of reading a large workbook of E-klase's form, against calamine's own reading of it.

    python benchmarks/journal_workbook.py [CLASSES] [ROWS] [PUPILS]

Defaults: 60 classes, 40,000 rows, 30 pupils a class. Each reading is a process of its own, so that its
peak is its own.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve()
FILE = "zurnals.xlsx"


def make(path: Path, classes: int, rows: int, pupils: int) -> None:
    import xlsxwriter

    chance = random.Random(1)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    head = [""] * 5
    tail = ["Tēma", "Mājasdarba uzdevums", "Piezīmes", "Autors", "Priekšmeta skolotājs"]
    for number in range(classes):
        page = book.add_worksheet(f"{number % 12 + 1}.{chr(97 + number // 12)}")
        table = [
            [page.get_name()],
            [*head, *(f"Uzvārds{number}x{n}" for n in range(pupils)), *tail],
            [*head, *(f"Vārds{n}" for n in range(pupils))],
            [*head, *(f"{10100 + number:06d}-{20000 + n:05d}" for n in range(pupils))],
        ]
        for row in range(rows // classes):
            cells = chance.choices(["\xa0", "7", "8", "n", "ns", "5|7"], [80, 6, 6, 4, 2, 2], k=pupils)
            words = " ".join(f"vārds{chance.randrange(5000)}" for _ in range(40))
            table.append(
                [
                    "Žurnāls",
                    f"Priekšmets {row % 14}",
                    "\xa0",
                    f"{row % 28 + 1:02d}.{9 + row % 4:02d}.2025",
                    "Mācību stunda" if row % 9 else "Pārbaudes darbs",
                    *cells,
                    f"SR: {words} / {words[:60]}",
                    words[:90],
                    "\xa0",
                    f"Skolotājs {row % 14}",
                    f"Skolotājs {row % 14}",
                ]
            )
        for place, line in enumerate(table):
            for column, cell in enumerate(line):
                page.write_string(place, column, cell)
    book.close()


def read(how: str, path: Path) -> None:
    begin = time.perf_counter()
    if how == "calamine":
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(str(path))
        cells = sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
        told = f"{cells} rows"
    else:
        from eklase_audit.exports.paths import find_files
        from eklase_audit.exports.reading import read_journal

        begin = time.perf_counter()
        journal = read_journal(find_files([path]))
        told = ", ".join(f"{len(frame)} {kind}" for kind, frame in journal.frames.items())
        told += f", {len(journal.problems)} data problems"
    spent = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{how:9} {spent:6.2f} s  peak {peak:6.0f} MiB  {told}")


def main() -> None:
    if sys.argv[1:2] == ["--read"]:
        read(sys.argv[2], Path(sys.argv[3]))
        return
    classes, rows, pupils = (*map(int, sys.argv[1:]), *(60, 40_000, 30)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        make(path, classes, rows, pupils)
        print(f"{classes} classes, {rows} rows, {pupils} pupils a class: {path.stat().st_size / 1e6:.0f} MB")
        for how in ("calamine", "tool"):
            subprocess.run([sys.executable, str(HERE), "--read", how, str(path)], check=True)


if __name__ == "__main__":
    main()
