"""The sample mission and the seeded generator that makes it."""
