"""The acts of an import: read a file and show what it would do; do it; or both in one."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePath

from contracts.cnpj import mask_cpf_in
from vendor_tracker.importing.detect import read_any
from vendor_tracker.importing.rows import ImportFile, UnreadableFile
from vendor_tracker.store import imports
from vendor_tracker.store.tables import ImportBatch
from vendor_tracker.usecases.importing.applying import Progress, carry_out
from vendor_tracker.usecases.importing.names import SOURCE_NAMES
from vendor_tracker.usecases.importing.packing import file_from, packed
from vendor_tracker.usecases.importing.planning import Plan, plan_of
from vendor_tracker.usecases.importing.previewing import result_of, shown_by
from vendor_tracker.usecases.importing.results import ImportResult, result_from
from vendor_tracker.usecases.operators import one_at_a_time
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act, look

MEANWHILE = "Alguém gravou os mesmos acordos neste instante. Nada foi gravado agora; confira e tente de novo."

COMMAND_SOURCES: Mapping[str, frozenset[str]] = {
    "pncp": frozenset({"pncp", "dadosabertos"}),
    "contratosgov": frozenset({"contratosgov"}),
    "spreadsheet": frozenset({"spreadsheet"}),
}
"""What each name of the command line accepts."""


def _read(data: bytes, filename: str, *, source: str | None, include_empenhos: bool) -> ImportFile:
    try:
        file = read_any(data, filename, include_empenhos=include_empenhos)
    except UnreadableFile as error:
        raise UseCaseError(str(error), field="arquivo") from None
    if source is not None and file.source not in COMMAND_SOURCES[source]:
        raise UseCaseError(
            f"O arquivo é de outra fonte: {SOURCE_NAMES[file.source]}. Escolha a fonte certa e tente de novo.",
            field="arquivo",
        )
    return file


def _clean_name(filename: str) -> str:
    """Return the name of a file without folders, and without a CPF that somebody may have put in it."""
    return mask_cpf_in(PurePath(filename.replace("\\", "/")).name)[-200:] or "arquivo"


def _store(work: Work, file: ImportFile, data: bytes, filename: str, plan: Plan) -> ImportBatch:
    shown = shown_by(plan)
    batch = ImportBatch(
        source=file.source,
        file_name=_clean_name(filename),
        sha256=sha256(data).hexdigest(),
        preview={
            "source": file.source,
            "read": file.read,
            "agreements": packed(file.agreements),
            "terms": packed(file.terms),
            "problems": packed(file.problems),
            "rows": packed(shown),
            "new_operators": plan.new_operators,
        },
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )
    work.session.add(batch)
    work.session.flush()
    work.trail(
        "import_read",
        "import",
        batch.id,
        f"Arquivo lido para importação: {batch.file_name}.",
        {"source": file.source, "sha256": batch.sha256, "read": file.read},
    )
    return batch


def preview_file(actor: Actor, *, data: bytes, filename: str, include_empenhos: bool = False) -> int:
    """Read a file and keep what it would do, without doing it; returns the batch's id.

    Raises :class:`UseCaseError` beside ``arquivo`` when it cannot be read.
    """
    file = _read(data, filename, source=None, include_empenhos=include_empenhos)
    with act(actor) as work:
        return _store(work, file, data, filename, plan_of(work.session, file)).id


def apply_batch(actor: Actor, *, batch_id: int, progress: Progress | None = None) -> ImportResult:
    """Do what the preview showed, against the register as it stands now; a second time it does nothing."""
    with act(actor) as work, one_at_a_time(MEANWHILE):
        batch = imports.batch_for_update(work.session, batch_id)
        if batch is None:
            raise NotFoundError("Não há essa importação.")
        if batch.applied_at is not None:
            return result_from(batch)
        plan = plan_of(work.session, file_from(batch.preview))
        return carry_out(work, batch, plan, progress)


def import_file(
    actor: Actor,
    *,
    data: bytes,
    filename: str,
    source: str | None = None,
    dry_run: bool = False,
    include_empenhos: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Read and apply a file in one act; with ``dry_run`` nothing is written.

    ``source`` (``pncp``, ``contratosgov``, ``spreadsheet``) refuses a file of another one. ``progress(done, total)``.
    """
    file = _read(data, filename, source=source, include_empenhos=include_empenhos)
    if dry_run:
        with look() as session:
            plan = plan_of(session, file)
            return result_of(plan, shown_by(plan))
    with act(actor) as work, one_at_a_time(MEANWHILE):
        plan = plan_of(work.session, file)
        return carry_out(work, _store(work, file, data, filename, plan), plan, progress)
