// SPDX-License-Identifier: Apache-2.0
// GET /events: server-sent events, one a snapshot. Each listener has the thread of its connection, which waits for the
// next snapshot in short steps, so that an end of the console is noticed, and sends a comment now and then, so that a
// dead peer is. Who is listening is asked again with every event: an officer whose right ends hears nothing more.
#include "hub/base/clock.h"
#include "hub/console/server/exchange.h"
#include <stdio.h>
#include <stdlib.h>

#define STEP_MS      250
#define HEARTBEAT_MS 15000
#define RETRY_MS     3000
#define BLOCK_BYTES  16384

struct stream {
    struct exchange *exchange; // gone when end_stream is called
    struct console *console;
    uint64_t number; // of the last event sent; 0 if none was
    int64_t sent_ms;
    char *text; // being sent
    size_t len, at;
};

static void put_text(struct stream *stream, char *text)
{
    free(stream->text);
    stream->text = text;
    stream->len = text ? strlen(text) : 0;
    stream->at = 0;
    stream->sent_ms = clock_wall_ms();
}

static bool put_event(struct stream *stream, const struct health *health)
{
    char *data = health_changes_event(&stream->console->changes, health, stream->number), *text = NULL;
    int len = data ? asprintf(&text, "id: %llu\nretry: %d\nevent: health\ndata: %s\n\n",
                         (unsigned long long)health->number, RETRY_MS, data)
                   : -1;
    free(data);
    if (len < 0)
        return false;
    put_text(stream, text);
    stream->number = health->number;
    return true;
}

static bool still_allowed(struct exchange *exchange)
{
    arena_reset(&exchange->arena); // the registry of the last time; nothing else of the request is used any more
    exchange_identify(exchange);
    return permission_allows(exchange->route->permission, exchange->officer.roles);
}

// Fills stream->text with what comes next. false: the stream ends.
static bool wait_for_next(struct stream *stream)
{
    struct console *console = stream->console;
    while (!atomic_load(&console->stopping)) {
        const struct health *health = observer_wait(console->settings.observer, stream->number, STEP_MS);
        if (health) {
            bool good = still_allowed(stream->exchange) && put_event(stream, health);
            health_drop(health);
            return good;
        }
        if (clock_wall_ms() - stream->sent_ms >= HEARTBEAT_MS) {
            put_text(stream, strdup(": still here\n\n"));
            return stream->text != NULL;
        }
    }
    return false;
}

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t room)
{
    struct stream *stream = context;
    (void)position;
    if (stream->at == stream->len && !wait_for_next(stream))
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t n = stream->len - stream->at < room ? stream->len - stream->at : room;
    memcpy(out, stream->text + stream->at, n);
    stream->at += n;
    return (ssize_t)n;
}

static void end_stream(void *context)
{
    struct stream *stream = context;
    atomic_fetch_sub(&stream->console->streams, 1);
    free(stream->text);
    free(stream);
}

// The number that a browser that comes back has seen: it is not told again. Another process's numbers are greater or
// smaller.
static uint64_t seen_before(const struct exchange *exchange)
{
    const char *id = exchange_header(exchange, "Last-Event-ID");
    uint64_t seen = id && strspn(id, "0123456789") == strlen(id) ? strtoull(id, NULL, 10) : 0;
    return seen <= exchange->request.health->number ? seen : 0;
}

static bool take_place(struct console *console)
{
    if (atomic_fetch_add(&console->streams, 1) < CONSOLE_STREAMS)
        return true;
    atomic_fetch_sub(&console->streams, 1);
    return false;
}

// NULL without memory. It holds a place among the streams until end_stream.
static struct stream *new_stream(struct exchange *exchange)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream) {
        atomic_fetch_sub(&exchange->console->streams, 1);
        return NULL;
    }
    *stream = (struct stream){.exchange = exchange,
        .console = exchange->console,
        .number = seen_before(exchange),
        .sent_ms = clock_wall_ms()};
    put_text(stream, strdup(": hello\n\n")); // headers leave at once
    if (stream->text)
        return stream;
    end_stream(stream);
    return NULL;
}

void serve_events(struct exchange *exchange)
{
    if (!take_place(exchange->console)) {
        exchange_refuse(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, "Busy",
            "Too many pages are open live. This one shows what it has; load it again for news.");
        return;
    }
    struct stream *stream = new_stream(exchange);
    struct MHD_Response *response =
        stream ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream, stream, end_stream)
               : NULL;
    if (stream && !response)
        end_stream(stream);
    exchange->response = http_secure(response, "text/event-stream; charset=utf-8", NULL);
}
