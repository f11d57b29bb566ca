// SPDX-License-Identifier: Apache-2.0
// Writes come by the dozen, and are gathered until something else happens.
#include "tests/kit/loop/model_story.h"
#include "tests/kit/loop/model_log.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void add_text(char *text, size_t size, size_t *n, const char *format, va_list list)
    __attribute__((format(printf, 4, 0)));
static void add_text(char *text, size_t size, size_t *n, const char *format, va_list list)
{
    int added = vsnprintf(text + *n, size - *n, format, list);
    if (added < 0 || *n + (size_t)added >= size) {
        fprintf(stderr, "tests/kit: a story is too long\n");
        abort();
    }
    *n += (size_t)added;
}

static void add_written(struct model_story *story, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_written(struct model_story *story, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add_text(story->written, sizeof story->written, &story->n_written, format, list);
    va_end(list);
}

static void add_line(struct model_story *story, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_line(struct model_story *story, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add_text(story->text, sizeof story->text, &story->n, format, list);
    va_end(list);
}

static void end_topic(struct model_story *story)
{
    if (story->times > 1)
        add_written(story, " %zu times", story->times);
    story->times = 0;
}

static void end_writes(struct model_story *story)
{
    end_topic(story);
    if (story->n_written)
        add_line(story, "lane %u writes to %s\n", story->writer, story->written);
    story->n_written = 0;
    story->last[0] = '\0';
}

void model_story_begin(struct model *model)
{
    model->story.told = true;
}

const char *model_story(struct model *model)
{
    end_writes(&model->story);
    return model->story.text;
}

void model_story_say(struct model *model, const char *format, ...)
{
    struct model_story *story = &model->story;
    va_list list;
    if (!story->told)
        return;
    end_writes(story);
    va_start(list, format);
    add_text(story->text, sizeof story->text, &story->n, format, list);
    va_end(list);
    add_line(story, "\n");
}

void model_story_write(struct model *model, uint32_t lane, const char *topic)
{
    struct model_story *story = &model->story;
    if (!story->told)
        return;
    if (story->n_written && story->writer != lane)
        end_writes(story);
    story->writer = lane;
    if (strcmp(story->last, topic) != 0) {
        end_topic(story);
        add_written(story, "%s%s", story->n_written ? ", " : "", topic);
        snprintf(story->last, sizeof story->last, "%s", topic);
    }
    story->times++;
}
