"""What gunicorn and the Flask command load."""

from crm.app import create_app

app = create_app()
