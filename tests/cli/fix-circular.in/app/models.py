"""Models."""
from __future__ import annotations
from app.views import render, Page
class User:
    page: Page
    def show(self):
        """Show it."""
        return render(self)
