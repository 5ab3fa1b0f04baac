"""What gunicorn and the Flask command load."""

from crm import cli
from crm.app import create_app

app = create_app()
cli.init_app(app)
