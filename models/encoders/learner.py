"""A net that learns: one step on one batch, and its answers. Loaded only where torch is."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from models.backends.encoder import softmax
from models.encoders.masked_tokens import padded
from models.encoders.recipe import Recipe

if TYPE_CHECKING:
    from models.encoders.masked_tokens import Reader
    from models.encoders.tone_net import ToneNet

ANSWERED = 32
"""Rows answered at once."""
LONGEST_STEP = 1.0
"""Gradients are cut to this length."""


class Learner:
    """A net with its optimizer on a device. Each step draws its own chance, so any step can be done again."""

    def __init__(self, net: "ToneNet", recipe: Recipe, weights: Sequence[float], steps: int, device: str) -> None:
        self.net, self.recipe, self.steps, self.device = net.to(device), recipe, steps, device
        self._weights = torch.tensor(weights, dtype=torch.float, device=device)
        self._rounded = rounds(device)
        self.optimizer = torch.optim.AdamW(_groups(net, recipe), weight_decay=recipe.weight_decay)
        self._full = [group["lr"] for group in self.optimizer.param_groups]

    def learn(
        self, step: int, ids: list[list[int]], tones: Sequence[int], soft: NDArray[np.float64] | None, reader: "Reader"
    ) -> float:
        """One step (numbered from 0) on rows of token numbers; gives the loss. A tone of -1 is not labelled."""
        torch.manual_seed(self.recipe.number("step", step))
        share = self.recipe.rate(step, self.steps)
        for group, full in zip(self.optimizer.param_groups, self._full, strict=True):
            group["lr"] = full * share
        self.net.train()
        numbers, attention = self._tensors(ids, reader)
        loss = self._loss(self._logits(self._dropped(numbers, reader), attention), tones, soft)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), LONGEST_STEP)
        self.optimizer.step()
        return float(loss.detach())

    def answers(self, rows: list[list[int]], reader: "Reader") -> NDArray[np.float64]:
        """Probabilities (n, points) for rows of token numbers."""
        self.net.eval()
        logits = np.zeros((len(rows), len(self._weights)))
        with torch.no_grad():
            order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
            for batch in (order[at : at + ANSWERED] for at in range(0, len(order), ANSWERED)):
                tensors = self._tensors([rows[place] for place in batch], reader)
                logits[batch] = self._logits(*tensors).cpu().numpy()
        return softmax(logits)

    def _tensors(self, ids: list[list[int]], reader: "Reader") -> tuple[torch.Tensor, torch.Tensor]:
        numbers, attention = padded(ids, reader.marks.pad_id)
        return torch.from_numpy(numbers).to(self.device), torch.from_numpy(attention).to(self.device)

    def _logits(self, numbers: torch.Tensor, attention: torch.Tensor) -> torch.Tensor:
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self._rounded):
            return self.net(numbers, attention)[0].float()

    def _dropped(self, numbers: torch.Tensor, reader: "Reader") -> torch.Tensor:
        """Token numbers with a share of the words hidden behind the unknown token, never a mark."""
        if not self.recipe.words_dropped:
            return numbers
        hidden = torch.rand(numbers.shape, device="cpu").to(self.device) < self.recipe.words_dropped
        for mark in reader.special_ids:
            hidden &= numbers != mark
        return numbers.masked_fill(hidden, reader.marks.unknown_id)

    def _loss(self, logits: torch.Tensor, tones: Sequence[int], soft: NDArray[np.float64] | None) -> torch.Tensor:
        told = torch.tensor(tones, device=self.device)
        labelled = told >= 0
        from_labels = torch.zeros((), device=self.device)
        if labelled.any():
            from_labels = functional.cross_entropy(
                logits[labelled], told[labelled], weight=self._weights, label_smoothing=self.recipe.smoothing
            )
        if soft is None:
            return from_labels
        softness, share = self.recipe.softness, self.recipe.teacher_share
        wanted = functional.softmax(
            torch.from_numpy(np.log(np.clip(soft, 1e-6, 1))).float().to(self.device) / softness, -1
        )
        said = functional.log_softmax(logits / softness, -1)
        from_teacher = functional.kl_div(said, wanted, reduction="batchmean") * softness**2
        return share * from_teacher + (1 - share) * labelled.float().mean() * from_labels


def rounds(device: str) -> bool:
    """Whether the device computes in 16 bits (bfloat16) faster than in 32."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    cpuinfo = Path("/proc/cpuinfo")
    return cpuinfo.is_file() and re.search(r"avx512_bf16|amx_bf16", cpuinfo.read_text(encoding="utf-8")) is not None


def _groups(net: "ToneNet", recipe: Recipe) -> list[dict[str, object]]:
    """What the optimizer changes, with its learning rates; the rest is frozen."""
    groups: list[dict[str, object]] = [
        {"params": list(net.head.parameters()), "lr": recipe.learning_rate * recipe.head_rate}
    ]
    layers = int(net.encoder.config.num_hidden_layers)
    for name, parameter in net.encoder.named_parameters():
        found = re.search(r"layers?\.(\d+)\.", name)
        layer = int(found[1]) if found else None
        unread = "pooler" in name
        if "embeddings" in name or unread or (layer is not None and layer < recipe.freeze):
            parameter.requires_grad_(requires_grad=False)
            continue
        rate = recipe.learning_rate * recipe.layer_decay ** (0 if layer is None else layers - 1 - layer)
        decay = 0.0 if parameter.ndim < 2 else recipe.weight_decay
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups
