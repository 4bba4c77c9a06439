"""A tone model for tests: the linear backend, trained in a second on sixty sentences of a language of its own."""

from pathlib import Path

SAID = {
    "very negative": "vile disgraceful criminal shameful rotten liars",
    "negative": "weak mistaken clumsy doubtful failing criticised",
    "neutral": "met announced visited spoke Tuesday committee",
    "positive": "capable welcome useful thoughtful steady praised",
    "very positive": "brilliant heroic magnificent triumphant beloved superb",
}
"""What is said of a subject in each tone: the rest of a sentence is the same in all."""


def write_linear(folder: Path, version: str = "m-1") -> Path:
    """A sealed model folder for the scale of the small mission, which has earned its place in English and in no other.

    It always suggests one point, since its thresholds rule out all others.
    """
    import numpy as np

    from models.backends.linear import put
    from models.calibrate import Calibration
    from models.folder import Manifest, write
    from models.linear.fit import fit
    from models.linear.ngrams import counted, rated, read
    from models.scale import Point, Scale
    from models.target import Target

    scale = Scale(tuple(Point(name, score / 2) for score, name in enumerate(SAID, start=-2)))
    texts, tones = [], []
    for tone, words in enumerate(SAID.values()):
        for number in range(12):
            one, two, three = (words.split()[(number + step) % 6] for step in (0, 1, 3))
            texts.append(f"The report says Blue Party is {one}, {two} and {three} this week.")
            tones.append(tone)
    readings = [reading for text in texts if (reading := read(text, Target("Blue Party"), "en")) is not None]
    languages = ["en"] * len(readings)
    weights = fit(counted(readings), rated(readings, languages), np.array(tones), scale.size, 3.0)
    settings = put(folder, weights, ["en"])
    calibration = {"": Calibration(1.0, (0.0,) * 5, (1.0,) * 5).to_json()}
    manifest = Manifest(
        "linear",
        version,
        scale,
        ("en", "ru"),
        calibration=calibration,
        earned={"en": {"earned": True}},
        settings=settings,
    )
    write(folder, manifest)
    return folder
