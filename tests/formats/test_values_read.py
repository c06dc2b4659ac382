"""Numbers, dates, networks, languages: one value at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from socius.connectors import dates
from socius.connectors.files import identify, languages, networks, numbers, same


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("27001", "none"), ("1.5", "point"), ("1,5", "comma"), ("1,234", "either"), ("1.234", "either"), ("0.123", "point"), ("0,123", "comma"),
        ("1.234,56", "comma"), ("1,234.56", "point"), ("1.234.567", "comma"), ("1,234,567", "point"), ("1 234,5", "comma"), ("R$ 100.000", "comma"),
        ("-12.5", "point"), ("(12,5)", "comma"), ("12,34,567", "neither"), ("1.2.3", "neither"), ("abc", "neither"), ("", "neither"), ("$5", "none"), ("7 %", "none"),
    ],
)  # fmt: skip
def test_what_a_number_proves(text: str, reading: str) -> None:
    assert numbers.reading_of(text) == reading


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.234,56", "comma", "1234.56"), ("1,234.56", "point", "1234.56"), ("1 234", "point", "1234"), ("(5)", "point", "-5"), ("€ 5,50", "comma", "5.5"),
        ("EUR 7", "point", "7"), ("12%", "point", "12"), ("1'000", "point", "1000"), ("2E3", "point", "2000"), ("1,5", "point", None), ("x", "point", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_its_column_says(text: str, decimal: str, value: str | None) -> None:
    assert numbers.parse(text, decimal) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-03-04", "iso", date(2026, 3, 4)), ("2026/03/04", "iso", date(2026, 3, 4)), ("20260304", "iso", date(2026, 3, 4)), ("2026030417", "iso", date(2026, 3, 4)),
        ("2026-03", "iso", date(2026, 3, 1)), ("04/03/2026", "day_first", date(2026, 3, 4)), ("03/04/26", "month_first", date(2026, 3, 4)), ("4.3.2026", "day_first", date(2026, 3, 4)),
        ("Tue, Jul 14, 2026", "iso", date(2026, 7, 14)), ("14 juillet 2026", "iso", date(2026, 7, 14)), ("14 de julio de 2026", "iso", date(2026, 7, 14)), ("4. März 2026", "iso", date(2026, 3, 4)),
        ("Wed Oct 10 20:19:24 +0000 2018", "iso", date(2018, 10, 10)), ("1/23/2023 12:00 AM", "month_first", date(2023, 1, 23)), ("2015-02-24 11:35:52 -0800", "iso", date(2015, 2, 24)),
    ],
)  # fmt: skip
def test_dates_as_vendors_write_them(text: str, order: str, day: date) -> None:
    moment = dates.parse(text, order)
    assert moment is not None
    assert moment.wall.date() == day


@pytest.mark.parametrize("text", ["", "never", "2026-13-01", "31/02/2026", "12", "3 apples 2026"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates.parse(text, "day_first") is None


def test_midnight_and_noon_in_twelve_hours() -> None:
    assert [
        dates.parse(f"1/2/2026 {t}", "month_first").wall.hour
        for t in ("12:00 AM", "12:30 PM", "1:05 pm")
    ] == [0, 12, 13]  # type: ignore[union-attr]


def test_weeks_are_their_mondays() -> None:
    assert dates.week("2026-W07", "iso") == dates.week("2026-02-11", "iso") == date(2026, 2, 9)
    assert dates.week("2026-W60", "iso") is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("X", "x"),
        ("Twitter", "x"),
        ("Youtube", "youtube"),
        ("Intagram", "instagram"),
        ("Linkedin", "linkedin"),
        ("snapchat", "snapchat"),
        ("Truth Social", "truth social"),
        ("", ""),
    ],
)
def test_networks_go_by_their_code(name: str, code: str) -> None:
    assert networks.code(name) == code


@pytest.mark.parametrize(
    ("text", "network", "handle", "remote", "key"),
    [
        ("https://twitter.com/AcmeCare", "x", "AcmeCare", "", "x.com/acmecare"),
        ("https://x.com/acmecare?lang=fr", "x", "acmecare", "", "x.com/acmecare"),
        (" www.facebook.com/Acme/ ", "facebook", "Acme", "", "facebook.com/acme"),
        ("https://m.facebook.com/Acme", "facebook", "Acme", "", "facebook.com/acme"),
        (
            "https://www.facebook.com/pages/Acme-Care/146269735565828?fref=ts",
            "facebook",
            "Acme-Care",
            "146269735565828",
            "facebook.com/146269735565828",
        ),
        (
            "https://www.facebook.com/profile.php?id=100072520562001",
            "facebook",
            "",
            "100072520562001",
            "facebook.com/100072520562001",
        ),
        ("https://www.facebook.com/pg/Acme/about/", "facebook", "Acme", "", "facebook.com/acme"),
        (
            "http://www.youtube.com/channel/UCWEkolOpjOruSK",
            "youtube",
            "",
            "UCWEkolOpjOruSK",
            "youtube.com/UCWEkolOpjOruSK",
        ),
        ("https://www.youtube.com/user/acme/featured", "youtube", "acme", "", "youtube.com/acme"),
        ("https://youtube.com/@acme", "youtube", "acme", "", "youtube.com/acme"),
        (
            "https://ca.linkedin.com/company/acme/about/",
            "linkedin",
            "acme",
            "",
            "linkedin.com/acme",
        ),
        ("https://linkedin.com/in/acme", "linkedin", "in/acme", "", "linkedin.com/in/acme"),
        (
            "https://flickr.com/photos/55677919@N02/",
            "flickr",
            "55677919@N02",
            "",
            "flickr.com/55677919@n02",
        ),
        ("https://www.reddit.com/r/acme", "reddit", "r/acme", "", "reddit.com/r/acme"),
        (
            "https://social.example/@acme",
            "mastodon",
            "acme@social.example",
            "",
            "social.example/@acme",
        ),
        ("acme.example/news", "", "", "", "acme.example/news"),
        ("https://x.com/", "x", "", "", "x.com"),
    ],
)
def test_addresses_are_taken_apart(
    text: str, network: str, handle: str, remote: str, key: str
) -> None:
    found = networks.address(text)
    assert found is not None
    assert (found.network, found.handle, found.remote, found.key) == (network, handle, remote, key)
    assert "://" in found.url


@pytest.mark.parametrize(
    "text",
    ["", "Acme Care - Go to account", "ann@acme.example", "acme", "http://", "javascript:alert(1)"],
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert networks.address(text) is None


def test_a_network_that_contradicts_its_address_is_flagged_and_not_corrected() -> None:
    found = identify("Facebook", "", "https://twitter.com/acme", "")
    assert (found.network, found.contradicts) == ("facebook", "x")
    assert not any(kind == "handle" for kind, _ in found.keys)


def test_one_name_with_two_addresses_is_two_accounts() -> None:
    english = identify("Facebook", "Acme", "https://facebook.com/AcmeEN", "")
    french = identify("Facebook", "Acme", "https://facebook.com/AcmeFR", "")
    nameless = identify("Facebook", "Acme", "", "")
    assert not same(english.keys, french.keys)
    assert same(nameless.keys, english.keys)
    assert same(
        identify("X", "@Acme", "", "").keys, identify("twitter", "Acme Inc", "x.com/ACME/", "").keys
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("English", "en"), ("Français", "fr"), ("Francais", "fr"), ("fr-CA", "fr"), ("Bilingue", "en+fr"), ("Bilingual", "en+fr"), ("fr|en", "en+fr"),
        ("English and French", "en+fr"), ("anglais et français", "en+fr"), ("Klingon", "und"), ("en, Klingon", "und"), ("Deutsch", "de"), ("português", "pt"),
    ],
)  # fmt: skip
def test_languages_go_by_their_code(text: str, code: str) -> None:
    assert languages.code(text, "en+fr") == code


def test_bilingual_means_nothing_where_the_source_does_not_say_what() -> None:
    assert languages.code("Bilingual") == "und"
