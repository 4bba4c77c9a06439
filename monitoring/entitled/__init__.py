"""What law and mission grant or forbid, held against what was monitored. One module for each kind of rule.

`monitoring.entitled.judging` lists the kinds (`KINDS`) and judges them all; every kind gives rows of one shape
(`monitoring.entitled.judged`).
"""
