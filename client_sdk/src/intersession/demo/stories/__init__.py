"""The invented people of the demo's practice, one module each, and `cast`, which lists them."""
