"""Whatever comes in, the API answers as its document says and never with an error of its own.

Each operation gets requests that fit the document and requests that do not, seeded; half of those that fit name objects that
there are. Every call is rolled back, so that no request can take the token or the person away from the next.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from socius.config.wsgi import application

FIT = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Names of fields that hold the number of an object.
NUMBERS = {
    "unit", "parent", "to", "into", "person", "owner", "goal", "initiative", "group", "experiment", "series", "account", "link", "number",
}  # fmt: skip
LISTS = {"goals", "accounts"}
FEW, MANY = 1, 12
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def existing(case: Any, turn: int) -> None:
    """Names objects that there are, where the request names any."""
    for part in (case.path_parameters, case.query, case.body):
        if not isinstance(part, dict):
            continue
        for place, (name, value) in enumerate(sorted(part.items())):
            if name in NUMBERS and isinstance(value, int):
                part[name] = 1 + (turn + place) % 3
            elif name in LISTS and isinstance(value, list):
                part[name] = [1 + (turn + place) % 3]


class Caller:
    """Sends requests to the application in this process and takes back what they did."""

    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
        self.calls: Counter[tuple[str, int]] = Counter()

    def operations(self) -> Iterator[Any]:
        for found in self.schema.get_all_operations():
            yield found.ok()

    def send(self, case: Any, mode: GenerationMode) -> None:
        atomic = transaction.atomic()
        # A refusal is put on record outside of any transaction; this one is as if it were not there.
        atomic._from_testcase = True
        with atomic:
            response = case.call(headers=self.headers)
            transaction.set_rollback(True)
        self.calls[case.operation.label, response.status_code] += 1
        case.validate_response(response, checks=FIT, headers=self.headers)
        if mode is GenerationMode.NEGATIVE:
            assert response.status_code < 500, response.text

    def try_out(self, operation: Any, mode: GenerationMode, examples: int) -> None:
        """So many requests of one operation, the same at every run."""
        turns = iter(range(10_000))

        @seed(zlib.crc32(operation.label.encode()))
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def one(case: Any) -> None:
            turn = next(turns)
            if mode is GenerationMode.POSITIVE and turn % 2:
                existing(case, turn // 2)
            self.send(case, mode)

        one()


def every_operation(token: str, examples: int, *, both: bool = True) -> Counter[tuple[str, int]]:
    """Requests of both kinds (else of one, turn about) to every operation; how often each was answered how."""
    caller = Caller(token)
    for place, operation in enumerate(caller.operations()):
        for mode in MODES if both else MODES[place % 2 :][:1]:
            try:
                caller.try_out(operation, mode, examples)
            except Exception as error:
                error.add_note(f"{operation.label}, {mode.value}")
                raise
    return caller.calls


@pytest.fixture
def open_connection() -> Iterator[None]:
    """As Django's own client does: a request ends without the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("open_connection")
def test_a_few_requests_to_every_operation_are_answered_as_documented(full) -> None:
    calls = every_operation(full.clear, FEW, both=False)
    assert len({label for label, _ in calls}) >= 86


@pytest.mark.slow
@pytest.mark.usefixtures("open_connection")
def test_two_thousand_requests_are_answered_as_documented(full) -> None:
    calls = every_operation(full.clear, MANY)
    by_status = Counter()
    for (_, status), n in calls.items():
        by_status[status] += n
    print(sum(by_status.values()), dict(by_status))
    assert sum(by_status.values()) >= 1900
    # Half of the requests fit the document: many of them must have come through.
    assert by_status[200] + by_status[201] + by_status[204] > 300
