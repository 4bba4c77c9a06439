"""The mission folder and the checked mission made from it."""
