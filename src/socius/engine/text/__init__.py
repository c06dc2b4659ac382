"""From text to tokens: the one step that both evaluators of the query language share."""
