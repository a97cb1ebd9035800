"""The installation that tests of production share within a file."""

from __future__ import annotations

import pytest
from regency_installed import installed


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """Two web processes and a worker over PostgreSQL."""
    with (
        pytest.MonkeyPatch.context() as patch,
        installed(tmp_path_factory.mktemp("postgresql"), "postgresql", patch) as made,
    ):
        yield made
