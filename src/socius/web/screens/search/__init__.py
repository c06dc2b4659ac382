"""Search: one box for accounts, goals, initiatives, series, units, people, pages and commands."""
