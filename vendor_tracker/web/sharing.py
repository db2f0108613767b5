"""With whom data of a kind are shared (art. 9º, VII), to answer a data subject."""

from flask import Blueprint, request

from contracts.norm import ART_9_CAPUT, ART_9_VII
from contracts.vocabulary import DataCategory, PublicField, SubjectGroup
from vendor_tracker.usecases import sharing
from vendor_tracker.usecases.sharing import SharedUnder, SharingPage, Told
from vendor_tracker.web.shell import house, render
from vendor_tracker.wording import transparency as words
from vendor_tracker.wording.filters import day, join_and, lower_first
from vendor_tracker.wording.labels import choices, label
from vendor_tracker.wording.plurals import plural
from vendor_tracker.wording.register import country

blueprint = Blueprint("sharing", __name__)


@blueprint.get("/titulares/compartilhamentos")
def show() -> tuple[str, int]:
    """Ask for categories and groups, and say with whom they are shared."""
    args = request.args
    asked_categories, asked_groups = set(args.getlist("dados")), set(args.getlist("titulares"))
    page = sharing.sharing_page(
        categories=[each for each in DataCategory if each in asked_categories],
        groups=[each for each in SubjectGroup if each in asked_groups],
        ended=args.get("encerrados") == "1",
    )
    return render(
        "sharing/show.html",
        page,
        categories=choices(DataCategory),
        groups=choices(SubjectGroup),
        text=answer_text(page, house().body_name) if page.asked else "",
        question=question(page),
        members=words.members,
        country=country,
        laws=(ART_9_CAPUT, ART_9_VII),
        most=sharing.MOST,
        party=PublicField.PARTY,
    )


def question(page: SharingPage) -> str:
    """Return what was asked, as it follows "dados"."""
    parts = []
    if page.categories:
        kinds = plural(len(page.categories), "do tipo", "dos tipos")
        parts.append(f"{kinds} {join_and(f'“{lower_first(label(each))}”' for each in page.categories)}")
    if page.groups:
        groups = plural(len(page.groups), "do grupo", "dos grupos")
        parts.append(f"de titulares {groups} {join_and(f'“{lower_first(label(each))}”' for each in page.groups)}")
    return ", ".join(parts)


def answer_text(page: SharingPage, body: str) -> str:
    """Return the answer as plain text, to be pasted into a letter; it tells no more than the public portal does."""
    since = "em vigor ou já encerrados" if page.ended else "em vigor"
    asked = question(page)
    if not page.told:
        return (
            f"Em {day(page.today)}, não há no registro do {body} acordo {'' if page.ended else 'em vigor '}"
            f"pelo qual sejam compartilhados dados pessoais {asked}.\n"
        )
    lines = [
        (
            "Nos termos do art. 9º, VII, da Portaria Presidência CNJ nº 369/2025, informamos que, em "
            f"{day(page.today)}, segundo os acordos {since} no registro do {body}, dados pessoais {asked} "
            "são compartilhados com:"
        ),
        "",
    ]
    for place, told in enumerate(page.told, start=1):
        lines += [f"{place}. {_name(told)}", *(_under(each) for each in told.agreements), ""]
    if page.total > sum(len(told.agreements) for told in page.told):
        lines.append("A relação é parcial.")
    return "\n".join(lines).rstrip() + "\n"


def _name(told: Told) -> str:
    if told.ground:
        return f"Entidade não identificada. Fundamento: {told.ground}"
    if not told.identity:
        return told.name
    kind = "CNPJ" if "/" in told.identity else "identificação"
    return f"{told.name} ({kind} {told.identity})"


def _under(agreement: SharedUnder) -> str:
    public = agreement.public

    def said(name: PublicField, value: str) -> str:
        ground = public.withheld.get(name)
        return value if ground is None else f"não informado (fundamento: {lower_first(ground).rstrip('.')})"

    parts = [
        said(PublicField.INSTRUMENT, public.instrument),
        f"finalidade: {said(PublicField.PURPOSE, lower_first(public.purpose) or 'não registrada')}".rstrip("."),
        f"base legal: {said(PublicField.LEGAL_BASIS, lower_first(public.legal_basis) or 'não registrada')}".rstrip("."),
        f"dados: {said(PublicField.DATA_CATEGORIES, lower_first(words.members(public.data_categories)))}",
    ]
    links = sharing.told_links(agreement)
    if links:
        parts.append(f"suboperadores: {join_and(links)}")
    return f"   - {'; '.join(parts)}."
