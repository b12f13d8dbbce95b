"""Where things are: areas and their outlines, the gazetteer, and importing both."""
