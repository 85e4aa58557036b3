import shop.cart
print(shop.util.money.Money)
