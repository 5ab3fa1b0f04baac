"""The sums of the board are kept, not added up; whatever happens to deals, they are the same."""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm import cli
from crm.clock import today
from crm.deals import actions, board, jobs, summing
from crm.deals.filters import Filters
from crm.deals.models import OPEN_STAGES, RANK_WEIGHTS, RANKS, STAGES, Deal, DealSum
from crm.doubles import merging, unmerging
from crm.extensions import db
from crm.products.models import Product
from crm.staff.models import Staff
from crm.transfers import run_actions
from crm.transfers.foreground import import_file
from crm.transfers.jobs import through
from crm.transfers.run_models import ImportRun
from crm.transfers.undoing import parts_back
from tests.conftest import POSTGRES
from tests.deals.records import customer

HEAD = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
ROW = "N{},{},,,{},2026-01-10,{},{}"


class Walk:
    """Somebody who does one thing after another to deals."""

    def __init__(self, company, folder):
        self.company, self.file = company, folder / "deals.csv"
        tag = db.session.scalar(sa.select(sa.func.count()).select_from(Product))
        names = ("株式会社山田製作所", "㈱山田 製作所")
        self.at = [customer(company.rep, one, f"{tag}-{one[:1]}") for one in names]
        self.merge = None

    def one(self, number: int) -> Deal | None:
        """One of the deals there are, and who may do everything."""
        keys = list(db.session.scalars(sa.select(Deal.id).order_by(Deal.id)))
        return db.session.get(Deal, keys[number % len(keys)]) if keys else None

    @property
    def user(self) -> Staff:
        return db.session.get_one(Staff, self.company.admin)

    def owner(self, number: int) -> int | None:
        people = (self.company.rep, self.company.stranger, self.company.admin)
        return people[number % 3]

    def open(self, number: int) -> None:
        actions.open_deal(
            {
                "title": "案件", "account_id": self.at[0].id, "owner_id": self.owner(number),
                "stage": OPEN_STAGES[number % 5], "rank": RANKS[number % 4],
                "amount": 10_007 * number,
            },
            self.user,
        )  # fmt: skip

    def change(self, number: int) -> None:
        if (deal := self.one(number)) is not None:
            new = {"amount": 7 * number, "rank": RANKS[number // 3 % 4], "title": f"題 {number}"}
            actions.change_deal(deal, new, self.user)

    def hand_over(self, number: int) -> None:
        if (deal := self.one(number)) is not None:
            actions.change_deal(deal, {"owner_id": self.owner(number // 2)}, self.user)

    def move(self, number: int) -> None:
        if (deal := self.one(number)) is None:
            return
        stage = STAGES[number % 7]
        why = {"won": {"closed_on": today()}, "lost": {"lost_reason": "price"}}.get(stage, {})
        actions.move_deal(deal, stage, self.user, rank=RANKS[number % 4], **why)

    def remove(self, number: int) -> None:
        deal = self.one(number)
        if deal is not None:
            db.session.execute(sa.delete(Deal).where(Deal.id == deal.id, Deal.version == 1))

    def think_better(self, number: int) -> None:
        self.open(number)
        self.change(number)
        db.session.rollback()

    def write_at_once(self, number: int) -> None:
        """As a job would, past every action."""
        some = sa.update(Deal).where(Deal.id % 2 == number % 2)
        db.session.execute(some.values(amount=Deal.amount + 5, team_id=self.company.first_team))
        db.session.execute(some.values(team_id=None, rank="A").where(Deal.stage == "lead"))

    def bring(self, number: int) -> None:
        """A file: what it brought before is changed, or the same."""
        stages = ("Engaging", "Won", "Prospecting", "Lost")
        rows = [
            ROW.format(n, "伊藤 翔", stage := stages[(n + number) % 4],
                       "2026-02-20" if stage in ("Won", "Lost") else "", 1000 * number + n)
            for n in range(1 + number % 7)
        ]  # fmt: skip
        self.file.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
        import_file("deals", self.file, "crm_opportunities_deals")

    def take_back(self, _number: int) -> None:
        """The last file that brought something."""
        latest = sa.select(ImportRun).where(ImportRun.state == "done").order_by(ImportRun.id.desc())
        run = db.session.scalar(latest.limit(1))
        if run is not None and run_actions.has_steps(run):
            run_actions.start_undo(run, self.company.admin)
            db.session.commit()
            through(parts_back(run.id), lambda _run: None)

    def unite(self, _number: int) -> None:
        one, two = (customer.id for customer in self.at)
        if self.merge is None:
            self.merge = merging.merge("account", one, two, {}, self.company.manager)
        else:
            unmerging.unmerge(self.merge, self.company.manager)
            self.merge = None


STEPS = ("open", "open", "change", "change", "hand_over", "move", "move", "remove",
         "think_better", "write_at_once", "bring", "take_back", "unite")  # fmt: skip


def same(company) -> None:
    """Sums and deals agree, by whatever is asked."""
    assert db.session.execute(summing.differences()).all() == []
    user = db.session.get_one(Staff, company.rep)
    own = {"owner_id": company.rep}
    for asked in ({}, {"team_id": company.first_team}, {"rank": "B"}, own):
        deals = db.session.query(Deal).filter_by(**asked).all()
        found = board.sums(Filters(stages=STAGES, **asked), user)
        for stage in STAGES:
            some = [one for one in deals if one.stage == stage]
            weighted = sum(one.amount * RANK_WEIGHTS[one.rank] // 100 for one in some)
            assert found[stage] == board.Sums(len(some), sum(d.amount for d in some), weighted)
        assert board.total(Filters(stages=STAGES, **asked), user) == sum(
            found.values(), board.Sums()
        )


@settings(
    max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    walk=st.lists(st.tuples(st.permutations(STEPS), st.integers(1, 999)), min_size=2, max_size=2)
)
def test_whatever_is_done_to_deals_the_kept_sums_are_theirs(app, company, tmp_path, walk):
    with app.app_context():
        doing = Walk(company, tmp_path)
        for steps, seed in walk:
            for place, step in enumerate(steps):
                getattr(doing, step)(seed + 31 * place)
                db.session.commit()
                db.session.expire_all()
                same(company)


def test_a_lost_trigger_is_found_told_and_mended_by_night_or_by_a_command(
    app, company, tmp_path, monkeypatch
):
    cli.init_app(app)
    heard = structlog.testing.CapturingLogger()
    monkeypatch.setattr(jobs, "log", heard)
    with app.app_context():
        doing = Walk(company, tmp_path)
        doing.open(5)
        db.session.commit()
        with db.engine.begin() as connection:
            lost = "ALTER TABLE deals DISABLE TRIGGER deal_sums_came"
            connection.exec_driver_sql(lost if POSTGRES else "DROP TRIGGER deal_sums_came")
        doing.open(6)
        doing.open(7)
        db.session.execute(sa.update(DealSum).values(amount=DealSum.amount + 1))
        db.session.commit()
        jobs.mend_sums({})
        jobs.mend_sums({})
        db.session.commit()
        assert heard.calls == [("warning", ("deals.sums_were_wrong",), {"mended": 3})]
        doing.open(8)
        db.session.commit()
        same(company)
        db.session.execute(sa.delete(DealSum).where(DealSum.stage == "lead"))
        db.session.commit()
        run = app.test_cli_runner().invoke
        assert run(args=["deals", "sums"]).output.startswith("1 sums")
        assert run(args=["deals", "sums"]).output.startswith("Every sum")
        same(company)


def test_two_reps_who_move_deals_of_one_column_do_not_wait_for_each_other(app, company, tmp_path):
    with app.app_context():
        doing = Walk(company, tmp_path)
        for _each in range(2):
            doing.open(20)
        db.session.commit()
        first, second = db.session.scalars(sa.select(Deal.id).order_by(Deal.id)).all()
        db.session.remove()
        move = sa.update(Deal).values(stage="negotiation", amount=Deal.amount + 3)
        one = db.engine.connect()
        one.execute(move.where(Deal.id == first))
        if POSTGRES:  # SQLite has one writer at a time, whatever is written
            with db.engine.begin() as two:
                two.execute(sa.text("SET LOCAL lock_timeout = '1ms'"))
                two.execute(move.where(Deal.id == second))
            same(company)
        one.commit()
        one.close()
        same(company)
        found = db.session.scalars(sa.select(DealSum.number).where(DealSum.stage == "negotiation"))
        assert found.all() == ([1, 1] if POSTGRES else [1])
