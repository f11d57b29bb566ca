// SPDX-License-Identifier: Apache-2.0
// signalbox.
#include "hub/base/allocator.h"
#include "hub/cli/frame/run.h"
#include <signal.h>

int main(int argc, char **argv)
{
    allocator_keep_memory();
    // A reader that goes away (signalbox ... | head) ends the writing, which then says so.
    signal(SIGPIPE, SIG_IGN);
    return run_command_line(argc, argv, stdout, stderr);
}
