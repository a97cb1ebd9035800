"""Under `make mutants` every test runs many hundred times on slower code: fewer examples, always the same ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "mutants", max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
if "MUTANT_UNDER_TEST" in os.environ:  # set by mutmut
    settings.load_profile("mutants")
