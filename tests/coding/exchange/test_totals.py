"""Published totals in the shape of the regulator's files: nested sums dropped, identities and shares exact."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.regulator import main, period_of, shares_of
from coding.exchange.importer import ImportRefused, import_file, preview
from coding.exchange.mapping import FileMapping, find_mapping
from coding.exchange.new_mission import mission_from_file
from coding.mission.model import Period
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.places import sqlite_url
from coding.vocabulary import AiringKind
from monitoring.coverage import open_coverage

KINDS = ("Candidat", "Soutiens", "Total Temps de parole", "Antenne", "Total Temps d'antenne")
SLOTS = ("tranche 6h-9h", "tranche 9h-18h", "tranche 18h-24h", "tranche 0h-6h")
NAMES = ("ASSELINEAU FRANCOIS", "ASSELINEAU FRANÇOIS", "PÉCRESSE VALÉRIE")
SPEECH = [("contestant", "direct"), ("supporter", "direct")]
PERIOD = Period.model_validate({"name": "published", "from": "2022-03-08", "to": "2022-03-27"})


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def five_kinds(parts: tuple[int, int, int]) -> list[int]:
    own, others, rest = parts
    return [own, others, own + others, rest, own + others + rest]


def regulator_file(path: Path, slots: bool, times: dict[str, dict[str, tuple[int, int, int]]]) -> Path:
    """`times`: service -> candidate -> seconds of the three additive kinds; further slots hold multiples of them."""
    names = [f" ({slot})" for slot in SLOTS] if slots else [""]
    header = ["Service", "Circonscription", "Candidat", "Type de temps"]
    header += [column for name in names for column in (f"Durée{name}", f"Pourcentage{name}")]
    lines = [";".join(header)]
    for service, by_name in times.items():
        kinds = {name: five_kinds(parts) for name, parts in by_name.items()}
        total = [sum(column) for column in zip(*kinds.values(), strict=True)]
        for name, seconds in (kinds | {"Total candidats": total}).items():
            for kind, own, whole in zip(KINDS, seconds, total, strict=True):
                share = f"{own / whole * 100:.2f}" if own else "-"
                cells = [
                    cell for times_of_day in range(len(names)) for cell in (clock(own * times_of_day or own), share)
                ]
                lines.append(";".join([service, "00_NATIONAL", name, kind, *cells]))
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("iso-8859-1"))
    return path


@pytest.fixture
def times() -> dict[str, dict[str, tuple[int, int, int]]]:
    small = {NAMES[0]: (126, 33, 86), NAMES[1]: (0, 5, 0), NAMES[2]: (400_000, 0, 7)}
    return {"Télé Une": small, "Radio Deux": {NAMES[2]: (10, 20, 30), "NOUVEAU PAUL": (30, 20, 10)}}


@pytest.fixture
def mapping() -> FileMapping:
    return find_mapping("arcom")


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    return Store(sqlite_url(tmp_path / "totals.sqlite"))


@pytest.fixture
def brought(tmp_path: Path, times: dict[str, dict[str, tuple[int, int, int]]], empty: Store, mapping: FileMapping) -> (
    Callable[[bool], Path]
):  # fmt: skip
    """A file, its mission made and the file imported."""

    def bring(slots: bool) -> Path:
        path = regulator_file(tmp_path / "8_au_27_mars_2022.csv", slots, times)
        new = mission_from_file(
            path, mapping, mission_id="france", title="France", period=PERIOD, time_zone="Europe/Paris"
        )
        empty.put_mission(new.mission, (), "test", "new")
        import_file(path, mapping, empty, "test", PERIOD)
        return path

    return bring


def test_mission_from_the_file(tmp_path: Path, times: dict[str, dict[str, tuple[int, int, int]]], mapping: FileMapping) -> (
    None
):  # fmt: skip
    path = regulator_file(tmp_path / "f.csv", True, times)
    new = mission_from_file(path, mapping, mission_id="fr", title="France", period=PERIOD, time_zone="Europe/Paris")
    assert [(o.name, o.medium, o.unit) for o in new.mission.outlets] == [
        ("Télé Une", "tv", "ms"),
        ("Radio Deux", "tv", "ms"),
    ]
    assert [(s.name, s.ballot) for s in new.mission.contestants] == [
        (n, i) for i, n in enumerate((*NAMES, "NOUVEAU PAUL"), 1)
    ]
    first = new.mission.slots[0]
    assert (first.name, first.start_clock, first.end_clock) == ("00-06", 0, 6 * 3_600_000)
    (notice,) = new.notices
    assert notice.message().startswith("«ASSELINEAU FRANCOIS» and «ASSELINEAU FRANÇOIS» may be one and the same.")
    with pytest.raises(ProblemsFound, match="is not a time zone"):
        mission_from_file(path, mapping, mission_id="fr", title="F", period=PERIOD, time_zone="Paris")


def test_nested_totals_are_left_out_and_counted(
    brought: Callable[[bool], Path], empty: Store, mapping: FileMapping
) -> None:
    path = brought(False)
    again = preview(path, mapping, empty, PERIOD)
    assert again.dropped == {
        "Type de temps = Total Temps de parole": 7,
        "Type de temps = Total Temps d'antenne": 7,
        "Candidat = Total candidats": 6,
        "amount = 0": 3,
    }
    assert (again.rows, again.stored, len(again.already), again.airings) == (35, 0, 12, ())
    assert sum(s.amount for s in empty.segments()) == (126 + 33 + 86 + 5 + 400_000 + 7 + 120) * 1000
    shares = shares_of(open_coverage(empty), SPEECH)
    assert shares["Radio Deux", "", "NOUVEAU PAUL"] == pytest.approx(50 / 80 * 100)
    assert shares["Télé Une", "", NAMES[0]] == pytest.approx(159 / 400_164 * 100)


def test_slots_become_airings_of_their_own(brought: Callable[[bool], Path], empty: Store) -> None:
    brought(True)
    airings = {airing.airing_id: airing for airing in empty.airings()}
    assert len(airings) == 8
    late = airings["Radio Deux 2022-03-08..2022-03-27 18-24"]
    assert (late.kind, late.slot, str(late.date), str(late.date_to), late.coded) == (
        AiringKind.AGGREGATE, "18-24", "2022-03-08", "2022-03-27", True
    )  # fmt: skip
    assert {s.amount for s in empty.segments() if s.airing_id == late.airing_id} == {20_000, 40_000, 60_000}


def test_a_total_with_another_amount_is_refused_not_added(
    brought: Callable[[bool], Path], empty: Store, mapping: FileMapping
) -> None:
    path = brought(False)
    before = empty.fingerprint()
    path.write_bytes(path.read_bytes().replace(b"00:02:06", b"00:02:07"))
    with pytest.raises(ImportRefused, match=r"csv:2 .*already in the store with other content"):
        import_file(path, mapping, empty, "test", PERIOD)
    assert empty.fingerprint() == before


def test_an_interruption_leaves_neither_airings_nor_segments(
    tmp_path: Path,
    times: dict[str, dict[str, tuple[int, int, int]]],
    empty: Store,
    mapping: FileMapping,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = regulator_file(tmp_path / "f.csv", False, times)
    new = mission_from_file(path, mapping, mission_id="fr", title="F", period=PERIOD, time_zone="Europe/Paris")
    empty.put_mission(new.mission, (), "test", "new")
    before = empty.fingerprint()
    with monkeypatch.context() as broken, pytest.raises(OSError, match="disk full"):
        broken.setattr("coding.store.records.accept", _disk_full)
        import_file(path, mapping, empty, "test", PERIOD)
    assert (empty.airings(), empty.segments(), empty.fingerprint()) == ((), [], before)
    assert import_file(path, mapping, empty, "test", PERIOD).stored == 12


def _disk_full(*_: object) -> None:
    raise OSError("disk full")


def test_totals_that_contain_each_other_are_refused(
    brought: Callable[[bool], Path], empty: Store, mapping: FileMapping, tmp_path: Path,
    times: dict[str, dict[str, tuple[int, int, int]]],
) -> None:  # fmt: skip
    brought(False)
    before = (empty.fingerprint(), empty.airings())
    slotted = regulator_file(tmp_path / "slots.csv", True, times)
    with pytest.raises(ImportRefused, match="contain or repeat those of") as caught:
        import_file(slotted, mapping, empty, "test", PERIOD)
    assert len(caught.value.problems) == 8
    assert (empty.fingerprint(), empty.airings()) == before


def test_a_repeated_total_and_an_unlisted_kind_are_refused(
    brought: Callable[[bool], Path], empty: Store, mapping: FileMapping
) -> None:
    path = brought(False)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, lines[1], lines[1].replace(b";Candidat;", b";Invit\xe9;")]))
    texts = [problem.text() for problem in preview(path, mapping, empty, PERIOD).rejected]
    assert any("the total of ASSELINEAU FRANCOIS stands in line 2 already" in text for text in texts)
    assert any("«Invité» has no codes in the mapping. Known: Candidat, Soutiens, Antenne." in text for text in texts)


def test_the_period_must_be_one_of_the_mission(
    brought: Callable[[bool], Path], empty: Store, mapping: FileMapping
) -> None:
    path = brought(False)
    assert "needs the period" in preview(path, mapping, empty).rejected[0].message()
    other = PERIOD.model_copy(update={"name": "other"})
    assert (
        "«other (2022-03-08..2022-03-27)» is not a period" in preview(path, mapping, empty, other).rejected[0].message()
    )


def test_cut_short_or_without_amounts(brought: Callable[[bool], Path], empty: Store, mapping: FileMapping) -> None:
    path = brought(False)
    whole = path.read_bytes()
    path.write_bytes(whole[:-3])
    assert preview(path, mapping, empty, PERIOD).rejected[0].key == "cut_short"
    path.write_bytes(whole.replace("Durée".encode("latin-1"), b"Length"))
    assert [p.key for p in preview(path, mapping, empty, PERIOD).rejected] == ["no_amount_column", "unmapped_column"]
    path.write_bytes(whole.decode("latin-1").encode())
    assert preview(path, mapping, empty, PERIOD).rejected[0].key == "other_encoding"


def test_benchmark_reproduces_and_names_what_differs(
    brought: Callable[[bool], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = brought(True)
    folder = tmp_path / "published"
    folder.mkdir()
    whole = path.read_bytes()
    (folder / path.name).write_bytes(whole)
    assert main(["--data", str(folder)]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["published"] == figures["reproduced"] == 4 * (5 + 3 + 4 + 5 + 5)
    (folder / path.name).write_bytes(whole.replace(b";62.50", b";62.49"))
    assert main(["--data", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "Radio Deux / 06-09 / NOUVEAU PAUL / Total Temps de parole: published 62.49, computed 62.5000" in told
    assert main(["--data", str(tmp_path / "nowhere")]) == 2
    assert "no CSV file in" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("1er_janvier_au_7_mars_2022_equite.csv", ("2022-01-01", "2022-03-07")),
        ("28_mars_au_8_avril_2022_egalite_stricte.csv", ("2022-03-28", "2022-04-08")),
        ("du 8 au 27 février 2022.csv", ("2022-02-08", "2022-02-27")),
        ("third.csv", ("2022-01-01", "2022-04-08")),
    ],
)
def test_periods_from_file_names(name: str, wanted: tuple[str, str]) -> None:
    assert tuple(map(str, period_of(name))) == wanted
