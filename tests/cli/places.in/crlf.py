try:
    pass
except:
    pass
