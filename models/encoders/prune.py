"""A multilingual vocabulary cut down to the tokens that given texts need, so that the model fits a mission.

Kept: the special tokens, single characters, and every piece that occurs in the texts. Those texts are cut into the
same pieces as before (Unigram takes the best path, WordPiece the longest piece; both survive); rarer words elsewhere
fall into smaller pieces.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.contents import read_json
from models.encoders.masked_tokens import read_tokenizer
from models.refusal import Refused

if TYPE_CHECKING:
    from models.encoders.masked_tokens import Reader

KINDS = ("Unigram", "WordPiece")
CONTINUES = ("##", "▁")
EACH = 1000
"""Texts cut into pieces at once."""


def prune(net: Any, path: Path, texts: Sequence[str]) -> int:
    """Rewrite the tokenizer.json at `path` and the embedding of `net` for `texts`; gives the number of tokens kept.

    Raises Refused for a tokenizer of another kind.
    """
    written = read_json(path)
    kind = written["model"].get("type")
    if kind not in KINDS:
        raise Refused(f"{path} is a {kind} tokenizer; the vocabulary of {' and '.join(KINDS)} can be cut down only.")
    reader = read_tokenizer(path, 10**6)
    kept = sorted(_needed(written, reader, texts))
    new = {old: place for place, old in enumerate(kept)}
    path.write_text(json.dumps(renumbered(written, new), ensure_ascii=False), encoding="utf-8")
    _embedding(net, kept)
    net.mask_id = new[reader.marks.mask_id]
    return len(kept)


def _needed(written: Mapping[str, Any], reader: "Reader", texts: Sequence[str]) -> set[int]:
    vocabulary = reader.tokenizer.get_vocab()
    kept = {int(token["id"]) for token in written.get("added_tokens", [])}
    kept |= {reader.marks.mask_id, reader.marks.pad_id, reader.marks.unknown_id}
    for piece, number in vocabulary.items():
        if len(piece) == 1 or (piece.startswith(CONTINUES) and len(piece.lstrip("#▁")) <= 1):
            kept.add(number)
    for start in range(0, len(texts), EACH):
        for encoding in reader.tokenizer.encode_batch_fast(list(texts[start : start + EACH])):
            kept.update(encoding.ids)
    return kept


def renumbered(written: Mapping[str, Any], new: Mapping[int, int]) -> dict[str, Any]:
    """A tokenizer.json with only the tokens of `new` (old number to new), everywhere a number stands."""
    model = dict(written["model"])
    if isinstance(model["vocab"], dict):
        model["vocab"] = {piece: new[number] for piece, number in model["vocab"].items() if number in new}
    else:
        model["vocab"] = [model["vocab"][old] for old in sorted(new) if old < len(model["vocab"])]
        model["unk_id"] = new[model["unk_id"]]
    added = [{**token, "id": new[token["id"]]} for token in written.get("added_tokens", [])]
    frame = _frame(written.get("post_processor"), new)
    return {**written, "model": model, "added_tokens": added, "post_processor": frame}


def _frame(frame: Any, new: Mapping[int, int]) -> Any:
    if not isinstance(frame, dict):
        return frame
    if frame.get("type") == "TemplateProcessing":
        tokens = frame["special_tokens"].items()
        renamed = {name: {**token, "ids": [new[number] for number in token["ids"]]} for name, token in tokens}
        return {**frame, "special_tokens": renamed}
    if frame.get("type") == "Sequence":
        return {**frame, "processors": [_frame(one, new) for one in frame["processors"]]}
    pairs = {name: [frame[name][0], new[frame[name][1]]] for name in ("sep", "cls") if name in frame}
    return {**frame, **pairs}


def _embedding(net: Any, kept: Sequence[int]) -> None:
    import torch

    old = net.encoder.get_input_embeddings()
    weight = old.weight.detach()
    if max(kept) >= len(weight):
        raise Refused("The tokenizer knows tokens the encoder has no vector for; it is another model's.")
    fewer = torch.nn.Embedding(len(kept), weight.shape[1])
    with torch.no_grad():
        fewer.weight.copy_(weight[list(kept)])
    net.encoder.set_input_embeddings(fewer)
    net.encoder.config.vocab_size = len(kept)
