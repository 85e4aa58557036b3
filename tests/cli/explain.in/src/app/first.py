from app.second import B

A = 1
