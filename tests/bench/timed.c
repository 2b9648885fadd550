// SPDX-License-Identifier: GPL-2.0
/* timed COMMAND [ARGUMENT...]: run it; print the counter before and after, on standard error. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

int main(int argc, char **argv)
{
	uint64_t start = clock_now();
	int status = 0;
	pid_t child;

	if (argc < 2) {
		fprintf(stderr, "usage: timed COMMAND [ARGUMENT...]\n");
		return 2;
	}
	child = vfork();
	if (!child) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("timed");
		return 1;
	}
	fprintf(stderr, "%llu %llu\n", (unsigned long long)start, (unsigned long long)clock_now());
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
