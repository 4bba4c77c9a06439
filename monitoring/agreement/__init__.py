"""How alike two people code the same material, how sure that is, who drifts, and how much to code twice."""
