"""Figures of the other surveys: size cuts, accounts, organisation models, internal networks, teams, education, risk, revenue.

The rows are in the order of the subjects. Bases marked inferred were reconstructed from the percentages themselves.
"""

from __future__ import annotations

from socius.engine.published.altimeter import EVOLUTION, STATE
from socius.engine.published.figure import LARGE, Figure

ACCOUNTS = "Altimeter Group, A Strategy for Managing Social Media Proliferation (2012)"
READINESS = "Altimeter Group, Social Business Readiness (2011)"
NETWORKS = "Altimeter Group, Making the Business Case for Enterprise Social Networks (2012)"
RISK = "Altimeter Group, Guarding the Social Gates (2012)"
REVENUE = "Altimeter Group, The Social Media ROI Cookbook (2012)"
EDUCATION = "Altimeter Group on social media education (2013)"
GOVERNANCE = "Altimeter Group on social media governance (2014)"
LATER = "Altimeter, State of Social Business (2015, 2016)"
BUDGETS = "Altimeter Group, after eMarketer (2013)"
WILDFIRE = "Wildfire and AdAge (2013), not Altimeter"
TEAMS = "Altimeter Group, after B. Solis (2014)"
EXECUTIVES = "500 executives"
NETWORK_FIRMS = "decision makers on internal networks, firms of more than 250 employees"

Share = tuple[str, str, float]


def shares(rows: tuple[Share, ...], n: int | None, status: str, year: int, source: str, population: str = LARGE) -> tuple[Figure, ...]:  # fmt: skip
    """Several shares of one survey."""
    return tuple(
        Figure(key, ask, value, n, status, year, str(year), source, population=population)
        for key, ask, value in rows
    )


def sizes(rows: tuple[tuple[str, str, float, str], ...], year: int, source: str, population: str) -> tuple[Figure, ...]:  # fmt: skip
    """Several numbers of one survey, none with a base that was seen."""
    return tuple(
        Figure(key, ask, value, None, "not_seen", year, str(year), source, unit=unit, population=population)
        for key, ask, value, unit in rows
    )  # fmt: skip


SIZE_CUTS = (
    *sizes((("fte_1k_5k", "Full-time equivalents on social", 3, "people"),), 2012, STATE, "firms of 1,000 to 5,000 employees, unchanged since 2010"),
    *sizes((("fte_100k_2012", "Full-time equivalents on social", 49, "people"),), 2012, STATE, "firms of more than 100,000 employees"),
    *sizes((("fte_100k_2010", "Full-time equivalents on social", 20, "people"),), 2010, STATE, "firms of more than 100,000 employees"),
    *sizes((("publishers_1k", "Employees allowed to post officially", 5, "people"),), 2013, "J. Owyang, after Adweek", "firms of about 1,000 employees (1 in 200)"),
    *sizes((("publishers_7500", "Employees allowed to post officially", 22, "people"),), 2013, "J. Owyang, after Adweek", "firms of about 7,500 employees"),
    *sizes((("publishers_100k", "Employees allowed to post officially", 280, "people"),), 2013, "J. Owyang, after Adweek", "firms of more than 100,000 employees"),
    Figure("publishers", "Employees allowed to post officially", None, None, "not_seen", 2013, "2013", "J. Owyang, after Adweek", words="about 1 in 330 employees"),
    *sizes((("budget_external_1_10bn", "Yearly budget, outward-facing", 968548, "USD"), ("budget_internal_1_10bn", "Yearly budget, inside", 562069, "USD")), 2013, BUDGETS, "firms of 1 to 10 billion dollars revenue"),
    *sizes((("budget_external_10bn", "Yearly budget, outward-facing", 2901987, "USD"), ("budget_internal_10bn", "Yearly budget, inside", 1308750, "USD")), 2013, BUDGETS, "firms of more than 10 billion dollars revenue"),
    Figure("budget_share", "Share of the budget spent inside, over all size classes", None, None, "not_seen", 2013, "2013", BUDGETS, words="20 to 37 %", note="text and dollar figures disagree on which classes lead"),
    *shares((("wildfire_people", "Firms over 1 billion dollars with 50 people or more on social", 0.465),), None, "not_seen", 2013, WILDFIRE, "firms of more than 1 billion dollars revenue"),
    *shares((("wildfire_budget", "A separate budget for social", 0.291), ("wildfire_metrics_shares", "Call the number of shares important", 0.584), ("wildfire_metrics_followers", "Call the number of followers important", 0.558)), 500, "published", 2013, WILDFIRE, EXECUTIVES),
)  # fmt: skip

