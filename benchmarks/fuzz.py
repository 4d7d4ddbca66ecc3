"""Read files that no program should have written: python benchmarks/fuzz.py [SECONDS].

Each round has a number, from which its files are made: `--round N` reads those of one round again. The first
crash, hang or row without a fate ends the run; the files are kept and named.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
import traceback
from itertools import count
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from fuzzing import MAKERS, check

HANG_AFTER = 120


def one_round(number: int) -> None:
    """Make the files of a round and read them; every tenth is audited too, which takes longer."""
    r = Random(number)
    files = {}
    try:
        files = MAKERS[sorted(MAKERS)[number % len(MAKERS)]](r)
        faulthandler.dump_traceback_later(HANG_AFTER, exit=True)
        check(files, audited=number % 10 == 0)
    except BaseException as fault:
        if isinstance(fault, KeyboardInterrupt):
            raise
        folder = Path(f"fuzz-{number}")
        folder.mkdir(exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        traceback.print_exc()
        sys.exit(f"round {number} failed: python benchmarks/fuzz.py --round {number}; its files are in {folder}/")
    finally:
        faulthandler.cancel_dump_traceback_later()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("seconds", nargs="?", type=float, default=600)
    options.add_argument("--round", type=int, help="only this round")
    options.add_argument("--from", dest="first", type=int, help="the first round (default: by the clock)")
    given = options.parse_args()
    if given.round is not None:
        one_round(given.round)
        print(f"round {given.round} is clean")
        return
    first = int(time.time()) * 1000 if given.first is None else given.first
    end = time.monotonic() + given.seconds
    for number in count(first):
        if time.monotonic() > end:
            break
        one_round(number)
    print(f"{number - first} rounds in {given.seconds:.0f} seconds are clean (from {first})")


if __name__ == "__main__":
    main()
