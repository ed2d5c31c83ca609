"""What goes into a batch and what comes out: versioned Arrow schemas, and the same for Spark."""

from __future__ import annotations

import pyarrow as pa

from matching.query.table import TABLE

VERSION = 1
"""Goes up when a column changes its name, type or meaning."""

LEARNERS = pa.schema(
    [
        ("id", pa.string()),
        ("profile", pa.string()),
        ("goal_role", pa.string()),
        ("goal_text", pa.string()),
        ("goal_competences", pa.list_(pa.string())),
        ("competences", pa.list_(pa.string())),
        ("completed", pa.list_(pa.string())),
        ("hours_per_week", pa.float64()),
        ("weeks", pa.float64()),
        ("not_before", pa.date32()),
        ("deadline", pa.date32()),
        ("postcode", pa.string()),
        ("transport", pa.string()),
        ("max_travel_km", pa.float64()),
        ("max_travel_minutes", pa.float64()),
        ("max_price", pa.float64()),
        ("modes", pa.list_(pa.string())),
        ("region", pa.string()),
        ("status", pa.string()),
    ]
)
"""The columns that a batch reads; all are optional but one that names the person, and null is unknown. `profile` is a
`LearnerProfile` as JSON and can say everything; what a flat column states comes before it."""

MATCHES = TABLE

PLANS = pa.schema(
    [
        ("learner_id", pa.string()),
        ("status", pa.string()),
        ("gain", pa.float64()),
        ("coverage", pa.float64()),
        ("plan_own_hours", pa.float64()),
        ("step", pa.int32()),
        ("offer_id", pa.string()),
        ("run_id", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("own_hours", pa.float64()),
    ]
)
"""One row per step of a plan; a plan without steps has one row that says why in `status`."""

REJECTED = pa.schema(
    [("row", pa.int64()), ("learner_id", pa.string()), ("field", pa.string()), ("problem", pa.string())]
)
"""One row per learner that could not be answered. `row` counts from 0 within the partition."""

CLUSTER = TABLE.append(pa.field("problem", pa.string()))
"""What the cluster function yields: matches, and learners that could not be answered with the problem alone."""

DDL = ", ".join(f"{field.name} {({'int32': 'int'}).get(str(field.type), str(field.type))}" for field in CLUSTER)
"""`CLUSTER` as Spark writes schemas."""


def versioned(schema: pa.Schema, name: str) -> pa.Schema:
    """The schema with its name and version as metadata of the file."""
    return schema.with_metadata({"leermatch_schema": f"{name}/{VERSION}"})
