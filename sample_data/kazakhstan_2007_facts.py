"""What the generator needs of the public record: campaign days, ballot, entitlements, debates.

Source: OSCE/ODIHR Election Observation Mission, Final Report, Republic of Kazakhstan, Parliamentary Elections
18 August 2007, Warsaw, 30 October 2007. The other facts stand in the mission folder itself.
"""

from datetime import date

FIRST_DAY = date(2007, 7, 18)
LAST_DAY = date(2007, 8, 16)

CONTESTANTS = ("ANSDP", "Nur Otan", "PPK", "Auyl", "Ak Zhol", "Rukhaniyat", "CPPK")
"""In the order of the ballot."""

MERGED = ("Nagyz Ak Zhol", "Adilet")
"""Parties that had merged into a contestant: they speak for it as supporters."""

PERSONS = ("Nursultan Nazarbayev", "Karim Massimov", "Zharmakhan Tuyakbay", "Alikhan Baimenov")

FREE_AIRTIME_MS = 20 * 60_000
FREE_LINES = 250
STATE_PAPERS = ("Egemen Kazakhstan", "Kazakhstanskaya Pravda")

DEBATES_OF_ALL = {"TV Kazakhstan": date(2007, 8, 3), "TV Khabar": date(2007, 8, 10)}

DEBATES_OF_TWO = (
    (date(2007, 7, 20), ("ANSDP", "Auyl")),
    (date(2007, 7, 24), ("Nur Otan", "PPK")),
    (date(2007, 7, 27), ("Ak Zhol", "CPPK")),
    (date(2007, 7, 31), ("Rukhaniyat", "ANSDP")),
    (date(2007, 8, 3), ("PPK", "Auyl")),
    (date(2007, 8, 7), ("Nur Otan", "Rukhaniyat")),
    (date(2007, 8, 10), ("CPPK", "PPK")),
    (date(2007, 8, 14), ("Ak Zhol", "Auyl")),
)
"""Channel 31: eight debates of two parties each, the first on 20 July, are published; the pairs and the other days
are made up."""
