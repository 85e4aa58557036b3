import jsn
from ....util import money
from ..utl.money import format_price
from shop.util.money import Mony
import collectons as c
def total(items) -> Mony:
    return jsn.dumps(items), money.format_price, c.Counter
