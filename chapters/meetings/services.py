"""What changes series of meetings. Each of these is one transaction: a series and its meetings change together."""

from functools import partial

from django.db import transaction

from chapters.meetings.edit_conflicts import version_of
from chapters.models import MeetingSeries
from s4jr.steps import run_steps

#: What a host's form changes, and whether people see it.
WATCHED = (*MeetingSeries.FACTS, "repeats", "weekday", "week", "begins_on", "ends_on", "time_of_day", "minutes")


@transaction.atomic
def save_series(series: MeetingSeries, *, seen: str = "") -> bool:
    """Save a series, new or changed, and bring its meetings in line. False where it changed since the version `seen`,
    which may be blank; then nothing is saved."""
    saved = MeetingSeries.objects.select_for_update(of=("self",)).filter(pk=series.pk).first()
    if seen and saved and version_of(saved, WATCHED) != seen:
        return False
    series.save()
    MeetingSeries.objects.filter(pk=series.pk).make_rows()
    return True


def align_all_series() -> dict[str, int]:
    """Bring the meetings of every series in line with its rule. One series that fails stops no other."""
    series = MeetingSeries.objects.all()
    return run_steps({str(pk): partial(series.filter(pk=pk).make_rows) for pk in series.values_list("pk", flat=True)})
