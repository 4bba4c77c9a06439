"""Which contestants are told by name, and which together: one rule for all outlets, so that sentences can be compared.

Named is who received at least an equal part of the contestants' coverage on at least one outlet of the medium; of
more than AT_MOST the ones with the largest such part. All others are told together, as a range. A filter on outlets
does not change who is named.
"""

from dataclasses import replace

from monitoring.findings.material import Material, by_place

AT_MOST = 6
NEAR = 1e-9


def named(material: Material) -> tuple[str, ...]:
    """The contestants told by name, in ballot order."""
    contestants = material.contestants
    everywhere = replace(material.selection, outlets=())
    most = dict.fromkeys(contestants, 0.0)
    for rows in by_place(material.rows("share", ("outlet", "group"), selection=everywhere)).values():
        amounts = {row.of("group"): row.amount for row in rows if row.of("group") in most}
        total = sum(amounts.values())
        for name, amount in amounts.items():
            most[name] = max(most[name], amount * len(contestants) / total if total else 0.0)
    enough = [name for name in contestants if most[name] >= 1 - NEAR]
    kept = sorted(enough, key=lambda name: -most[name])[:AT_MOST]
    return tuple(name for name in contestants if name in kept)
