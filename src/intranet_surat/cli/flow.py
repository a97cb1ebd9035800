"""`surat flow check|test|draw`: what a designer of flows runs; needs neither a database nor Pyramid's web."""

from __future__ import annotations

import argparse
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from intranet_surat.workflow.model import Flow
    from intranet_surat.workflow.world import World


def add(commands: Any) -> None:
    """Add the three commands."""
    parser = commands.add_parser("flow", help="check, test or draw workflow files")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="check|test|draw")
    check = verbs.add_parser("check", help="look for mistakes; without files: all shipped flows")
    check.add_argument("files", nargs="*", type=Path)
    check.set_defaults(run=run_check)
    test = verbs.add_parser("test", help="run the tests inside the files")
    test.add_argument("files", nargs="*", type=Path)
    test.set_defaults(run=run_test)
    draw = verbs.add_parser("draw", help="draw a flow as SVG")
    draw.add_argument("file", type=Path)
    draw.add_argument("-o", "--output", type=Path, help="file to write (default: to the terminal)")
    draw.set_defaults(run=run_draw)


def run_check(args: argparse.Namespace) -> int:
    """Print every finding; answers 1 when there is one."""
    flows, wrong = _load(args.files)
    if wrong:
        print(f"{wrong} of {wrong + len(flows)} files have findings")
        return 1
    print(f"{len(flows)} flows, no findings")
    return 0


def run_test(args: argparse.Namespace) -> int:
    """Run the tests of the files; answers 1 when one fails or a file has findings."""
    from intranet_surat.workflow import testing

    flows, wrong = _load(args.files)
    failed = ran = 0
    for flow in flows:
        for result in testing.run(flow):
            ran += 1
            if not result.ok:
                failed += 1
                line = f":{result.mark.line}" if result.mark else ""
                print(f"{flow.source}{line}: {result.name}: {result.message}")
    print(f"{len(flows)} flows, {ran} tests, {failed} failed" + (f", {wrong} files with findings" if wrong else ""))
    return 1 if failed or wrong else 0


def run_draw(args: argparse.Namespace) -> int:
    """Write a drawing. Raises CommandError when the flow has findings (they are printed)."""
    from intranet_surat.workflow.draw import draw

    flows, wrong = _load([args.file])
    if wrong:
        raise CommandError(f"{args.file} has findings, see above")
    svg = draw(flows[0])
    if args.output is None:
        print(svg)
    else:
        args.output.write_text(svg, encoding="utf-8")
    return 0


def shipped() -> list[Path]:
    """The flow files of the package, the regency's first."""
    folder = Path(str(package_files("intranet_surat.workflows")))
    return [*sorted(folder.glob("*.yaml")), *sorted(folder.glob("*/*.yaml"))]


def world() -> World:
    """What flows may name when no host application adds to it."""
    from intranet_surat import building
    from intranet_surat.kinds.registry import SHIPPED as KINDS
    from intranet_surat.services import reference
    from intranet_surat.services.effects import SHIPPED as EFFECTS

    parts = building.Parts(
        kinds={kind.id: kind for kind in KINDS},
        effects={name: (function, "in") for name, function in EFFECTS.items()},
    )
    return building.surroundings(parts, reference.shipped())


def _load(paths: list[Path]) -> tuple[list[Flow], int]:
    """The flows without findings, and how many files have some; those are printed."""
    from intranet_surat.workflow.findings import FlowError, show
    from intranet_surat.workflow.loader import load

    surroundings = world()
    flows, wrong = [], 0
    for path in paths or shipped():
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        try:
            flows.append(load(text, str(path), surroundings))
        except FlowError as error:
            wrong += 1
            for finding in error.findings:
                print(show(finding, text))
    return flows, wrong
