// SPDX-License-Identifier: GPL-2.0
/*
 * Out of memory half way, on kernels with fault injection: each allocation of a
 * request fails once, and what came of it is taken back. What stays behind is for
 * the caller to find.
 *
 *	nlstarve channels CELL		creating a channel, attaching CELL to it
 *	nlstarve memory CELL GPA TO	mapping 4 MiB and 64 KiB at GPA; then of memory
 *					there unmapping 64 KiB, moving it to TO,
 *					making it read-only
 */
#include "nlraw.h"

#define PART	0x10000
#define WHOLE	(0x400000 + PART)
#define AT	(gpa + 0x123000)	/* neither border is that of a large page */

static const char *cell;
static uint64_t gpa, to;

static void channel(int cmd, const char *with)
{
	start(family, cmd, 0);
	put_text(AXVM_A_IVC_NAME, "starved");
	if (cmd == AXVM_CMD_IVC_CREATE) {
		put_u32(AXVM_A_IVC_KEY, 1);
		put_u64(AXVM_A_IVC_SIZE, 65536);
	}
	if (with)
		put_text(AXVM_A_IVC_CELL, with);
}

static void create(void)
{
	channel(AXVM_CMD_IVC_CREATE, NULL);
}

static void destroy(void)
{
	channel(AXVM_CMD_IVC_DESTROY, NULL);
}

static void attach(void)
{
	channel(AXVM_CMD_IVC_ATTACH, cell);
}

static void detach(void)
{
	channel(AXVM_CMD_IVC_DETACH, cell);
}

static void memory(int cmd, uint64_t at, uint64_t size, uint64_t where, uint32_t flags)
{
	size_t nest;

	start(family, cmd, 0);
	put_text(AXVM_A_CELL_NAME, cell);
	nest = open_nest(AXVM_A_CELL_MEMORY);
	put_u64(AXVM_A_MEMORY_GPA, at);
	put_u64(AXVM_A_MEMORY_SIZE, size);
	if (where)
		put_u64(AXVM_A_MEMORY_TO, where);
	if (flags)
		put_u32(AXVM_A_MEMORY_FLAGS, flags);
	close_nest(nest);
}

static void map(void)
{
	memory(AXVM_CMD_MEMORY_MAP, gpa, WHOLE, 0, 0);
}

static void unmap(void)
{
	memory(AXVM_CMD_MEMORY_UNMAP, gpa, WHOLE, 0, 0);
}

static void map_part(void)
{
	memory(AXVM_CMD_MEMORY_MAP, AT, PART, 0, 0);
}

static void unmap_part(void)
{
	memory(AXVM_CMD_MEMORY_UNMAP, AT, PART, 0, 0);
}

static void move(void)
{
	memory(AXVM_CMD_MEMORY_REMAP, AT, PART, to, 0);
}

static void move_back(void)
{
	memory(AXVM_CMD_MEMORY_REMAP, to, PART, AT, 0);
}

static void protect(void)
{
	memory(AXVM_CMD_MEMORY_REMAP, AT, PART, 0, AXVM_MEMORY_FLAG_READ);
}

static void unprotect(void)
{
	memory(AXVM_CMD_MEMORY_REMAP, AT, PART, 0,
	       AXVM_MEMORY_FLAG_READ | AXVM_MEMORY_FLAG_WRITE | AXVM_MEMORY_FLAG_EXEC);
}

/*
 * Whether it was refused or only its answer was lost, it is undone. @whole: what is
 * refused for want of memory was not done, so there must be nothing to undo.
 */
static void starve(const char *what, void (*request)(void), void (*undo)(void), bool whole)
{
	int nth = open("/proc/thread-self/fail-nth", O_RDWR);
	unsigned int n, refusals = 0, halves = 0;
	int ret = -1;

	for (n = 1; n < 5000 && nth >= 0; n++) {
		char text[16] = "";

		request();
		dprintf(nth, "%u", n);
		ret = exchange(used);
		pread(nth, text, sizeof(text) - 1, 0);
		dprintf(nth, "0");
		refusals += ret < 0;
		undo();
		halves += !exchange(used) && ret == -ENOMEM && whole;
		if (atoi(text))		/* there are not that many allocations */
			break;
	}
	close(nth);
	printf("starved: %s allocations=%u refused=%u by-half=%u last=%d\n", what, n, refusals,
	       halves, ret);
	tests++;
	failed += nth < 0 || n < 3 || !refusals || halves || ret;
}

static void must(void (*request)(void))
{
	request();
	tests++;
	failed += exchange(used) != 0;
}

int main(int argc, char **argv)
{
	open_socket();
	find_family();
	cell = argc > 2 ? argv[2] : "";
	if (argc == 3 && !strcmp(argv[1], "channels")) {
		starve("create", create, destroy, false);
		must(create);
		starve("attach", attach, detach, false);
		must(destroy);
	} else if (argc == 5 && !strcmp(argv[1], "memory")) {
		gpa = strtoull(argv[3], NULL, 0);
		to = strtoull(argv[4], NULL, 0);
		starve("map", map, unmap, true);
		must(map);
		starve("unmap", unmap_part, map_part, true);
		starve("move", move, move_back, true);
		/* To undo nothing succeeds there. */
		starve("protect", protect, unprotect, false);
	} else {
		fprintf(stderr, "usage: nlstarve channels CELL | memory CELL GPA TO\n");
		return 2;
	}
	printf("nlstarve: %u requests, %u failed\n", tests, failed);
	return failed != 0;
}
