"""The pages of deals and activities have one name: `deals`."""

from flask import Blueprint

bp = Blueprint("deals", __name__)
