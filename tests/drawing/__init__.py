"""Random SOP pages with a flow chart, drawn as vector PDF in several styles, with their exact truth."""
