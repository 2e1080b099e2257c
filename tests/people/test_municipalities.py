from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.people.municipalities import (
    Municipality,
    by_code,
    by_domain,
    by_name,
    municipalities,
    normalise,
    suggest,
)

# CBS, "Gemeenten alfabetisch", 2023 up to and including 2026.
PER_PROVINCE = {
    "Drenthe": 12,
    "Flevoland": 6,
    "Fryslân": 18,
    "Gelderland": 51,
    "Groningen": 10,
    "Limburg": 31,
    "Noord-Brabant": 56,
    "Noord-Holland": 44,
    "Overijssel": 25,
    "Utrecht": 26,
    "Zeeland": 13,
    "Zuid-Holland": 50,
}


def test_every_province_has_the_municipalities_that_cbs_counts() -> None:
    assert Counter(one.province for one in municipalities()) == PER_PROVINCE
    assert len(municipalities()) == 342


def test_no_code_name_or_domain_is_used_twice() -> None:
    everything = municipalities()
    assert len({one.code for one in everything}) == len(everything)
    assert len({normalise(one.name) for one in everything}) == len(everything)
    domains = [domain for one in everything for domain in one.domains]
    assert len(set(domains)) == len(domains)


@pytest.mark.parametrize("one", municipalities(), ids=lambda one: one.code)
def test_a_row_is_well_formed(one: Municipality) -> None:
    assert one.code.startswith("GM")
    assert one.code[2:].isdigit()
    assert len(one.code) == 6
    assert one.name == one.name.strip()
    assert by_name(one.name) is one
    assert by_code(one.code.lower()) is one
    for name in one.also_known_as:
        assert by_name(name) is one
    for domain in one.domains:
        assert domain == domain.lower()
        assert domain.isascii()
        assert by_domain(domain) is one


@pytest.mark.parametrize(
    ("address", "code"),
    [
        pytest.param("jip@rotterdam.nl", "GM0599", id="an address of a municipality names it"),
        pytest.param("JIP@Rotterdam.NL", "GM0599", id="capitals do not matter"),
        pytest.param("jip@sb.rotterdam.nl", "GM0599", id="a department below the domain counts"),
        pytest.param("denhaag.nl", "GM0518", id="a bare domain is enough"),
        pytest.param("jip@s-hertogenbosch.nl", "GM0796", id="a name with an apostrophe keeps its hyphen"),
        pytest.param("jip@bergen.nl", "GM0893", id="bergen.nl is the one in Limburg"),
        pytest.param("jip@bergen-nh.nl", "GM0373", id="bergen-nh.nl is the one in Noord-Holland"),
        pytest.param("jip@lv.nl", "GM1916", id="a second domain counts as well"),
        pytest.param("jip@notrotterdam.nl", None, id="a domain that only ends alike is another"),
        pytest.param("jip@rotterdam.nl.example.org", None, id="a domain that only begins with it is another"),
        pytest.param("jip@example.org", None, id="any other domain names nobody"),
        pytest.param("nl", None, id="a top-level domain names nobody"),
        pytest.param("", None, id="nothing names nobody"),
    ],
)
def test_a_mail_domain_names_its_municipality(address: str, code: str | None) -> None:
    found = by_domain(address)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        pytest.param("Den Haag", "'s-Gravenhage", id="the everyday name"),
        pytest.param("’s-gravenhage", "'s-Gravenhage", id="a curly apostrophe and no capital"),
        pytest.param("s Gravenhage", "'s-Gravenhage", id="no apostrophe, no hyphen"),
        pytest.param("gemeente Utrecht", "Utrecht", id="with 'gemeente' in front"),
        pytest.param("  UTRECHT ", "Utrecht", id="spaces and capitals"),
        pytest.param("Sudwest Fryslan", "Súdwest-Fryslân", id="without accents"),
        pytest.param("Nuenen", "Nuenen, Gerwen en Nederwetten", id="the short name"),
    ],
)
def test_spellings_of_one_name_have_one_key(typed: str, official: str) -> None:
    assert normalise(typed) == normalise(official)
    found = by_name(typed)
    assert found is not None
    assert found.name == official


def test_a_name_that_two_municipalities_share_is_no_answer() -> None:
    assert by_name("Bergen") is None


def test_suggestions_begin_with_what_was_typed_before_they_contain_it() -> None:
    assert [one.name for one in suggest("haar")] == ["Haarlem", "Haarlemmermeer"]
    assert [one.name for one in suggest("den h")] == ["Den Helder", "'s-Gravenhage"]
    assert [one.name for one in suggest("ijssel")] == [
        "IJsselstein",
        "Capelle aan den IJssel",
        "Krimpen aan den IJssel",
        "Oude IJsselstreek",
    ]
    assert len(suggest("a", limit=3)) == 3
    assert suggest("   ") == ()


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(name: str) -> None:
    once = normalise(name)
    assert normalise(once) == once
