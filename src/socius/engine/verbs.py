"""The closed list of verbs that the ledger takes, each with the words that a reader sees after the actor's name.

Snake case, past tense; sorted within each package. A verb is never taken out again: rows that carry it stay.
"""

from __future__ import annotations

# The Activities that the line of sight counts; every other verb is administrative.
COUNTED = frozenset({"posted", "replied", "moderated", "ran"})
RETRACT = "retract"

ACTIVITY = {
    "posted": "posted",
    "replied": "replied",
    "moderated": "moderated",
    "ran": "ran",
    RETRACT: "took back",
    "erased": "erased the content of a row",
    "import": "imported a file",
    "import_undone": "took an import back",
    "refused": "was refused",
}

ORGANISATION = {
    "unit_absorbed": "made one unit part of another",
    "unit_identified": "noted the id of a unit",
    "founded": "founded the organisation",
    "unit_created": "created a unit",
    "unit_renamed": "renamed a unit",
    "unit_moved": "moved a unit",
    "unit_dated": "dated a unit",
    "unit_aliased": "gave a unit another name",
    "unit_alias_dropped": "took a name from a unit",
    "person_invited": "invited a person",
    "person_changed": "changed a person",
    "person_disabled": "disabled a person",
    "person_enabled": "let a person in again",
    "person_linked": "linked two logins of a person",
    "password_set": "set a password",
    "grant_given": "gave rights",
    "grant_ended": "ended a grant",
    "proposal_declined": "declined a proposed role",
    "share_given": "shared an object with a unit",
    "share_ended": "ended a share",
    "token_made": "made a token",
    "token_revoked": "revoked a token",
}

ACCOUNTS = {
    "account_claimed": "listed an account",
    "account_corrected": "corrected an account",
    "account_merged": "merged two accounts",
    "account_moved": "moved an account to another unit",
    "account_separated": "took a merge back",
    "account_status": "changed an account's state",
}

STRATEGY = {
    "account_decided": "decided on an account",
    "account_decision_withdrawn": "took a decision on an account back",
    "account_linked": "tied an account",
    "account_proposed": "kept a proposal for an account",
    "account_unlinked": "untied an account",
    "cell_overridden": "let something out in spite of an experiment",
    "cells_laid": "laid down the cells of an experiment",
    "experiment_created": "planned an experiment",
    "experiment_learned": "noted what an experiment taught",
    "experiment_stopped": "stopped an experiment before its end",
    "experiment_updated": "changed an experiment",
    "goal_closed": "closed a goal",
    "goal_conflict": "noted that two goals conflict",
    "goal_created": "set a goal",
    "goal_reopened": "reopened a goal",
    "goal_updated": "changed a goal",
    "hours_created": "noted hours",
    "hours_updated": "corrected hours",
    "initiative_accepted": "accepted an initiative",
    "initiative_created": "made an initiative",
    "initiative_goals": "changed which goals an initiative serves",
    "initiative_needs": "changed what an initiative needs first",
    "initiative_placed": "chose an initiative's place in the order",
    "initiative_planned": "said what an initiative is worth and takes",
    "initiative_readiness": "changed what has to stand before an initiative",
    "initiative_reviewed": "reviewed an initiative",
    "initiative_turned_down": "turned an initiative down",
    "initiative_updated": "changed an initiative",
    "kpi_created": "set a KPI",
    "kpi_ended": "ended a KPI",
    "kpi_updated": "changed a KPI",
    "roadmap_framed": "said how much the roadmap has to fit into",
    "series_created": "made a series",
    "series_updated": "changed a series",
    "spend_added": "noted spend",
    "spend_dropped": "took spend back",
    "strategy_adopted": "adopted a strategy",
    "tool_asked": "asked for a tool",
    "tool_granted": "granted a tool",
    "tool_overridden": "let a tool in without a goal or a strategy",
    "tool_refused": "refused a tool",
    "tool_retired": "retired a tool",
    "values_loaded": "loaded values of a series",
}

MEASURE = {
    "design_registered": "registered what will be measured, and what can be seen",
    "experiment_concluded": "had an experiment analysed",
    "experiment_drawn": "drew the assignment of an experiment",
    "experiment_looked": "looked at an experiment before its end",
    "insight_closed": "closed an insight",
    "insight_noted": "noted an insight with its act, owner and date",
    "insight_reopened": "opened an insight again",
    "leads_counted": "counted leads as outcome series",
    "worth_stated": "said what one unit of an outcome is worth",
    "effect_estimated": "let an effect be estimated",
    "effect_recorded": "recorded an effect",
    "effect_withdrawn": "withdrew an effect",
}

ASSESS = {
    "page_opened": "opened the page made for them",
    "action_agreed": "agreed an action on a gap",
    "action_done": "finished an agreed action",
    "assessment_closed": "closed an assessment",
    "assessment_entered": "entered an assessment from a file",
    "assessment_opened": "opened an assessment",
    "assessment_planned": "planned an assessment",
    "assessment_waived": "took a gate or a rule out of an assessment",
    "dispute_accepted": "let raters' value go before the platform's",
    "need_answered": "said how strong a need is",
    "preset_chosen": "chose a preset",
    "interview_noted": "noted an interview",
    "raters_invited": "made links for raters",
    "shared_link_renewed": "made a new shared link for raters",
    "waiver_ended": "let a waived gate or rule count again",
    "rating_begun": "began a rating",
    "rating_changed": "changed a rating",
    "rating_submitted": "handed in a rating",
}

LISTEN = {
    "alert_acknowledged": "took on an alert",
    "alert_closed": "closed an alert",
    "alert_handed": "handed an alert to somebody",
    "alert_level_raised": "raised the level of an alert",
    "alert_noted": "added a note to an alert",
    "alert_raised": "raised an alert",
    "alerting_set": "set how often alerts may be false and how soon they are answered",
    "coverage_declared": "declared what was collected of a source",
    "coverage_withdrawn": "took a declaration about a source back",
    "query_archived": "archived a query",
    "query_edited": "edited a query",
    "query_made": "made a query",
    "query_restored": "restored a query",
    "question_adopted": "adopted a reputation question",
    "responses_taken": "took in answers to the reputation question",
    "responses_undone": "took a file of answers back",
    "survey_link_closed": "closed a survey link",
    "survey_link_made": "made a survey link",
    "ring_decided": "confirmed or cleared a suspected ring",
    "ring_suspected": "suspected a ring of authors",
    "source_added": "added a source of mentions",
    "source_edited": "changed a source of mentions",
    "source_paused": "paused a source of mentions",
    "source_resumed": "resumed a source of mentions",
    "threshold_set": "set the limit at which a query alarms",
}

VERBS = ACTIVITY | ORGANISATION | ACCOUNTS | STRATEGY | MEASURE | ASSESS | LISTEN
