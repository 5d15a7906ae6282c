"""What is read of the chart: what the care team keeps to itself."""
