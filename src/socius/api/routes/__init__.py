"""One file a noun: each handler parses, asks one action or report, and renders."""
