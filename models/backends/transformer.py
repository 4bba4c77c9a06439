"""The transformer backend: a model that others fine-tuned, run by transformers with torch, from safetensors alone.

Three ways to ask it (`asks` in the manifest's settings): `pair`, a classifier of text and target; `masked`, a
classifier of the text with names masked; `nli`, a model of entailment asked whether “the text is positive about
TARGET”. Which of its labels is which tone is read from its own config, and refused when it cannot be told.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import contents, written
from models.backends import tried
from models.backends.encoder import check_weights, softmax
from models.encoders.torch_parts import check_base, torch_or_refused
from models.refusal import Refused, refusing
from models.scale import STANDS, THREE, TONES, Scale
from models.target import Target, masked, mentions, windows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.folder import Manifest

FILES = (
    "config.json", "model.safetensors", "model-*.safetensors", "model.safetensors.index.json", "tokenizer.json",
    "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "vocab.txt", "merges.txt",
    "generation_config.json", ".gitattributes", *contents.TEXTS,
)  # fmt: skip
PAIR, MASKED, NLI = "pair", "masked", "nli"
BATCH = 16
AROUND = 600
"""Characters on each side of a mention that are read."""
FEWEST_TOKENS, MOST_TOKENS = 16, 256
TARGET, OTHER = "X", "Y"
"""What stands for names in a masked text where the tokenizer has no mask."""
SIDES = {
    -1: TONES[-1] + "|unfavou?rable|against|con",
    0: TONES[0] + "|none|mixed",
    1: TONES[1] + "|favou?rable|for|pro|favor",
}
"""What labels of a side are called."""
STRONG = re.compile(r"^(very|strongly|extremely|очень|өте)[ _-]")
HYPOTHESES: Mapping[str, Mapping[int, str]] = {
    "en": {
        -1: "The text is negative about {target}.",
        0: "The text is neutral about {target}.",
        1: "The text is positive about {target}.",
    },
    "ru": {
        -1: "В тексте о «{target}» говорится отрицательно.",
        0: "В тексте о «{target}» говорится нейтрально.",
        1: "В тексте о «{target}» говорится положительно.",
    },
    "kk": {
        -1: "Мәтінде «{target}» туралы теріс айтылған.",
        0: "Мәтінде «{target}» туралы бейтарап айтылған.",
        1: "Мәтінде «{target}» туралы оң айтылған.",
    },
}
"""What an entailment model is asked, by language; English stands in for the others."""


class Transformer:
    """An open model of transformers. `score` gives logits for pairs of text and second text (or None)."""

    def __init__(
        self,
        manifest: "Manifest",
        asks: str,
        labels: Sequence[int],
        score: "Score",
        marks: tuple[str, str],
        hypotheses: Mapping[str, Mapping[int, str]] = HYPOTHESES,
    ) -> None:
        self.version, self.scale = manifest.version, manifest.scale
        self.languages = frozenset(manifest.languages)
        self._asks, self._labels, self._score, self._marks = asks, tuple(labels), score, marks
        self._hypotheses = hypotheses

    def probabilities(
        self, texts: Sequence[str], targets: Sequence[Target], languages: Sequence[str]
    ) -> "NDArray[np.float64]":
        """(n, points), averaged over the pieces around the mentions; NaN where the target is not named."""
        import numpy as np

        pieces, owners = [], []
        for place, (text, target, language) in enumerate(zip(texts, targets, languages, strict=True)):
            for piece in self._pieces(text, target, language):
                pieces.append((piece, target.name, language))
                owners.append(place)
        total = np.full((len(texts), self.scale.size), np.nan)
        if not pieces:
            return total
        answers = self._nli(pieces) if self._asks == NLI else self._classified(pieces)
        for place in dict.fromkeys(owners):
            total[place] = answers[np.array(owners) == place].mean(axis=0)
        return total

    def _pieces(self, text: str, target: Target, language: str) -> list[str]:
        found = mentions(text, target, language)
        if not found.target:
            return []
        if self._asks == MASKED:
            if len(text) <= 2 * AROUND:
                return [masked(text, found, *self._marks)]
            return windows(text, found, AROUND, AROUND, self._marks)
        return [text] if len(text) <= 2 * AROUND else windows(text, found, AROUND, AROUND)

    def _classified(self, pieces: Sequence[tuple[str, str, str]]) -> "NDArray[np.float64]":
        seconds = [name if self._asks == PAIR else None for _, name, _ in pieces]
        shares = softmax(self._score([text for text, _, _ in pieces], seconds))
        return shares[:, list(self._labels)]

    def _nli(self, pieces: Sequence[tuple[str, str, str]]) -> "NDArray[np.float64]":
        """Of each piece, the entailment of every point's hypothesis, made to add up to one."""
        firsts, seconds = [], []
        for text, name, language in pieces:
            asked = self._hypotheses.get(language, self._hypotheses["en"])
            firsts += [text] * self.scale.size
            seconds += [asked[side].replace("{target}", name) for side in self.scale.sides]
        entailed = self._score(firsts, list(seconds))[:, self._labels[0]]
        return softmax(entailed.reshape(len(pieces), self.scale.size))


Score = Callable[[Sequence[str], Sequence[str | None]], "NDArray[np.float64]"]


