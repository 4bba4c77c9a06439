"""One file for each kind of finding: `find(material)` makes them, `statement(finding, words)` tells one."""
