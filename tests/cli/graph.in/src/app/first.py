from app.second import B

A = B
