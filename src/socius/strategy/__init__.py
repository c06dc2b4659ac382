"""Goals, KPIs, series, initiatives, and which goal an account serves."""