ON_ACCOUNTS = (
    *sizes((("accounts_mean", "Corporate accounts, mean, without those of employees", 178, "accounts"),), 2011, ACCOUNTS, f"144 {LARGE}"),
    *sizes((("accounts_twitter", "Accounts on Twitter, mean", 39.2, "accounts"), ("accounts_facebook", "Accounts on Facebook, mean", 29.9, "accounts")), 2011, ACCOUNTS, f"{LARGE}; perhaps of those active there"),
    Figure("accounts_blogs", "Blogs, mean", None, None, "not_seen", 2011, "2011", ACCOUNTS, words="about 32"),
    Figure("accounts_linkedin", "Accounts on LinkedIn, mean", None, None, "not_seen", 2011, "2011", ACCOUNTS, words="about 29"),
    *shares((
        ("objectives_met", "Efforts meet business objectives", 0.70),
        ("roadmap_2011", "A formal roadmap", 0.43),
        ("education_2011", "Offer education", 0.26),
        ("inventory", "Have taken an inventory of accounts", 0.49),
        ("coordinated", "Call their approach coordinated", 0.48),
    ), 144, "published", 2011, ACCOUNTS),
)  # fmt: skip

MODELS = (
    *shares((("model_decentralised_2010", "Decentralised", 0.108), ("model_centralised_2010", "Centralised", 0.288), ("model_hub_spoke_2010", "Hub and spoke", 0.410), ("model_multi_hub_2010", "Multiple hub and spoke", 0.180), ("model_holistic_2010", "Holistic", 0.014)), 139, "inferred", 2010, EVOLUTION),
    *shares((("model_decentralised_2012", "Decentralised", 0.094), ("model_centralised_2012", "Centralised", 0.291), ("model_hub_spoke_2012", "Hub and spoke", 0.354), ("model_multi_hub_2012", "Multiple hub and spoke", 0.236), ("model_holistic_2012", "Holistic", 0.024)), 127, "inferred", 2012, EVOLUTION),
)  # fmt: skip

INSIDE = (
    *sizes((("esn_collaboration", "Effect on collaboration between departments, the highest of the goals", 2.91, "score 1 to 4"),), 2012, NETWORKS, f"81 {NETWORK_FIRMS}"),
    *shares((
        ("esn_significant_collaboration", "Significant effect on collaboration", 0.34),
        ("esn_significant_expertise", "Significant effect on finding expertise", 0.31),
        ("esn_significant_practice", "Significant effect on sharing best practice", 0.21),
        ("esn_significant_transformation", "Significant effect on strategic transformation", 0.19),
        ("esn_little_retention", "Very little effect on retention", 0.57),
        ("esn_little_meetings", "Very little effect on the number of meetings", 0.50),
        ("esn_little_decisions", "Very little effect on the speed of decisions", 0.43),
        ("esn_process", "Measure whether a process improved", 0.26),
        ("esn_financial", "Tie the measure to a financial result", 0.07),
        ("esn_measured_very_well", "Measured very well", 0.0),
        ("esn_measured_somewhat_well", "Measured somewhat well", 0.31),
        ("esn_measured_somewhat_poorly", "Measured somewhat poorly", 0.35),
        ("esn_measured_very_poorly", "Measured very poorly", 0.33),
    ), 81, "published", 2012, NETWORKS, NETWORK_FIRMS),
    Figure("esn_scope", "The internal network reaches the whole enterprise", None, None, "not_seen", 2012, "2012", NETWORKS, words="just over half", population=NETWORK_FIRMS),
)  # fmt: skip

