"""Tone suggestions: texts and targets in, probabilities out. Imports nothing of this project."""
