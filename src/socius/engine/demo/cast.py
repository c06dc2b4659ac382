"""The invented organisation: its units and its people. Halvern Group makes household appliances and looks after them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import NamedTuple

from socius.engine.demo.rows import PersonRow, UnitRow

NAME = "Halvern Group"
DOMAIN = "halvern.example"
ZONE = "Europe/Amsterdam"


class Place(NamedTuple):
    """A unit with what its accounts need to know of it. `tag` goes into handles."""

    unit: str
    name: str
    parent: str
    kind: str
    language: str
    country: str
    zone: str
    tag: str
    aliases: str = ""


# fmt: off
PLACES = (
    Place("halvern", NAME, "", "hub", "en", "NL", ZONE, "", "Halvern|Halvern Holding"),
    Place("europe", "Europe", "halvern", "hub", "en", "NL", ZONE, "EU"),
    Place("overseas", "Americas and Asia Pacific", "halvern", "hub", "en", "US", "America/New_York", "World"),
    Place("care", "Customer Care", "halvern", "hub", "en", "NL", ZONE, "Care", "Service"),
    Place("brand", "Brand", "halvern", "hub", "en", "NL", ZONE, "Brand", "Brand and Products"),
    Place("germany", "Germany", "europe", "spoke", "de", "DE", "Europe/Berlin", "DE", "Halvern Deutschland|Deutschland"),
    Place("france", "France", "europe", "spoke", "fr", "FR", "Europe/Paris", "FR"),
    Place("united-kingdom", "United Kingdom", "europe", "spoke", "en", "GB", "Europe/London", "UK", "UK"),
    Place("spain", "Spain", "europe", "spoke", "es", "ES", "Europe/Madrid", "ES"),
    Place("italy", "Italy", "europe", "spoke", "it", "IT", "Europe/Rome", "IT"),
    Place("netherlands", "Netherlands", "europe", "spoke", "nl", "NL", ZONE, "NL"),
    Place("poland", "Poland", "europe", "spoke", "pl", "PL", "Europe/Warsaw", "PL"),
    Place("sweden", "Sweden", "europe", "spoke", "sv", "SE", "Europe/Stockholm", "SE"),
    Place("united-states", "United States", "overseas", "spoke", "en", "US", "America/New_York", "US", "USA"),
    Place("canada", "Canada", "overseas", "spoke", "en", "CA", "America/Toronto", "CA"),
    Place("brazil", "Brazil", "overseas", "spoke", "pt", "BR", "America/Sao_Paulo", "BR"),
    Place("mexico", "Mexico", "overseas", "spoke", "es", "MX", "America/Mexico_City", "MX"),
    Place("japan", "Japan", "overseas", "spoke", "ja", "JP", "Asia/Tokyo", "JP"),
    Place("australia", "Australia", "overseas", "spoke", "en", "AU", "Australia/Sydney", "AU"),
    Place("care-north", "Care North", "care", "spoke", "en", "GB", "Europe/London", "Help"),
    Place("care-south", "Care South", "care", "spoke", "es", "ES", "Europe/Madrid", "Ayuda"),
    Place("repair", "Spare Parts and Repair", "care", "spoke", "de", "DE", "Europe/Berlin", "Repair"),
    Place("kitchen", "Kitchen", "brand", "spoke", "en", "GB", "Europe/London", "Kitchen"),
    Place("laundry", "Laundry", "brand", "spoke", "en", "GB", "Europe/London", "Laundry"),
    Place("air", "Air and Climate", "brand", "spoke", "en", "NL", ZONE, "Air"),
    Place("coffee", "Coffee", "brand", "spoke", "it", "IT", "Europe/Rome", "Coffee"),
    Place("careers", "Careers", "brand", "spoke", "en", "NL", ZONE, "Careers"),
)

# (first name, family name, unit, role). Executives own goals; hub leads answer for accounts.
LEADERS = (
    ("Mirjam", "Oosterlaan", "halvern", "Viewer"), ("Tobias", "Reinhalt", "halvern", "Viewer"), ("Adaeze", "Okwuosa", "halvern", "Viewer"),
    ("Laurent", "Dessaigne", "halvern", "Viewer"), ("Ines", "Valdorren", "halvern", "Hub lead"), ("Priya", "Raghunath", "halvern", "Analyst"),
    ("Jonas", "Ekelund", "halvern", "Admin"), ("Sofia", "Marchetti", "europe", "Hub lead"), ("Daniel", "Whitcombe", "overseas", "Hub lead"),
    ("Karin", "Bogaerts", "care", "Hub lead"), ("Felix", "Amsberg", "brand", "Hub lead"), ("Noor", "Haddadin", "halvern", "Auditor"),
)
EXECUTIVES = {"marketing": 0, "operations": 1, "customers": 2, "communication": 3}
FIRST = {
    "de": ("Annika", "Lukas", "Greta", "Henning"), "fr": ("Camille", "Baptiste", "Solène", "Yann"), "en": ("Harriet", "Callum", "Imogen", "Rhys"),
    "es": ("Marisol", "Iker", "Lucía", "Adrián"), "it": ("Giulia", "Matteo", "Chiara", "Davide"), "nl": ("Sanne", "Bram", "Fenna", "Joost"),
    "pl": ("Zofia", "Marek", "Hanna", "Piotr"), "sv": ("Elsa", "Viktor", "Maja", "Axel"), "pt": ("Beatriz", "Tiago", "Luana", "Rafael"),
    "ja": ("Haruka", "Kenji", "Aoi", "Daichi"),
}
FAMILY = (
    "Albring", "Bellweder", "Corvane", "Dahlgrein", "Estrevel", "Fennimoor", "Galdrin", "Hartevelt", "Isenthal", "Jolivard", "Kestermann", "Lindqvart", "Morvella",
    "Nordahlen", "Ostrander", "Pellegrant", "Quintavel", "Rosendorn", "Sandvellen", "Tavernier", "Ulmengard", "Vasterholt", "Wexcombe", "Yardelin", "Zandhoven",
)
# fmt: on
TEAM = ("Spoke lead", "Publisher", "Responder")

BY_UNIT = {place.unit: place for place in PLACES}
COUNTRIES = tuple(p.unit for p in PLACES if p.parent in ("europe", "overseas"))
PRODUCTS = tuple(p.unit for p in PLACES if p.parent == "brand")


def address(first: str, family: str) -> str:
    """An invented address under a domain that nobody can own."""
    ascii_only = str.maketrans("éèíáâö", "eeiaao")
    return f"{first}.{family}@{DOMAIN}".lower().translate(ascii_only)


def executive(part: str) -> str:
    """The address of one of the four executives who own goals."""
    first, family, _, _ = LEADERS[EXECUTIVES[part]]
    return address(first, family)


def units(as_of: date) -> list[UnitRow]:
    """units.csv; Coffee was split off from Kitchen within living memory, so that yesterday's tree can be asked."""
    split = (as_of - timedelta(days=800)).isoformat()
    return [
        UnitRow(
            p.unit,
            p.name,
            p.parent,
            p.kind,
            f"HV-{at:03d}",
            p.aliases,
            p.language,
            split if p.unit == "coffee" else "",
        )
        for at, p in enumerate(PLACES, start=1)
    ]


def people(rng: random.Random) -> list[PersonRow]:
    """people.csv: leaders by name, and a team of two or three in every spoke."""
    rows = [
        PersonRow(address(first, family), f"{first} {family}", unit, role)
        for first, family, unit, role in LEADERS
    ]
    taken = {row.email for row in rows}
    for place in PLACES:
        if place.kind == "hub":
            continue
        for role in TEAM[: rng.choice((2, 3, 3))]:
            row = _newcomer(rng, place, role, taken)
            taken.add(row.email)
            rows.append(row)
    return rows


def _newcomer(rng: random.Random, place: Place, role: str, taken: set[str]) -> PersonRow:
    while True:
        first, family = rng.choice(FIRST[place.language]), rng.choice(FAMILY)
        if address(first, family) not in taken:
            return PersonRow(address(first, family), f"{first} {family}", place.unit, role)
