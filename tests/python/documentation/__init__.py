"""Runs the examples of a page of documentation, against stand-ins for the servers it names.

    page.py      takes the examples out of reStructuredText
    world.py     the names, files, servers and the clock that the examples meet
    session.py   runs an example and compares what it prints
    scenes.py    what has to be there before an example, and who talks to it meanwhile
    errata.py    where a page is wrong, or has been overtaken
"""
