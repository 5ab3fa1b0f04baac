"""What gunicorn and the Flask command load."""

import gc

gc.disable()  # what is loaded stays: to look for rubbish in it takes a quarter of the start

from crm import cli  # noqa: E402  # after the line above
from crm.app import create_app  # noqa: E402  # the same

app = create_app()
cli.init_app(app)
gc.freeze()
gc.enable()
