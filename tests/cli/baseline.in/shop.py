import nope
def f(items=[]):
    items.append(1)
    return items
def g(other=[]):
    other.append(1)
    if nope.x() == None:
        return other
