"""A page on which a person checks what was read beside the page it came from, and corrects it."""
