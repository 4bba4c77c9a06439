"""Tiny models made on the spot: a tokenizer of a few words, an ONNX graph written byte by byte, a random BERT."""

import json
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordPiece
from tokenizers.processors import TemplateProcessing

from models import folder as folders
from models.scale import THREE, Scale
from models.speech import RATE
from models.target import Target

MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = (
    "praised",
    "well",
    "good",
    "said",
    "met",
    "the",
    "blamed",
    "bad",
    "poor",
    "council",
    "party",
    "for",
    "today",
    ".",
    ",",
    "##s",
)
VOCABULARY = (
    *MARKS,
    *WORDS,
    *"abcdefghijklmnopqrstuvwxyz",
    *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),
)
LETTERS = ("<pad>", "<s>", "</s>", "<unk>", "|", *"abcdefghij")
GOOD, BAD = ("praised", "well", "good"), ("blamed", "bad", "poor")


def tokenizer(folder: Path, vocabulary: Sequence[str] = VOCABULARY) -> Tokenizer:
    """Write tokenizer.json and tokenizer_config.json into a folder."""
    made = Tokenizer(WordPiece({word: place for place, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.add_special_tokens([mark for mark in MARKS if mark in vocabulary])
    ids = [("[CLS]", vocabulary.index("[CLS]")), ("[SEP]", vocabulary.index("[SEP]"))]
    made.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ids
    )
    folder.mkdir(parents=True, exist_ok=True)
    made.save(str(folder / "tokenizer.json"))
    words = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), MARKS, strict=True))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 64, **words}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return made


def _number(value: int) -> bytes:
    out = bytearray()
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def field(number: int, value: int | bytes | str) -> bytes:
    """One field of a message of protocol buffers."""
    if isinstance(value, int):
        return _number(number << 3) + _number(value)
    inside = value.encode() if isinstance(value, str) else value
    return _number(number << 3 | 2) + _number(len(inside)) + inside


def tensor(name: str, values: Any, more: bytes = b"") -> bytes:
    array = np.asarray(values)
    kind = 1 if array.dtype == np.float32 else 7
    dims = b"".join(field(1, side) for side in array.shape)
    return dims + field(2, kind) + field(8, name) + field(9, array.tobytes()) + more


def node(kind: str, inputs: Sequence[str], output: str, *attributes: bytes) -> bytes:
    names = b"".join(field(1, name) for name in inputs) + field(2, output)
    return names + field(4, kind) + b"".join(field(5, one) for one in attributes)


def whole(name: str, value: int) -> bytes:
    """A whole number as attribute of a node."""
    return field(1, name) + field(3, value) + field(20, 2)


def value(name: str, kind: int, sides: Sequence[str | int]) -> bytes:
    dims = b"".join(field(1, field(1 if isinstance(side, int) else 2, side)) for side in sides)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, dims)))


def onnx(
    path: Path, embedding: Any, head: Any, outputs: tuple[str, str] = ("logits", "features"), more: bytes = b""
) -> None:
    """A graph: features = sum of the words' vectors, logits = features @ head."""
    embedding, head = np.asarray(embedding, np.float32), np.asarray(head, np.float32)
    nodes = [
        node("Gather", ["word_embeddings.weight", "input_ids"], "words"),
        node("Cast", ["attention_mask"], "there", whole("to", 1)),
        node("Unsqueeze", ["there", "last"], "each"),
        node("Mul", ["words", "each"], "read"),
        node("ReduceSum", ["read", "length"], outputs[1], whole("keepdims", 0)),
        node("MatMul", [outputs[1], "head"], outputs[0]),
    ]
    tensors = [
        tensor("word_embeddings.weight", embedding, more),
        tensor("head", head),
        tensor("last", np.array([2], np.int64)),
        tensor("length", np.array([1], np.int64)),
    ]
    rows, length = "rows", "length_of_rows"
    ends = [value("input_ids", 7, (rows, length)), value("attention_mask", 7, (rows, length))]
    given = [value(outputs[0], 1, (rows, head.shape[1])), value(outputs[1], 1, (rows, embedding.shape[1]))]
    graph = b"".join(field(1, one) for one in nodes) + field(2, "tiny") + b"".join(field(5, one) for one in tensors)
    graph += b"".join(field(11, one) for one in ends) + b"".join(field(12, one) for one in given)
    path.write_bytes(field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 17)))


