import s4jr  # noqa: F401  it pins the time zones
