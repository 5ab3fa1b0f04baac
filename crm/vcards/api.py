"""Cards and calendar entries for programs."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from crm.rest import Fields, blueprint, document
from crm.rights import guard
from crm.vcards import views

blp = blueprint("vcards", "Contacts and accounts as vCards, plans as iCalendar entries")

FILES: tuple[tuple[str, str, str, str, Callable[[int], Response]], ...] = (
    ("/contacts/<int:record_id>.vcf", "contact", "The card of a person", "text/vcard",
     views.contact_file),
    ("/accounts/<int:record_id>.vcf", "account", "The card of a company", "text/vcard",
     views.account_file),
    ("/activities/<int:record_id>.ics", "activity", "An activity as a calendar entry",
     "text/calendar", views.activity_file),
    ("/deals/<int:record_id>/next-step.ics", "deal", "The next step as a calendar entry",
     "text/calendar", views.step_file),
    ("/work-orders/<int:record_id>.ics", "work_order", "A visit as a calendar entry",
     "text/calendar", views.work_file),
)  # fmt: skip


def _route(
    rule: str, kind: str, summary: str, media: str, answer: Callable[[int], Response]
) -> None:
    content: Fields = {media: {}}

    @blp.route(rule, endpoint=f"{kind}_file", methods=["GET"])
    @guard("view", kind)
    @blp.doc(summary=summary, responses={"200": {"description": summary, "content": content}})
    @document(blp, 401, 403, 404)
    def fetching(record_id: int) -> Response:
        return answer(record_id)


for _file in FILES:
    _route(*_file)
