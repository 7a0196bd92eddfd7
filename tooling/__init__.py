"""What `./dev` and the Dockerfile call. Nothing of it runs on a deployed site."""

import s4jr  # noqa: F401  its time zones are the pinned ones, also in the processes that start here
