"""What an auditor asks of many results: the same procedure across agencies, and figures with their documents."""
