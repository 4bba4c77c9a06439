"""A mission with enough labels to train on in a second or two: Kazakh sentences whose words give the tone away."""

from uuid import UUID

from coding.segment import Segment
from tests.missions import AIRINGS_HEADER, SUBJECTS, segment

WORDS = {
    "positive": ("жақсы мектеп ашты", "адал жұмыс істеді", "көмек көрсетті", "сенімді бағдарлама ұсынды"),
    "neutral": ("кездесу өткізді", "мәлімдеме жасады", "жиналысқа қатысты", "хабарлама таратты"),
    "negative": ("өтірік айтты", "заңды бұзды", "ақшаны ұрлады", "сайлаушыны алдады"),
}
SPELLED = {"Blue Party": "Көк партия", "Red Party": "Қызыл партия"}
KAZAKH = SUBJECTS.replace("Blues|The Blues", "Көк партия").replace("Reds", "Қызыл партия")
AIRINGS = AIRINGS_HEADER + "".join(
    f"a-{day},Channel A,2025-03-{day},,programme,News,news,,20:30,21:30,20:30:00,21:30:00,,,yes,\n"
    for day in range(10, 20)
)


def labels(each: int = 18, language: str = "kk") -> list[Segment]:
    """So many segments in each of ten airings; the tones stand evenly, and the words go with them."""
    made, tones = [], list(WORDS)
    for number in range(10 * each):
        tone, subject = tones[number % 3], list(SPELLED)[number % 2]
        words = WORDS[tone][number // 3 % 4]
        made.append(
            segment(
                1000 + number,
                f"a-{10 + number % 10}",
                subject,
                start=number // 10 * 60,
                end=number // 10 * 60 + 30,
                tone=tone,
                text=f"{SPELLED[subject]} бүгін {number} рет {words} деп хабарлады.",
                language=language,
            )
        )
    return made


def number_of(segment_id: str) -> int:
    """The number of a segment made here."""
    return UUID(segment_id).int
