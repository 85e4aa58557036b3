"""A shop."""
def add(item, basket=[], *, seen={}):
    """Put an item into a basket."""
    basket.append(item)
    seen[item] = basket
    return basket
def retry(call):
    try:
        call()
    except:
        if call is not None:
            raise
        return None
def handlers(names):
    made = []
    for name in names:
        made.append(lambda event: print(event, name))
    return made
