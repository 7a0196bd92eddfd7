"""System checks for the text files: mistakes, and drafts the coalition has not confirmed yet."""

from collections import defaultdict
from typing import Any

from django.core import checks

from s4jr.content.files import all_files, found_files


@checks.register()
def every_text_has_one_file(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    paths = defaultdict(list)
    for file in found_files():
        paths[file.key, file.language].append(str(file.path))
    return [
        checks.Error(f"The text {key} ({language}) is in two files: {', '.join(found)}.", id="words.E001")
        for (key, language), found in paths.items()
        if len(found) > 1
    ]


@checks.register()
def every_text_has_a_title(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(f"The first line of {file.path} is not a title (# Title).", id="words.E002")
        for file in all_files().values()
        if not file.text.startswith("# ")
    ]


@checks.register(deploy=True)
def drafts_are_confirmed(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    drafts = sorted({file.key for file in all_files().values() if file.is_draft})
    if not drafts:
        return []
    message = f"The coalition has not confirmed these texts yet: {', '.join(drafts)}."
    hint = "Once it has, take the first line <!-- draft --> out of the file."
    return [checks.Warning(message, hint=hint, id="content.W001")]
