def find(shelves, name):
    for shelf in shelves:
        if shelf.get(name) == None:
            continue
        try:
            return shelf[name]
        except:
            pass  # keep looking
