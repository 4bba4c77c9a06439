"""Every speed and quality figure that the documents quote: `python -m benchmarks.NAME [--data DIR] [--quick]`."""
