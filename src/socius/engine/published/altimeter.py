"""Figures of Altimeter's two surveys on the evolution and the state of social business.

Intervals are 95 % Wilson limits from round(share * n) / n. `n_status` inferred: the base was reconstructed; not_seen: the
figure was read and its base was not, so there is no interval. A figure known only in words stays words.
All are self-reports of mostly large firms in the United States, 2010 to 2013.
"""

from __future__ import annotations

from socius.engine.published.figure import Figure

EVOLUTION = "Altimeter Group, The Evolution of Social Business (2013)"
STATE = "Altimeter Group, State of Social Business (2013)"

# A year's figure of one survey: (id, question, value).
_Q4_2012 = (
    ("metrics_tied", "Clear metrics tie social activity to business outcomes", 0.34),
    ("financial_impact", "Measure financial impact", 0.29),
    ("holistic", "Lines of business under a common vision", 0.28),
    ("execs_aligned", "Top executives informed, engaged and aligned", 0.52),
    ("plan_beyond_year", "Confident of a plan beyond one year", 0.12),
    ("trained_benefit", "Employees trained to use social for the company's benefit", 0.27),
    ("crisis_policy", "Risk or crisis policy in place", 0.65),
)
_SEEN_IN = {
    "holistic": "read in C. Li (2013)",
    "plan_beyond_year": "read in P. Gillin and C. Li (2013)",
}
_2013 = (
    ("holistic_2013", "Lines of business under a common vision", 0.26, "inferred"),
    ("team_2013", "A dedicated team exists", 0.78, "published"),
    ("team_where_corporate", "The team sits at corporate level", 0.42, "published"),
    ("team_where_division", "The team sits in a division", 0.14, "published"),
    ("team_where_both", "Teams at both levels", 0.22, "published"),
    ("team_where_none", "No team", 0.22, "published"),
    ("outcomes_marketing", "Formal metrics for marketing", 0.53, "inferred"),
    ("outcomes_experience", "Formal metrics for customer experience", 0.45, "inferred"),
    ("outcomes_brand", "Formal metrics for brand health", 0.45, "inferred"),
    ("outcomes_revenue", "Formal metrics for revenue", 0.24, "inferred"),
    ("policy_any", "An organisational policy exists", 0.85, "inferred"),
)
_STAGES = ("Planning", "Presence", "Engagement", "Formalized", "Strategic", "Converged")
_STAGE_SHARES = (0.06, 0.25, 0.26, 0.26, 0.14, 0.03)

ROWS: tuple[Figure, ...] = (
    *(
        Figure(key, ask, value, 130, "inferred", 2012, "Q4 2012", EVOLUTION, note=_SEEN_IN.get(key, ""))
        for key, ask, value in _Q4_2012
    ),
    Figure("policy_knowledge", "Employees know the policies well or very well", 0.18, 130, "published", 2012, "Q4 2012", EVOLUTION),
    Figure("roadmap_long", "A detailed roadmap longer than a year", None, None, "not_seen", 2013, "2013", "Li and Solis, The Seven Success Factors (2013)", words="less than half"),
    Figure("vision_seen", "A long-term vision for customer impact, as employees see it", None, None, "not_seen", 2012, "Q4 2012", EVOLUTION, words="less than half"),
    Figure("roles_defined", "Roles of spokespeople and awareness of risk", None, None, "not_seen", 2012, "Q4 2012", EVOLUTION, words="generally well defined"),
    Figure("aligned_strategy", "Aligned to the organisation's vision and strategy", 0.25, None, "not_seen", 2013, "2013", EVOLUTION, note="from a webinar"),
    *(
        Figure(f"stage_self_{at}", f"Places itself on stage {at}, {name}", share, None, "not_seen", 2013, "2013", STATE, note="n not seen, 65 or 130")
        for at, (name, share) in enumerate(zip(_STAGES, _STAGE_SHARES, strict=True), start=1)
    ),
    Figure("team_2011", "A dedicated team exists", 0.67, 144, "published", 2011, "2011", STATE),
    *(Figure(key, ask, value, 65, status, 2013, "2013", STATE) for key, ask, value, status in _2013),
    Figure("policy_community", "A customer-facing community policy exists", 0.5, 65, "inferred", 2013, "2013", STATE, words="half"),
    Figure("mckinsey_prod", "Productivity gain of interaction workers", None, None, "not_seen", 2012, "2012", "McKinsey, after P. Gillin (2013)",
           words="20 to 25 %", population="an estimate by others", licence="quoted", note="a hypothesis to test, never a result of one's own"),
    Figure("follower_price", "Price of 100,000 followers", 300, None, "not_seen", 2013, "2013", "P. Gillin, BtoB (2013)", unit="USD", population="sellers of followers", licence="quoted"),
)  # fmt: skip
