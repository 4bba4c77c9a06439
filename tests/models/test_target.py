"""Who is named where: spellings, inflected forms, quotes, case, and the law of swapped names."""

import csv
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.target import Mentions, Target, masked, mentions, window_spans, windows

SAMPLE = Path(__file__).parents[2] / "sample_data" / "kazakhstan_2007"
NUR_OTAN = Target("Nur Otan", ("Нур Отан", "Нұр Отан"), (("Ak Zhol", "Ак жол", "Ақ жол"),))
NAZARBAYEV = Target("Nazarbayev", ("Назарбаев", "Нурсултан Назарбаев"))


def named(text: str, target: Target, language: str = "") -> list[str]:
    return [text[start:end] for start, end in mentions(text, target, language).target]


def shown(text: str, target: Target, language: str = "") -> str:
    return masked(text, mentions(text, target, language), "[T]", "[O]")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Визит Назарбаева в Астану", "ru", ["Назарбаева"]),
        ("С Назарбаевым, о Назарбаеве и назарбаеву", "ru", ["Назарбаевым", "Назарбаеве", "назарбаеву"]),
        ("Семья Назарбаевых", "ru", ["Назарбаевых"]),
        ("Нурсултаном Назарбаевым", "ru", ["Нурсултаном Назарбаевым"]),
        ("Нурсултана\u00a0Назарба́ева", "ru", ["Нурсултана\u00a0Назарба́ева"]),
        ("Речь Назарбаевой", "ru", []),
        ("назарбаевщина", "ru", []),
        ("Назарбаевтың сөзі, Назарбаевтан, Назарбаевқа", "kk", ["Назарбаевтың", "Назарбаевтан", "Назарбаевқа"]),
        ("Назарбаев-орталығы", "kk", ["Назарбаев"]),
        ("Nazarbayev's men and Nazarbayev’s party", "en", ["Nazarbayev", "Nazarbayev"]),
        ("NAZARBAYEV said; pro-Nazarbayev", "en", ["NAZARBAYEV", "Nazarbayev"]),
        ("Nazarbayevian", "en", []),
        ("Nazarbayev'in sözleri", "tr", ["Nazarbayev'in"]),
        ("Nur'Nazarbayev'ylan", "en", []),
        ("Nobody", "en", []),
        ("", "ru", []),
    ],
)
def test_forms_of_a_surname(text: str, language: str, expected: list[str]) -> None:
    assert named(text, NAZARBAYEV, language) == expected


@pytest.mark.parametrize(
    "written",
    [
        "Нур Отан",
        "«Нур Отан»",
        "“Нур Отан”",
        '"Нур Отан"',
        "„Нур Отан“",
        "'Нур Отан'",
        "Нур-Отан",
        "НУР ОТАН",
        "Нур\nОтан",
    ],
)
def test_quotes_hyphens_and_case_do_not_matter(written: str) -> None:
    assert named(f"Партия {written} и Ак жол", NUR_OTAN, "ru") == [written]


def test_a_spelling_with_quotes_is_found_without_them_and_with_others() -> None:
    listed = Target("x", ("НДП «Нур Отан»",))
    assert named("НДП Нур Отан, НДП “Нур Отан”.", listed, "ru") == ["НДП Нур Отан", "НДП “Нур Отан”"]


def test_words_parted_by_a_full_stop_are_not_a_name() -> None:
    assert named("Вышел Нур. Отан остался", NUR_OTAN, "ru") == []


def test_kazakh_endings_after_a_closing_quote_and_a_hyphen_are_of_the_name() -> None:
    text = "«Нұр Отан»ның, «Нұр Отан»-ға және Нұр Отанмен"
    assert named(text, NUR_OTAN, "kk") == ["«Нұр Отан»ның", "«Нұр Отан»-ға", "Нұр Отанмен"]


def test_the_same_subject_twice_is_two_spans_and_the_other_is_the_others() -> None:
    assert shown("Нұр Отан мен Ақ жолдың және Нұр Отанның", NUR_OTAN, "kk") == "[T] мен [O] және [T]"


def test_a_name_inside_a_longer_bystander_is_the_bystanders() -> None:
    ak_zhol = Target("Ak Zhol", ("Ак жол",), (("Nagyz Ak Zhol", "Нагыз Ак жол"),))
    assert shown("«Нагыз Ак жол» ушёл из Ак жола", ak_zhol, "ru") == "[O] ушёл из [T]"
    assert mentions("Нагыз Ак жолом", ak_zhol, "ru").target == ()


