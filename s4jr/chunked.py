"""Many rows a batch at a time: each batch is a short transaction, and whoever stops between two loses nothing."""

#: How many primary keys are looked up in one go. To look anew for each batch would read what is done again and again.
LOOK_AHEAD = 20_000


def batches_of(rows, size):
    """Lists of at most `size` primary keys of `rows` (a QuerySet), until none are left.

    Whoever takes a list changes or deletes these rows so that they are no longer among `rows`, and looks at each again:
    it may have been changed meanwhile. What stays all the same comes up once more and then no more.
    """
    before = []
    while (found := sorted(rows.order_by().values_list("pk", flat=True)[:LOOK_AHEAD])) and found != before:
        yield from (found[start : start + size] for start in range(0, len(found), size))
        before = found
