def f(x="größe"):
    return x == None
