"""What the SDK answers with: frozen values, never live objects."""
