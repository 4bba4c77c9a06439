"""Forms of words: what belongs to a name in a language and what is another word."""

import pytest

from models.naming.inflect import AGGLUTINATIVE, INFLECTING, inflected, tail
from models.naming.tokens import fold, plain, tokens


def takes(name: str, form: str, language: str, acronym: bool = False) -> bool:
    words, forms = fold(name).split(), fold(form).split()
    return len(words) == len(forms) and all(
        word.takes(token) for word, token in zip(inflected(words, language, acronym), forms, strict=True)
    )


@pytest.mark.parametrize(
    ("name", "forms", "others"),
    [
        ("назарбаев", "назарбаева назарбаеву назарбаевым назарбаеве назарбаевы назарбаевых", "назарбаевой назар"),
        ("тимошенко", "тимошенко", "тимошенков"),
        ("масимова", "масимовой масимову масимовых", "масимове масимов"),
        ("правительство", "правительства правительству правительством правительстве", "правитель правительственный"),
        ("жол", "жола жолу жолом жоле", "жолаушы"),
        ("путин", "путина путину путиным путине", "путиной"),
        ("королев", "королева королевым королеве", "королевой король"),
        ("ходорковский", "ходорковского ходорковскому ходорковским ходорковском", "ходорковская"),
        ("токаев", "токаева токаеву токаевым токаеве токаевы токаевых", "токаевой"),
        ("токаева", "токаевой токаеву токаевых", "токаеве токаев"),
        ("бортников", "бортникова бортниковым", "бортник"),
        ("әділет", "әділет", "әділета"),
    ],
)
def test_russian_words(name: str, forms: str, others: str) -> None:
    assert all(takes(name, form, "ru") for form in [name, *forms.split()])
    assert not any(takes(name, form, "ru") for form in others.split())


def test_every_word_of_a_russian_name_is_inflected() -> None:
    assert takes("центральная избирательная комиссия", "центральной избирательной комиссией", "ru")
    assert takes("нур отан", "нур отаном", "ru")


@pytest.mark.parametrize(
    ("name", "forms", "others"),
    [
        ("парламент", "парламенттің парламентке парламентте парламенттен парламенті парламентінің", "парламентарий"),
        ("сенат", "сенаттың сенатқа сенаттағы сенаты сенатымен", "сенатор сенаторлар"),
        ("әкімдік", "әкімдіктің әкімдігі әкімдігінің әкімдіктер", "әкім"),
        ("назарбаев", "назарбаевтың назарбаевқа назарбаевты назарбаевпен назарбаевтар", "назарбаевич"),
        ("партиясы", "партиясының партиясына партиясында партиясынан партиясымен", "партия"),
        ("жол", "жол", "жолдың"),
    ],
)
def test_kazakh_words(name: str, forms: str, others: str) -> None:
    assert all(takes(name, form, "kk") for form in forms.split())
    assert not any(takes(name, form, "kk") for form in others.split())


def test_a_name_of_four_letters_in_two_words_takes_endings_on_the_last() -> None:
    assert takes("ақ жол", "ақ жолдың", "kk")
    assert not takes("ақ жол", "ақтың жол", "kk")


def test_a_kazakh_text_may_have_a_name_in_a_russian_case() -> None:
    assert takes("назарбаев", "назарбаевым", "kk")


@pytest.mark.parametrize(
    ("language", "name", "form"),
    [
        ("uz", "mirziyoyev", "mirziyoyevning"),
        ("tr", "merkezbank", "merkezbankası"),
        ("tr", "kılıç", "kılıcın"),
        ("az", "əliyev", "əliyevin"),
        ("ka", "ივანიშვილი", "ივანიშვილის"),
        ("hu", "orbán", "orbánnak"),
        ("hu", "karácsonya", "karácsonyával"),
        ("uk", "порошенко", "порошенком"),
        ("pl", "kaczyński", "kaczyńskiego"),
    ],
)
def test_other_languages_by_stem_and_ending(language: str, name: str, form: str) -> None:
    assert takes(name, form, language)
    assert not takes(name, form + "абвгдежзик", language)


def test_a_language_without_rules_takes_the_spelling_only() -> None:
    assert takes("nur otan", "nur otan", "en")
    assert not takes("otan", "otans", "en")


@pytest.mark.parametrize("language", sorted(AGGLUTINATIVE - {"kk"}))
def test_names_under_four_letters_take_no_endings(language: str) -> None:
    assert not takes("али", "алилар", language)


def test_acronyms_take_endings_and_no_morphology() -> None:
    assert takes("цик", "цика", "ru", acronym=True)
    assert not takes("цик", "цикл", "ru", acronym=True)
    assert takes("оск", "оскның", "kk", acronym=True)
    assert not takes("cec", "cecs", "en", acronym=True)


def test_endings_written_apart() -> None:
    assert tail("en", acronym=True) is None
    assert tail("ru", acronym=False) is None
    kazakh = tail("kk", acronym=False)
    assert kazakh is not None
    assert kazakh.ending.fullmatch("ның")
    assert not kazakh.ending.fullmatch("орталығы")


def test_the_lists_of_languages_do_not_overlap() -> None:
    assert not AGGLUTINATIVE & INFLECTING
    assert "ru" not in AGGLUTINATIVE | INFLECTING


def test_folding_and_tokens() -> None:
    assert fold("И\u0306од") == fold("йод") == "йод"
    assert fold("Назарба\u0301ев") == "назарбаев"
    assert fold("İstanbul") == fold("ISTANBUL") == "istanbul"
    assert plain("Ц\u00adИК") == "ЦИК"
    assert tokens("O'Brien–«Ко\u00adт»_2").words == ["o", "brien", "кот", "2"]
    assert tokens("").words == []
