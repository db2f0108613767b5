"""Who an operator is: found by its identity, registered once, described better."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from contracts.cnpj import Cnpj, CnpjError, mask_cpf_in
from contracts.vocabulary import Regime
from vendor_tracker.store import register
from vendor_tracker.store.search import folded
from vendor_tracker.store.tables import Operator
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act


@contextmanager
def one_at_a_time(sentence: str) -> Iterator[None]:
    """Turn the database's refusal of a second record of the same identity into a conflict that a person understands.

    The use cases look before they write; two people who look at the same moment are told apart by the database alone.
    """
    try:
        yield
    except IntegrityError:
        raise ConflictError(sentence) from None


def checked_identity(cnpj: str | None, foreign_id: str | None) -> tuple[str | None, str | None]:
    """Return the identity to be recorded: a valid CNPJ, or the identification of a foreign entity; exactly one.

    Raises :class:`UseCaseError` beside ``cnpj`` or ``foreign_id``.
    """
    number, foreign = (cnpj or "").strip(), (foreign_id or "").strip()
    if number and foreign:
        raise UseCaseError("Informe o CNPJ ou a identificação estrangeira, não os dois.", field="foreign_id")
    if number:
        try:
            return Cnpj.parse(number).value, None
        except CnpjError as error:
            raise UseCaseError(str(error), field="cnpj") from None
    if not foreign:
        raise UseCaseError("Informe o CNPJ; se a entidade é estrangeira, a identificação dela.", field="cnpj")
    return None, foreign[:60]


def find_or_add(
    work: Work,
    *,
    cnpj: str | None,
    foreign_id: str | None,
    name: str,
    regime: Regime | None,
    country: str = "BR",
    address: str = "",
    source: str = "manual",
) -> tuple[Operator, bool]:
    """Return the operator with this identity, made if it is new, and whether it was made; in the caller's transaction.

    Of an operator already on record nothing is changed. Raises :class:`UseCaseError` beside ``name`` when it is new and
    nobody said its name.
    """
    number, foreign = checked_identity(cnpj, foreign_id)
    if number:
        known = register.operator_by_cnpj(work.session, number)
    else:
        known = register.operator_by_foreign_id(work.session, str(foreign))
    if known is not None:
        return known, False
    clean = mask_cpf_in(" ".join(name.split()))[:300]
    if not clean:
        raise UseCaseError(
            "Esta identificação ainda não está no registro. Informe o nome ou a razão social.", field="name"
        )
    operator = Operator(
        cnpj=number,
        foreign_id=foreign,
        name=clean,
        search_name=folded(clean),
        regime=regime or (Regime.FOREIGN if foreign else None),
        country=country or "BR",
        address=address.strip()[:400],
        source=source,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(operator)
    work.session.flush()
    return operator, True


def register_operator(
    actor: Actor,
    *,
    cnpj: str | None,
    foreign_id: str | None = None,
    name: str,
    regime: Regime | None,
    country: str = "BR",
    address: str = "",
) -> int:
    """Register an operator; raises :class:`ConflictError` when it is there already. Returns its id."""
    with act(actor) as work, one_at_a_time("Este operador acabou de ser registrado por outra pessoa. Abra a lista."):
        operator, made = find_or_add(
            work, cnpj=cnpj, foreign_id=foreign_id, name=name, regime=regime, country=country, address=address
        )
        if not made:
            raise ConflictError(
                f"Este operador já está no registro: {operator.name}.", field="cnpj" if operator.cnpj else "foreign_id"
            )
        work.trail(
            "operator_added",
            "operator",
            operator.id,
            f"Operador registrado: {operator.name}.",
            {"cnpj": operator.cnpj, "foreign_id": operator.foreign_id, "regime": regime},
        )
        return operator.id


def change_operator(
    actor: Actor, *, operator_id: int, name: str, regime: Regime | None, country: str = "BR", address: str = ""
) -> None:
    """Change what is on record about an operator; its CNPJ or foreign identification never changes."""
    clean = mask_cpf_in(" ".join(name.split()))[:300]
    if not clean:
        raise UseCaseError("Informe o nome ou a razão social.", field="name")
    with act(actor) as work:
        operator = work.session.get(Operator, operator_id)
        if operator is None:
            raise NotFoundError("Não há esse operador no registro.")
        before = {
            "name": operator.name,
            "regime": operator.regime,
            "country": operator.country,
            "address": operator.address,
        }
        after = {"name": clean, "regime": regime, "country": country or "BR", "address": address.strip()[:400]}
        changed = [key for key in after if before[key] != after[key]]
        if not changed:
            return
        operator.name, operator.search_name = clean, folded(clean)
        operator.regime = regime
        operator.country = country or "BR"
        operator.address = address.strip()[:400]
        operator.updated_at = work.now
        work.session.flush()
        register.refresh_search_text(work.session, operator)
        work.trail(
            "operator_changed",
            "operator",
            operator.id,
            f"Dados do operador alterados: {operator.name}.",
            {"before": {key: before[key] for key in changed}, "after": {key: after[key] for key in changed}},
        )
        if "regime" in changed:
            judging.rejudge_operators(work, [operator.id], cause="Regime do operador alterado")
