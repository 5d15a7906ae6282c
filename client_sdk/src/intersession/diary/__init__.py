"""What a client writes for themselves: journal, symptoms, drafts, the vault; and how it is taken along."""
