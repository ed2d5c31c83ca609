"""Normalising and cutting text."""

import pytest

from competences.encoders.text import MAX_WORDS, normalise, phrases


@pytest.mark.parametrize(
    ("written", "ready"),
    [
        ("Brood  bakken\n", "brood bakken"),
        ("Verpleegkundige (m/v/x)", "verpleegkundige"),
        ("Bäcker m/w/d", "backer"),
        ("Coördinator École", "coordinator ecole"),
        ("Straße, Œuvre", "strasse oeuvre"),
        ("C++ en C#", "c++ en c#"),
        ("Lehrer:in", "lehrer"),
        ("Verkäufer/-in", "verkaufer"),
        ("vendeur(se) de chaussures", "vendeur de chaussures"),
        ("kĳken", "kijken"),
        ("input/output", "input output"),
        ("Monteur / Monteuse d'assemblage", "monteur d assemblage"),
        ("Lehrer/in für Musik", "lehrer fur musik"),
        ("SozialarbeiterIn", "sozialarbeiter"),
        ("LinkedIn", "linkedin"),
        ("Lehrerin", "lehrerin"),
        (
            "Staatlich geprüfter Techniker/Staatlich geprüfte Technikerin Fachrichtung Holz",
            "staatlich geprufter techniker fachrichtung holz",
        ),
        ("technicien d'études/technicienne d'études en bois", "technicien d etudes en bois"),
        ("Acheteuse-costumière / acheteur-costumier", "acheteuse costumiere"),
        ("kleuterleider/kleuterleidster", "kleuterleider"),
        ("Import-/Exportmanager", "import exportmanager"),
        ("bedrijfsleider / ondernemer", "bedrijfsleider ondernemer"),
        ("projectleider/projectmedewerker", "projectleider projectmedewerker"),
        ("C++/C#", "c++ c#"),
        ("Teachers, Except Special Education", "teachers"),
        ("Engineers, All Other", "engineers"),
        ("Lager (ausgenommen Büro) und Versand", "lager und versand"),
        ("met uitzondering van", "met uitzondering van"),
        ("exceptional work", "exceptional work"),
        ("  --- ", ""),
        ("日本語 テスト", "日本語 テスト"),
    ],
)
def test_normalised_once_and_for_all(written: str, ready: str) -> None:
    assert normalise(written) == ready
    assert normalise(ready) == ready


def test_phrases_name_their_place() -> None:
    text = "Je leert:\n- brood bakken\n- deeg kneden. Organiseren van de winkel, klanten bedienen!"
    found = phrases(text)
    assert [p.text for p in found] == [
        "Je leert",
        "brood bakken",
        "deeg kneden",
        "Organiseren van de winkel",
        "klanten bedienen",
    ]
    assert all(text[p.start : p.end] == p.text for p in found)


def test_long_phrases_are_cut() -> None:
    text = " ".join(f"woord{number}" for number in range(40))
    found = phrases(text)
    assert all(len(p.text.split()) <= MAX_WORDS for p in found)
    assert {word for p in found for word in p.text.split()} == set(text.split())


def test_nothing_to_name() -> None:
    assert phrases(" -- \n ... ") == []
