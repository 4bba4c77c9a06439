"""The state of a training on disk: weights and optimizer as safetensors, the rest as JSON; never a pickle.

A checkpoint is a folder written beside the last one and put in its place by two renames, so that a machine that stops
at any moment leaves one whole checkpoint.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.contents import read_json
from models.refusal import Refused

STATE, NET, MOMENTS = "state.json", "net.safetensors", "optimizer.safetensors"
LAST, OLD, NEW = "checkpoint", "checkpoint.old", "checkpoint.new"


def save(place: Path, state: Mapping[str, Any], net: Any, optimizer: Any) -> None:
    """Write a checkpoint of the trained weights, the optimizer and `state` (plain JSON)."""
    from safetensors.torch import save_file

    new = place / NEW
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    save_file(trained(net), new / NET)
    save_file(_moments(net, optimizer), new / MOMENTS)
    (new / STATE).write_text(json.dumps(state, indent=1), encoding="utf-8")
    shutil.rmtree(place / OLD, ignore_errors=True)
    if (place / LAST).exists():
        (place / LAST).rename(place / OLD)
    new.rename(place / LAST)
    shutil.rmtree(place / OLD, ignore_errors=True)


def found(place: Path) -> Path | None:
    """The newest whole checkpoint, if there is one."""
    return next((place / name for name in (LAST, OLD) if (place / name / STATE).is_file()), None)


def state_of(checkpoint: Path) -> dict[str, Any]:
    """What a checkpoint says of the training. Raises Refused when it is damaged."""
    state: dict[str, Any] = read_json(checkpoint / STATE)
    return state


def restore(checkpoint: Path, net: Any, optimizer: Any) -> None:
    """Put a checkpoint's weights and moments into a net and its optimizer. Raises Refused when they do not fit."""
    import torch
    from safetensors.torch import load_file

    try:
        put(net, load_file(checkpoint / NET))
        moments = load_file(checkpoint / MOMENTS)
        for name, parameter in net.named_parameters():
            if parameter.requires_grad and f"{name}|step" in moments:
                kinds = ("step", "exp_avg", "exp_avg_sq")
                held = {kind: moments[f"{name}|{kind}"].to(parameter.device) for kind in kinds}
                held["step"] = held["step"].cpu().to(torch.float32)
                optimizer.state[parameter] = held
    except (KeyError, RuntimeError, OSError) as error:
        raise Refused(
            f"The checkpoint {checkpoint} does not fit this training ({error}); start without --resume."
        ) from error


def trained(net: Any) -> dict[str, Any]:
    """The weights that training changes, copied to main memory."""
    return {
        name: parameter.detach().cpu().clone().contiguous()
        for name, parameter in net.named_parameters()
        if parameter.requires_grad
    }


def put(net: Any, weights: Mapping[str, Any]) -> None:
    """Put trained weights back into a net. Raises RuntimeError or KeyError when they do not fit."""
    import torch

    with torch.no_grad():
        for name, parameter in net.named_parameters():
            if parameter.requires_grad:
                parameter.copy_(weights[name].to(parameter.device))


def _moments(net: Any, optimizer: Any) -> dict[str, Any]:
    return {
        f"{name}|{kind}": value.detach().cpu().clone().contiguous()
        for name, parameter in net.named_parameters()
        for kind, value in optimizer.state.get(parameter, {}).items()
    }
