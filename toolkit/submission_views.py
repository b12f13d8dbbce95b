"""What readers send. A story has a page with a cookie; “Was this page useful?” has none."""

from datetime import timedelta

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community_map.http.limits import Limit, limited
from community_map.http.same_origin import same_origin_post
from toolkit import published
from toolkit.forms import SentenceForm, StoryForm, UsefulForm
from toolkit.models import Feedback
from toolkit.page_cache import public_page, respond

STORIES = Limit("stories", times=5, seconds=3600)
ANSWERS = Limit("useful", times=30, seconds=3600)
SENTENCE_WITHIN = timedelta(hours=1)


@public_page()
def stories(request, snapshot):
    """How stories come in, and what became of them: the case studies."""
    rows = snapshot.taxonomy.with_approaches(snapshot.toolkit.newest_case_studies(6))
    return respond(request, "toolkit/stories.html", snapshot, {"case_studies": rows})


@limited(STORIES, methods=("POST",))
@require_http_methods(["GET", "HEAD", "POST"])
def story_new(request):
    """Send a story. Under a session's address, so that its form can have a token and know a colleague."""
    form = StoryForm(request.POST if request.method == "POST" else None, sender=request.user)
    if form.is_valid():
        if not form.is_trapped:
            form.save()
        # A robot is told the same, and learns nothing.
        return redirect("toolkit:story-sent")
    return render(request, "toolkit/story_new.html", {"form": form}, status=422 if form.errors else 200)


def story_again(request):
    """The form with what was written on it, where its token was too old: nothing is stored until it is sent again."""
    form = StoryForm(request.POST, sender=request.user)
    form.add_error(
        None,
        _(
            "We have not received your story. Either someone has signed in or out in this browser since you opened "
            "the page, or the browser does not accept cookies. What you wrote is still here. Send it again."
        ),
    )
    return render(request, "toolkit/story_new.html", {"form": form}, status=403)


story_new.show_again = story_again


@public_page()
def story_sent(request, snapshot):
    return respond(request, "toolkit/story_sent.html", snapshot, {})


@same_origin_post
@limited(ANSWERS, methods=("POST",))
@require_POST
def useful(request):
    """Store yes or no, and ask for a sentence."""
    form = UsefulForm(request.POST)
    if not form.is_valid() or not is_readable(form.cleaned_data["page"]):
        raise BadRequest(_("Your answer was not saved, because this page is not in the toolkit."))
    answer = Feedback.objects.create(
        address=form.cleaned_data["page"], is_useful=form.cleaned_data["useful"] == "yes"
    )
    return redirect("toolkit:useful-sentence", answer.public_id)


@same_origin_post
@limited(ANSWERS, methods=("POST",))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def useful_sentence(request, public_id):
    """Thanks, and room for a sentence, which is taken once and within the hour."""
    answer = get_object_or_404(Feedback, public_id=public_id)
    may_write = not answer.sentence and answer.sent_at > timezone.now() - SENTENCE_WITHIN
    form = SentenceForm(request.POST if request.method == "POST" and may_write else None)
    if form.is_valid():
        rows = Feedback.objects.filter(pk=answer.pk, sentence="")
        rows.update(sentence=form.cleaned_data["sentence"], details_kept=form.add_kept_details({}))
        return redirect("toolkit:useful-sentence", answer.public_id)
    context = {"answer": answer, "form": form, "may_write": may_write}
    return render(request, "toolkit/useful_sentence.html", context, status=422 if form.errors else 200)


def is_readable(address: str) -> bool:
    """Is this the address of a page that readers can open now?"""
    return any(
        item.address == address for item in published.current().everything() if "#" not in item.address
    )
