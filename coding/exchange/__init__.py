"""Files in, files out: import by a declared mapping, all or nothing, and exports that carry the mission's notice."""