def test_the_longest_spelling_wins_and_others_stay_free() -> None:
    assert named("Нурсултан Назарбаев и Назарбаев", NAZARBAYEV, "ru") == ["Нурсултан Назарбаев", "Назарбаев"]


def test_a_surname_alone_counts_only_when_it_is_listed() -> None:
    assert named("Назарбаев", Target("Нурсултан Назарбаев"), "ru") == []


def test_a_spelling_is_sooner_whose_it_is_listed_than_whose_form_it_is() -> None:
    text = "Назарбаева приехала"
    assert named(text, Target("Назарбаев", (), (("Назарбаева",),)), "ru") == []
    assert named(text, Target("Назарбаева", (), (("Назарбаев",),)), "ru") == ["Назарбаева"]


def test_a_genitive_in_the_list_brings_no_forms_of_a_woman() -> None:
    listed = Target("x", ("Назарбаев", "Назарбаева"))
    assert named("Назарбаева и Назарбаевой", listed, "ru") == ["Назарбаева"]


def test_a_spelling_shared_with_a_bystander_is_the_targets() -> None:
    assert named("President spoke", Target("A", ("President",), (("B", "President"),)), "en") == ["President"]


@pytest.mark.parametrize(
    ("text", "alias", "language", "expected"),
    [
        ("this OR that or those", "OR", "en", ["OR"]),
        ("or Or oR", "OR", "en", []),
        ("the nato summit", "NATOX", "en", []),
        ("the natox summit", "NATOX", "en", ["natox"]),
        ("члены ЦИКа и ЦИК-ом, цика", "ЦИК", "ru", ["ЦИКа", "ЦИК-ом"]),
        ("ЦИКЛ и ЦИКад", "ЦИК", "ru", []),
        ("ОСК-ның мүшелері, ОСКге", "ОСК", "kk", ["ОСК-ның", "ОСКге"]),
        ("ҚХ-ның", "ҚХ", "kk", ["ҚХ-ның"]),
        ("U.S. and us", "U.S.", "en", ["U.S."]),
    ],
)
def test_short_capitals_must_be_capitals(text: str, alias: str, language: str, expected: list[str]) -> None:
    assert named(text, Target(alias), language) == expected


def test_a_word_listed_in_quotes_only_is_not_the_common_word() -> None:
    auyl = Target("Auyl", ("«Ауыл»",))
    assert named("«Ауыл»дың ауыл шаруашылығы, Ауыл, «ауыл»", auyl, "kk") == ["«Ауыл»дың", "Ауыл", "«ауыл»"]
    assert named("ауыл", Target("Auyl", ("«Ауыл»", "Ауыл")), "kk") == ["ауыл"]


def test_words_beside_a_name_are_taken_in_for_whomever_they_are_listed() -> None:
    target = Target("Руханият", ("Партия «Руханият»", "«Руханият» партиясы"), (("Ак жол",),))
    assert shown("Партии «Ак жол» и Партия Руханият", target, "ru") == "[O] и [T]"
    assert shown("«Ак жол» партиясының, Руханият партиясына", target, "kk") == "[O], [T]"


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_offsets_are_those_of_the_text_as_given(form: str) -> None:
    text = unicodedata.normalize(form, "Ёлка, йод: Николай Королёв’s «Қайрат»")
    found = mentions(text, Target("Королев", (), (("Қайрат",),)), "ru")
    ((start, end),) = found.target
    assert unicodedata.normalize("NFC", text[start:end]) == "Королёв"
    ((start, end),) = found.others
    assert unicodedata.normalize("NFC", text[start:end]) == "«Қайрат»"


def test_a_listed_name_may_be_decomposed() -> None:
    assert named("Мирзиёев и Жээнбеков", Target(unicodedata.normalize("NFD", "Мирзиёев")), "ru") == ["Мирзиёев"]


@pytest.mark.parametrize(
    ("text", "alias", "language"),
    [
        ("მთავრობა და ივანიშვილმა თქვა", "ივანიშვილი", "ka"),
        ("Mirziyoyevning farmoni", "Mirziyoyev", "uz"),
        ("O‘zbekistonda saylov", "Oʻzbekiston", "uz"),
        ("ERDOĞAN’IN sözleri", "Erdoğan", "tr"),
        ("Kılıçdaroğlu", "KILIÇDAROĞLU", "tr"),
        ("Жээнбековдун сөзү", "Жээнбеков", "ky"),
        ("промова Зеленського", "Зеленський", "uk"),
        ("安倍晋三は語った", "安倍", "ja"),
        ("พรรคเพื่อไทยชนะ", "เพื่อไทย", "th"),
        ("قال نزارباييف", "نَزارباييف", "ar"),
        ("O’Brien's", "O'Brien", "en"),
        ("#НурОтан #Нур_Отан", "Нур Отан", "ru"),
    ],
)
def test_other_languages_and_scripts(text: str, alias: str, language: str) -> None:
    assert len(named(text, Target(alias), language)) == 1


