"""An organisation with one line that is whole up to a fresh series."""

from __future__ import annotations

import pytest

from house import House

GOALS = """goal,statement,executive_owner,objective,period_start,period_end
more-orders,More orders,cmo@example.org,revenue_generation,2026-01-01,2026-12-31
better-care,Better care,,customer_experience,,
"""
OUTCOMES = """date,series,value,unit,class,source,why
2026-05-29,Orders,10,orders,outcome,shop,Orders are money
2026-05-30,Orders,11,orders,outcome,shop,Orders are money
2026-05-31,Orders,12,orders,outcome,shop,Orders are money
"""
KPIS = "goal,measure,class,series,direction\nmore-orders,Orders,outcome,Orders,up\n"
ACCOUNTS = """network,handle,url,unit,owner_email,goal
x,brand,https://x.com/brand,Marketing,ada@example.org,more-orders
x,care,https://x.com/care,Care,ada@example.org,better-care
instagram,looks,https://instagram.com/looks,Marketing,,
"""
INITIATIVES = "initiative,title,goals\nlive,Live shopping,more-orders\nlost,Lost,\n"
ACTIVITY = """at,verb,object_id,network,account,initiative,goal,minutes
2026-05-20T10:00:00Z,posted,p1,x,brand,,,5
2026-05-21T10:00:00Z,posted,p2,x,brand,live,,
2026-05-22T10:00:00Z,replied,p3,x,care,,,10
2026-05-23T10:00:00Z,posted,p4,instagram,looks,,,
2026-05-24T10:00:00Z,posted,p5,instagram,stranger,,,
2026-05-25T10:00:00Z,posted,p6,x,brand,lost,,
2026-05-26T10:00:00Z,ran,p7,,,,more-orders,
"""
EFFECTS = """initiative,series,method,estimate,low,high,from,until,source
live,Orders,before and after,4,-1,9,2026-03-01,2026-05-01,note
"""
ALL = {
    "goals": GOALS, "outcomes": OUTCOMES, "kpis": KPIS, "accounts": ACCOUNTS, "initiatives": INITIATIVES, "activity": ACTIVITY, "effects": EFFECTS,
}  # fmt: skip


@pytest.fixture
def house(db: None) -> House:
    return House()


@pytest.fixture
def line(house: House) -> House:
    for kind, text in ALL.items():
        house.take(kind, text)
    return house
