None == x
