"""Models of a hub: fetched only when somebody names one, only the files that cannot run code, never when offline."""

import os
import re
from pathlib import Path

from models.refusal import Refused

WANTED = (
    "config.json", "*.safetensors", "*.safetensors.index.json", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "preprocessor_config.json", "processor_config.json", "generation_config.json",
    "vocab.json", "added_tokens.json", "LICENSE*",
)  # fmt: skip
NAMED = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+(@[\w.-]+)?")
ON = {"1", "true", "yes", "on"}


def offline() -> bool:
    """Whether the environment forbids to fetch anything."""
    return any(os.environ.get(name, "").lower() in ON for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))


def place_of(name: str) -> Path:
    """The folder of a model named by a folder or by a hub's `owner/name` or `owner/name@revision`.

    Of the hub only safetensors, JSON and licences are fetched. Offline only what was fetched before is found. Raises
    Refused with what to do.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if not NAMED.fullmatch(name):
        raise Refused(f"{name} is neither a folder nor the name of a model on a hub, such as owner/name.")
    from huggingface_hub import snapshot_download

    owner, _, revision = name.partition("@")
    kept_away = offline()
    try:
        found = snapshot_download(
            owner, revision=revision or None, allow_patterns=list(WANTED), local_files_only=kept_away
        )
    except Exception as error:  # the library raises classes of several others
        why = "HF_HUB_OFFLINE forbids to fetch it" if kept_away else f"it cannot be fetched ({str(error)[:200]})"
        raise Refused(f"The model {name} is not on this machine and {why}; name a folder that holds it.") from error
    return Path(found)
