"""Series and scores as SVG pictures."""
