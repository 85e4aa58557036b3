import x

x == None
try:
    pass
except:
    pass
