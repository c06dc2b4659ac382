"""The one-question survey: public, without signing in, without a cookie, and within the pages of those who may embed it."""
