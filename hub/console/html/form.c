// SPDX-License-Identifier: Apache-2.0
// Plain forms that work without a script. The server says again whatever the browser checks.
#include "hub/console/html/form.h"
#include "hub/console/desk/desk.h"

void form_begin(const struct request *request, struct html *html, const char *action, const char *object)
{
    html_put(html, "<form class=\"act\" method=\"post\" action=\"%s\">", action);
    form_hidden(html, "csrf", request->csrf);
    form_hidden(html, "object", object);
}

void form_hidden(struct html *html, const char *name, const char *value)
{
    html_put(html, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", name, value);
}

void form_text(struct html *html, const char *id, const char *name, const char *label, const char *hint,
    const char *value, unsigned most)
{
    html_put(html, "<p class=\"field\"><label for=\"%s\">%s</label>", id, label);
    if (hint)
        html_put(html, "<span class=\"dim hint\" id=\"%s-hint\">%s</span>", id, hint);
    html_put(html, "<input type=\"text\" id=\"%s\" name=\"%s\" value=\"%s\" maxlength=\"%u\" autocomplete=\"off\"", id,
        name, value, most);
    if (hint)
        html_put(html, " aria-describedby=\"%s-hint\"", id);
    html_put(html, "></p>");
}

void form_reason(struct html *html, const char *id)
{
    html_put(html,
        "<p class=\"field\"><label for=\"%s\">Reason</label><span class=\"dim hint\" id=\"%s-hint\">Kept with your id. "
        "A case number and a few words; nothing of the content.</span>"
        "<input type=\"text\" id=\"%s\" name=\"reason\" required maxlength=\"%d\" autocomplete=\"off\" "
        "aria-describedby=\"%s-hint\"></p>",
        id, id, id, DESK_TEXT_BYTES, id);
}

void form_end(struct html *html, const char *button)
{
    html_put(html, "<p><button>%s</button></p></form>", button);
}

static const struct {
    const char *word, *sentence;
} said[] = {
#define SAID(word, sentence) {word, sentence},
#include "hub/console/html/notices.def"
#undef SAID
};

void form_said(const struct request *request, struct html *html)
{
    const char *word = request_query(request, "said");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (strcmp(said[i].word, word) == 0)
            html_put(html, "<p class=\"said\" role=\"status\">%s</p>", said[i].sentence);
}
