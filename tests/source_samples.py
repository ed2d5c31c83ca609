"""Small valid documents in every outside format, written for these tests."""

from __future__ import annotations

from typing import Any

ESCO = "http://data.europa.eu/esco/skill/"

VDAB: dict[str, Any] = {
    "code": "123456",
    "naam": "Lasser",
    "programma": 'Je leert lassen.<br>Zie <a href="https://example.org">hier</a>.\nDe opleiding duurt 80 uren.',
    "doelstelling": "Je bent minstens 18 jaar en je werkt met een bril op.",
    "attestering": None,
    "trefwoord": "lassen; metaal",
    "getuigschrift": "attest",
    "vakgebieden": ["Metaal"],
    "beroepen": [{"code": "I1", "naam": "Hoeklasser", "knelpunt": True}],
    "aanbieder": "VDAB",
    "postcode": "9000",
    "gemeente": "GENT",
    "coordinaat": {"lat": 51.05, "lon": 3.72},
    "publicatie": {"van": "2016-01-01", "tot": "2017-10-20"},
    "duur_in_tekst": ["80 uren", "18 jaar"],
}

KDG: dict[str, Any] = {
    "internal_id": "wondzorg",
    "title": "Wondzorg",
    "language": "NL",
    "description": "Je leert wonden <strong>verzorgen</strong>.",
    "description_program": "<ul><li>Dag 1</li><li>Dag 2</li></ul>",
    "price": 120,
    "skills": "Wondzorg, Hygiëne (handen, materiaal)",
    "government_subsidy": "Vlaams opleidingsverlof (VOV), Kmo-portefeuille",
    "required_knowledge": "Diploma verpleegkunde vereist",
    "webaddress": "https://example.org/navormingen/wondzorg",
    "duration_length": 2,
    "duration_type": "days",
    "provider": "KdG",
    "location_and_date": [
        {
            "date_start": "2025-11-04",
            "date_end": "2025-12-3",
            "hours": "Van 9 tot 16.30 u.",
            "location_name": "Campus Zuid",
            "location_address": "Brusselstraat 45",
            "location_zip": "2018",
        }
    ],
}

ELM_OPPORTUNITY: dict[str, Any] = {
    "@graph": [
        {
            "type": "LearningOpportunity",
            "id": "urn:lop:1",
            "title": {"nl": "Brood bakken", "en": "Baking bread"},
            "description": {"en": "From dough to loaf."},
            "providedBy": "urn:org:1",
            "duration": "P6W",
            "temporal": {"startDate": "2026-09-01T08:00:00Z", "endDate": "2026-10-12"},
            "priceDetail": [{"amount": {"value": 90, "unit": {"id": "http://example.org/currency/EUR"}}}],
            "learningAchievementSpecification": {"id": "urn:las:1"},
        },
        {"type": ["Organisation"], "id": "urn:org:1", "legalName": {"nl": "Bakkerschool"}},
        {
            "type": "Qualification",
            "id": "urn:las:1",
            "title": {"en": "Baker"},
            "volumeOfLearning": "PT60H",
            "contactHour": "20",
            "creditPoint": {"framework": {"id": "http://data.europa.eu/snb/education-credit/6fcec5c5af"}, "point": "2"},
            "eqfLevel": {"id": "http://data.europa.eu/snb/eqf/4"},
            "language": {"id": "http://publications.europa.eu/resource/authority/language/NLD"},
            "mode": {"id": "http://data.europa.eu/snb/learning-assessment/e92d221e4d"},
            "entryRequirement": {"noteLiteral": {"nl": "Geen meelallergie"}},
            "learningOutcome": [
                {"id": "urn:lo:1", "title": {"en": "Knead dough"}},
                {"id": "urn:lo:2", "title": {"en": "Bake"}, "relatedESCOSkill": {"id": ESCO + "bake"}},
            ],
        },
    ]
}

ELM_CREDENTIAL: dict[str, Any] = {
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
    "id": "urn:credential:1",
    "issuer": {"id": "urn:org:1", "legalName": {"nl": "Bakkerschool"}},
    "validFrom": "2026-06-30T10:00:00Z",
    "credentialSubject": {
        "id": "urn:person:1",
        "hasClaim": [
            {
                "type": "LearningAchievement",
                "title": {"en": "Baking micro-credential"},
                "provenBy": {"title": {"en": "Practical test"}},
                "specifiedBy": {
                    "type": "Qualification",
                    "eqfLevel": {"id": "http://data.europa.eu/snb/eqf/4"},
                    "volumeOfLearning": "P60M",
                    "learningOutcome": {"title": {"en": "Bake"}, "relatedESCOSkill": [{"id": ESCO + "bake"}]},
                },
            },
            {"type": "LearningActivity", "title": {"en": "Bread webinar"}},
        ],
    },
}

