"""The tree of units on a day, with the accounts and the activity of each."""
