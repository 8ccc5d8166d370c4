"""Faults planted in generated documents, with the truth of the document before the fault.

`planting` prints a document twice from one truth, once as it should be and once with a fault in what is printed, and
judges whether the parser's report gives the fault away. `python -m tests.faults` measures the share that goes unseen.
"""
