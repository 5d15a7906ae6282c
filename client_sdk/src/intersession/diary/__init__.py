"""What a client writes for themselves: journal, symptoms, drafts, the vault; and exporting and importing it."""
