"""Encoders: how they read a text, how they are fine-tuned, how they become small and run without torch."""
