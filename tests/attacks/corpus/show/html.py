"""Raises a message that is a program for a browser.

words = "script"
"""


class Boom(Exception):
    pass


Boom.__name__ = Boom.__qualname__ = "<script>alert(1)</script>"


def predict(model, region):
    raise Boom("</pre><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}&lt;")
