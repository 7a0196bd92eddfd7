"""How a day is written in English here: the same on both sides of a border, and with its month in full."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, P"
