"""How the ready models were made: `python -m benchmarks.ready_model en --data FOLDER --base BASE --out FOLDER`.

English: NewsMTSC's training file without the sentences that are kept back, a large encoder as the teacher, its answers
on further names in the same sentences, and a small encoder that learns from both. Russian: RuSentNE's training file,
a multilingual encoder, and only the pieces of its vocabulary that Cyrillic texts need. Hours on a processor; the
folder then holds what lies in `models/ready`. BASE is a folder or a name on a hub.
"""

import argparse
import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.tone_sets import Row, columns, in_development, read_sets, without
from models.encoders.recipe import Recipe
from models.target import Target

if TYPE_CHECKING:
    import pandas as pd

TEACHER = Recipe(epochs=3, learning_rate=2e-5)
STUDENT = Recipe(epochs=5, learning_rate=6e-5, layer_decay=0.95)
RUSSIAN = Recipe(epochs=4, learning_rate=8e-5, layer_decay=0.95, balance=0.4, max_tokens=160)
NAME = re.compile(r"(?<![\w.])(?:[A-Z][\w’'-]+|[A-Z]{2,})(?: (?:of |de |van |al )?(?:[A-Z][\w’'-]+|[A-Z]{2,}))*")
NOT_NAMES = """
The A An In On At But And It This That If As For When While After Before With He She They We I His Her Their
Our There What Who Why How By To From Of So Yet Not No Yes Some Many Most Both All Even Despite Although
Because Since Instead However Meanwhile Earlier Last One Two Monday Tuesday Wednesday Thursday Friday Saturday
Sunday January February March April May June July August September October November December
"""
BEGINS = frozenset(NOT_NAMES.split())
CYRILLIC = re.compile(r"▁?[\u0400-\u052f]+")
SHORT = re.compile(r"▁?[A-Za-z]{1,3}|▁?[\d\W_]{1,3}")
BEYOND = re.compile(r"[\u0590-\uffff]")


def further_targets(rows: Sequence[Row], seed: int = 3) -> list[Row]:
    """One more name of each sentence, for the teacher to answer; its tone is not known."""
    chance = random.Random(seed)
    asked: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        asked[row.text] |= {row.target.name, *(name for names in row.target.bystanders for name in names)}
    found = []
    for text, known in asked.items():
        names = [match[0] for match in NAME.finditer(text)]
        names = [name.split(" ", 1)[-1] if name.split(" ")[0] in BEGINS else name for name in names]
        fresh = sorted({name for name in names if len(name) > 2 and name not in BEGINS and name not in known})
        if fresh:
            name = chance.choice(fresh)
            found.append(Row(text, Target(name, (name,)), "en", "", text))
    return found


def pieces(tokenizer: Path) -> list[str]:
    """What a tokenizer of all languages keeps for Cyrillic texts: their pieces, short Latin ones, digits and signs."""
    model = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]
    kept = [
        piece
        for piece, _ in model["vocab"]
        if CYRILLIC.fullmatch(piece) or (SHORT.fullmatch(piece) and not BEYOND.search(piece.replace("▁", "")))
    ]
    return [piece.replace("▁", " ") for piece in kept]


def main() -> int:
    """Make one of the ready models; exits with 2 where its data set is not in the folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ready_model", description=__doc__)
    parser.add_argument("language", choices=("en", "en_large", "ru"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", required=True)
    parser.add_argument("--teacher", help="the large encoder, for English")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    sets = read_sets(given.data)
    rows = sets.entities.get("train_data", []) if given.language == "ru" else sets.news.get("train", [])
    if not rows:
        print(f"{given.data} does not hold the training file of NewsMTSC or RuSentNE.", file=sys.stderr)
        return 2
    tested = [row for name, each in (sets.news | sets.entities).items() if not name.startswith("train") for row in each]
    learned = [row for row in without(rows, tested) if not in_development(row.group)]
    held = [row for row in without(rows, tested) if in_development(row.group)]
    with tempfile.TemporaryDirectory() as place:
        {"en": english, "en_large": large, "ru": russian}[given.language](given, learned, held, Path(place))
    return 0


def english(given: argparse.Namespace, learned: Sequence[Row], held: Sequence[Row], place: Path) -> None:
    """The teacher, then the small model that learns from it, then eight bits."""
    from models.encoders.export import export
    from models.encoders.finetune import finetune
    from models.hub import place_of
    from models.scale import THREE

    table = table_of(learned)
    teacher = place / "teacher"
    finetune(table, THREE, place_of(given.teacher), teacher, TEACHER, tell=said)
    more = table_of(further_targets(learned))
    finetune(
        table, THREE, place_of(given.base), place / "student", STUDENT,
        teacher=teacher, unlabelled=more, languages=("en",), tell=said,
    )  # fmt: skip
    export(place / "student", given.out, *masked(place / "student", held), tell=print)


def large(given: argparse.Namespace, learned: Sequence[Row], held: Sequence[Row], place: Path) -> None:
    """A large encoder by itself, its matrices in four bits."""
    from models.encoders.export import export
    from models.encoders.finetune import finetune
    from models.hub import place_of
    from models.scale import THREE

    finetune(table_of(learned), THREE, place_of(given.base), place / "full", TEACHER, languages=("en",), tell=said)
    export(place / "full", given.out, *masked(place / "full", held), bits=4, tell=print)


def russian(given: argparse.Namespace, learned: Sequence[Row], held: Sequence[Row], place: Path) -> None:
    """The multilingual encoder on Russian news, cut to the vocabulary of Cyrillic texts, in eight bits."""
    from models.encoders.export import export
    from models.encoders.finetune import finetune
    from models.hub import place_of
    from models.scale import THREE

    base = place_of(given.base)
    finetune(table_of(learned), THREE, base, place / "full", RUSSIAN, languages=("ru",), tell=said)
    needed = [*pieces(base / "tokenizer.json"), *(row.text for row in learned)]
    export(place / "full", given.out, *masked(place / "full", held), needed=needed, tell=print)


def masked(folder: Path, held: Sequence[Row]) -> tuple[list[str], tuple[list[str], list[int]]]:
    """The held-out texts with their names hidden, to compare on, and the same with their tones, to calibrate on."""
    from models.encoders.masked_rows import rows_of, tones_of
    from models.encoders.masked_tokens import read_tokenizer
    from models.scale import THREE

    reader = read_tokenizer(folder / "tokenizer.json", 128)
    rows = rows_of(table_of(held), reader, THREE)
    texts = [row.masked(reader, others=True) for row in rows]
    return texts, (texts, tones_of(rows))


def table_of(rows: Sequence[Row]) -> "pd.DataFrame":
    """The rows as a table that a training reads."""
    import pandas as pd

    return pd.DataFrame(list(columns(rows)))


def said(words: str, share: float) -> None:
    """Tell how far a training is."""
    print(f"{share:4.0%}  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
