"""What was coded by hand and blind, as coverage of its own: the segments that a combined estimate rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pandas as pd

from coding.mission.model import Airing, Mission
from coding.segment import Segment
from monitoring.coverage import Coverage, coverage_of
from monitoring.evidence import AT_MOST, as_listed, behind
from monitoring.selection import Selection


@dataclass(frozen=True)
class Coded:
    """Segments with a tone, as they were before any suggestion was seen; the record may hold newer revisions."""

    coverage: Coverage
    segments: Mapping[str, Segment]

    def behind(self, selection: Selection, picked: Mapping[str, Any]) -> tuple[int, pd.DataFrame]:
        """How many segments stand behind a row, and the first of them with the columns of `monitoring.evidence`."""
        found = behind(self.coverage, selection, picked)
        total = self.coverage.table(found.aggregate(segments=ibis._.count()))["segments"].iloc[0]
        order = ["outlet", "date", "airing_id", "start_ms", "segment_id"]
        first = self.coverage.table(found.order_by(order).limit(AT_MOST))
        return int(total), as_listed(first, [self.segments[name] for name in first["segment_id"]])


def coded(mission: Mission, airings: Sequence[Airing], segments: Sequence[Segment]) -> Coded:
    """The coding of some airings, without the segments that carry no tone."""
    toned = [segment for segment in segments if segment.tone]
    return Coded(coverage_of(mission, airings, toned), {str(each.segment_id): each for each in toned})
