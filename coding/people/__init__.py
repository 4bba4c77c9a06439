"""People: accounts and sessions, what each role may do, and the gate before every page, route and socket."""

from coding.people.rights import MAY, Person, Right

__all__ = ["MAY", "Person", "Right"]
