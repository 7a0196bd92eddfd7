"""The names of places are those that people use, and the tables that the site reads are what their script makes."""

import json
from pathlib import Path

import pycountry
import pytest
from django.utils.translation import override

from chapters.place_data import tables
from chapters.regions import TERRITORIES, country_choices, country_name, place_code, region_groups, region_name
from tooling import build_cities, build_place_names
from tooling.place_corrections import CORRECTIONS

DATA = Path(tables.__file__).parent
PROVINCES = """
CA-AB Alberta | Alberta | Alberta
CA-BC British Columbia | Colombie-Britannique | Columbia Británica
CA-MB Manitoba | Manitoba | Manitoba
CA-NB New Brunswick | Nouveau-Brunswick | Nuevo Brunswick
CA-NL Newfoundland and Labrador | Terre-Neuve-et-Labrador | Terranova y Labrador
CA-NS Nova Scotia | Nouvelle-Écosse | Nueva Escocia
CA-NT Northwest Territories | Territoires du Nord-Ouest | Territorios del Noroeste
CA-NU Nunavut | Nunavut | Nunavut
CA-ON Ontario | Ontario | Ontario
CA-PE Prince Edward Island | Île-du-Prince-Édouard | Isla del Príncipe Eduardo
CA-QC Quebec | Québec | Quebec
CA-SK Saskatchewan | Saskatchewan | Saskatchewan
CA-YT Yukon | Yukon | Yukon
"""
#: Those with different names in the three languages. All others have one name.
STATES = """
US-CA California | Californie | California
US-DC District of Columbia | District de Columbia | Distrito de Columbia
US-FL Florida | Floride | Florida
US-GA Georgia | Géorgie | Georgia
US-HI Hawaii | Hawaï | Hawái
US-LA Louisiana | Louisiane | Luisiana
US-MI Michigan | Michigan | Míchigan
US-MS Mississippi | Mississippi | Misisipi
US-MO Missouri | Missouri | Misuri
US-NC North Carolina | Caroline du Nord | Carolina del Norte
US-ND North Dakota | Dakota du Nord | Dakota del Norte
US-NH New Hampshire | New Hampshire | Nuevo Hampshire
US-NJ New Jersey | New Jersey | Nueva Jersey
US-NM New Mexico | Nouveau-Mexique | Nuevo México
US-NY New York | New York | Nueva York
US-OR Oregon | Oregon | Oregón
US-PA Pennsylvania | Pennsylvanie | Pensilvania
US-SC South Carolina | Caroline du Sud | Carolina del Sur
US-SD South Dakota | Dakota du Sud | Dakota del Sur
US-VA Virginia | Virginie | Virginia
US-WV West Virginia | Virginie-Occidentale | Virginia Occidental
"""
OTHERS = """
GB-ENG England | Angleterre | Inglaterra
GB-NIR Northern Ireland | Irlande du Nord | Irlanda del Norte
GB-SCT Scotland | Écosse | Escocia
GB-WLS Wales | Pays de Galles | Gales
US-AS American Samoa | Samoa américaines | Samoa Americana
US-GU Guam | Guam | Guam
US-MP Northern Mariana Islands | Mariannes du Nord | Islas Marianas del Norte
US-PR Puerto Rico | Porto Rico | Puerto Rico
US-VI U.S. Virgin Islands | Îles Vierges américaines | Islas Vírgenes de EE. UU.
US United States | États-Unis | Estados Unidos
CA Canada | Canada | Canadá
GB United Kingdom | Royaume-Uni | Reino Unido
MX Mexico | Mexique | México
BO Bolivia | Bolivie | Bolivia
CD Democratic Republic of the Congo | République démocratique du Congo | República Democrática del Congo
CG Republic of the Congo | République du Congo | República del Congo
CI Côte d’Ivoire | Côte d’Ivoire | Costa de Marfil
CZ Czechia | Tchéquie | Chequia
HK Hong Kong | Hong Kong | Hong Kong
IR Iran | Iran | Irán
KN St. Kitts & Nevis | Saint-Kitts-et-Nevis | San Cristóbal y Nieves
KR South Korea | Corée du Sud | Corea del Sur
RE Réunion | La Réunion | Reunión
RU Russia | Russie | Rusia
TZ Tanzania | Tanzanie | Tanzania
VE Venezuela | Vénézuéla | Venezuela
VN Vietnam | Vietnam | Vietnam
"""


def listed(table):
    rows = [line.partition(" ") for line in table.strip().splitlines()]
    return [(code, names.split(" | ")) for code, _space, names in rows]


def named(code):
    """The name of a place in each language of the site."""
    said = []
    for language in tables.LANGUAGES:
        with override(language):
            said.append(region_name(code) or country_name(code))
    return said


@pytest.mark.parametrize(("code", "names"), [*listed(PROVINCES), *listed(STATES), *listed(OTHERS)])
def test_each_place_has_the_name_that_people_use(code, names):
    assert named(code) == names


def test_all_provinces_are_in_this_file():
    with override("en"):
        groups = dict(region_groups())
    assert [code for code, _names in listed(PROVINCES)] == sorted(code for code, _name in groups["Canada"])


def test_the_other_states_have_one_name_in_all_languages():
    different = {code for code, _names in listed(STATES)}
    states = {part.code for part in pycountry.subdivisions.get(country_code="US") if part.type == "State"}
    assert (len(states), len(states - different)) == (50, 30)
    assert [code for code in sorted(states - different) if len(set(named(code))) > 1] == []


