"""The coding desk: what it shows, what it saves, its keys, and the part that runs in the browser (`web/`)."""
