"""The form of a page as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.inside, self.select, self.text = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = "form" in given.get("class", "").split()
        name = given.get("name", "") if self.inside else ""
        if tag == "option" and self.select:
            if "selected" in given or not self.fields[self.select]:
                self.fields[self.select] = [given.get("value", "")]
        elif tag == "select" and name:
            self.select = name
            self.fields.setdefault(name, [])
        elif tag == "textarea" and name:
            self.text = name
            self.fields.setdefault(name, []).append("")
        elif (
            tag == "input"
            and name
            and (given.get("type") not in ("checkbox", "radio") or "checked" in given)
        ):
            self.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.text:
            self.fields[self.text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.text = ""


def form_of(page: str) -> dict[str, list[str]]:
    """Field → what it holds, of the form that a page is about."""
    found = _Form()
    found.feed(page)
    return found.fields
