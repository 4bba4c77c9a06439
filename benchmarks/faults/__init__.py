"""Faults made on purpose around a real server and a real browser, and what the record holds afterwards."""