@pytest.mark.parametrize("language", tables.LANGUAGES)
def test_all_countries_have_a_plain_name_in_each_language(language):
    """No remark in square brackets, no "Islamic Republic of", no small first letter; none is missing or there twice."""
    with override(language):
        names = [name for _code, name in country_choices()]
    odd = [name for name in names if not name or not name[0].isupper() or set(name) & set("[],;/\u2011")]
    assert (len(names), len(set(names)), odd) == (249, 249, [])


def test_a_country_is_not_called_by_the_name_of_another_language():
    """Fewer names than these are the same in all three languages: such as Angola, Cuba, Togo."""
    same = [code for code, _name in country_choices() if len(set(named(code))) == 1]
    assert {"AO", "CU", "TG"} <= set(same)
    assert not {"DE", "US", "GB", "JP", "CH", "ES"} & set(same)


def test_an_unknown_code_or_language_has_a_plain_answer():
    assert (tables.name_in("XX", "en"), tables.name_in("DE", "pt"), tables.name_in("DE", None)) == (
        "", "Germany", "Germany"
    )  # fmt: skip


def test_the_territories_are_those_that_iso_lists_twice():
    parts = {part.code: part.name for part in pycountry.subdivisions.get(country_code="US")}
    twice = {c.alpha_2: f"US-{c.alpha_2}" for c in pycountry.countries if parts.get(f"US-{c.alpha_2}") == c.name}
    assert twice == TERRITORIES
    assert [place_code(code) for code in ("PR", "gu", "US-VI")] == ["US-PR", "US-GU", "US-VI"]


def test_each_correction_still_corrects_something():
    usual = {
        (code, language): build_place_names._usual_name(code, language)
        for code, names in CORRECTIONS.items()
        for language in names
    }
    assert [place for place, name in usual.items() if CORRECTIONS[place[0]][place[1]] == name] == []


@pytest.mark.parametrize("name", ["names.json", "spellings.json"])
def test_the_tables_are_what_the_script_makes(name):
    """After a change of an alias or a new Babel or pycountry: `python -m tooling.build_place_names`."""
    made = {"names.json": build_place_names.names, "spellings.json": build_place_names.spellings}[name]()
    assert build_place_names.text_of(made) == (DATA / name).read_text(encoding="utf-8")


class TestCities:
    def city(self, name, country, part, population):
        return {"name": name, "countrycode": country, "admin1code": part, "population": population}

    @pytest.mark.parametrize(
        ("cities", "found"),
        [
            ([("Toronto", "CA", "08", 2_600_000)], {"toronto": "CA-ON"}),
            ([("Smallville", "US", "KS", 74_999)], {}),
            ([("San Juan", "PR", "127", 418_000)], {"san juan": "US-PR"}),
            ([("Paris", "FR", "11", 2_000_000)], {}),
            ([("Portland", "US", "ME", 66_881), ("Portland", "US", "OR", 652_503)], {"portland": "US-OR US-ME"}),
            ([("Dover", "US", "DE", 49_999), ("Dover", "US", "NH", 80_000)], {"dover": "US-NH"}),
            ([("London", "CA", "08", 422_324), ("London", "GB", "ENG", 8_961_989)], {"london": "CA-ON GB-ENG"}),
            ([("Salem", "US", "OR", 175_000), ("Salem", "XX", "1", 499_999)], {"salem": "US-OR"}),
            ([("St. Louis", "US", "MO", 300_000)], {"saint louis": "US-MO"}),
            ([("Chinatown", "US", "CA", 100_000), ("Newton", "CA", "02", 159_390)], {}),
        ],
    )
    def test_a_name_gives_the_places_with_a_large_city_of_that_name(self, cities, found):
        also = build_cities.cities_by_name([])
        made = build_cities.cities_by_name([self.city(*city) for city in cities])
        assert {name: codes for name, codes in made.items() if name not in also} == found

    def test_zip_prefixes_are_read_from_their_script(self):
        lists = '([0,1,1,2,3]); const regions = [null,"NY","AE","PW"]; const exceptions = {"00102":2,"00103":1};'
        script = f"const mapping = new Uint8Array{lists}"
        assert build_cities.zip_prefixes(script) == {
            "prefixes": {"001-002": "US-NY", "004": "PW"}, "codes": {"00102": "", "00103": "US-NY"}
        }  # fmt: skip

    def test_all_codes_in_the_tables_are_places(self):
        codes = {code for codes in tables.cities().values() for code in codes.split()}
        codes |= {place for place in tables.zip_prefixes().values() if place}
        assert [code for code in sorted(codes) if place_code(code) != code] == []

    def test_every_state_has_a_zip_prefix(self):
        states = {part.code for part in pycountry.subdivisions.get(country_code="US")} - {"US-UM"}
        assert states - set(tables.zip_prefixes().values()) == set()

    def test_the_files_are_small(self):
        sizes = {path.name: path.stat().st_size for path in DATA.glob("*.json")}
        assert sorted(sizes) == ["cities.json", "names.json", "spellings.json", "zip_prefixes.json"]
        assert [name for name, size in sizes.items() if size > 350_000] == []
        assert all(json.loads((DATA / name).read_text(encoding="utf-8")) for name in sizes)
