"""Names meet every spelling the mission knows; likeness only ever makes a suggestion."""

import unicodedata

from coding.exchange.names import Spellings, look_alikes
from coding.store import Store


def test_aliases_scripts_case_and_unicode_form(store: Store) -> None:
    subjects = Spellings.of_subjects(store.mission())
    assert subjects.name(" the  BLUES ") == "Blue Party"
    assert subjects.name(unicodedata.normalize("NFD", "Синяя партия")) == "Blue Party"
    assert subjects.name("الحزب الأحمر") == "Red Party"
    assert subjects.name("Blue Partie") is None
    assert subjects.nearest("Blue Partie").startswith("Blue Party")
    assert subjects.nearest("zzz") == ""
    assert Spellings.of_outlets(store.mission()).name("არხი ა") == "Channel A"


def test_look_alikes_are_found_and_different_people_are_not() -> None:
    names = ["ASSELINEAU FRANCOIS", "ASSELINEAU FRANÇOIS", "DUPONT AIGNAN NICOLAS", "Nicolas Dupont-Aignan", "LE PEN"]
    assert list(look_alikes([*names, "MACRON"])) == [(names[0], names[1]), (names[2], names[3])]
    assert list(look_alikes(["Nino Beridze", "Nina Beridze"])) == [("Nino Beridze", "Nina Beridze")]
    assert not list(look_alikes(["Синяя партия", "Красная партия"]))
