"""How people in Canada write a time in French."""

TIME_FORMAT = "G \\h i"
DATETIME_FORMAT = "j F Y, G \\h i"
