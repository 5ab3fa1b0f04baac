"""The API's routes, and the document that describes them: written when somebody first asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from threading import Lock
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, current_app
from flask_smorest import Api, Blueprint

from crm.rest import ProblemSchema
from crm.rights import public

JSON = "application/json"


class OpenApi(Api):
    """flask-smorest without its own refusals: crm.web answers for pages and API alike.

    To describe all routes takes an eighth of what loading the program takes, and few processes are
    ever asked for it: it is done at the first question for `spec`.
    """

    ERROR_SCHEMA = ProblemSchema
    _document: bytes | None = None

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[Blueprint] = []
        self._describing = Lock()
        self._described: Any = None
        super().__init__(app, spec_kwargs=_about())
        app.extensions["openapi"] = lambda: self.spec

    def register(self, blueprints: Iterable[Blueprint]) -> None:
        """Have the application answer for these."""
        for blueprint in blueprints:
            self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
            self._app.register_blueprint(blueprint)
            self._undescribed.append(blueprint)

    @property
    def spec(self) -> Any:
        """What apispec knows of every route registered so far."""
        if self._undescribed:
            with self._describing:
                self._describe()
        return self._described

    @spec.setter
    def spec(self, spec: Any) -> None:
        self._described = spec

    def _describe(self) -> None:
        """Keeps `_undescribed` until all is said: who comes meanwhile waits."""
        for blueprint in self._undescribed:
            name = blueprint.name
            blueprint.register_views_in_doc(
                self, self._app, self._described, name=name, parameters=None
            )
            self._described.tag({"name": name, "description": blueprint.description})
        if self._undescribed:
            _name_operations(self._app, self._described)
        self._undescribed = []

    def _register_responses(self) -> None:
        """Every refusal is problem+json, those that no route names as well."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = JSON

    @public
    def _openapi_json(self) -> Any:
        """The document needs nobody signed in. It is written once: it is a megabyte long."""
        if self._document is None:
            self._document = super()._openapi_json().get_data()
        return current_app.response_class(self._document, mimetype=JSON)

    def _register_error_handlers(self) -> None:
        pass


def _name_operations(app: Flask, spec: Any) -> None:
    """Names that a generated client can call: `create_accounts`, else room and function."""
    for rule in app.url_map.iter_rules():
        operations = spec._paths.get(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), {})
        for method in operations.keys() & {one.lower() for one in rule.methods or ()}:
            room, _dot, name = rule.endpoint.partition(".")
            own = name.partition("_")[2] == rule.rule.split("/")[3]
            said = name if own else f"{room.removesuffix('_api')}_{name}"
            operations[method]["operationId"] = said.replace("-", "_")


def _schema_name(schema: Any) -> str:
    made = schema() if isinstance(schema, type) else schema
    name = type(made).__name__.removesuffix("Schema")
    return f"{name}Changes" if getattr(made, "partial", None) else name


def _about() -> dict[str, Any]:
    """Of each application its own, as apispec writes into it what it has described."""
    return {
        "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name),
        "info": {
            "title": "Engawa",
            "description": "Accounts, installed base, support and deals in one history.",
            "license": {"name": "MIT"},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }
