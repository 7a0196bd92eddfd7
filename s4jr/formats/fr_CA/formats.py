"""How people in Canada write a time in French. The spaces of a time are no place to break a line."""

TIME_FORMAT = "G\N{NO-BREAK SPACE}\\h\N{NO-BREAK SPACE}i"
DATETIME_FORMAT = f"j F Y, {TIME_FORMAT}"
