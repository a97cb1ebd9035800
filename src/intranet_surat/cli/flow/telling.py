"""`surat flow tell`: a flow in Indonesian sentences, for those who will never read its file."""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path
from typing import Any

from intranet_surat.cli.flow.reading import read


def add(verbs: Any) -> None:
    """Add the verb."""
    tell = verbs.add_parser("tell", help="tell a flow in plain sentences")
    tell.add_argument("file", type=Path)
    tell.add_argument("--lines", action="store_true", help="begin each sentence with its line in the file")
    tell.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the sentences under their headings. Raises CommandError when the flow has findings (they are printed)."""
    from intranet_surat.workflow.tell import tell

    for number, (part, sentences) in enumerate(groupby(tell(read(args.file)), key=lambda each: each.part)):
        print(f"\n{part}" if number else part)
        for each in sentences:
            line = f"{each.mark.line:>5}  " if args.lines and each.mark is not None else "  "
            print(f"{line}{each.text}")
    return 0
