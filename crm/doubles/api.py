"""Doubles and merges for programs."""

from __future__ import annotations

from flask import Response, jsonify
from flask_babel import gettext as _

from crm.doubles import merging, queries, queue, screens, unmerging
from crm.doubles.models import KINDS, STATES, Merge, Pair
from crm.doubles.schemas import (
    DecisionSchema,
    DoubleSchema,
    MergeOrder,
    MergeQuery,
    MergeSchema,
    PlanSchema,
    UnmergeOrder,
)
from crm.errors import Invalid, named
from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.rest import (
    KEY,
    PREFIX,
    Collection,
    Fields,
    blueprint,
    collection,
    document,
    once,
    page_schema,
)
from crm.rights import Person, guard, the_user
from crm.typed import Pressed, choice

blp = blueprint("doubles", "Records that may be one: the queue, merging, taking a merge back")
PLURAL = {one: f"{one}s" for one in KINDS}
collection(
    blp,
    Collection(
        "doubles", "double", Pair, DoubleSchema, queries.get_pair,
        filters={"kind": choice(KINDS), "state": choice(STATES)},
        sorts=("id", "score"), default_sort="-score",
    ),
)  # fmt: skip


@blp.route("/doubles/<int:pair_id>/decision", methods=["POST"])
@guard("decide", "double")
@blp.doc(parameters=[KEY])
@blp.arguments(DecisionSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, DoubleSchema)
def decide(said: Fields, pair_id: int) -> Response:
    """Say of two records that they are the same (merges them), are not (for ever), or later."""
    user = the_user()
    pair = queries.get_pair(pair_id, user, "decide")

    def effect() -> Fields:
        if said["decision"] == "same":
            _merge_pair(pair, said, user)
        else:
            queue.decide(pair, said["decision"], user.id)
        db.session.flush()
        db.session.refresh(pair)
        shown: Fields = DoubleSchema().dump(screens.pair_json(pair))
        return shown

    return once(effect, lambda _body: f"{PREFIX}/doubles/{pair_id}")


def _merge_pair(pair: Pair, said: Fields, user: Person) -> None:
    survivor_id = said.get("survivor_id", pair.left_id)
    sides = {pair.left_id: pair.right_id, pair.right_id: pair.left_id}
    if survivor_id not in sides:
        raise Invalid({"survivor_id": [_("One of the two of this pair.")]})
    _merge(pair.kind, survivor_id, sides[survivor_id], said["choices"], user)


def _merge(kind: str, survivor_id: int, lost_id: int, choices: Fields, user: Person) -> Merge:
    survivor = queries.get_record(kind, survivor_id, user)
    with named("lost_id"):
        lost = queries.get_record(kind, lost_id, user)
    unknown = sorted(choices.keys() - merging.proposed(survivor, lost).keys())
    if unknown:
        raise Invalid({f"choices.{name}": [_("There is no such field.")] for name in unknown})
    return merging.merge(kind, survivor_id, lost_id, choices, user.id)


@blp.route("/doubles/comparison", methods=["POST"])
@guard("decide", "double")
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 415)
@blp.response(202)
def compare(_nothing: Fields) -> Response:
    """Compare everything now; the queue is filled by a job."""
    send("doubles.compare", screens.on_demand(), {}, HEAVY)
    db.session.commit()
    return _accepted()


def _accepted() -> Response:
    answer = jsonify({"state": "waiting"})
    answer.status_code = 202
    return answer


def _asking(kind: str) -> None:
    """What would be and what was, the same for every kind."""
    name = PLURAL[kind]

    @blp.route(f"/{name}/<int:record_id>/merge", endpoint=f"plan_{kind}", methods=["GET"])
    @guard("merge", kind)
    @blp.arguments(MergeQuery, location="query")
    @document(blp, 400, 401, 403, 404, 409)
    @blp.response(200, PlanSchema)
    def plan(asked: Fields, record_id: int) -> Response:
        """What a merge would do: fields, rows that move, what collides. Nothing happens."""
        user = the_user()
        survivor = queries.get_record(kind, record_id, user)
        with named("lost_id"):
            lost = queries.get_record(kind, asked.get("lost_id", 0), user)
        return jsonify(screens.plan_json(survivor, lost))

    @blp.route(f"/{name}/<int:record_id>/merges", endpoint=f"merges_{kind}", methods=["GET"])
    @guard("view", kind)
    @document(blp, 401, 403, 404)
    @blp.response(200, page_schema(f"{kind.title()}Merges", MergeSchema))
    def merges(record_id: int) -> Response:
        """What was merged into this record, the latest first."""
        found = queries.get_record(kind, record_id, the_user(), "view")
        rows = [screens.merge_json(one) for one in queries.merges_into(kind, found.id)]
        return jsonify({"items": rows, "next": None})


def _changing(kind: str) -> None:
    """Merging and taking back, the same for every kind."""
    name = PLURAL[kind]

    @blp.route(f"/{name}/<int:record_id>/merge", endpoint=f"merge_{kind}", methods=["POST"])
    @guard("merge", kind)
    @blp.doc(parameters=[KEY])
    @blp.arguments(MergeOrder)
    @document(blp, 400, 401, 403, 404, 409, 415)
    @blp.response(201, MergeSchema)
    def merge(order: Fields, record_id: int) -> Response:
        """Take another record into this one; everything that named it names this one."""
        user = the_user()
        queries.get_record(kind, record_id, user)

        def effect() -> Fields:
            made = _merge(kind, record_id, order["lost_id"], order["choices"], user)
            return screens.merge_json(made)

        return once(effect, lambda _body: f"{PREFIX}/{name}/{record_id}")

    @blp.route(f"/{name}/<int:record_id>/unmerge", endpoint=f"unmerge_{kind}", methods=["POST"])
    @guard("merge", kind)
    @blp.doc(parameters=[KEY])
    @blp.arguments(UnmergeOrder)
    @document(blp, 400, 401, 403, 404, 409, 415)
    @blp.response(201, MergeSchema)
    def unmerge(order: Fields, record_id: int) -> Response:
        """Give a merged record back, within 30 days."""
        user = the_user()
        queries.get_record(kind, record_id, user)

        def effect() -> Fields:
            with named("merge_id"):
                found = queries.get_merge(kind, record_id, order["merge_id"])
            unmerging.unmerge(found, user.id)
            return screens.merge_json(found)

        return once(effect, lambda _body: f"{PREFIX}/{name}/{record_id}")


for _kind in KINDS:
    _asking(_kind)
    _changing(_kind)
