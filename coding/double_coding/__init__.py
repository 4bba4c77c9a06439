"""Airings coded twice: which ones are drawn, what two coders said of the same passage, and what was decided."""
