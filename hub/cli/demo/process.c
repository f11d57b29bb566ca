// SPDX-License-Identifier: Apache-2.0
// Children of the demo. They die with it: the kernel sends them SIGTERM when the demo's process ends, however it ends.
#include "hub/cli/demo/process.h"
#include "hub/cli/frame/file.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 32
#define LOOK_MS   20

static void log_path(const struct process_place *place, const char *log, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", place->folder, log);
}

static _Noreturn void become_command(
    const struct process_place *place, const char *path, const char *const *words, int input)
{
    char *argv[WORDS_MAX + 4] = {(char *)"signalbox"};
    size_t n = 1;
    for (; words[n - 1] && n <= WORDS_MAX; n++)
        argv[n] = (char *)words[n - 1];
    argv[n++] = (char *)"--bootstrap";
    argv[n++] = (char *)place->bootstrap;
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (input < 0)
        input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (file < 0 || input < 0 || dup2(input, 0) < 0 || dup2(file, 1) < 0 || dup2(file, 2) < 0)
        _exit(126);
    execv("/proc/self/exe", argv);
    _exit(127);
}

static pid_t start_process(const struct process_place *place, const char *log, const char *const *words, int input)
{
    char path[4096];
    log_path(place, log, path, sizeof path);
    pid_t parent = getpid(), pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setpgid(0, 0); // Ctrl-C is for the demo, which then ends its children in order
    if (getppid() != parent)
        _exit(125);
    become_command(place, path, words, input);
}

pid_t process_start(const struct process_place *place, const char *log, const char *const *words)
{
    return start_process(place, log, words, -1);
}

// A pair of sockets and not a pipe: a write to a process that has ended is then an error and no signal.
pid_t process_start_fed(const struct process_place *place, const char *log, const char *const *words, int *input)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    pid_t pid = start_process(place, log, words, ends[1]);
    close(ends[1]);
    *input = ends[0];
    return pid;
}

static int status_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_wait(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 128;
    return status_of(status);
}

bool process_runs(pid_t pid)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

int process_stop(pid_t pid, int timeout_ms)
{
    kill(pid, SIGTERM);
    for (int waited = 0; process_runs(pid) && waited < timeout_ms; waited += LOOK_MS)
        poll(NULL, 0, LOOK_MS);
    if (process_runs(pid))
        kill(pid, SIGKILL);
    return process_wait(pid);
}

char *process_log(const struct process_place *place, const char *log)
{
    char path[4096];
    struct error error;
    size_t len;
    log_path(place, log, path, sizeof path);
    return file_read(path, 64u << 20, &len, &error);
}

bool process_says(const struct process_place *place, const char *log, pid_t pid, const char *text, int timeout_ms)
{
    for (int waited = 0; waited < timeout_ms; waited += LOOK_MS) {
        bool runs = process_runs(pid);
        char *said = process_log(place, log);
        bool found = said && strstr(said, text);
        free(said);
        if (found || !runs)
            return found;
        poll(NULL, 0, LOOK_MS);
    }
    return false;
}
