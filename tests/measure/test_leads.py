"""The closed loop: a lead comes through an account and a post, sales gives its verdict back, and it is counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from house import House
from socius.measure.actions import count_leads
from socius.measure.models import Lead
from socius.measure.reports.leads import leads, loops, sources
from socius.strategy.reports import values

HEAD = "lead,date,source,network,account,post,initiative,stage,decided_on,amount,currency\n"


@pytest.fixture
def shop(house: House) -> House:
    house.take("accounts", "network,handle,url,unit\nx,shop,https://x.com/shop,Acme\nx,care,https://x.com/care,Acme\n")  # fmt: skip
    house.take("initiatives", "initiative,title\nlive,Live shopping\n")
    return house


@pytest.mark.django_db
def test_a_lead_is_followed_from_its_post_to_its_verdict_and_counted(shop: House) -> None:
    shop.take("leads", HEAD + "L1,2026-05-01,social,x,shop,p1,live,open,,,\nL2,2026-05-01,social,x,shop,p2,,open,,,\nL3,2026-05-03,search,,,,,open,,,\nL4,2026-05-03,social,x,care,p3,,open,,,\n")  # fmt: skip
    verdict = shop.take("leads", "lead,date,stage,decided_on,amount,currency\nL1,2026-05-01,won,2026-05-04,99.50,EUR\nL2,2026-05-01,lost,2026-05-05,,\n")  # fmt: skip
    rows = leads(shop.actor())
    first, second = loops(rows, "account")
    assert (first.name, first.n, first.won, first.lost, first.open, first.posts) == ("shop", 2, 1, 1, 0, 2)  # fmt: skip
    assert first.amounts == (("EUR", Decimal("99.50")),)
    assert (second.name, second.open) == ("care", 1)
    assert [(one.name, one.won) for one in loops(rows, "initiative")] == [("Live shopping", 1)]
    came, won = count_leads(shop.root, actor=shop.actor())
    assert (came.class_name, won.class_name) == ("outcome", "outcome")
    # L3 names neither account nor post nor initiative: it is nobody's of ours.
    assert [int(v.value or 0) for v in values(came)] == [2, 0, 1, 0]
    assert [int(v.value or 0) for v in values(won)] == [0, 0, 0, 1]
    shop.undo(verdict)
    assert set(Lead.objects.values_list("stage", flat=True)) == {"open"}
    assert sources(leads(shop.actor())) is None


@pytest.mark.django_db
def test_few_leads_give_no_verdict_and_an_amount_needs_its_currency(shop: House) -> None:
    shop.take("leads", HEAD + "".join(f"L{i},2026-05-01,{'social' if i < 4 else 'search'},,,,,{'won' if i % 2 else 'lost'},2026-05-04,,\n" for i in range(20)))  # fmt: skip
    found = sources(leads(shop.actor()))
    assert found is not None
    assert {s["source"]: s["verdict"] for s in found["sources"]} == {"social": "too_few", "search": "no_rank"}  # fmt: skip
    report = shop.read("leads", HEAD + "L99,2026-05-01,,,nobody,,,open,,,\nL98,2026-05-01,,,,,,won,,5,\n")  # fmt: skip
    assert report.rejected == 2
