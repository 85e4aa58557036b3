import os

import gone_after_page
