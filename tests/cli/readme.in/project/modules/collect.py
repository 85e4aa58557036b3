"""Things that are collected."""


def collect(item, items=[]):
    items.append(item)
    return items
