"""The network of the encoder backend in torch: an encoder, three readings of its last layer, a small head.

Loaded only where torch is: training, export, and an encoder kept as safetensors.
"""

import torch
from torch import nn

DROPOUT = 0.1


class ToneNet(nn.Module):  # type: ignore[misc]
    """Tone of a text towards its masked target.

    Tokens in (n, length) with the target's mentions as the tokenizer's mask token; out come logits (n, points) and
    features (n, width), the head's hidden layer: what a mission's own labels are learned on.
    """

    def __init__(self, encoder: nn.Module, mask_id: int, points: int) -> None:
        super().__init__()
        self.encoder, self.mask_id = encoder, mask_id
        width = encoder.config.hidden_size
        self.head = nn.Sequential(
            nn.Dropout(DROPOUT), nn.Linear(3 * width, width), nn.Tanh(), nn.Dropout(DROPOUT), nn.Linear(width, points)
        )

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and features. The readings: the first token, the mean of the target's tokens, the mean of all."""
        layer = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        every = (attention_mask > 0)[..., None].to(layer.dtype)
        named = (input_ids == self.mask_id)[..., None].to(layer.dtype)
        mean = (layer * every).sum(1) / every.sum(1).clamp(min=1)
        target = (layer * named).sum(1) / named.sum(1).clamp(min=1)
        features = self.head[:3](torch.cat([layer[:, 0], target, mean], -1))
        return self.head[3:](features), features
