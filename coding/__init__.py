"""What a human records: the mission and its codebook, segments, the store, and how they come in and go out."""

__version__ = "0.1.0"
