// SPDX-License-Identifier: Apache-2.0
// What happened on the model cluster, told in plain words: a line for each thing, in the order in which it happened. No
// times and no addresses, so that the same history is always told the same.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORY_BYTES 32768

struct model;

struct model_story {
    bool told; // else nothing is kept
    size_t n;
    char text[STORY_BYTES];
    // what a lane has written since the last line, said in one
    uint32_t writer;
    size_t n_written, times;
    char written[1024], last[128];
};

// Nothing is kept until this is called. Ends the program if a story becomes too long.
void model_story_begin(struct model *model);
// All lines until now. Valid until the next call of the model.
const char *model_story(struct model *model);

void model_story_say(struct model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));
// A lane wrote to this topic.
void model_story_write(struct model *model, uint32_t lane, const char *topic);
