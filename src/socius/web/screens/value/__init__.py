"""Net value: what initiatives brought, less what they cost."""
