"""Two people write into one item: what each alone changed is kept, and a contradiction is never settled by the clock."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import EvidenceKind
from vendor_tracker.usecases.answering.merging import Draft, merged

words = st.sampled_from(["", "um", "dois", "três"])
drafts = st.builds(Draft, words, words, st.sampled_from([None, EvidenceKind.ISO_27001, EvidenceKind.SOC2_TYPE2]))


def fields(draft: Draft) -> tuple[object, ...]:
    return draft.text, draft.cannot_deliver, draft.kind


@given(drafts, drafts, drafts)
def test_each_field_holds_the_one_change_that_was_made_or_the_two_contradict(
    base: Draft, mine: Draft, theirs: Draft
) -> None:
    whole = merged(base, mine, theirs)
    ways = list(zip(fields(base), fields(mine), fields(theirs), strict=True))
    contradict = any(m not in (b, t) and t != b for b, m, t in ways)
    assert (whole is None) is contradict
    if whole is not None:
        for (before, own, other), kept in zip(ways, fields(whole), strict=True):
            assert kept == (own if own != before else other)


@given(drafts, drafts, drafts)
def test_it_does_not_matter_who_was_first(base: Draft, mine: Draft, theirs: Draft) -> None:
    assert merged(base, mine, theirs) == merged(base, theirs, mine)


@given(drafts, drafts)
def test_whoever_changed_nothing_undoes_nothing(base: Draft, theirs: Draft) -> None:
    assert merged(base, base, theirs) == theirs
