"""The unit tree on screen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import small_organisation

pytestmark = pytest.mark.django_db


def test_each_count_of_the_tree_opens_a_list_of_as_many_accounts():
    small = small_organisation.build()
    client = small.client()
    page = client.get("/units/").content.decode()
    links = re.findall(r'href="([^"]+)" data-count="(\d+)"', page)
    assert [n for _, n in links] == ["3", "2", "2", "1"]
    for href, n in links:
        listing = client.get(href.replace("&amp;", "&")).content.decode()
        assert f'data-total="{n}"' in listing


def test_a_day_before_the_tree_shows_no_unit_and_one_to_come_is_refused():
    small = small_organisation.build()
    client = small.client()
    ahead = small.today + timedelta(days=2)
    assert client.get(f"/units/?on={ahead}").status_code == 422
    assert client.get(f"/units/?on={small.today - timedelta(days=30)}").status_code == 200
    assert client.get("/units/?on=yesterday").status_code == 422
