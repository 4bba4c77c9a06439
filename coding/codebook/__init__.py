"""Changes of the codebook in mid-mission: what was coded is carried over, and what nobody can carry over is listed."""
