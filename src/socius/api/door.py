"""The API as a whole: its document, its auth, its routes."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from socius.api import problems
from socius.api.acting import SAFE, SCHEMES, who
from socius.api.problems import DOCUMENTED, MEDIA_TYPE, TITLES, Problem
from socius.api.repeated import PARAMETER
from socius.api.routes import (
    accounts,
    alerts,
    assess,
    audit,
    effects,
    experiments,
    goals,
    grants,
    groups,
    imports,
    initiatives,
    ledger,
    links,
    listening,
    me,
    measured,
    money,
    people,
    plans,
    reputation,
    rights,
    roadmap,
    series,
    sight,
    tokens,
    units,
)

ABOUT = (
    "Everything that a screen of Socius can do. Lists come in pages: `next` of a page is the `cursor` of the following one. "
    "Errors are problem documents (RFC 9457). Rights are those of the token's person, narrowed to what the token carries."
)
ROUTES = (
    me, sight, units, people, grants, rights, tokens, accounts, links, audit, goals, initiatives, experiments, series, money,
    effects, groups, measured, imports, ledger, assess, roadmap, plans, listening, alerts, reputation,
)  # fmt: skip


class Door(NinjaAPI):
    """The framework, with names of our own in the document and problems on every operation."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The document, with what every operation has in common."""
        found = super().get_openapi_schema(**given)
        parts = found["components"]
        parts["schemas"]["Problem"] = Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        parts["schemas"].update(parts["schemas"]["Problem"].pop("$defs"))
        parts["securitySchemes"] = SCHEMES
        found["security"] = [{"token": []}, {"session": []}]
        for methods in found["paths"].values():
            for method, operation in methods.items():
                complete(operation)
                if method.upper() not in SAFE:
                    operation.setdefault("parameters", []).append(PARAMETER)
        return found


def complete(operation: dict[str, Any]) -> None:
    """A summary from what the function says of itself, and the problems that it may answer."""
    first, _, rest = operation.get("description", "").partition("\n")
    operation["summary"] = first.rstrip(".")
    operation["description"] = rest.strip() or first
    schema = {"$ref": "#/components/schemas/Problem"}
    for status in DOCUMENTED:
        operation["responses"][status] = {
            "description": TITLES[status],
            "content": {MEDIA_TYPE: {"schema": schema}},
        }


api = Door(
    title="Socius",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    docs_url=None,
    auth=who,
)
problems.tell(api)
for part in ROUTES:
    api.add_router("", part.router, tags=[part.TAG])
