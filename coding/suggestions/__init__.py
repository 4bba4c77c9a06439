"""Tone suggestions in a mission: who is told what and when, training on its labels, what to code next."""
