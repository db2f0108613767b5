"""The public portal: agreements that share personal data, for anybody; and how each looks there, for the staff.

The public page and its files may be kept by caches: they are the same for everybody, and say nothing of who looks.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Response, abort, flash, redirect, request, stream_with_context, url_for
from werkzeug.wrappers import Response as BaseResponse
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from contracts.norm import ART_5, ART_6_P1, ART_9_VII, ART_26
from contracts.publication import RULE
from contracts.vocabulary import DataCategory, PublicField, SubjectGroup
from vendor_tracker import clock
from vendor_tracker.usecases import transparency
from vendor_tracker.usecases.transparency import LONGEST_GROUND, STAGES, PublicAgreement, PublicFilters
from vendor_tracker.web.forms import StaffForm
from vendor_tracker.web.forms_register import attempt
from vendor_tracker.web.shell import actor, house, page_number, render
from vendor_tracker.wording import transparency as words
from vendor_tracker.wording.labels import NOT_INFORMED, choices, label
from vendor_tracker.wording.parts import build_pager

blueprint = Blueprint("transparency", __name__)

E = TypeVar("E", bound=StrEnum)

KEEP_SECONDS = 300
"""How long a cache may keep the public page and its files."""

SLUGS: Mapping[str, PublicField] = {
    "instrumento": PublicField.INSTRUMENT,
    "outra-parte": PublicField.PARTY,
    "finalidade": PublicField.PURPOSE,
    "base-legal": PublicField.LEGAL_BASIS,
    "categorias": PublicField.DATA_CATEGORIES,
    "titulares": PublicField.SUBJECT_GROUPS,
    "vigencia": PublicField.TERM,
    "transferencia": PublicField.INTERNATIONAL_TRANSFER,
}
"""How addresses name the fields."""

STAGE_SLUGS: Mapping[str, str] = dict(zip(("", "encerrados", "todos"), STAGES, strict=True))
STAGE_WORDS = (("", "Em vigor"), ("encerrados", "Encerrados"), ("todos", "Em vigor e encerrados"))


def _member(enumeration: type[E], slug: str) -> E | None:
    return enumeration(slug) if slug in list(enumeration) else None


def _filters() -> PublicFilters:
    """Read the filters of the address; what is not understood is left out, so that an old bookmark still opens."""
    args = request.args
    return PublicFilters(
        words=args.get("texto", "").replace("\x00", "").strip()[:100],
        category=_member(DataCategory, args.get("dados", "")),
        group=_member(SubjectGroup, args.get("titulares", "")),
        stage=STAGE_SLUGS.get(args.get("vigencia", ""), STAGES[0]),
    )


def _kept(filters: PublicFilters) -> dict[str, str]:
    """Return the filters as an address has them."""
    stage = next(slug for slug, stage in STAGE_SLUGS.items() if stage == filters.stage)
    asked = {
        "texto": filters.words,
        "dados": filters.category or "",
        "titulares": filters.group or "",
        "vigencia": stage,
    }
    return {name: str(value) for name, value in asked.items() if value}


def _open_to_caches(response: Response) -> Response:
    """Let caches keep the answer, unless the visitor has a session, whose answers carry cookies of their own."""
    if request.cookies:
        response.headers["Cache-Control"] = "private, no-cache"
    else:
        response.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}"
    return response


def value_of(agreement: PublicAgreement, name: PublicField) -> str:
    """Return what the public reads in a field: its value, that nobody has told it, or the ground of its absence."""
    if name in agreement.withheld:
        return words.held_back(agreement.withheld[name])
    match name:
        case PublicField.INSTRUMENT:
            return agreement.instrument
        case PublicField.PARTY:
            return f"{agreement.party}, {agreement.party_id}" if agreement.party_id else agreement.party
        case PublicField.PURPOSE:
            return agreement.purpose or NOT_INFORMED
        case PublicField.LEGAL_BASIS:
            return agreement.legal_basis or NOT_INFORMED
        case PublicField.DATA_CATEGORIES:
            return words.members(agreement.data_categories)
        case PublicField.SUBJECT_GROUPS:
            return words.members(agreement.subject_groups)
        case PublicField.TERM:
            return words.term(agreement.starts_on, agreement.ends_on, ended=agreement.ended)
        case PublicField.INTERNATIONAL_TRANSFER:
            return words.transfer(agreement.international_transfer, agreement.transfer_countries)


# -- for anybody ------------------------------------------------------------------------------------------------------


@blueprint.get("/transparencia")
def index() -> Response:
    """Show the public list."""
    filters = _filters()
    page = transparency.public_page(filters=filters, number=page_number(request.args))
    kept = _kept(filters)

    def url_of(number: int, size: int) -> str:  # noqa: ARG001 - the page size is fixed
        return url_for("transparency.index", **kept, **({"pagina": str(number)} if number > 1 else {}))  # type: ignore[arg-type]

    body, status = render(
        "transparency/index.html",
        page,
        fields=tuple(PublicField),
        value_of=value_of,
        kept=kept,
        categories=(("", "Qualquer"), *choices(DataCategory)),
        groups=(("", "Qualquer"), *choices(SubjectGroup)),
        stages=STAGE_WORDS,
        pager=build_pager(page.total, page.number, page.size, url_of, sizes=()),
        rule=tuple(RULE.values()),
        laws=(ART_5, ART_6_P1, ART_9_VII, ART_26),
    )
    response = _open_to_caches(Response(body, status=status, mimetype="text/html"))
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


@blueprint.get("/transparencia.csv")
def as_csv() -> Response:
    """Give the public list as CSV: semicolons, UTF-8, one line an agreement, whole sentences as on the page."""
    listed = transparency.every_public(filters=_filters())
    body = stream_with_context(_csv_lines(listed))
    return _file(body, "text/csv", "compartilhamentos-de-dados-pessoais.csv")


def _csv_lines(listed: Iterator[PublicAgreement]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    # The mark that says UTF-8, without which spreadsheets take the accents for something else.
    out.write("\ufeff")
    writer.writerow([label(name) for name in PublicField])
    for agreement in listed:
        yield out.getvalue()
        out.seek(0)
        out.truncate()
        writer.writerow([_plain(value_of(agreement, name)) for name in PublicField])
    yield out.getvalue()


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


@blueprint.get("/transparencia.json")
def as_json() -> Response:
    """Give the public list as JSON."""
    listed = transparency.every_public(filters=_filters())
    body = stream_with_context(_json_parts(listed, house().body_name))
    return _file(body, "application/json", "compartilhamentos-de-dados-pessoais.json")


def _json_parts(listed: Iterator[PublicAgreement], body: str) -> Iterator[str]:
    head = {
        "body": body,
        "norm": "Portaria Presidência CNJ nº 369/2025, arts. 5º e 26",
        "generated_on": clock.today().isoformat(),
        "rule": list(RULE.values()),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "agreements": ['
    for place, agreement in enumerate(listed):
        yield (",\n" if place else "\n") + json.dumps(_record(agreement), ensure_ascii=False)
    yield "\n]}\n"


def _record(agreement: PublicAgreement) -> dict[str, object]:
    return {
        "kind": agreement.kind,
        "instrument": agreement.instrument or None,
        "party": agreement.party or None,
        "party_id": agreement.party_id or None,
        "purpose": agreement.purpose or None,
        "legal_basis": agreement.legal_basis or None,
        "data_categories": agreement.data_categories,
        "subject_groups": agreement.subject_groups,
        "starts_on": agreement.starts_on.isoformat() if agreement.starts_on else None,
        "ends_on": agreement.ends_on.isoformat() if agreement.ends_on else None,
        "ended": agreement.ended,
        "international_transfer": agreement.international_transfer,
        "transfer_countries": agreement.transfer_countries,
        "withheld": agreement.withheld,
    }


def _file(body: Iterator[str], mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _open_to_caches(response)


# -- for the staff ----------------------------------------------------------------------------------------------------


class FieldForm(StaffForm):
    """Whether a field is shown on the public portal, and why."""

    held_back = RadioField(
        "No portal público",
        [InputRequired("Escolha se o dado é mostrado ou retido.")],
        choices=[SelectChoice("reter", "Reter o dado"), SelectChoice("mostrar", "Mostrar o dado")],
    )
    ground = TextAreaField(
        "Fundamento",
        [InputRequired("Informe o fundamento."), Length(max=LONGEST_GROUND)],
        description="Ao reter, é publicado no lugar do dado: cite a norma e não repita o que ela protege. Ao mostrar, "
        "fica só no registro.",
    )


@blueprint.get("/acordos/<int:agreement_id>/transparencia")
def as_public(agreement_id: int) -> tuple[str, int]:
    """Show the staff how an agreement looks on the public portal, and why."""
    page = transparency.as_public_page(agreement_id=agreement_id)
    slugs = {name: slug for slug, name in SLUGS.items()}
    return render("transparency/as_public.html", page, value_of=value_of, slugs=slugs)


@blueprint.route("/acordos/<int:agreement_id>/transparencia/<field>", methods=["GET", "POST"])
def decide(agreement_id: int, field: str) -> BaseResponse | tuple[str, int]:
    """Hold a field back from the public portal, or show it."""
    name = SLUGS.get(field)
    if name is None:
        abort(404)
    page = transparency.field_page(agreement_id=agreement_id, field=name)
    form = FieldForm(data={"held_back": "reter" if page.line.shown else "mostrar"})
    changed: list[bool] = []
    status = attempt(
        form,
        lambda: changed.append(
            transparency.decide_field(
                actor(),
                agreement_id=agreement_id,
                field=name,
                held_back=form.held_back.data == "reter",
                ground=form.ground.data or "",
            )
        ),
    )
    if status == 303:
        said = "Decisão registrada. O portal público já a segue." if changed[0] else "Nada mudou: é o que já valia."
        flash(said, "good" if changed[0] else "")
        return redirect(url_for("transparency.as_public", agreement_id=agreement_id), code=303)
    return render("transparency/decide.html", page, status=status, form=form)
