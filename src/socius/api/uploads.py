"""A file that came with a request, as the importers take it."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile
from ninja import UploadedFile

from socius.activity.models import Installation
from socius.api.shapes.records import ImportIn
from socius.kit.errors import Invalid
from socius.measure.actions import Upload

# Larger ones hold a thread of the server too long: the screen hands them to the worker, the command line reads them itself.
LARGEST = 64 << 20


def upload_of(file: UploadedFile, said: ImportIn) -> Upload:
    """The file with what is said about it."""
    if said.confirm_shrink != bool(said.reason.strip()):
        raise Invalid("`confirm_shrink` and `reason` go together.", field="reason", repair="Give both or neither.")  # fmt: skip
    if (file.size or 0) > LARGEST:
        raise Invalid(
            f"The file is larger than {LARGEST >> 20} MiB.",
            field="file",
            repair="Import it on the screen or with `socius import`.",
        )
    held = Path(file.temporary_file_path()) if isinstance(file, TemporaryUploadedFile) else None
    return Upload(
        source=held or file.read(),
        name=(file.name or "file")[:300],
        apply=said.apply,
        mapping=said.mapping,
        answers=said.answers,
        expect_sha256=said.expect_sha256.casefold(),
        complete=said.complete,
        confirm_shrink=said.confirm_shrink,
        reason=said.reason.strip(),
        zone=str(Installation.objects.zone()),
    )
