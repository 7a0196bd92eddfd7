import s4jr  # noqa: F401  its time zones are the pinned ones, in the tests too
