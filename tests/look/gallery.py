"""The parts on pages of their own, to be looked at: `python -m tests.look.gallery`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, g, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.serving import run_simple

from crm import rights
from crm.app import create_app
from crm.errors import Invalid
from crm.extensions import db
from tests.conftest import settings_for

HERE = Path(__file__).parent / "templates"
PAGES = sorted(path.stem for path in HERE.glob("[a-z]*.html"))
ERRORS = (400, 403, 404, 409, 422, 429, 500, 503)


def gallery(directory: Path) -> Flask:
    """The application with the gallery's pages; `?theme=` and `?language=` choose how they look."""
    app = create_app(settings_for(directory))
    with app.app_context():
        db.create_all()
    app.jinja_loader = ChoiceLoader([FileSystemLoader(HERE), app.jinja_loader])  # type: ignore[list-item]
    app.context_processor(lambda: {"undecided": lambda: 4})
    app.before_request(_somebody)
    app.add_url_rule("/gallery/<name>", "gallery", _page)
    app.add_url_rule("/gallery/error/<int:status>", "gallery_error", _error)
    app.add_url_rule("/gallery/move/<int:deal>", "gallery_move", _move, methods=["POST"])
    return app


def _somebody() -> None:
    g._login_user = SimpleNamespace(
        is_authenticated=True, name="佐藤 美咲", email="m.sato@toto-science.example", id=1,
        theme=request.args.get("theme", "light"), language=request.args.get("language", "ja"),
        single_keys=True, role="rep", team_id=1,
    )  # fmt: skip


@rights.public
def _page(name: str) -> str:
    return render_template(f"{name}.html")


@rights.public
def _error(status: int) -> str:
    return render_template("errors/problem.html", status=status, title="", detail="", errors={})


@rights.public
def _move(deal: int) -> str:
    """As the board's address answers: the card as it is now, or why not."""
    if request.form["stage"] == "s5":
        raise Invalid({"stage": ["内示の相手と日付を先に入れてください。"]})
    return render_template("_moved.html", id=deal, stage=request.form["stage"])


if __name__ == "__main__":
    run_simple("127.0.0.1", 8200, gallery(Path(tempfile.mkdtemp())), threaded=True)
