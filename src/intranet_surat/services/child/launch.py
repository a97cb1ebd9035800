"""Where a program of the system begins that is given hostile bytes: bounded and without a network, then it runs."""

from __future__ import annotations

import json
import os
import sys

from intranet_surat.services.child import confine


def main() -> None:
    """Run the program of the order (first argument, JSON) on standard input and output; never returns."""
    order = json.loads(sys.argv[1])
    confine.limit(cpu=order["cpu"], memory=order["memory"], size=order["size"])
    confine.offline()
    os.execve(order["command"][0], order["command"], order["environment"])  # noqa: S606  an argument list of ours


if __name__ == "__main__":
    main()