def test_without_a_language_russian_and_kazakh_forms_are_found() -> None:
    assert named("о Назарбаеве", NAZARBAYEV) == ["Назарбаеве"]
    assert named("Назарбаевтың сөзі", NAZARBAYEV) == ["Назарбаевтың"]
    assert named("Nazarbayev's men", NAZARBAYEV) == ["Nazarbayev"]
    assert named("ЦИК-ом, ЦИК-ке", Target("ЦИК")) == ["ЦИК-ом", "ЦИК-ке"]


def test_names_without_letters_are_no_names() -> None:
    assert mentions("— «» !", Target("—", ("", "«»"), (("!",),)), "ru") == Mentions()


def test_windows_are_joined_when_they_overlap_and_end_at_words() -> None:
    text = "The head of Nur Otan met voters. Much later, in another town far away, Nur Otan lost."
    found = mentions(text, NUR_OTAN, "en")
    assert windows(text, found, 8, 8) == ["head of Nur Otan met", "away, Nur Otan lost."]
    assert windows(text, found, 0, 0) == ["Nur Otan", "Nur Otan"]
    assert windows(text, found, 500, 500) == [text]
    assert windows(text, found, 30, 30, ("T", "O")) == [text.replace("Nur Otan", "T")]
    assert [text[start:end] for start, end in window_spans(text, found, 8, 8)] == windows(text, found, 8, 8)


def test_windows_without_the_target_are_none() -> None:
    assert windows("Ak Zhol", mentions("Ak Zhol", NUR_OTAN), 9, 9) == []


def test_windows_never_cut_a_name_and_count_it_as_one_character() -> None:
    text = "Ak Zhol and Nur Otan"
    assert windows(text, mentions(text, NUR_OTAN), 6, 0) == ["Ak Zhol and Nur Otan"]
    assert windows(text, mentions(text, NUR_OTAN), 5, 0) == ["and Nur Otan"]


# The law: names swapped, the other one asked about, the same masked text and windows.
CASES = {
    "ru": (
        ("Нур Отан", "Нур Отана", "Нур Отану", "Нур Отаном", "Нур Отане"),
        ("Ак жол", "Ак жола", "Ак жолу", "Ак жолом", "Ак жоле"),
        ("Нагыз Ак жол", "Нагыз Ак жола", "Нагыз Ак жолу", "Нагыз Ак жолом", "Нагыз Ак жоле"),
        ("Партия патриотов", "Партии патриотов", "Партии патриотов", "Партией патриотов", "Партии патриотов"),
        ("Назарбаев", "Назарбаева", "Назарбаеву", "Назарбаевым", "Назарбаеве"),
        ("Карим Масимов", "Карима Масимова", "Кариму Масимову", "Каримом Масимовым", "Кариме Масимове"),
        ("ОСДП", "ОСДП", "ОСДП", "ОСДП", "ОСДП"),
        ("Центральная комиссия", "Центральной комиссии", "Центральной комиссии", "Центральной комиссией", "Центральной комиссии"),
    ),
    "kk": (
        ("Нұр Отан", "Нұр Отанның", "Нұр Отанға", "«Нұр Отан»мен", "«Нұр Отан»-да"),
        ("Ақ жол", "Ақ жолдың", "Ақ жолға", "«Ақ жол»мен", "«Ақ жол»-да"),
        ("Назарбаев", "Назарбаевтың", "Назарбаевқа", "Назарбаевпен", "Назарбаевта"),
        ("ЖСДП", "ЖСДП-ның", "ЖСДП-ға", "ЖСДП-мен", "ЖСДП-да"),
        ("Халық партиясы", "Халық партиясының", "Халық партиясына", "Халық партиясымен", "Халық партиясында"),
    ),
    "en": (
        ("Nur Otan", "Nur Otan's", "Nur Otan’s", "«Nur Otan»", "Nur-Otan"),
        ("Ak Zhol", "Ak Zhol's", "Ak Zhol’s", "“Ak Zhol”", "Ak-Zhol"),
        ("Democrats", "Democrats's", "Democrats’s", '"Democrats"', "Democrats"),
        ("Karim Massimov", "Karim Massimov's", "Karim Massimov’s", "'Karim Massimov'", "Karim Massimov"),
        ("OR", "OR's", "OR’s", '"OR"', "OR"),
    ),
}  # fmt: skip
FILLERS = {
    "ru": ("вчера", "заявил, что", "против", "и", "выборы.", "«народ»", "пост-", "о'", "ЙОД", "Отан"),
    "kk": ("кеше", "айтты,", "қарсы", "және", "сайлау.", "«халық»", "жол", "Отан"),
    "en": ("yesterday", "said that", "against", "or", "polls.", '"people"', "pro-", "Zhol", "the"),
}
FRAMES = (" {} ", " «{}» ", " ({}), ", "\n{}.", ' "{}" ', " „{}“ ")


