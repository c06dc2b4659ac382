"""Fixtures of the API's tests."""

from __future__ import annotations

import pytest
from api_office import FILES, Office, Program, number_from_one


@pytest.fixture
def office(db: None) -> Office:
    number_from_one()
    return Office()


@pytest.fixture
def full(office: Office) -> Office:
    """With a little of everything."""
    for kind, text in FILES.items():
        office.take(kind, text)
    return office


@pytest.fixture
def program(office: Office) -> Program:
    return Program(office.clear)
