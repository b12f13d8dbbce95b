"""The public toolkit. The names before <slug> are reserved: see toolkit.models.page.RESERVED."""

from django.urls import path

from toolkit import submission_views, views

app_name = "toolkit"
urlpatterns = [
    path("", views.index, name="index"),
    path("case-studies/", views.case_studies, name="case-studies"),
    path("case-studies.geojson", views.case_studies_geojson, name="case-studies-geojson"),
    path("case-studies/<slug:slug>/", views.case_study, name="case-study"),
    path("glossary/", views.glossary, name="glossary"),
    path("tools/", views.tools, name="tools"),
    path("voices/", views.voices, name="voices"),
    path("site-map/", views.site_map, name="site-map"),
    path("print/", views.print_all, name="print"),
    path("search/", views.search_page, name="search"),
    path("notebook/", views.notebook, name="notebook"),
    path("stories/", submission_views.stories, name="stories"),
    path("stories/new/", submission_views.story_new, name="story-new"),
    path("stories/sent/", submission_views.story_sent, name="story-sent"),
    path("useful/", submission_views.useful, name="useful"),
    path("useful/<uuid:public_id>/", submission_views.useful_sentence, name="useful-sentence"),
    path("<slug:slug>/", views.page, name="page"),
]