@st.composite
def swapped_texts(draw: st.DrawFn) -> tuple[str, str, Target, Target, str]:
    """A text, the same with two names swapped, the two questions and the language."""
    language = draw(st.sampled_from(sorted(CASES)))
    names = CASES[language]
    first, second = draw(st.permutations(range(len(names))))[:2]
    where = {first: second, second: first}
    texts = ["", ""]
    for _ in range(draw(st.integers(1, 7))):
        filler = draw(st.sampled_from(FILLERS[language]))
        frame = draw(st.sampled_from(FRAMES))
        who, case = draw(st.sampled_from([first, second, *range(len(names))])), draw(st.integers(0, 4))
        form = draw(st.sampled_from([unicodedata.normalize("NFC", filler), unicodedata.normalize("NFD", filler)]))
        for place, whose in enumerate((who, where.get(who, who))):
            texts[place] += form + frame.format(names[whose][case])

    def asked(about: int) -> Target:
        return Target(names[about][0], (), tuple((one[0],) for place, one in enumerate(names) if place != about))

    return texts[0], texts[1], asked(first), asked(second), language


@settings(max_examples=400, deadline=None)
@given(swapped_texts(), st.integers(0, 60), st.integers(0, 60))
def test_swapping_two_names_changes_nothing(
    swapped: tuple[str, str, Target, Target, str], before: int, after: int
) -> None:
    text, other_text, asked, other_asked, language = swapped
    found, other_found = mentions(text, asked, language), mentions(other_text, other_asked, language)
    marks = ("[T]", "[O]")
    assert masked(text, found, *marks) == masked(other_text, other_found, *marks)
    assert windows(text, found, before, after, marks) == windows(other_text, other_found, before, after, marks)
    assert len(found.target) == len(other_found.target)
    found, other_found = mentions(text, asked), mentions(other_text, other_asked)
    assert masked(text, found, *marks) == masked(other_text, other_found, *marks)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="Нур Отанқ жолА«»“\"'’-.\u0306\u0301\n(),s", max_size=60), st.integers(0, 30))
def test_any_text_gives_ordered_spans_and_windows_inside_it(text: str, around: int) -> None:
    for language in ("ru", "kk", "en", "tr", "uk", ""):
        found = mentions(text, NUR_OTAN, language)
        spans = sorted([*found.target, *found.others])
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        pieces = window_spans(text, found, around, around)
        assert all(any(start <= a and b <= end for start, end in pieces) for a, b in found.target)
        assert all(first[1] <= second[0] for first, second in pairwise(pieces))
        assert masked(text, found, "", "") == "".join(
            text[a:b]
            for a, b in zip([0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)], strict=True)
        )


def spellings() -> dict[str, tuple[str, ...]]:
    with (SAMPLE / "subjects.csv").open(encoding="utf-8") as file:
        return {
            row["subject"]: tuple(
                dict.fromkeys(
                    [row["subject"], *row["aliases"].split("|"), row["name_en"], row["name_ru"], row["name_kk"]]
                )
            )
            for row in csv.DictReader(file)
        }


def asked_of(subject: str, subjects: dict[str, Sequence[str]]) -> Target:
    others = tuple(tuple(names) for other, names in subjects.items() if other != subject)
    return Target(subject, tuple(subjects[subject]), others)


def test_in_the_sample_mission_any_spelling_may_stand_in_anothers_place() -> None:
    subjects: dict[str, Sequence[str]] = dict(spellings())
    with (SAMPLE / "segments.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["text"]][::90]
    named_rows = 0
    for row in rows:
        text, language = row["text"], row["language"]
        found = mentions(text, asked_of(row["subject"], subjects), language)
        named_rows += bool(found.target)
        if len(found.target) == 1:
            ((start, end),) = found.target
            for other in ("Ak Zhol", "Auyl", "Nursultan Nazarbayev", "Local executive"):
                for name in subjects[other] if other != row["subject"] else ():
                    changed = text[:start] + name + text[end:]
                    assert shown(changed, asked_of(other, subjects), language) == masked(text, found, "[T]", "[O]")
    assert named_rows > 0.9 * len(rows)