def word_model(folder: Path, scale: Scale = THREE, **manifest: Any) -> folders.Manifest:
    """An ONNX model folder that knows six words: GOOD ones speak for the last point, BAD ones for the first."""
    tokenizer(folder)
    embedding = np.zeros((len(VOCABULARY), 2))
    for words, column in ((BAD, 0), (GOOD, 1)):
        embedding[[VOCABULARY.index(word) for word in words], column] = 3
    head = np.zeros((2, scale.size))
    head[0, 0] = head[1, -1] = 1
    onnx(folder / "model.onnx", embedding, head)
    (folder / "tokenizer_config.json").unlink()
    settings = {"max_tokens": 32, "mask_id": VOCABULARY.index("[MASK]")}
    return folders.write(folder, folders.Manifest("encoder", "words-1", scale, settings=settings, **manifest))


def bert(folder: Path, labels: Sequence[str] = (), seed: int = 0) -> Path:
    """A random BERT of transformers in a folder; with labels it classifies."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel

    torch.manual_seed(seed)
    tokenizer(folder)
    config = BertConfig(
        vocab_size=len(VOCABULARY), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, pad_token_id=0, initializer_range=0.3,
    )  # fmt: skip
    if labels:
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: place for place, label in enumerate(labels)}
        BertForSequenceClassification(config).save_pretrained(folder)
    else:
        BertModel(config).save_pretrained(folder)
    return folder


def wav(path: Path, samples: Any, rate: int = RATE, channels: int = 1) -> Path:
    """A sound file of samples between -1 and 1."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.repeat(samples[:, None], channels, 1) * 32767).astype("<i2").tobytes())
    return path


def wav2vec2(folder: Path) -> Path:
    """A random speech model of transformers in a folder; it hears letters in noise."""
    import torch
    from transformers import Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC

    torch.manual_seed(0)
    config = Wav2Vec2Config(
        vocab_size=len(LETTERS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        conv_dim=(8, 8), conv_stride=(20, 16), conv_kernel=(20, 16), num_feat_extract_layers=2, pad_token_id=0,
        num_conv_pos_embeddings=4, num_conv_pos_embedding_groups=2, feat_extract_norm="group",
    )  # fmt: skip
    Wav2Vec2ForCTC(config).save_pretrained(folder)
    Wav2Vec2FeatureExtractor(return_attention_mask=False).save_pretrained(folder)
    _letters(folder)
    return folder


def _letters(folder: Path) -> None:
    from tokenizers import Tokenizer, decoders, pre_tokenizers
    from tokenizers.models import WordLevel

    made = Tokenizer(WordLevel({letter: place for place, letter in enumerate(LETTERS)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.decoder = decoders.CTC(pad_token="<pad>", word_delimiter_token="|")
    made.save(str(folder / "tokenizer.json"))
    (folder / "vocab.json").write_text(json.dumps({letter: place for place, letter in enumerate(LETTERS)}))
    config = {"tokenizer_class": "Wav2Vec2CTCTokenizer", "pad_token": "<pad>", "unk_token": "<unk>", "bos_token": "<s>",
              "eos_token": "</s>", "word_delimiter_token": "|"}  # fmt: skip
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def labelled(rows: int = 120, groups: int = 40) -> list[dict[str, str]]:
    """Rows of a labelled table whose tone is told by one word."""
    made = []
    for place in range(rows):
        tone = ("negative", "neutral", "positive")[place % 3]
        word = {"negative": BAD, "neutral": ("said", "party", "today"), "positive": GOOD}[tone][place // 3 % 3]
        made.append(
            {
                "text": f"{word} {word} Zed, Kex met.",
                "target": "Zed", "aliases": "", "bystanders": "Kex | Kexa", "language": "en",
                "tone": tone, "group": f"g{place % groups}",
            }
        )  # fmt: skip
    return made


ZED = Target("Zed", ("Zedd",), (("Kex",),))
