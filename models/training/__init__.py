"""Training on a mission's own labels: candidates, which of them earned its place, what was held out."""
