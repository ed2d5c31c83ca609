"""Recognition: which standard, which competence, by which words, and what is still missing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.encoders.protocol import Encoder
from competences.errors import MisuseError
from competences.recognition import (
    AssessmentStandard,
    Criterion,
    Finding,
    Missing,
    Recogniser,
    Standing,
    Support,
    candidates,
    evc_candidates,
    statements,
)
from competences.records.claims import ClaimStatus, CompetenceClaim, Credential, CredentialKind, Evidence, Provenance
from competences.records.competence import Competence, Requirement
from competences.records.learners import LearnerProfile
from competences.records.roles import JobRole
from competences.taxonomy.taxonomy import Taxonomy
from strategies import few
from toy_encoder import ToyEncoder

ON = date(2026, 11, 24)
BAKER = JobRole(id="bakker", title="Bakker", requirements=(
    Requirement(competence="c:brood", level=3), Requirement(competence="c:deeg"), Requirement(competence="c:kassa"),
))  # fmt: skip
HELPER = JobRole(id="bakkershulp", title="Bakkershulp", requirements=(Requirement(competence="c:deeg"),), job="bakker")
WELDER = JobRole(id="lasser", title="Lasser", requirements=(Requirement(competence="c:lassen"),))
ROLES = (BAKER, HELPER, WELDER)
LABELS = Taxonomy.from_competences(
    Competence(id=identifier, label=label)
    for identifier, label in {
        "c:brood": "brood bakken", "c:deeg": "deeg kneden", "c:kassa": "de kassa bedienen", "c:lassen": "metaal lassen",
    }.items()
)  # fmt: skip


def finding(experience: object, encoder: Encoder, competence: str = "c:brood") -> Finding:
    """What is found about one competence of the baker."""
    (found,) = Recogniser((BAKER,), encoder, labels=LABELS).candidates(experience, on=ON)  # type: ignore[arg-type]
    return next(one for one in found.findings if one.requirement.competence == competence)


def test_words_lead_to_the_standard_and_to_the_words_that_show_it(encoder: Encoder) -> None:
    text = "Ik werkte zes jaar in een bakkerij: elke nacht brood bakken en deeg kneden."
    found = candidates(text, ROLES, encoder, labels=LABELS, on=ON)
    assert {one.standard_id for one in found} == {"bakker", "bakkershulp", "lasser"}
    assert found[-1].standard_id == "lasser"
    bread = next(one for one in found if one.standard_id == "bakker").findings[0]
    assert bread.support is Support.DECLARED
    assert bread.span is not None
    assert text[bread.span.start : bread.span.end] == bread.span.text == "brood bakken"
    assert bread.missing == (Missing.DOCUMENT, Missing.ASSESSMENT)


def test_what_nobody_speaks_of_is_missing(letters: Encoder) -> None:
    till = finding("brood bakken", letters, "c:kassa")
    assert (till.support, till.span) == (Support.NONE, None)
    assert till.missing == (Missing.EXPERIENCE, Missing.DOCUMENT, Missing.ASSESSMENT)


def test_a_document_needs_an_assessment_and_a_certificate_needs_nothing(letters: Encoder) -> None:
    document = finding(Evidence(kind="reference", text="Brood bakken, drie jaar"), letters)
    assert (document.support, document.missing) == (Support.DOCUMENTED, (Missing.ASSESSMENT,))
    certified = finding(CompetenceClaim(competence="c:brood", level=3, status=ClaimStatus.CERTIFIED), letters)
    assert (certified.support, certified.missing, certified.probability) == (Support.CERTIFIED, (), 1.0)


def test_a_certificate_of_something_alike_is_a_document_here(letters: Encoder) -> None:
    other = CompetenceClaim(competence="brood en koek bakken", status=ClaimStatus.CERTIFIED)
    assert finding(other, letters).support is Support.DOCUMENTED


def test_a_level_below_the_one_asked_is_named(letters: Encoder) -> None:
    low = finding(CompetenceClaim(competence="c:brood", level=0.5, status=ClaimStatus.CERTIFIED), letters)
    assert low.support is Support.NONE
    assert low.missing == (Missing.LEVEL, Missing.DOCUMENT, Missing.ASSESSMENT)
    half = finding(CompetenceClaim(competence="c:brood", level=1.5, status=ClaimStatus.CERTIFIED), letters)
    assert (half.support, half.probability) == (Support.DOCUMENTED, 0.5)


def test_what_has_expired_asks_for_renewal(letters: Encoder) -> None:
    old = Credential(
        id="cred", kind=CredentialKind.BADGE, title="Badge", expires=date(2026, 1, 1), competences=("c:brood",)
    )
    found = finding([old], letters)
    assert (found.support, found.probability) == (Support.NONE, 0.0)
    assert found.missing == (Missing.RENEWAL, Missing.ASSESSMENT)


def test_a_profile_gives_claims_evidence_and_credentials() -> None:
    claim = CompetenceClaim(
        competence="c:brood", provenance=Provenance.VERIFIED, evidence=(Evidence(kind="experience", text="bakt brood"),)
    )
    badge = Credential(id="b", kind=CredentialKind.BADGE, title="Deegbadge", competences=("c:deeg",))
    said = statements(LearnerProfile(id="l", claims=(claim,), credentials=(badge,)), ON, LABELS)
    assert [(one.text, one.standing) for one in said] == [
        ("brood bakken", Standing.DOCUMENTED),
        ("bakt brood", Standing.DECLARED),
        ("Deegbadge", Standing.DOCUMENTED),
        ("deeg kneden", Standing.CERTIFIED),
        ("Deegbadge", Standing.DOCUMENTED),
    ][: len(said)]


def test_a_smaller_standard_inside_is_a_partial_recognition(letters: Encoder) -> None:
    found = candidates("deeg kneden", ROLES, letters, labels=LABELS, on=ON)
    whole = next(one for one in found if one.standard_id == "bakker")
    (part,) = whole.partials
    assert (part.id, part.complete) == ("bakkershulp", True)
    assert part.shown > whole.shown
    assert [one.standard_id for one in evc_candidates(found)] == ["bakkershulp", "bakker"]


def test_the_evc_list_leaves_out_what_is_fully_certified(letters: Encoder) -> None:
    certified = CompetenceClaim(competence="c:deeg", status=ClaimStatus.CERTIFIED)
    found = candidates([certified], (HELPER,), letters, labels=LABELS, on=ON)
    assert found[0].shown == 1.0
    assert evc_candidates(found) == ()


def test_a_standard_known_by_title_only_is_ranked_and_shows_nothing(encoder: Encoder) -> None:
    listed = [AssessmentStandard("a", "Kapper"), AssessmentStandard("b", "Metselaar")]
    first = candidates("Kappers knippen, wassen en kleuren haar.", listed, encoder, on=ON)[0]
    assert (first.standard_id, first.shown, first.findings) == ("a", 0.0, ())


def test_the_length_of_a_standard_does_not_decide(letters: Encoder) -> None:
    words = tuple(f"onderwerp nummer {n} van {'abcdefghijklmnopqrstuvwxyz'[n % 26] * 3}" for n in range(200))
    long = AssessmentStandard("lang", "Van alles", "", (Criterion(Requirement(competence="x"), "alles", words),))
    listed = [long, *(AssessmentStandard(f"s{i}", title) for i, title in enumerate(("Kapper", "Slager", "Metser")))]
    assert candidates("slager", listed, letters, on=ON)[0].title == "Slager"


@pytest.mark.parametrize("nothing", ["", " ,. ", [], LearnerProfile(id="l")])
def test_nothing_said_is_no_candidate(nothing: object, letters: Encoder) -> None:
    assert candidates(nothing, ROLES, letters, labels=LABELS, on=ON) == ()  # type: ignore[arg-type]


def test_no_standards_give_no_candidates(letters: Encoder) -> None:
    assert candidates("brood", (), letters, on=ON) == ()


def test_misuse_is_said(letters: Encoder) -> None:
    with pytest.raises(MisuseError, match="at least 1"):
        candidates("brood", ROLES, letters, k=0)
    with pytest.raises(MisuseError, match="twice"):
        Recogniser((BAKER, BAKER), letters)
    with pytest.raises(MisuseError, match="not int"):
        candidates([3], ROLES, letters)  # type: ignore[list-item]
    with pytest.raises(MisuseError, match="not str"):
        Recogniser(["bakker"], letters)  # type: ignore[list-item]


claims = st.builds(
    CompetenceClaim,
    competence=st.sampled_from(["c:brood", "c:deeg", "c:kassa", "iets anders"]),
    level=st.none() | st.sampled_from([1.0, 3.0]),
    status=st.sampled_from(list(ClaimStatus)),
    provenance=st.sampled_from(list(Provenance)),
    confidence=st.sampled_from([0.0, 0.5, 1.0]),
    expires=st.none() | st.sampled_from([date(2026, 1, 1), date(2027, 1, 1)]),
)
words = st.sampled_from(["brood bakken", "deeg kneden", "ik stond aan de kassa", "voetbal"])


@given(st.lists(claims | words, max_size=5))
def test_proposals_never_certify_and_every_span_is_in_what_was_brought(brought: list[CompetenceClaim | str]) -> None:
    found = candidates(brought, ROLES, ToyEncoder(), labels=LABELS, on=ON)
    said = statements(brought, ON, LABELS)
    for one in found:
        assert 0 <= one.shown <= 1
        for claim in one.claims():
            assert claim.status is ClaimStatus.IDENTIFIED
            assert claim.provenance is Provenance.SELF_DECLARED
        for each in one.findings:
            assert 0 <= each.probability <= 1
            assert (each.support is Support.CERTIFIED) == (not each.missing)
            if each.span:
                text = said[each.span.statement].text
                assert text[each.span.start : each.span.end] == each.span.text
            if each.support is Support.CERTIFIED:
                assert any(
                    isinstance(b, CompetenceClaim) and b.competence == each.requirement.competence
                    and b.status in (ClaimStatus.CERTIFIED, ClaimStatus.ASSESSED)
                    for b in brought
                )  # fmt: skip


@few
@given(st.lists(claims, max_size=4), claims)
def test_more_evidence_never_lowers_what_is_shown(brought: list[CompetenceClaim], more: CompetenceClaim) -> None:
    recogniser = Recogniser((BAKER,), ToyEncoder(), labels=LABELS)
    before = recogniser.candidates([*brought], on=ON)
    (after,) = recogniser.candidates([*brought, more], on=ON)
    assert after.shown >= (before[0].shown if before else 0.0) - 1e-9
