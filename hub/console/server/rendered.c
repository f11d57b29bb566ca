// SPDX-License-Identifier: Apache-2.0
// The mutex guards the place of the answer, not the making of it in the background: nobody who asks waits for that.
#include "hub/console/server/rendered.h"
#include "hub/base/clock.h"
#include <time.h>

#define WANTED_MS 300000 // after which nobody is thought to come back

// Never 0, which stands for never.
static int64_t asked_now_ms(void)
{
    return clock_steady_ms() + 1;
}

void rendered_init(struct rendered *rendered, rendered_make *make)
{
    *rendered = (struct rendered){.make = make};
    pthread_mutex_init(&rendered->mutex, NULL);
}

void rendered_deinit(struct rendered *rendered)
{
    if (rendered->response)
        MHD_destroy_response(rendered->response);
    pthread_mutex_destroy(&rendered->mutex);
}

// With the mutex held. Takes response over; an older one than what is there is dropped.
static void put_response(struct rendered *rendered, struct MHD_Response *response, uint64_t number)
{
    bool newer = response && (!rendered->response || number > rendered->number);
    struct MHD_Response *old = newer ? rendered->response : response;
    if (newer) {
        rendered->response = response;
        rendered->number = number;
    }
    if (old)
        MHD_destroy_response(old); // whoever is still sending it holds it
}

static bool is_wanted(const struct rendered *rendered)
{
    return rendered->asked_ms && asked_now_ms() - rendered->asked_ms < WANTED_MS;
}

// With the mutex held: what is there will do, since the next one is being made.
static bool is_followed(const struct rendered *rendered, const struct health *health)
{
    return rendered->response && is_wanted(rendered) && rendered->number + 1 >= health->number;
}

uint64_t rendered_number(struct rendered *rendered, const struct health *health)
{
    pthread_mutex_lock(&rendered->mutex);
    uint64_t number = is_followed(rendered, health) ? rendered->number : health->number;
    if (number == rendered->number)
        rendered->asked_ms = asked_now_ms();
    pthread_mutex_unlock(&rendered->mutex);
    return number;
}

bool rendered_give(struct rendered *rendered, const struct console *console, const struct health *health,
    struct MHD_Connection *connection)
{
    pthread_mutex_lock(&rendered->mutex);
    if (!is_followed(rendered, health) && (!rendered->response || rendered->number < health->number))
        put_response(rendered, rendered->make(console, health), health->number);
    rendered->asked_ms = asked_now_ms();
    bool given = rendered->response && MHD_queue_response(connection, MHD_HTTP_OK, rendered->response) == MHD_YES;
    pthread_mutex_unlock(&rendered->mutex);
    return given;
}

void rendered_follow(struct rendered *rendered, const struct console *console, const struct health *health)
{
    pthread_mutex_lock(&rendered->mutex);
    bool wanted = is_wanted(rendered);
    pthread_mutex_unlock(&rendered->mutex);
    struct MHD_Response *response = wanted ? rendered->make(console, health) : NULL;
    if (!response)
        return;
    pthread_mutex_lock(&rendered->mutex);
    put_response(rendered, response, health->number);
    pthread_mutex_unlock(&rendered->mutex);
}
