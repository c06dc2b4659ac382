"""The questionnaire as a rater answers it: by a link, without signing in."""
