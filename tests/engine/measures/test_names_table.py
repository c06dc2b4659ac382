"""The class of a measure follows from its name and source, not from what a user would like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from socius.engine.measures.names import TABLE, classify, same_as_vanity
from socius.engine.measures.names.words import fold, one_slip, phrases

PAPERS: dict[str, Any] = {
    "stated": "outcome",
    "unit": "number",
    "source": "a system",
    "why": "Because it is.",
}
DOCS = Path(__file__).parents[3] / "docs/reference/measures.md"

# Every metric column of the network exports that Socius reads.
EXPORTS = {
    "instagram": "Views,Reach,Likes,Shares,Follows,Comments,Saves,Duration (sec)",
    "facebook": "Reach,3-second video views,1-minute video views,Reactions,Comments,Shares",
    "x": "Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks",
    "twitter": "impressions,engagements,engagement rate,retweets,replies,likes,favorites,user profile clicks,url clicks,hashtag clicks,detail expands,permalink clicks,"
    "app opens,app installs,follows,email tweet,dial phone,media views,media engagements,promoted impressions,promoted engagements,promoted engagement rate,"
    "promoted retweets,promoted replies,promoted likes,promoted user profile clicks,promoted url clicks,promoted hashtag clicks,promoted detail expands,"
    "promoted permalink clicks,promoted app opens,promoted app installs,promoted follows,promoted email tweet,promoted dial phone,promoted media views,promoted media engagements",
    "linkedin": "Impressions (organic),Impressions (sponsored),Impressions (total),Unique impressions (organic),Clicks (total),Reactions (organic),Comments (sponsored),"
    "Reposts (total),Shares (organic),Engagement rate (total),Impressions,Views,Offsite Views,Clicks,Click through rate (CTR),Likes,Comments,Reposts,Follows,"
    "Engagement rate,Sponsored followers,Organic followers,Auto-invited followers,Total followers,Total page views (desktop),Total page views (mobile),"
    "Total page views (total),Total unique visitors (desktop),Total unique visitors (mobile),Total unique visitors (total),Total Followers,New Followers,"
    "Total post engagements,Total posts",
    "tiktok": "Total likes,Total comments,Total shares,Total views,Total play time,Average watch time,Watched full video,Add to favorites",
    "youtube": "Views,Average view duration,Average percentage viewed (%),Subscribers,Likes",
}
COLUMNS = sorted({name for listed in EXPORTS.values() for name in listed.split(",")})

RENAMED = (
    "Community size", "Reichweite der Marke", "Zielgruppe", "new followers total", "IG likes (organic)", "  FOLLOWERS  ", "Ｆｏｌｌｏｗｅｒｓ", "f o l l o w e r s",
    "fоllowers",  # a Cyrillic о
    "folowers", "Follower-Zahl", "Followerzahl", "IGFollowersDE", "brand_followers_2026", "flwrs", "subs", "Impr.", "J’aime", "Gefällt mir", "Gefaellt-mir-Angaben", "Me gusta",
    "Curtidas", "Abonnés", "Neue Abonnenten", "Seguidores nuevos", "Seguidores (total)", "Alcance", "Portée organique", "Impressões", "Impresiones pagadas", "Impressionen",
    "Visualizaciones", "Visualizações", "Vues", "Videoaufrufe", "Pageviews", "3-second video views", "Fans", "Fan-Anzahl", "Réactions", "Reacciones", "Favoriten",
    "Revenue (followers)", "Umsatz / Follower", "Customers: likes", "cost per follower", "Fol\u200blowers", "Members of our community total; community members", "People reached",
    "Taille de la communauté", "Tamaño de la comunidad", "Tamanho da comunidade", "Publikum", "Audiência",
)  # fmt: skip
GENUINE = (
    "Qualified leads", "Cost per contact", "Revenue", "NPS", "Net promoter score", "Churn", "Newsletter sign-ups", "Share of wallet", "Market share", "Click-to-call sales",
    "Sales from shop visits", "Online orders", "Reputation index", "Ideas shipped", "Interviews held", "Reviews collected", "Spare parts sold", "Like-for-like sales",
    "Ceiling fans sold", "Contacts deflected", "CSAT", "Handle time", "Warranty claims", "Customer effort score", "Employee engagement", "Earnings per share", "Kosten pro Besuch",
    "Umsatz in der Zielgruppe", "Ventes", "Chiffre d'affaires", "Ventas", "Kündigungen", "Receita", "Time to market", "Response cost", "Preview sales", "Public tenders won",
)  # fmt: skip


def test_the_table_holds_more_than_eighty_names_and_aliases() -> None:
    names = {phrase for row in TABLE for phrase in phrases(f"{row.name},{row.aliases},{row.whole}")}
    assert len(names) >= 300
    assert {row.class_name for row in TABLE} == {"vanity", "driver", "health"}
    assert {row.tier for row in TABLE} == {"engagement", "social analytics"}


@pytest.mark.parametrize("column", COLUMNS)
def test_every_metric_column_of_an_export_has_a_class_by_name(column: str) -> None:
    found = classify(column, **PAPERS)
    assert found.class_name in ("vanity", "driver")
    assert found.lowered
    assert found.tier


@pytest.mark.parametrize("name", RENAMED)
def test_renamed_vanity_never_becomes_an_outcome(name: str) -> None:
    found = classify(name, **PAPERS)
    assert (found.class_name, found.lowered) == ("vanity", True), found


@pytest.mark.parametrize(
    "padded",
    [
        "total {}",
        "{} (organic)",
        "Our {} in Germany",
        "IG {}",
        "{}_2026",
        "KPI: {}",
        "Umsatz ({})",
        "“{}”",
        "{}!",
        "new {} per month",
        "{}/day",
        "Brand {} index",
    ],
)
def test_padding_does_not_lift_any_alias_of_vanity(padded: str) -> None:
    listed = [
        alias.strip()
        for row in TABLE
        if row.class_name == "vanity"
        for alias in row.aliases.split(",")
    ]
    lifted = [
        alias
        for alias in listed
        if classify(padded.format(alias), **PAPERS).class_name == "outcome"
    ]
    assert lifted == []


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_outcome_is_not_caught(name: str) -> None:
    found = classify(name, **PAPERS)
    assert (found.class_name, found.lowered, found.tier) == ("outcome", False, "business"), found


@pytest.mark.parametrize(("name", "class_name"), [("Response time", "health"), ("SLA met (%)", "health"), ("Antwortquote", "health"), ("Share of voice", "driver"),
                                                  ("Sales (clicks)", "driver"), ("Cost per click", "driver"), ("Interaktionsrate", "driver")])  # fmt: skip
def test_drivers_and_health_are_known_by_name(name: str, class_name: str) -> None:
    assert classify(name, **PAPERS).class_name == class_name


def test_a_series_from_a_networks_export_is_at_most_a_driver() -> None:
    found = classify("Shop taps worth", from_network_export=True, **PAPERS)
    assert (found.class_name, found.lowered) == ("driver", True)
    assert (
        classify("Something of theirs", from_network_export=True, stated="health").class_name
        == "health"
    )
    assert classify("Something of theirs", from_network_export=True).class_name == "unclassed"


@pytest.mark.parametrize("missing", ["unit", "source", "why"])
def test_an_outcome_needs_unit_source_and_a_sentence(missing: str) -> None:
    found = classify("Orders", **(PAPERS | {missing: " "}))
    assert (found.class_name, found.lowered) == ("unclassed", True)
    assert "needs" in found.reason


def test_all_three_papers_make_an_outcome_without_the_word() -> None:
    assert classify("Orders", **(PAPERS | {"stated": ""})).class_name == "outcome"
    assert classify("Orders").class_name == "unclassed"
    assert classify("Orders", stated="brilliant").class_name == "unclassed"
    assert classify("Index of demand", stated="driver").class_name == "driver"


def test_the_table_lowers_but_does_not_complain_where_nothing_higher_was_said() -> None:
    assert not classify("Followers", stated="vanity").lowered
    assert not classify("Followers").lowered
    assert classify("Followers", stated="driver").lowered


def test_folding_makes_one_of_many_spellings() -> None:
    assert (
        fold("Gefällt-mir-Angaben")
        == fold("GEFÄLLT  mir   angaben")
        == ("gefallt", "mir", "angaben")
    )
    assert fold("newFollowers2026") == ("new", "followers", "2026")
    assert one_slip("followers", "folowers")
    assert one_slip("followers", "follwoers")
    assert not one_slip("followers", "flowers")


def series(days: int, value: Callable[[int], float | Decimal]) -> dict[date, Any]:
    return {date(2026, 1, 1) + timedelta(days=d): value(d) for d in range(days)}


def test_a_renamed_series_is_known_by_its_values() -> None:
    likes = series(40, lambda d: 100 + d)
    assert same_as_vanity(series(40, lambda d: Decimal(100 + d)), likes)
    assert same_as_vanity(series(28, lambda d: 100 + d if d % 14 else 0), likes)  # 26 of 28 equal
    assert not same_as_vanity(series(27, lambda d: 100 + d), likes)
    assert not same_as_vanity(series(40, lambda d: 100 + d if d % 5 else 0), likes)


def documented() -> dict[str, str]:
    """Canonical name -> class, as docs/reference/measures.md lists them."""
    found: dict[str, str] = {}
    heading = ""
    for line in DOCS.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:].strip().lower()
        elif line.startswith("| ") and heading in ("vanity", "driver", "health"):
            found[line.split("|")[1].strip()] = heading
    found.pop("Measure")
    return found


def test_the_docs_list_every_name_under_its_class() -> None:
    assert documented() == {row.name: row.class_name for row in TABLE}
