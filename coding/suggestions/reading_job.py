"""Reading airings while nobody looks: a process of low priority for each store, beside that of the queue."""

from coding.suggestions.measuring import Jobs, serve

READING = Jobs("coding.suggestions.reading_job", "readings")
job_of, start_reading, stop, dismiss = READING.of, READING.start, READING.stop, READING.dismiss


def main() -> None:
    """What the process runs."""
    from coding.suggestions.reading import read

    serve(read)
