"""Commands that make models: fine-tune an encoder, export it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from models.commands import Labelled, app, guarded, scale_of
from models.encoders.recipe import USUAL, Recipe

if TYPE_CHECKING:
    from models.folder import Manifest

THREE_POINTS = "negative=-1,neutral=0,positive=1"
Out = Annotated[Path, typer.Option("--out", help="The folder to make; it must not be there.", show_default=False)]


@app.command()
def finetune(
    table: Labelled,
    base: Annotated[
        str,
        typer.Option(help="An encoder of the BERT family: a folder, or owner/name on a hub.", show_default=False),
    ],
    out: Out,
    scale: Annotated[str, typer.Option(help="The points of the tone scale with their scores.")] = THREE_POINTS,
    teacher: Annotated[Path | None, typer.Option(help="A model's folder to learn from beside the labels.")] = None,
    unlabelled: Annotated[Path | None, typer.Option(help="A table without tones, for the teacher to answer.")] = None,
    language: Annotated[str, typer.Option(help="What the model then answers to: en,ru. Empty means any.")] = "",
    epochs: Annotated[int, typer.Option()] = USUAL.epochs,
    learning_rate: Annotated[float, typer.Option()] = USUAL.learning_rate,
    batch: Annotated[int, typer.Option(help="Rows in a step.")] = USUAL.batch,
    seed: Annotated[int, typer.Option()] = USUAL.seed,
    development: Annotated[float, typer.Option(help="The share of groups kept back.")] = USUAL.development,
    max_tokens: Annotated[int, typer.Option(help="The longest window.")] = USUAL.max_tokens,
    layer_decay: Annotated[float, typer.Option(help="Learning rate of a layer to that above it.")] = USUAL.layer_decay,
    freeze: Annotated[int, typer.Option(help="Lowest layers left as they are.")] = USUAL.freeze,
    smoothing: Annotated[float, typer.Option(help="Smoothing of the labels.")] = USUAL.smoothing,
    others_masked: Annotated[float, typer.Option(help="Share of rows with all names masked.")] = USUAL.others_masked,
    words_dropped: Annotated[float, typer.Option(help="Share of words hidden in training.")] = USUAL.words_dropped,
    balance: Annotated[float, typer.Option(help="Weight of rare tones: 0 none, 1 full.")] = USUAL.balance,
    teacher_share: Annotated[float, typer.Option(help="How much the teacher counts.")] = USUAL.teacher_share,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    minutes: Annotated[float, typer.Option(help="Minutes between two checkpoints.")] = 10.0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a stopped training was.")] = False,
    licence: Annotated[str, typer.Option(help="The licence of the new model.")] = "",
) -> None:
    """Fine-tune an encoder on labelled texts; it is saved as safetensors with a report on texts kept back."""
    from models import labelled
    from models.encoders.finetune import finetune as train
    from models.hub import place_of

    with guarded():
        recipe = Recipe(
            epochs, learning_rate, batch, seed, development, max_tokens, USUAL.head_rate, layer_decay, freeze,
            USUAL.weight_decay, USUAL.warmup, smoothing, others_masked, words_dropped, balance, teacher_share,
        )  # fmt: skip
        made = train(
            labelled.read_table(table),
            scale_of(scale),
            place_of(base),
            out,
            recipe,
            teacher=teacher,
            unlabelled=labelled.read_table(unlabelled) if unlabelled else None,
            languages=[part.strip() for part in language.split(",") if part.strip()],
            device=device,
            threads=threads,
            minutes=minutes,
            resume=resume,
            licence=licence,
            tell=lambda words, share: typer.echo(f"{share:4.0%}  {words}"),
        )
        _tell(out, made)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A model made by finetune.", show_default=False)],
    out: Out,
    texts: Annotated[Path | None, typer.Option(help="A table whose texts compare the two models.")] = None,
    held_out: Annotated[
        Path | None, typer.Option(help="A labelled table that no training saw: fits the probabilities anew.")
    ] = None,
    prune_vocabulary: Annotated[
        Path | None, typer.Option(help="A table; of the tokenizer only what its texts need is kept.")
    ] = None,
    bits: Annotated[Literal["8", "4"], typer.Option(help="8, or 4 for a large encoder: smaller and slower.")] = "8",
) -> None:
    """Make a small ONNX model that needs no torch of a fine-tuned encoder, and compare the two."""
    from models import labelled
    from models.backends.encoder import MOST_TOKENS
    from models.encoders.export import COMPARED, NEEDED
    from models.encoders.export import export as write
    from models.encoders.masked_rows import masked_of, rows_of, tones_of
    from models.encoders.masked_tokens import read_tokenizer
    from models.folder import read

    with guarded():
        manifest = read(folder)
        reader = read_tokenizer(folder / "tokenizer.json", int(manifest.settings.get("max_tokens", MOST_TOKENS)))
        held = rows_of(labelled.read_table(held_out), reader, manifest.scale) if held_out else []
        made = write(
            folder,
            out,
            masked_of(texts, reader, COMPARED) if texts else (),
            ([row.masked(reader, others=True) for row in held], tones_of(held)) if held else None,
            masked_of(prune_vocabulary, reader, NEEDED) if prune_vocabulary else (),
            bits=int(bits),
            tell=typer.echo,
        )
        _tell(out, made)
        changed = made.made["export"]
        typer.echo(f"Of {changed['texts']:.0f} texts {changed['changed']:.1%} changed their likeliest tone.")


def _tell(out: Path, made: "Manifest") -> None:
    size = sum(entry.bytes for entry in made.files.values()) / 1e6
    typer.echo(f"{out}: {made.version}, {size:.1f} MB.")
