"""`surat flow check|test`: mistakes in flow files, and the tests inside them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.flow.reading import Library

if TYPE_CHECKING:
    from intranet_surat.workflow.model import Flow


def add(verbs: Any) -> None:
    """Add both verbs."""
    check = verbs.add_parser("check", help="look for mistakes; without files: all shipped flows")
    check.add_argument("files", nargs="*", type=Path)
    check.add_argument("--ini", help="also against the posts, offices and number series of this regency's database")
    check.set_defaults(run=run_check)
    test = verbs.add_parser("test", help="run the tests inside the files")
    test.add_argument("files", nargs="*", type=Path)
    test.set_defaults(run=run_test)


def run_check(args: argparse.Namespace) -> int:
    """Print every finding and what becomes of the promises; answers 1 when there is a finding or a broken promise."""
    library = Library(args.files)
    flows, wrong = library.read()
    if args.ini is not None:
        strange = _strangers(flows, library, args.ini)
        flows, wrong = [each for each in flows if each.source not in strange], wrong + len(strange)
    kept, broken, undecided = _promises(flows, library)
    said = f"{wrong} of {wrong + len(flows)} files have findings" if wrong else f"{len(flows)} flows, no findings"
    if kept + broken + undecided:
        said = f"{said}; {kept} promises kept, {broken} broken, {undecided} undecided"
    print(said)
    return 1 if wrong or broken else 0


def _strangers(flows: list[Flow], library: Library, ini: str) -> set[str]:
    """The files that name what the regency does not have; every such name is printed. Raises CommandError."""
    from intranet_surat.services import flow_proofs, local_names
    from intranet_surat.workflow.findings import show

    raw, _ = ground.read(ini)
    house, strange = ground.house(raw), set()
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        for flow in flows:
            found = local_names.look(house, site, flow, flow_proofs.in_force(house, site, flow, None))
            for finding in found.against:
                strange.add(flow.source)
                print(show(finding, library.texts))
            for finding in found.told:
                print(f"warning: {show(finding, library.texts)}")
    return strange


def _promises(flows: list[Flow], library: Library) -> tuple[int, int, int]:
    """How many promises are kept, broken and undecided; those that are not kept are printed."""
    from intranet_surat.workflow import promises
    from intranet_surat.workflow.findings import show

    counts = {"yes": 0, "no": 0, "unknown": 0}
    for flow in flows:
        verdicts = promises.decide(flow)
        for verdict in verdicts:
            counts[verdict.answer] += 1
        for finding in promises.findings_of(flow, verdicts):
            print(show(finding, library.texts))
    return counts["yes"], counts["no"], counts["unknown"]


def run_test(args: argparse.Namespace) -> int:
    """Run the tests of the files; answers 1 when one fails, leaves something out, or a file has findings."""
    from intranet_surat.workflow import testing
    from intranet_surat.workflow.findings import show

    library = Library(args.files)
    flows, wrong = library.read()
    failed = ran = left_out = 0
    for flow in flows:
        report = testing.report(flow)
        ran += len(report.results)
        for result in report.results:
            if not result.ok:
                failed += 1
                mark = result.mark
                print(f"{mark.file}:{mark.line}:{mark.column}: {result.name}: {result.message}")
        # What a test that failed did not come to is an echo.
        missing = testing.coverage(flow, report) if all(result.ok for result in report.results) else []
        left_out += len(missing)
        for finding in missing:
            print(show(finding, library.texts))
    said = [f"{len(flows)} flows, {ran} tests, {failed} failed"]
    said += [f"{left_out} actions or rules untried"] if left_out else []
    said += [f"{wrong} files with findings"] if wrong else []
    print(", ".join(said))
    return 1 if failed or wrong or left_out else 0
