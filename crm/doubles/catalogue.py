"""How likely two products are one model, and which pairs of a whole catalogue are worth a look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import sqlalchemy as sa

from crm.doubles.comparing import LARGE, Found
from crm.doubles.likeness import FEW, WEIGHTS, WORTH_A_LOOK, Judged
from crm.extensions import db
from crm.products.models import Product
from crm.text.model_alike import bare, folded, names_a_model
from crm.text.serial_alike import READ, differences, loosest

UNKNOWN = ("不明", "未確認", "未登録", "UNKNOWN", "その他")
"""What a product is called that stands for those that nobody knows."""


@dataclass(frozen=True, slots=True)
class Model:
    """A product as the comparison sees it; names folded, without the maker in front."""

    id: int
    code: str
    name: str
    maker: str
    category: str
    successor_id: int | None

    @property
    def unknown(self) -> bool:
        """Does it stand for products that nobody knows?"""
        return any(one in self.name or one in self.code for one in UNKNOWN)


def read_products() -> list[Model]:
    """Every product, with what it is compared by."""
    columns = (Product.id, Product.code, Product.name, Product.maker, Product.category,
               Product.successor_id)  # fmt: skip
    rows = db.session.execute(sa.select(*columns).order_by(Product.id)).all()
    makers = {folded(row.maker) for row in rows}
    return [
        Model(row.id, bare(row.code, makers), bare(row.name, makers), folded(row.maker),
              row.category, row.successor_id)
        for row in rows
    ]  # fmt: skip


def doubles_of_products(every: Sequence[Model]) -> Iterator[Found]:
    """Pairs of products that are worth a person's look."""
    laid: dict[str, dict[int, Model]] = defaultdict(dict)
    for one in every:
        for key in {one.code, one.name, loosest(one.code)} - {""}:
            laid[key][one.id] = one
    bearers = {key: sum(one.name == key for one in found.values()) for key, found in laid.items()}
    seen: set[tuple[int, int]] = set()
    for block in laid.values():
        for a, b in combinations(list(block.values())[: LARGE * 5], 2):
            judged = None if (a.id, b.id) in seen else products(a, b, bearers.get(a.name, 0))
            if judged is not None:
                seen.add((a.id, b.id))
                yield Found("product", a.id, b.id, 0, 0, judged)


def products(a: Model, b: Model, namesakes: int = 2) -> Judged | None:
    """Judge two products; nothing when they are two models, or too little says that they are one.

    `namesakes` is how many products bear the name of the first.
    """
    if a.maker and b.maker and a.maker != b.maker:
        return None
    if a.successor_id == b.id or b.successor_id == a.id or a.unknown or b.unknown:
        return None
    reasons = _codes(a, b)
    if a.name == b.name and a.name and namesakes <= FEW:
        reasons.append("model" if names_a_model(a.name) else "product_name")
    elif not reasons and names_a_model(a.code if a.code == b.name else b.code):
        reasons += ["code_name"] if a.code == b.name or b.code == a.name else []
    if not reasons:
        return None
    reasons += ["maker"] if a.maker and a.maker == b.maker else []
    reasons += ["maker_missing"] if bool(a.maker) != bool(b.maker) else []
    reasons += ["category"] if a.category and a.category == b.category else []
    score = min(100, sum(WEIGHTS[one] for one in reasons))
    return Judged(score, tuple(reasons)) if score >= WORTH_A_LOOK else None


def _codes(a: Model, b: Model) -> list[str]:
    if a.code == b.code:
        return ["code"]
    if a.code.translate(READ) == b.code.translate(READ):
        return ["code_letters"]
    return ["code_worse"] if differences(a.code, b.code) == ("worse",) else []
