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


# What the columns of the database hold.
NAME, TITLE, EMAIL, CELL, SENTENCE, CURRENCY = 200, 300, 254, 500, 500, 3


def _text(*names: str, longest: int = NAME) -> tuple[Field, ...]:
    return tuple(Field(name, longest=longest) for name in names)


def _needed(*names: str, longest: int = NAME) -> tuple[Field, ...]:
    return tuple(Field(name, required=True, longest=longest) for name in names)


UNITS = Kind(
    "units",
    (
        *_needed("unit"),
        *_text("name", "parent", longest=TITLE),
        Field("kind", "choice", choices=("hub", "spoke")),
        Field("external_id", "id", longest=NAME),
        Field("aliases", "list", longest=TITLE),
        Field("language", longest=40),
        Field("valid_from", "date"),
        Field("valid_until", "date"),
    ),
    identity=("external_id", "unit"),
)
PEOPLE = Kind(
    "people",
    (
        Field("email", required=True, longest=EMAIL, personal=True),
        Field("name", longest=NAME, personal=True),
        Field("unit", longest=TITLE),
        Field("role", longest=40),
        Field("valid_until", "date"),
    ),
    identity=("email",),
)
GOALS = Kind(
    "goals",
    (
        *_needed("goal"),
        Field("statement"),
        Field("executive_owner", longest=EMAIL, personal=True),
        Field("objective", "choice", choices=OBJECTIVES),
        Field("period_start", "date"),
        Field("period_end", "date"),
        Field("unit", longest=TITLE),
        Field("conflicts_with", "list", longest=NAME),
    ),
    identity=("goal",),
)
OUTCOMES = Kind(
    "outcomes",
    (
        Field("date", "date", required=True),
        *_needed("series"),
        Field("value", "number", required=True),
        Field("unit", longest=40),
        Field("currency", longest=CURRENCY),
        Field("geo", longest=80),
        Field("org_unit", longest=NAME),
        Field("class", "choice", choices=CLASSES),
        Field("source", longest=NAME),
        Field("why", longest=SENTENCE),
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
        Field("series", longest=NAME),
        Field("direction", "choice", choices=("up", "down", "hold")),
        Field("target", "number"),
        Field("target_date", "date"),
    ),
    identity=("goal", "measure", "series"),
)
ACCOUNTS = Kind(
    "accounts",
    (
        Field("network", longest=40),
        Field("handle", longest=TITLE),
        Field("url", longest=990),  # `https://` may have to be put before it
        Field("remote_id", "id", longest=NAME),
        Field("unit", longest=NAME),
        Field("owner_email", longest=EMAIL, personal=True),
        Field("purpose", longest=SENTENCE),
        Field("goal", longest=NAME),
        Field("language", longest=40),
        Field("country", longest=80),
        Field("status", "choice", choices=ACCOUNT_STATES),
        Field("last_post_at", "date"),
        Field("decision", "choice", choices=("keep", "consolidate", "retire", "verify")),
        Field("audience", "integer"),
        Field("region", longest=120),
        Field("display_name", longest=TITLE, template=False),
        Field("unit_external_id", "id", longest=NAME, template=False),
    ),
    identity=("network", "remote_id", "handle", "url"),
    one_of=(("url",), ("network", "handle"), ("network", "remote_id")),
    duplicates="keep",
    inventory=True,
)
INITIATIVES = Kind(
    "initiatives",
    (
        *_needed("initiative"),
        *_needed("title", longest=TITLE),
        Field("kind", "choice", choices=("external", "internal")),
        Field("scope", "choice", choices=("enterprise", "function")),
        Field("goals", "list", longest=NAME),
        Field("sponsor", longest=EMAIL, personal=True),
        Field(
            "status",
            "choice",
            choices=("idea", "proposed", "accepted", "rejected", "running", "ended"),
        ),
        Field("start", "date"),
        Field("end", "date"),
        Field("cost", "range"),
        Field("currency", longest=CURRENCY),
        Field("hours", "range"),
        Field("accounts", "list", longest=CELL),
    ),
    identity=("initiative",),
)
SPEND = Kind(
    "spend",
    (
        Field("date", "date", required=True),
        Field("amount", "number", required=True),
        *_needed("currency", longest=CURRENCY),
        Field("kind", "choice", choices=("external", "internal")),
        Field("unit", longest=TITLE),
        *_text("goal", "initiative"),
    ),
    identity=(),
    duplicates="keep",
    sums=("amount",),
)
HOURS = Kind(
    "hours",
    (
        Field("week", "week", required=True),
        *_needed("unit", longest=TITLE),
        Field("hours", "number", required=True),
        Field("person_or_team", longest=NAME, personal=True),
        Field("type", "choice", choices=("request", "enablement", "programme", "other")),
        Field("initiative", longest=NAME),
        Field("account", longest=CELL),
    ),
    identity=("week", "unit", "person_or_team", "type", "initiative", "account"),
    sums=("hours",),
)
ACTIVITY = Kind(
    "activity",
    (
        Field("at", "time", required=True),
        Field("verb", "choice", required=True, choices=("posted", "replied", "moderated", "ran")),
        Field("object_id", "id", required=True, longest=300),
        Field("actor", longest=TITLE, personal=True),
        Field("network", "network", longest=40),
        Field("account", longest=CELL),
        *_text("initiative", "goal"),
        Field("minutes", "integer"),
        Field("origin", longest=TITLE),
    ),
    identity=("network", "object_id", "verb"),
    large=True,
    duplicates="keep",
)
EFFECTS = Kind(
    "effects",
    (
        *_needed("initiative", "series"),
        *_needed("method", longest=80),
        Field("estimate", "number", required=True),
        Field("grade", "choice", choices=("A", "B", "C", "D", "E")),
        Field("low", "number"),
        Field("high", "number"),
        Field("from", "date"),
        Field("until", "date"),
        Field("source", longest=SENTENCE),
    ),
    identity=("initiative", "series", "method", "from", "until"),
)
LEADS = Kind(
    "leads",
    (
        Field("lead", "id", required=True, longest=NAME),
        Field("date", "date", required=True),
        Field("source", longest=NAME),
        Field("network", "network", longest=40),
        Field("account", longest=CELL),
        Field("post", longest=NAME),
        Field("initiative", longest=NAME),
        Field("stage", "choice", choices=("open", "won", "lost")),
        Field("decided_on", "date"),
        Field("amount", "number"),
        Field("currency", longest=CURRENCY),
    ),
    identity=("lead",),
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
        LEADS,
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