PEOPLE = (
    *sizes((("team_total_2011", "Core team, people", 11, "people"),), 2011, TEAMS, f"93 {LARGE}"),
    *sizes((
        ("team_total_2013", "Core team, people", 15.6, "people"),
        ("team_strategist", "Social strategists", 1.6, "people"),
        ("team_liaison", "Business-unit liaisons", 1.7, "people"),
        ("team_content", "Content strategists", 1.7, "people"),
        ("team_education", "Education or training managers", 0.8, "people"),
        ("team_community", "Community managers", 2.5, "people"),
        ("team_developer", "Web developers", 3.4, "people"),
        ("team_manager", "Social media managers", 2.2, "people"),
        ("team_analyst", "Social analysts", 1.6, "people"),
    ), 2013, TEAMS, f"51 {LARGE}; the roles add to 15.5"),
    *shares((("core_marketing", "The core team sits in marketing", 0.40), ("core_communication", "The core team sits in corporate communication", 0.26), ("core_digital", "The core team sits in digital", 0.14), ("core_social", "The core team sits in a department of its own", 0.14)), None, "not_seen", 2013, STATE),
    *shares((
        ("dept_marketing", "Marketing has dedicated people", 0.734),
        ("dept_communication", "Corporate communication has dedicated people", 0.656),
        ("dept_support", "Customer support has dedicated people", 0.398),
        ("dept_digital", "Digital has dedicated people", 0.367),
        ("dept_social", "A social department has dedicated people", 0.352),
        ("dept_hr", "Human resources has dedicated people", 0.289),
        ("dept_product", "Product or research has dedicated people", 0.164),
        ("dept_advertising", "Advertising has dedicated people", 0.164),
        ("dept_experience", "Customer experience has dedicated people", 0.148),
        ("dept_it", "IT has dedicated people", 0.141),
        ("dept_executive", "The executive office has dedicated people", 0.109),
        ("dept_legal", "Legal has dedicated people", 0.094),
        ("dept_research", "Market research has dedicated people", 0.078),
    ), 128, "inferred", 2012, EVOLUTION),
    *shares((("report_to_marketing_2010", "Strategists who report to marketing", 0.41), ("formal_programme_2010", "A formal programme with long-term direction", 0.23)), None, "not_seen", 2010, "J. Owyang, Career Path of the Social Strategist (2010)"),
)  # fmt: skip

RULES = (
    *shares((("education_beyond_ad_hoc", "Education beyond ad hoc", 0.38),), 65, "inferred", 2013, EDUCATION),
    Figure("education_formal", "Formal training", None, None, "not_seen", 2013, "2013", EDUCATION, words="about a third"),
    *shares((("education_planned", "Plan formal education for the next year", 0.43),), None, "not_seen", 2013, EDUCATION),
    *shares((("governance_basis", "Strategy is the basis of governance", 0.53), ("governance_deployed", "Governance is well understood and deployed", 0.16)), 76, "published", 2014, GOVERNANCE),
    *shares((("advanced_triage", "Advanced firms with a triage process", 14 / 18),), 18, "published", 2011, READINESS, "the 18 advanced of 144 firms"),
    *shares((("crises_avoidable", "Crises that could have been avoided or reduced", 0.76), ("crisis_level_1", "Crises of level 1", 0.40), ("crisis_level_2", "Crises of level 2", 0.52), ("crisis_level_3", "Crises of level 3", 0.08)), 50, "published", 2011, READINESS, "50 crises, 2001 to 2011"),
    *shares((("risk_reputation_critical", "Reputation is a critical risk", 0.35), ("policy_training_rare", "Train policy never or only at hiring", 0.60), ("risk_fte_under_one", "Less than one full-time equivalent on social risk", 0.43)), 52, "published", 2012, RISK, "firms that answered on risk"),
)  # fmt: skip

MONEY = (
    *shares((("roi_effective", "Rate themselves effective at linking social to revenue", 0.30), ("roi_cannot_tie", "Cannot tie social to outcomes", 0.56), ("roi_expertise", "Lack expertise or resources in analytics", 0.39), ("roi_tools", "Have poor tools", 0.38), ("roi_insight", "Say that the chief value is insight for customer experience", 0.84), ("roi_staff", "Have one or two people on social data", 0.63), ("roi_no_strategy", "Lack a holistic measurement strategy", 0.75)), 71, "published", 2012, REVENUE, "firms asked on linking social to revenue"),
    *shares((("operational_2016", "The social team becomes an operational platform", 0.79), ("advocacy_2016", "Do or plan employee advocacy", 0.90)), None, "not_seen", 2016, LATER, "firms of more than 500 employees"),
)  # fmt: skip

ROWS: tuple[Figure, ...] = (*SIZE_CUTS, *ON_ACCOUNTS, *MODELS, *INSIDE, *PEOPLE, *RULES, *MONEY)
