"""Incidents made by hand for the tests, on the small mission."""

from uuid import UUID

from coding.incident import Incident


def incident(number: int = 1, **more: object) -> Incident:
    """A refused spot on Channel A; keywords replace what it says."""
    given: dict[str, object] = {
        "incident_id": str(UUID(int=number)),
        "kind": "refused",
        "from": "2025-03-12",
        "title": "A spot was refused",
        "text": "The station refused a spot of Blue Party.",
        "outlet": "Channel A",
        "contestant": "Blue Party",
        "format": "paid advertising",
        "amount": 30_000,
        "unit": "ms",
        "source": "letter of the party",
    }
    return Incident.model_validate(given | more)
