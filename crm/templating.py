"""Templates, compiled once for each language: what the language alone decides is written in.

A page of fifty rows asks for some hundred sentences and icons, and asking costs more than
drawing. So a sentence that stands in a template as plain text is put into the compiled template
itself, and so is an icon with a plain name. What a sentence is filled with stays dynamic and is
escaped as before. `docs/decisions/0019-templates-per-language.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import flask.templating
from babel.support import NullTranslations
from flask import Flask
from flask.sansio.app import App
from flask_babel import get_locale
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from crm import language

SAID = {"_": 1, "gettext": 1, "pgettext": 2, "ngettext": 2}
"""Functions that say a sentence, and how many plain texts they begin with."""


def work_out(app: Flask, **drawn: Callable[..., str]) -> None:
    """Call these while a template is compiled, wherever their arguments are plain texts.

    What they give must be the same for everybody and always.
    """
    environment: Any = app.jinja_env
    environment.drawn.update(drawn)


class Environment(flask.templating.Environment):
    """Flask's environment with one of its own behind it for each language."""

    spoken: str = ""
    drawn: dict[str, Callable[..., str]]
    """Functions of plain arguments alone, worked out while a template is compiled."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self.drawn = {}
        self.by_language: dict[str, Environment] = {}

    def get_or_select_template(
        self, template_name_or_list: Any, parent: Any = None, globals: Any = None
    ) -> Template:
        """The template in the language of the request."""
        if self.spoken:
            return super().get_or_select_template(template_name_or_list, parent, globals)
        return self._speaking(_asked()).get_or_select_template(
            template_name_or_list, parent, globals
        )

    def _speaking(self, tongue: str) -> Environment:
        found = self.by_language.get(tongue)
        if found is None:
            made: Any = self.overlay()
            made.spoken = tongue
            found = self.by_language[tongue] = made
        return found

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None,
        defer_init: bool = False,
    ) -> str:  # fmt: skip
        if self.spoken:
            source = _Writer(self.spoken, self.drawn).visit(source)
        return super()._generate(source, name, filename, defer_init)


def _asked() -> str:
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "ja"


class _Writer(NodeTransformer):
    """Writes sentences and drawings into the tree of a template."""

    def __init__(self, tongue: str, drawn: dict[str, Callable[..., str]]) -> None:
        self.tongue = tongue
        self.drawn = drawn

    @cached_property
    def _known(self) -> NullTranslations:
        return language.japanese() if self.tongue == "ja" else language.english()

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:
        """What stands between the sentences: the dot that parts two words is another one."""
        if self.tongue == "en":
            node.data = language.with_english_dots(node.data)
        return node

    def visit_Const(self, node: nodes.Const) -> nodes.Node:
        """The same where a template puts words together."""
        if self.tongue == "en" and isinstance(node.value, str):
            node.value = language.with_english_dots(node.value)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """Jinja asks this of every call in the tree."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        name = node.node.name
        if name in self.drawn and not node.kwargs:
            plain = _plain(node.args)
            return node if plain is None else _text(self.drawn[name](*plain), node)
        return self._sentence(name, node) or node

    def _sentence(self, name: str, node: nodes.Call) -> nodes.Node | None:
        plain = _plain(node.args[: SAID.get(name, 0)])
        if not plain:
            return None
        rest = node.args[SAID[name] :]
        filled = {one.key: one.value for one in node.kwargs}
        if name == "ngettext":
            if len(rest) != 1:
                return None
            return _filled(self._plural(plain, rest[0], node), {"num": rest[0]} | filled, node)
        if rest or len(plain) != SAID[name]:
            return None  # Jinja's own call says what is wrong
        ask = self._known.upgettext if name == "pgettext" else self._known.ugettext
        said = str(ask(*plain))
        return _filled(_text(said, node) if filled else _text(said % {}, node), filled, node)

    def _plural(self, plain: list[str], number: nodes.Expr, node: nodes.Call) -> nodes.Expr:
        one, many = (self._known.ungettext(plain[0], plain[1], n) for n in (1, 2))
        if one == many:
            return _text(one, node)
        is_one = nodes.Compare(number, [nodes.Operand("eq", nodes.Const(1))])
        return _at(nodes.CondExpr(is_one, _text(one, node), _text(many, node)), node)


def _plain(args: Sequence[nodes.Node]) -> list[str] | None:
    """The texts that stand in the template, or nothing when one is worked out."""
    texts = [one.value for one in args if isinstance(one, nodes.Const)]
    texts = [one for one in texts if isinstance(one, str)]
    return texts if len(texts) == len(args) else None


def _text(said: str, node: nodes.Node) -> nodes.Expr:
    return _at(nodes.TemplateData(str(said)), node)


def _filled(said: nodes.Expr, values: dict[str, nodes.Expr], node: nodes.Node) -> nodes.Expr:
    if not values:
        return said
    pairs = [nodes.Pair(nodes.Const(key), value) for key, value in values.items()]
    return _at(nodes.Mod(said, nodes.Dict(pairs)), node)


def _at(made: nodes.Expr, node: nodes.Node) -> nodes.Expr:
    made.set_lineno(node.lineno)
    if node.environment is not None:
        made.set_environment(node.environment)
    return made
