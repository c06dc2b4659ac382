"""The ten kinds of the organisation's own nouns, and effects typed in by hand."""

from __future__ import annotations

from socius.connectors.files.declare import Field, Format, Kind
from socius.connectors.files.headers import aliases

OBJECTIVES = (
    "brand_health",
    "marketing_optimisation",
    "revenue_generation",
    "operational_efficiency",
    "customer_experience",
    "innovation",
)
CLASSES = ("outcome", "driver", "health", "vanity")
ACCOUNT_STATES = ("found", "claimed", "experiment", "active", "retiring", "archived", "rejected")


def _text(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


def _needed(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, required=True) for name in names)


UNITS = Kind(
    "units",
    (
        *_needed("unit"),
        *_text("name", "parent"),
        Field("kind", "choice", choices=("hub", "spoke")),
        Field("external_id", "id"),
        Field("aliases", "list"),
        Field("language"),
        Field("valid_from", "date"),
        Field("valid_until", "date"),
    ),
    identity=("external_id", "unit"),
)
PEOPLE = Kind(
    "people",
    (
        Field("email", required=True, personal=True),
        Field("name", personal=True),
        *_text("unit", "role"),
        Field("valid_until", "date"),
    ),
    identity=("email",),
)
GOALS = Kind(
    "goals",
    (
        *_needed("goal"),
        Field("statement"),
        Field("executive_owner", personal=True),
        Field("objective", "choice", choices=OBJECTIVES),
        Field("period_start", "date"),
        Field("period_end", "date"),
        Field("unit"),
        Field("conflicts_with", "list"),
    ),
    identity=("goal",),
)
OUTCOMES = Kind(
    "outcomes",
    (
        Field("date", "date", required=True),
        *_needed("series"),
        Field("value", "number", required=True),
        *_text("unit", "currency", "geo", "org_unit"),
        Field("class", "choice", choices=CLASSES),
        *_text("source", "why"),
        Field("known_at", "time"),
    ),
    identity=("series", "date", "geo", "org_unit", "known_at"),
    duplicates="reject",
    sums=("value",),
)
KPIS = Kind(
    "kpis",
    (
        *_needed("goal", "measure"),
        Field("class", "choice", choices=CLASSES),
        Field("series"),
        Field("direction", "choice", choices=("up", "down", "hold")),
        Field("target", "number"),
        Field("target_date", "date"),
    ),
    identity=("goal", "measure", "series"),
)
ACCOUNTS = Kind(
    "accounts",
    (
        *_text("network", "handle", "url"),
        Field("remote_id", "id"),
        Field("unit"),
        Field("owner_email", personal=True),
        *_text("purpose", "goal", "language", "country"),
        Field("status", "choice", choices=ACCOUNT_STATES),
        Field("last_post_at", "date"),
        Field("decision", "choice", choices=("keep", "consolidate", "retire", "verify")),
        Field("audience", "integer"),
        Field("region"),
        Field("display_name", template=False),
        Field("unit_external_id", "id", template=False),
    ),
    identity=("network", "remote_id", "handle", "url"),
    one_of=(("url",), ("network", "handle"), ("network", "remote_id")),
    duplicates="keep",
    inventory=True,
)
INITIATIVES = Kind(
    "initiatives",
    (
        *_needed("initiative", "title"),
        Field("kind", "choice", choices=("external", "internal")),
        Field("scope", "choice", choices=("enterprise", "function")),
        Field("goals", "list"),
        Field("sponsor", personal=True),
        Field(
            "status",
            "choice",
            choices=("idea", "proposed", "accepted", "rejected", "running", "ended"),
        ),
        Field("start", "date"),
        Field("end", "date"),
        Field("cost", "range"),
        Field("currency"),
        Field("hours", "range"),
        Field("accounts", "list"),
    ),
    identity=("initiative",),
)
SPEND = Kind(
    "spend",
    (
        Field("date", "date", required=True),
        Field("amount", "number", required=True),
        *_needed("currency"),
        Field("kind", "choice", choices=("external", "internal")),
        *_text("unit", "goal", "initiative"),
    ),
    identity=(),
    duplicates="keep",
    sums=("amount",),
)
HOURS = Kind(
    "hours",
    (
        Field("week", "week", required=True),
        *_needed("unit"),
        Field("hours", "number", required=True),
        Field("person_or_team", personal=True),
        Field("type", "choice", choices=("request", "enablement", "programme", "other")),
        *_text("initiative", "account"),
    ),
    identity=("week", "unit", "person_or_team", "type", "initiative", "account"),
    sums=("hours",),
)
ACTIVITY = Kind(
    "activity",
    (
        Field("at", "time", required=True),
        Field("verb", "choice", required=True, choices=("posted", "replied", "moderated", "ran")),
        Field("object_id", "id", required=True),
        Field("actor", personal=True),
        Field("network", "network"),
        *_text("account", "initiative", "goal"),
        Field("minutes", "integer"),
        Field("origin"),
    ),
    identity=("network", "object_id", "verb"),
    large=True,
    duplicates="keep",
)
EFFECTS = Kind(
    "effects",
    (
        *_needed("initiative", "series", "method"),
        Field("estimate", "number", required=True),
        Field("grade", "choice", choices=("A", "B", "C", "D", "E")),
        Field("low", "number"),
        Field("high", "number"),
        Field("from", "date"),
        Field("until", "date"),
        Field("source"),
    ),
    identity=("initiative", "series", "method", "from", "until"),
)

# In the order in which `socius import DIR` takes them.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        UNITS,
        PEOPLE,
        GOALS,
        OUTCOMES,
        KPIS,
        ACCOUNTS,
        INITIATIVES,
        SPEND,
        HOURS,
        ACTIVITY,
        EFFECTS,
    )
}


def _own(kind: Kind) -> Format:
    headers = {f.name: (f.name, *aliases(kind.name, f.name)) for f in kind.fields}
    required = tuple(f.name for f in kind.fields if f.required)
    return Format(f"socius_{kind.name}", kind, headers, required, kind.one_of)


OFFICIAL_ACCOUNTS = Format(
    "official_accounts",
    ACCOUNTS,
    {
        "handle": ("account", "compte", "konto", "cuenta", "conta"),
        "network": ("platform", "plateforme", "plattform", "plataforma"),
        "unit": ("department", "ministère", "département", "behörde", "departamento"),
        "language": ("language", "langue", "sprache", "idioma"),
        "url": ("url", "link", "lien"),
        "unit_external_id": ("gc_orgid", "organisation id", "organization id"),
    },
    required=("handle", "network", "unit", "language"),
    prefixes=(
        "department",
        "departments",
        "ministère",
        "ministere",
        "département",
        "departement",
        "language",
        "langue",
        "platform",
        "plateforme",
    ),
    bilingual="en+fr",
)

FORMATS: tuple[Format, ...] = (*(_own(kind) for kind in KINDS.values()), OFFICIAL_ACCOUNTS)


def formats_of(kind: str) -> tuple[Format, ...]:
    """The layouts in which a kind may come."""
    return tuple(f for f in FORMATS if f.kind.name == kind)
