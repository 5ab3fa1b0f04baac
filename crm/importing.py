"""The process that works on a large import, beside the one that shows the pages.

`python -m crm.importing RUN MESSAGE` goes on with a run for a turn; `crm/transfers/jobs.py` starts
it. It has the rooms without what answers under an address, so that most of its memory is the rows'.
"""

from __future__ import annotations

import gc
import os
import sys

gc.disable()  # what is loaded stays: to look for rubbish in it takes a fifth of the start

from flask import Flask  # noqa: E402  # after the line above

from config import load_settings  # noqa: E402  # the same
from crm import ground  # noqa: E402  # the same
from crm.transfers.jobs import be_polite, work_on  # noqa: E402  # the same

GARBAGE_THRESHOLD = 20_000
"""Objects made before Python looks for rubbish: rows make many, and none that hold each other."""


def main(run_id: int, message: str) -> None:
    """Work on a run for a turn, then end."""
    app = Flask(__name__)
    ground.lay(app, load_settings(os.environ))
    gc.freeze()
    gc.enable()
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 50)
    with app.app_context():
        be_polite()
        work_on(run_id, message)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
