"""The addresses of this app, each with the view of its feature."""

from django.urls import path

from agreement.editions import views as editions
from agreement.review import views as review
from agreement.signing import views as signing

app_name = "agreement"
urlpatterns = [
    path("agreement/", signing.overview, name="overview"),
    path("agreement/draft/", editions.draft, name="draft"),
    path("agreement/editions/<uuid:pk>/", editions.edition, name="edition"),
    path("agreement/editions/<uuid:pk>/change/", editions.change, name="change"),
    path("agreement/editions/<uuid:pk>/propose/", editions.propose, name="propose"),
    path("agreement/editions/<uuid:pk>/withdraw/", editions.withdraw, name="withdraw"),
    path("agreement/editions/<uuid:pk>/agree/", editions.agree, name="agree"),
    path("agreement/compare/<uuid:one>/<uuid:other>/", editions.compare, name="compare"),
    path("agreement/review/", review.review, name="review"),
    path("agreement/sign/", signing.sign, name="sign"),
    path("agreement/signatures/", signing.signatures, name="signatures"),
    path("agreement/agencies/<uuid:pk>/", signing.agency, name="agency"),
    path("agreement/agencies/<uuid:pk>/suspend/", signing.suspend, name="suspend"),
    path("agreement/agencies/<uuid:pk>/lift/", signing.lift, name="lift"),
]