OPEN_BADGE: dict[str, Any] = {
    "id": "urn:badge:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://example.org/issuer", "name": "MBO Voorbeeld"},
    "validFrom": "2024-08-30T00:00:00Z",
    "validUntil": "2029-08-30T00:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "urn:achievement:1",
            "name": "Microcredential Brood bakken",
            "criteria": {"narrative": "Bakt een brood."},
            "ECTS": 3,
            "SBU": 84,
            "alignment": [
                {"targetType": "ext:EQF", "targetCode": "4", "targetName": "EQF level 4"},
                {"targetType": "CFItem", "targetName": "Deeg kneden", "targetUrl": "https://example.org/kneden"},
                {"targetType": "ext:Other", "targetName": "Bakken", "targetUrl": ESCO + "bake"},
            ],
        },
    },
    "evidence": [{"id": "https://example.org/film", "genre": "Demonstration", "name": "Film van het brood"}],
}

JSON_RESUME: dict[str, Any] = {
    "basics": {
        "name": "Niemand",
        "label": "Bakker",
        "summary": "Ik bak graag.",
        "location": {"postalCode": "9000", "city": "Gent", "countryCode": "BE"},
    },
    "skills": [{"name": "Brood bakken", "level": "Master", "keywords": ["deeg", "oven"]}],
    "work": [
        {
            "name": "Bakkerij Het Voorbeeld",
            "position": "Hulpbakker",
            "startDate": "2020-01-01",
            "endDate": "2022-12-31",
            "summary": "Brood bakken voor de ochtend.",
            "highlights": ["De oven onderhouden"],
        }
    ],
    "education": [{"institution": "Bakkerschool", "area": "Bakkerij", "studyType": "Getuigschrift", "endDate": "2019"}],
    "certificates": [{"name": "Voedselveiligheid", "issuer": "FAVV", "date": "2021-05-05"}],
    "languages": [{"language": "Nederlands", "fluency": "Native speaker"}, {"language": "French", "fluency": "B1"}],
}

OOAPI: dict[str, Any] = {
    "pageSize": 10,
    "items": [
        {
            "courseId": "c-1",
            "name": [{"language": "en-GB", "value": "Baking"}, {"language": "nl-BE", "value": "Bakken"}],
            "description": [{"language": "nl-BE", "value": "Van deeg tot <b>brood</b>."}],
            "teachingLanguage": "nld",
            "studyLoad": {"studyLoadUnit": "ects", "value": 3},
            "duration": "P10W",
            "modeOfDelivery": ["online", "on campus"],
            "learningOutcomes": [
                [{"language": "nl-BE", "value": "deeg kneden"}],
                [{"language": "nl-BE", "value": "bakken"}],
            ],
            "admissionRequirements": [{"language": "nl-BE", "value": "Geen meelallergie"}],
            "organization": {"name": [{"language": "nl-BE", "value": "Bakkerschool"}]},
            "link": "https://example.org/bakken",
        },
        {
            "offeringId": "o-1",
            "course": "c-1",
            "startDateTime": "2026-09-01T08:00:00+02:00",
            "endDateTime": "2026-11-10T08:00:00+02:00",
            "enrollEndDateTime": "2026-08-15T08:00:00+02:00",
            "maxNumberStudents": 12,
            "enrolledNumberStudents": 12,
            "addresses": [{"postalCode": "9000", "city": "Gent", "countryCode": "BE"}],
            "priceInformation": [{"costType": "total costs", "amount": "90.00", "currency": "EUR"}],
        },
    ],
}

SCHEMA_ORG: dict[str, Any] = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "Course",
            "@id": "https://example.org/bakken",
            "url": "https://example.org/bakken",
            "name": "Brood bakken",
            "description": "Van deeg tot brood.",
            "provider": {"@type": "Organization", "name": "Bakkerschool"},
            "inLanguage": "nl-BE",
            "teaches": ["deeg kneden", {"@type": "DefinedTerm", "@id": ESCO + "bake", "name": "bakken"}],
            "competencyRequired": "wegen",
            "coursePrerequisites": "Geen meelallergie",
            "numberOfCredits": 3,
            "keywords": "brood, oven",
            "offers": {"@type": "Offer", "price": "90", "priceCurrency": "EUR"},
            "hasCourseInstance": [
                {
                    "@type": "CourseInstance",
                    "courseMode": "onsite",
                    "courseWorkload": "PT22H",
                    "startDate": "2026-09-01",
                    "endDate": "2026-11-10",
                    "courseSchedule": {"@type": "Schedule", "repeatCount": 11, "repeatFrequency": "P1W"},
                    "location": {
                        "@type": "Place",
                        "name": "Bakkerij",
                        "address": {"postalCode": "9000", "addressLocality": "Gent", "addressCountry": "BE"},
                        "geo": {"latitude": 51.05, "longitude": 3.72},
                    },
                }
            ],
        }
    ],
}

JCREC_COURSES: dict[str, Any] = {
    "11": {"required": [[1, "beginner"]], "to_acquire": [[1, "expert"], [2, "unknown"], [3, "beginner to expert"]]},
    "12": {"required": [], "to_acquire": [[2, "intermediate"]]},
}
JCREC_RESUMES: dict[str, Any] = {"7": [[1, "expert"], [2, "unknown"]]}
