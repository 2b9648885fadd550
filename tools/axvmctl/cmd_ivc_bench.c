// SPDX-License-Identifier: GPL-2.0
/*
 * axvmctl ivc bench: how fast channels are, between two cells and between a cell
 * and Linux. The cells run the guest that does what its console says
 * (tests/guests/ivc.c, installed as ivc-bench.elf).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../../uapi/axvm_guest.h"
#include "ivc_bench.h"
#include "reply.h"

#define KEY		1
#define SIZE		MIB
#define PING		64	/* offsets in the data section, as the guest has them */
#define PONG		128
#define HEAD		192
#define TAIL		256
#define BLOCK		4096
#define END		UINT64_MAX
#define PATIENCE_MS	120000
#define MAX_RESULTS	8

struct peer {
	char name[AXVM_NAME_MAX + 1];
	u64 id;
	int tty;
	char text[8192];	/* what it said since the last command */
};

struct result {
	const char *what, *unit;
	double best, median;
};

struct bench {
	const struct ivc_bench *options;
	struct ctl ctl;
	struct peer peer[2];
	u32 nr_peers;
	int fd;			/* Linux's end */
	u8 *data;
	struct result results[MAX_RESULTS];
	u32 nr_results;
};

static int write_config(const struct bench *b, u32 index, char *path)
{
	static const char *const policy[] = {
		"\"publish\": [1], \"max_bytes\": \"1M\"",
		"\"subscribe\": [{\"cell\": \"ivc-bench-0\", \"key\": 1}]",
	};
	int fd = mkstemps(path, 5);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	json_t *image = json_string(b->options->image);
	char *quoted = image ? json_dumps(image, JSON_ENCODE_ANY) : NULL;
	int ret = EXIT_OK;

	if (!file || !quoted)
		ret = fail(EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
	else
		fprintf(file, "{\"name\": \"ivc-bench-%u\", \"cpus\": [%s], \"memory\": [{\"size\": \"4M\"}], \"image\": {\"file\": %s}, \"ivc\": {%s}}\n",
			index, b->options->cpu[index], quoted, policy[index]);
	if (file)
		fclose(file);
	free(quoted);
	json_decref(image);
	return ret;
}

/* Its name on stdout is not what the user asked for. */
static int create(const char *path)
{
	char *argv[] = { "create", (char *)path, NULL };
	int out, null, ret;

	fflush(stdout);
	out = dup(STDOUT_FILENO);
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (out < 0 || null < 0)
		return fail(EXIT_FAILED, "cannot open /dev/null");
	dup2(null, STDOUT_FILENO);
	ret = cmd_create.run(&cmd_create, 2, argv);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	close(null);
	return ret;
}

static int attach(struct bench *b, struct peer *peer)
{
	json_t *cell = NULL;
	int ret = ctl_simple(&b->ctl, AXVM_CMD_CELL_GET, peer->name, reply_set_cell, &cell);

	if (ret)
		return ret;
	peer->id = get_integer(cell, "id");
	peer->tty = open(get_string(cell, "console"), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (peer->tty < 0)
		ret = fail(EXIT_FAILED, "cannot open %s: %s", get_string(cell, "console"),
			   strerror(errno));
	json_decref(cell);
	return ret;
}

/* Wait until its guest says that. */
static int hear(struct peer *peer, const char *needle)
{
	struct pollfd poller = { .fd = peer->tty, .events = POLLIN };
	size_t len = strlen(peer->text);
	ssize_t got;

	while (!strstr(peer->text, needle)) {
		if (len + 1 >= sizeof(peer->text))
			return fail(EXIT_FAILED, "cell %s says too much", peer->name);
		if (poll(&poller, 1, PATIENCE_MS) <= 0)
			return fail(EXIT_FAILED, "cell %s does not answer; it said: %s", peer->name,
				    peer->text);
		got = read(peer->tty, peer->text + len, sizeof(peer->text) - 1 - len);
		if (got <= 0)
			return fail(EXIT_CELL_GONE, "the console of cell %s is gone", peer->name);
		len += got;
		peer->text[len] = 0;
	}
	return EXIT_OK;
}

__printf(3, 4)
static int tell(struct peer *peer, const char *needle, const char *fmt, ...)
{
	char line[128];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(line, sizeof(line) - 1, fmt, args);
	va_end(args);
	line[len++] = '\n';
	peer->text[0] = 0;
	if (write(peer->tty, line, len) != len)
		return fail(EXIT_FAILED, "cannot write to the console of cell %s", peer->name);
	return hear(peer, needle);
}

static u64 said(const struct peer *peer, const char *key)
{
	const char *at = strstr(peer->text, key);

	return at ? strtoull(at + strlen(key), NULL, 0) : 0;
}

static void add(struct bench *b, const char *what, const char *unit, double best, double median)
{
	b->results[b->nr_results++] = (struct result){ what, unit, best, median };
}

static int start_peer(struct bench *b, u32 index)
{
	char path[] = "/tmp/axvmctl-ivc-bench-XXXXXX.json";
	struct peer *peer = &b->peer[index];
	int ret;

	snprintf(peer->name, sizeof(peer->name), "ivc-bench-%u", index);
	ret = write_config(b, index, path);
	if (!ret)
		ret = create(path);
	unlink(path);
	if (ret)
		return ret;
	b->nr_peers++;
	ret = attach(b, peer);
	return ret ? ret : hear(peer, "GUEST ivc: ready");
}

/* Half of a round trip: in the guest's ticks. */
static int cells_latency(struct bench *b, const char *what, int mode)
{
	struct peer *p = &b->peer[0], *s = &b->peer[1];
	double khz;
	int ret = tell(s, "echo ready", "echo any %d %" PRIu64 " %d", KEY, p->id, mode);

	if (!ret)
		ret = tell(p, "last=", "ping any %d %" PRIu64 " %" PRIu64 " %d", KEY, s->id,
			   b->options->rounds, mode);
	if (!ret)
		ret = hear(s, "echo rounds=");
	khz = said(p, "khz=");
	if (ret || khz == 0)
		return ret;
	add(b, what, "ns", said(p, "min=") * 1e6 / khz / 2, said(p, "median=") * 1e6 / khz / 2);
	return EXIT_OK;
}

static int cells_throughput(struct bench *b)
{
	struct peer *p = &b->peer[0], *s = &b->peer[1];
	int ret = tell(s, "draining", "drain %d %" PRIu64, KEY, b->options->bytes);

	if (!ret)
		ret = tell(p, "ticks=", "stream %d %" PRIu64, KEY, b->options->bytes);
	if (!ret)
		ret = hear(p, "khz=");
	if (!ret && said(p, "ticks="))
		add(b, "cell to cell, 4 KiB blocks", "MB/s",
		    (double)said(p, "bytes=") * said(p, "khz=") / said(p, "ticks=") / 1000, 0);
	return ret;
}

/* Linux's end. */

static u64 load(const struct bench *b, u64 offset)
{
	return __atomic_load_n((u64 *)(b->data + offset), __ATOMIC_ACQUIRE);
}

static void store(struct bench *b, u64 offset, u64 value)
{
	__atomic_store_n((u64 *)(b->data + offset), value, __ATOMIC_RELEASE);
}

static u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static void wait_pong(const struct bench *b, u64 value, bool polls)
{
	struct axvm_ivc_event event;

	while (load(b, PONG) != value)
		if (!polls && read(b->fd, &event, sizeof(event)) < 0)
			break;
}

static void ring(const struct bench *b, bool polls)
{
	u32 target = b->peer[0].id;

	if (!polls && write(b->fd, &target, sizeof(target)) < 0)
		note("ringing failed: %s", strerror(errno));
}

static int linux_latency(struct bench *b, const char *what, bool polls)
{
	u64 rounds = b->options->rounds, *sample = calloc(rounds, sizeof(*sample));
	int ret = tell(&b->peer[0], "echo ready", "echo any %d %d %d", KEY, AXVM_IVC_LINUX, polls);

	if (!sample)
		return fail(EXIT_FAILED, "out of memory");
	for (u64 i = 0; !ret && i < rounds; i++) {
		u64 start = now();

		store(b, PING, i + 1);
		ring(b, polls);
		wait_pong(b, i + 1, polls);
		sample[i] = now() - start;
	}
	store(b, PING, END);
	ring(b, polls);
	if (!ret)
		ret = hear(&b->peer[0], "echo rounds=");
	qsort(sample, rounds, sizeof(*sample), by_size);
	if (!ret)
		add(b, what, "ns", sample[0] / 2.0, sample[rounds / 2] / 2.0);
	free(sample);
	return ret;
}

static void linux_blocks(struct bench *b, bool sends)
{
	u64 total = b->options->bytes / BLOCK, slots = SIZE / BLOCK - 1;
	static u8 block[BLOCK];

	for (u64 i = 0; i < total; i++) {
		u8 *place = b->data + BLOCK + i % slots * BLOCK;

		while (sends ? i - load(b, TAIL) >= slots : load(b, HEAD) <= i)
			;
		memcpy(sends ? place : block, sends ? block : place, BLOCK);
		store(b, sends ? HEAD : TAIL, i + 1);
	}
	while (sends && load(b, TAIL) < total)
		;
}

static int linux_throughput(struct bench *b, bool sends)
{
	struct peer *p = &b->peer[0];
	u64 start;
	int ret;

	if (!sends) {
		store(b, TAIL, 0);
		store(b, HEAD, 0);
	}
	ret = sends ? tell(p, "draining", "drain %d %" PRIu64, KEY, b->options->bytes) :
	      tell(p, "streaming", "stream %d %" PRIu64, KEY, b->options->bytes);
	if (ret)
		return ret;
	start = now();
	linux_blocks(b, sends);
	add(b, sends ? "Linux to cell, 4 KiB blocks" : "cell to Linux, 4 KiB blocks", "MB/s",
	    b->options->bytes * 1000.0 / (now() - start), 0);
	return hear(p, "khz=");
}

static int open_linux(struct bench *b)
{
	const char *path = "/dev/axvm/ivc-ivc-bench-0.1";

	b->fd = open(path, O_RDWR | O_CLOEXEC);
	if (b->fd < 0)
		return fail(EXIT_FAILED, "cannot open %s: %s", path, strerror(errno));
	b->data = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, b->fd, 0);
	if (b->data == MAP_FAILED)
		return fail(EXIT_FAILED, "cannot map %s: %s", path, strerror(errno));
	return EXIT_OK;
}

static int measure(struct bench *b)
{
	int ret = start_peer(b, 0);

	if (!ret)
		ret = tell(&b->peer[0], "result=0 ", "publish %d %llu", KEY, (unsigned long long)SIZE);
	if (!ret && b->options->cpu[1]) {
		ret = start_peer(b, 1);
		if (!ret)
			ret = tell(&b->peer[1], "result=0 ", "subscribe any %d", KEY);
		if (!ret)
			ret = cells_latency(b, "cell to cell, doorbell", 0);
		if (!ret)
			ret = cells_latency(b, "cell to cell, polling", 1);
		if (!ret)
			ret = cells_throughput(b);
	}
	if (!ret)
		ret = open_linux(b);
	if (!ret)
		ret = linux_latency(b, "Linux and cell, doorbell", false);
	if (!ret)
		ret = linux_latency(b, "Linux and cell, polling", true);
	if (!ret)
		ret = linux_throughput(b, true);
	return ret ? ret : linux_throughput(b, false);
}

static void print_results(const struct bench *b)
{
	json_t *list;

	if (!b->options->json) {
		printf("%-30s %14s %14s\n", "ONE WAY", "BEST", "MEDIAN");
		for (u32 i = 0; i < b->nr_results; i++) {
			const struct result *r = &b->results[i];

			printf("%-30s %9.0f %-4s", r->what, r->best, r->unit);
			printf(r->median > 0 ? " %9.0f %s\n" : "\n", r->median, r->unit);
		}
		return;
	}
	list = json_array();
	for (u32 i = 0; i < b->nr_results; i++) {
		const struct result *r = &b->results[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:f, s:f}", "what", r->what,
						      "unit", r->unit, "best", r->best, "median",
						      r->median > 0 ? r->median : r->best));
	}
	print_json(list, false);
	json_decref(list);
}

int ivc_bench(const struct ivc_bench *options)
{
	struct bench *b = calloc(1, sizeof(*b));
	int ret;

	if (!b)
		return fail(EXIT_FAILED, "out of memory");
	b->options = options;
	b->fd = -1;
	b->peer[0].tty = -1;
	b->peer[1].tty = -1;
	ret = access(options->image, R_OK) ?
	      fail(EXIT_CONFIG, "%s: %s; name the guest with --image", options->image, strerror(errno)) :
	      ctl_open(&b->ctl);
	if (!ret)
		ret = measure(b);
	if (!ret)
		print_results(b);
	if (b->fd >= 0)
		close(b->fd);
	for (u32 i = 0; i < b->nr_peers; i++) {
		ctl_simple(&b->ctl, AXVM_CMD_CELL_DESTROY, b->peer[i].name, NULL, NULL);
		if (b->peer[i].tty >= 0)
			close(b->peer[i].tty);
	}
	ctl_close(&b->ctl);
	free(b);
	return ret;
}
