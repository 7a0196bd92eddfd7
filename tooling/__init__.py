"""Code that `./dev` and the Dockerfile call. None of it runs on a deployed site."""

import s4jr  # noqa: F401  it pins the time zones
