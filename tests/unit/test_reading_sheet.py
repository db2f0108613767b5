"""The text of a signed file is printed whole, marked where it was found, and comes back from its keeping as it was."""

from hypothesis import given
from hypothesis import strategies as st

from clause_library.passages import Part, Passage, PointReading, Quote
from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker.usecases.instruments.kept import packed_points, packed_text, plain, unpacked_points, unpacked_text
from vendor_tracker.usecases.instruments.proposing import Proposal, clipped, of_machine
from vendor_tracker.usecases.instruments.sheet import sheet_of

LEVELS = (Coverage.COVERED, Coverage.PARTIAL, Coverage.POSSIBLE)


@st.composite
def files(draw):
    """Passages of a file, and proposals whose quotes are anywhere, even where no text is."""
    texts = draw(st.lists(st.text(max_size=40), min_size=1, max_size=12))
    paged = draw(st.booleans())
    passages = tuple(
        Passage(text, number, number // 3 + 1 if paged else None, heading=draw(st.booleans()))
        for number, text in enumerate(texts, 1)
    )
    proposals = []
    for point in draw(st.lists(st.sampled_from(INCISOS), unique=True, max_size=6)):
        quotes = tuple(
            Quote("", paragraph, None, start, start + length)
            for paragraph, start, length in draw(
                st.lists(st.tuples(st.integers(0, 14), st.integers(-2, 40), st.integers(-1, 40)), max_size=3)
            )
        )
        proposals.append(Proposal(point, draw(st.sampled_from(LEVELS)), quotes=quotes))
    return passages, tuple(proposals)


@given(files())
def test_every_word_is_printed_once_whatever_is_marked_in_it(file):
    passages, proposals = file
    sheet = sheet_of(passages, proposals)
    printed = ["".join(cut.text for cut in line.cuts) for leaf in sheet.leaves for line in leaf.lines]
    assert printed == [passage.text for passage in passages]


@given(files())
def test_each_passage_has_one_address_and_each_point_leads_to_its_first(file):
    passages, proposals = file
    sheet = sheet_of(passages, proposals)
    chips = [chip for leaf in sheet.leaves for line in leaf.lines for cut in line.cuts for chip in cut.chips]
    assert len({chip.anchor for chip in chips}) == len(chips)
    texts = {passage.paragraph: passage.text for passage in passages}
    real = [
        (proposal.point, quote)
        for proposal in proposals
        for quote in proposal.quotes
        if 0 <= quote.start < quote.end <= len(texts.get(quote.paragraph, ""))
    ]
    assert len(chips) == len(real), "a quote that is not in the text is not marked"
    assert set(sheet.anchors.values()) <= {chip.anchor for chip in chips}
    assert set(sheet.anchors) == {point for point, _ in real}


def test_where_two_points_overlap_the_stronger_finding_gives_the_colour():
    passage = Passage("comunicará o incidente em até 48 horas", 1, 3)
    whole, part = Quote("", 1, 3, 0, 38), Quote("", 1, 3, 11, 22)
    sheet = sheet_of(
        [passage], [Proposal("XI", Coverage.PARTIAL, quotes=(whole,)), Proposal("I", Coverage.COVERED, quotes=(part,))]
    )
    (line,) = sheet.leaves[0].lines
    assert [(cut.text, cut.level) for cut in line.cuts] == [
        ("comunicará ", Coverage.PARTIAL),
        ("o incidente", Coverage.COVERED),
        (" em até 48 horas", Coverage.PARTIAL),
    ]
    assert [[chip.point for chip in cut.chips] for cut in line.cuts] == [["XI"], ["I"], []]


def test_what_runs_along_every_page_is_printed_once():
    passages = [
        each
        for page in range(1, 4)
        for each in (
            Passage("Contrato 12/2026", 2 * page - 1, page, Part.HEADER),
            Passage(f"Texto {page}", 2 * page, page),
        )
    ]
    printed = [line.cuts[0].text for leaf in sheet_of(passages, []).leaves for line in leaf.lines]
    assert printed == ["Contrato 12/2026", "Texto 1", "Texto 2", "Texto 3"]


def test_a_file_without_pages_is_cut_into_leaves_before_headings():
    passages = [Passage(f"{number}", number, heading=number % 45 == 0) for number in range(1, 200)]
    titles = [leaf.title for leaf in sheet_of(passages, []).leaves]
    assert titles == [
        "Parágrafos 1 a 44", "Parágrafos 45 a 89", "Parágrafos 90 a 134", "Parágrafos 135 a 179", "Parágrafos 180 a 199",
    ]  # fmt: skip


any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)


@given(st.lists(st.tuples(any_text, st.none() | st.integers(1, 600), st.sampled_from(Part), st.booleans(), any_text)))
def test_a_text_comes_back_with_every_place_where_it_was(rows):
    passages = [
        Passage(text, number, page, part, heading, label)
        for number, (text, page, part, heading, label) in enumerate(rows, 1)
    ]
    back = unpacked_text(packed_text(passages))
    assert [each.text for each in back] == [plain(each.text) for each in passages]
    assert [len(each.text) for each in back] == [len(each.text) for each in passages]
    assert [(p.paragraph, p.page, p.part, p.heading) for p in back] == [
        (p.paragraph, p.page, p.part, p.heading) for p in passages
    ]
    for each in back:
        each.text.encode()


def test_a_finding_comes_back_whole():
    found = PointReading(
        "XI", Coverage.PARTIAL, (Quote("em 48 horas", 7, 3, 5, 16),), "cláusula 12.9, p. 3", ("aviso",),
        ("não manda avisar de imediato",), "O texto traz aviso.", 0.75,
    )  # fmt: skip
    assert unpacked_points(packed_points({"XI": found})) == {"XI": found}


def test_a_finding_becomes_a_proposal_that_fits_the_form():
    found = PointReading(
        "XI", Coverage.PARTIAL, (Quote("a" * 9_000, 1, None, 0, 9_000),), "cláusula " + "9." * 90, missing=("x", "y")
    )
    proposal = of_machine(found, "r")
    assert len(proposal.place) <= 120
    assert len(proposal.quote) <= 4_000
    assert proposal.missing_idea == "X; y"
    assert of_machine(PointReading("XI", Coverage.COVERED, missing=("x",)), "r").missing_idea == ""


def test_only_what_was_read_in_the_signed_file_begins_a_conclusion():
    def begins(source: str, coverage: Coverage, *, altered: bool = False) -> bool:
        return Proposal("XI", coverage, source=source, altered=altered).is_conclusive

    assert begins("machine", Coverage.COVERED)
    assert begins("redline", Coverage.PARTIAL)
    assert begins("machine", Coverage.PARTIAL, altered=True)
    assert not begins("machine", Coverage.COVERED, altered=True)
    assert not begins("machine", Coverage.POSSIBLE)
    assert not begins("machine", Coverage.MISSING)
    assert not begins("issued", Coverage.COVERED)


@given(st.text(max_size=60), st.integers(2, 50))
def test_a_clipped_text_is_never_too_long_and_a_short_one_is_left_alone(text, longest):
    cut = clipped(text, longest)
    assert len(cut) <= longest
    assert len(text) > longest or cut == text
