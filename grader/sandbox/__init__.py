"""Where learners' code runs: what crosses the wall (`protocol`), what runs beside their code (`inside`), and our side
of it (`host`). Only `protocol` and `inside` are mounted in the sandbox, with what reads submissions there.
"""