def load(folder: Path, manifest: "Manifest") -> Transformer:
    """The model of a checked folder. Raises Refused where torch is missing, or its labels are no tones of the scale."""
    torch_or_refused()
    config = check_base(folder)
    labels, entailment = labels_of(folder, config, manifest.scale)
    asks = str(manifest.settings.get("asks", NLI if entailment else PAIR))
    if asks not in (PAIR, MASKED, NLI) or (asks == NLI) != entailment:
        raise Refused(f"{folder} is asked by “{asks}”, which its labels do not answer; ask by pair or masked, or nli.")
    if asks == NLI and len(set(manifest.scale.sides)) < manifest.scale.size:
        raise Refused(f"{folder} answers by entailment, which knows three tones; the scale has {manifest.scale.size}.")
    score, marks = _opened(folder, int(manifest.settings.get("max_tokens", MOST_TOKENS)), len(config["id2label"]))
    hypotheses = {**HYPOTHESES, **_own_hypotheses(folder, manifest.settings)}
    return tried(folder, Transformer(manifest, asks, labels, score, marks, hypotheses))


def _own_hypotheses(folder: Path, settings: Mapping[str, Any]) -> Mapping[str, Mapping[int, str]]:
    """What the manifest asks instead: by language a sentence for "-1", "0" and "1"."""
    with refusing(f"The hypotheses in the settings of {folder} cannot be read", "make the model again."):
        asked = written.table(settings.get("hypotheses", {}))
        return {
            language: {side: written.text(written.table(its)[str(side)]) for side in SIDES}
            for language, its in asked.items()
        }


def plain(folder: Path, scale: Scale = THREE, languages: Sequence[str] = (), asks: str = "") -> Transformer:
    """A folder as transformers saves it, without a manifest of ours. Raises Refused."""
    from models.folder import Manifest

    settings = {"asks": asks} if asks else {}
    version = f"transformer-{folder.resolve().name}"
    return load(folder, Manifest("transformer", version, scale, tuple(languages), settings=settings))


def labels_of(folder: Path, config: Mapping[str, Any], scale: Scale) -> tuple[list[int], bool]:
    """Which of a model's labels stands for each point of a scale, in order; or its label of entailment, and True.

    Raises Refused when the labels have no names (LABEL_0), name no tones, or not the scale's.
    """
    named = config.get("id2label")
    if not isinstance(named, dict) or not named:
        raise Refused(f"{folder / 'config.json'} names no labels (id2label); it is no classifier of tone.")
    with refusing(f"{folder / 'config.json'} does not number its labels from 0 (id2label)", "number them."):
        numbered = {int(number): written.text(label).strip().lower() for number, label in named.items()}
        labels = [numbered[place] for place in range(len(named))]
    entailment = [place for place, label in enumerate(labels) if label.startswith("entail")]
    if entailment and len(labels) in (2, 3):
        return entailment[:1], True
    points = [name.strip().lower() for name in scale.names]
    if sorted(labels) == sorted(points):
        for name, side in zip(points, scale.sides, strict=True):
            if (_level(name) or 0) * side < 0:
                raise Refused(f"{folder}: “{name}” stands {STANDS[side]} zero on the scale; give it the score it says.")
        return [labels.index(point) for point in points], False
    levels = [_level(label) for label in labels]
    wanted = _levels(scale)
    if Counter(levels) == Counter(wanted):
        return [levels.index(level) for level in wanted], False
    raise Refused(
        f"The labels of {folder} ({', '.join(labels[:7])}) are not the tones of the scale ({', '.join(scale.names)}); "
        "write them into id2label of its config.json, or take another model."
    )


def _level(label: str) -> int | None:
    """-2, -1, 0, 1 or 2 by the words of a label; None for a label that names no tone."""
    strong = STRONG.match(label) is not None
    rest = STRONG.sub("", label)
    for side, words in SIDES.items():
        if re.fullmatch(words, rest):
            return side * (2 if strong else 1)
    return None


def _levels(scale: Scale) -> list[int]:
    """The levels of a scale's points: one or two on each side."""
    sides = scale.sides
    below, above = sides.count(-1), sides.count(1)
    return [*range(-below, 0), *([0] * sides.count(0)), *range(1, above + 1)]


def _opened(folder: Path, most: int, labels: int) -> tuple[Score, tuple[str, str]]:
    torch = torch_or_refused()
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    safe = {"trust_remote_code": False, "local_files_only": True}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
        net, told = AutoModelForSequenceClassification.from_pretrained(
            folder, use_safetensors=True, output_loading_info=True, **safe
        )
        places = getattr(net.config, "max_position_embeddings", None)
        room = min(most, tokenizer.model_max_length, places - 2 if places else most)
    except Exception as error:  # the library raises many classes
        raise Refused(f"The model in {folder} cannot be opened ({str(error)[:300]}).") from error
    lacking = [*told["missing_keys"], *map(str, told["mismatched_keys"])]
    if lacking:
        raise Refused(
            f"{folder} lacks weights ({', '.join(sorted(lacking)[:3])}): it is no trained classifier of tone."
        )
    net = net.float().eval()
    check_weights(folder, net)
    torch.set_num_threads(1)
    if room < FEWEST_TOKENS:
        raise Refused(f"{folder} reads {room} tokens at once, which is no text; take another model.")

    def score(texts: Sequence[str], seconds: Sequence[str | None]) -> "NDArray[np.float64]":
        import numpy as np

        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        logits = np.zeros((len(texts), labels))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            second = [seconds[place] for place in batch]
            pairs = None if None in second else second
            cut = "only_first" if pairs else True
            first = [texts[place] for place in batch]
            read = tokenizer(first, pairs, padding=True, truncation=cut, max_length=room, return_tensors="pt")
            with torch.no_grad():
                logits[batch] = net(**read).logits.double().numpy()
        return logits

    return score, (tokenizer.mask_token or TARGET, tokenizer.unk_token or OTHER)
