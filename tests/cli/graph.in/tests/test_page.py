from app.views.page import PAGE


def test_page():
    assert PAGE
