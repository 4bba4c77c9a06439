"""The models that come with the project: they open, follow the target, know no names, and carry their papers."""

import pytest

from models.evaluation.fairness import swap
from models.folder import READY, open_model, read
from models.suggestion import Silence, suggest
from models.target import Target

SAID = {
    "en": (
        "Smith was widely praised for an honest, generous speech.",
        "Smith was accused of lying and of theft.",
        "Smith",
    ),
    "ru": ("Петрова похвалили за честность и смелость.", "Петрова обвинили во лжи и воровстве.", "Петров"),
}


@pytest.mark.parametrize("name", READY)
def test_it_is_installed_sealed_and_documented(name: str) -> None:
    manifest = read(READY[name])
    assert manifest.licence in ("Apache-2.0", "MIT")
    assert {"README.md", "LICENSE", "NOTICE", "model.onnx", "tokenizer.json"} <= set(manifest.files)
    assert {"base", "data", "command"} <= set(manifest.made)
    assert sum(entry.bytes for entry in manifest.files.values()) < 100e6


@pytest.mark.parametrize("name", READY)
def test_praise_is_likelier_positive_than_blame(name: str) -> None:
    language = name[:2]
    praise, blame, who = SAID[language]
    model = open_model(READY[name])
    good, bad, nobody = suggest([praise, blame, praise], [*[Target(who)] * 2, Target("Zhukov")], [language] * 3, model)
    assert good.best[0] == "positive"
    assert bad.best[0] == "negative"
    assert nobody.silent == Silence.NOT_NAMED


@pytest.mark.parametrize("name", READY)
def test_each_subject_has_its_own_suggestion_and_names_change_nothing(name: str) -> None:
    text, people = {
        "en": ("Smith was praised by all, and Jones, who lied to voters, was booed; Brown said nothing.", "Smith Jones Brown"),
        "ru": ("Петров спас детей, а Сидоров, которого обвинили в краже, сбежал; Фомин молчал.", "Петров Сидоров Фомин"),
    }[name[:2]]  # fmt: skip
    names = people.split()
    targets = [Target(who, (), tuple((other,) for other in names if other != who)) for who in names]
    model = open_model(READY[name])
    first, second, _ = suggest([text] * 3, targets, [name[:2]] * 3, model)
    assert first.probabilities[2] > second.probabilities[2]
    changed = swap([text] * 3, targets, [name[:2]] * 3, model)
    assert changed.swapped > 0
    assert changed.changed == 0
    assert changed.largest == 0
