"""How good a model is, and whether it matters to it who a text is about."""
