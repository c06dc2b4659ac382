"""The query language: grammar, reference evaluator, fast matcher."""
