"""The public toolkit."""

app_name = "toolkit"
urlpatterns: list = []
