"""What needs torch and transformers, each behind one door that says what to install where they are missing."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from models import contents
from models.refusal import Refused

INSTALL = "pip install -r requirements-transformer.txt"
NOT_NEEDED = ("pooler.", "position_ids", "lm_head.", "cls.", "classifier.")
"""Weights a base may have, or lack, without the tone net caring."""


def torch_or_refused() -> Any:
    """The torch module. Raises Refused saying what to install."""
    if find_spec("torch") is None:
        raise Refused(f"This model needs torch, which is not installed here; run: {INSTALL}")
    try:
        import torch
    except (ImportError, OSError) as error:  # installed, but a library of it is missing on this machine
        raise Refused(f"This model needs torch, which cannot be loaded here ({error}); run: {INSTALL}") from None
    return torch


def check_base(folder: Path) -> dict[str, Any]:
    """The config.json of a folder of transformers that is safe to open: safetensors, no code. Raises Refused.

    Files nothing will read (a card, a list of attributes) may lie beside and below; files that could run code may not,
    nor links out of the folder, but for those of the hub's cache, from snapshots/REVISION to blobs of the same model.
    """
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder; name a folder with config.json and model.safetensors.")
    root = Path(os.path.realpath(folder))
    cache = (root.parent.parent / "blobs",) if root.parent.name == "snapshots" else ()
    for path in sorted(contents.paths_below(folder)):
        contents.check_place(path, root, *cache)
        if path.is_file():
            (contents.check if path.parent == folder else contents.check_kind)(path)
    if not (folder / "model.safetensors").is_file() and not (folder / "model.safetensors.index.json").is_file():
        raise Refused(f"{folder} has no model.safetensors; only models saved as safetensors are opened.")
    if not (folder / "tokenizer.json").is_file():
        raise Refused(f"{folder} has no tokenizer.json; save the model with a fast tokenizer.")
    contents.check_tokenizer(folder)
    config = contents.read_json(folder / "config.json")
    if not isinstance(config, dict) or "model_type" not in config:
        raise Refused(f"{folder / 'config.json'} does not name the kind of model; copy the folder again.")
    return config


def read_base(folder: Path) -> Any:
    """The encoder of a folder of transformers with all its weights, nothing else run. Raises Refused."""
    torch_or_refused()
    check_base(folder)
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        net, told = AutoModel.from_pretrained(
            folder,
            trust_remote_code=False,
            use_safetensors=True,
            local_files_only=True,
            attn_implementation="eager",
            output_loading_info=True,
        )
    except Exception as error:  # the library raises many classes
        raise Refused(f"The model in {folder} cannot be opened ({str(error)[:300]}).") from error
    lacking = [name for name in told["missing_keys"] if not any(part in name for part in NOT_NEEDED)]
    lacking += [str(name) for name in told["mismatched_keys"]]
    if lacking:
        raise Refused(f"{folder} lacks weights of its model ({', '.join(sorted(lacking)[:3])}); copy it again.")
    return net.float()


def read_net(folder: Path, points: int) -> Any:
    """The encoder of a folder with its trained head. Raises Refused when the head does not fit."""
    torch_or_refused()
    from safetensors.torch import load_file

    from models.encoders.masked_tokens import read_tokenizer
    from models.encoders.tone_net import ToneNet

    net = ToneNet(read_base(folder), read_tokenizer(folder / "tokenizer.json", 128).marks.mask_id, points)
    head = folder / "head.safetensors"
    if not head.is_file():
        raise Refused(f"{folder} has no head.safetensors; train one with `python -m models finetune`.")
    try:
        net.head.load_state_dict(load_file(head))
    except RuntimeError as error:
        raise Refused(f"{head} does not fit the encoder beside it or a scale of {points} points.") from error
    return net


def write_net(net: Any, folder: Path) -> None:
    """The encoder and its head as safetensors into a folder."""
    from safetensors.torch import save_file

    net.encoder.save_pretrained(folder, safe_serialization=True)
    save_file(
        {name: value.contiguous().cpu() for name, value in net.head.state_dict().items()}, folder / "head.safetensors"
    )
