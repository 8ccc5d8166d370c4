"""The drafting rules of PermenPAN-RB 35/2012, checked against what was read."""
