"""What client and care team agree on and do: plan, agenda, homework, goals, resources, sessions, episodes."""
