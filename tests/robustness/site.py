"""A host for gunicorn, on the database that the environment names."""

from __future__ import annotations

import os

from tests.robustness.hosts import make_host

app = make_host(os.environ["ROBUSTNESS_DATABASE"], session={"update_age": 0})
