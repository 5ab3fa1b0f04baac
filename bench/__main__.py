"""`python -m bench`, which is what `bin/crm bench` runs."""

from __future__ import annotations

from bench.run import bench

bench()
