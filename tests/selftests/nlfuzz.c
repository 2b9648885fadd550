// SPDX-License-Identifier: GPL-2.0
/*
 * Messages to the module's netlink family that are as wrong as possible.
 *
 *	nlfuzz malformed	each message of a list must be refused
 *	nlfuzz unprivileged	as nobody, each command must be refused with EPERM
 *	nlfuzz random SEED N	N messages of random content; the socket must
 *				go on answering
 */
#include "nlraw.h"

static unsigned int nr_vcpus;

/* The message must not be obeyed; silence is an answer only to what is no message. */
static void refused(const char *what, int ret, bool silence_ok)
{
	bool ok = ret < 0 ? !want_reason || *reason : ret == NO_ANSWER && silence_ok;

	tests++;
	failed += !ok;
	printf("%s: %s: %s: %s\n", ok ? "refused" : "NOT REFUSED", what,
	       ret < 0 ? strerror(-ret) : ret ? "no answer" : "success", reason);
}

#define REFUSED(what)	refused(what, exchange(used), false)

/* A create that would be obeyed but for what the caller makes of it. */
static void start_create(const char *name)
{
	start(family, AXVM_CMD_CELL_CREATE, 0);
	nr_vcpus = 0;
	want_reason = true;
	if (name)
		put_text(AXVM_A_CELL_NAME, name);
}

static void put_vcpu(uint32_t cpu)
{
	size_t nest = open_nest(AXVM_A_CELL_VCPU);

	put_u32(AXVM_A_VCPU_INDEX, nr_vcpus++);
	put_u32(AXVM_A_VCPU_CPU, cpu);
	close_nest(nest);
}

static void put_memory(uint32_t type, uint32_t flags, uint64_t gpa, uint64_t size)
{
	size_t nest = open_nest(AXVM_A_CELL_MEMORY);

	put_u32(AXVM_A_MEMORY_TYPE, type);
	put_u32(AXVM_A_MEMORY_FLAGS, flags);
	put_u64(AXVM_A_MEMORY_GPA, gpa);
	put_u64(AXVM_A_MEMORY_SIZE, size);
	close_nest(nest);
}

static void put_image(uint32_t image_fd, uint64_t offset, uint64_t size, uint64_t gpa)
{
	size_t nest = open_nest(AXVM_A_CELL_IMAGE);

	put_u32(AXVM_A_IMAGE_FD, image_fd);
	put_u64(AXVM_A_IMAGE_OFFSET, offset);
	put_u64(AXVM_A_IMAGE_SIZE, size);
	put_u64(AXVM_A_IMAGE_GPA, gpa);
	close_nest(nest);
}

static void put_device(uint32_t type, uint64_t base, uint64_t size)
{
	size_t nest = open_nest(AXVM_A_CELL_DEVICE);

	put_u32(AXVM_A_DEVICE_TYPE, type);
	put_u64(AXVM_A_DEVICE_BASE, base);
	if (size)
		put_u64(AXVM_A_DEVICE_SIZE, size);
	close_nest(nest);
}

static void put_boot(uint32_t mode, uint64_t entry, uint64_t table)
{
	size_t nest = open_nest(AXVM_A_CELL_BOOT);

	put_u64(AXVM_A_BOOT_ENTRY, entry);
	put_u32(AXVM_A_BOOT_MODE, mode);
	put_u64(AXVM_A_BOOT_TABLE, table);
	close_nest(nest);
}

#define RWX	(AXVM_MEMORY_FLAG_READ | AXVM_MEMORY_FLAG_WRITE | AXVM_MEMORY_FLAG_EXEC)
#define MIB	(1ULL << 20)

static void put_rest(void)
{
	put_vcpu(1);
	put_memory(AXVM_MEMORY_TYPE_ALLOC, RWX, 0, 4 * MIB);
	put_boot(64, MIB, 0x1000);
}

static void bad_headers(void)
{
	start(family, AXVM_CMD_INFO_GET, 0);
	used = NLMSG_HDRLEN;
	REFUSED("no generic netlink header");
	start(family, AXVM_CMD_INFO_GET, 0);
	refused("claims less than a header", exchange(8), true);
	start(family, AXVM_CMD_INFO_GET, 0);
	refused("claims more than was sent", exchange(4096), true);
	start(family, 0, 0);
	REFUSED("command 0");
	start(family, 200, 0);
	REFUSED("unknown command");
	start(family, AXVM_CMD_CELL_EVENT, 0);
	REFUSED("a command that is an event");
	start(family, AXVM_CMD_CELL_START, NLM_F_DUMP);
	REFUSED("dump of what cannot be dumped");
	start(family, AXVM_CMD_INFO_GET, 0);
	put_u32(99, 1);
	REFUSED("unknown attribute");
	start(family, AXVM_CMD_CELL_GET, 0);
	REFUSED("no cell named");
	start(family, AXVM_CMD_CELL_GET, 0);
	put_u32(AXVM_A_CELL_ID, 0);
	REFUSED("cell 0");
	start(family, AXVM_CMD_CELL_DESTROY, 0);
	put_u32(AXVM_A_CELL_ID, 0xffffffff);
	REFUSED("a cell that is not there");
}

static void bad_attributes(void)
{
	char text[300];

	start(family, AXVM_CMD_CELL_START, 0);
	put(AXVM_A_CELL_ID, "ab", 2);
	REFUSED("half an ID");
	start(family, AXVM_CMD_CELL_START, 0);
	put_u64(AXVM_A_CELL_ID, 1);
	REFUSED("an ID of 8 bytes");
	start(family, AXVM_CMD_CELL_START, 0);
	put(AXVM_A_CELL_NAME, "", 0);
	REFUSED("a name of 0 bytes");
	memset(text, 'a', sizeof(text));
	text[299] = 0;
	start(family, AXVM_CMD_CELL_START, 0);
	put_text(AXVM_A_CELL_NAME, text);
	REFUSED("a name of 299 characters");
	start(family, AXVM_CMD_CELL_START, 0);
	put_text(AXVM_A_CELL_NAME, "x");
	((struct nlattr *)(message + NLMSG_LENGTH(GENL_HDRLEN)))->nla_len = 200;
	REFUSED("an attribute longer than the message");
	start(family, AXVM_CMD_CELL_START, 0);
	put_text(AXVM_A_CELL_NAME, "x");
	((struct nlattr *)(message + NLMSG_LENGTH(GENL_HDRLEN)))->nla_len = 1;
	REFUSED("an attribute shorter than its header");
	start(family, AXVM_CMD_CELL_START, 0);
	put_text(AXVM_A_CELL_NAME, "x");
	put_u32(AXVM_A_CELL_STATE, AXVM_STATE_RUNNING);
	REFUSED("an attribute that this command has not");
}

static void bad_creates(void)
{
	char junk[2000];

	start_create(NULL);
	put_rest();
	REFUSED("create without a name");
	start_create("bad/name");
	put_rest();
	REFUSED("create with a bad name");
	start_create("f");
	REFUSED("create of nothing");
	start_create("f");
	put_vcpu(1);
	put_boot(64, MIB, 0x1000);
	REFUSED("create without memory");
	start_create("f");
	put_memory(AXVM_MEMORY_TYPE_ALLOC, RWX, 0, 4 * MIB);
	put_boot(64, MIB, 0x1000);
	REFUSED("create without a vCPU");
	start_create("f");
	put_vcpu(1);
	put_memory(AXVM_MEMORY_TYPE_ALLOC, RWX, 0, 4 * MIB);
	REFUSED("create without a start");
	start_create("f");
	put_vcpu(0xffffffff);
	put_rest();
	REFUSED("CPU 0xffffffff");
	start_create("f");
	put_vcpu(1);
	put_rest();
	REFUSED("one CPU twice");
	memset(junk, 0xff, sizeof(junk));
	start_create("f");
	put(AXVM_A_CELL_VCPU | NLA_F_NESTED, junk, 64);
	put_rest();
	REFUSED("a vCPU of junk");
	start_create("f");
	put(AXVM_A_CELL_VCPU, junk, 4);
	put_rest();
	REFUSED("a vCPU that is no nest");
	start_create("f");
	for (int i = 0; i < 40; i++)
		put_vcpu(i);
	put_rest();
	REFUSED("40 vCPUs");
	start_create("f");
	for (int i = 0; i < 20; i++)
		put_memory(AXVM_MEMORY_TYPE_ALLOC, RWX, i * MIB, MIB);
	put_rest();
	REFUSED("20 regions");
	start_create("f");
	put_u32(AXVM_A_CELL_IRQ_MODE, 77);
	put_rest();
	REFUSED("interrupt mode 77");
	start_create("f");
	put_u32(AXVM_A_CELL_FLAGS, 0xfffffff0);
	put_rest();
	REFUSED("unknown flags");
}

static void one_memory(const char *what, uint32_t type, uint32_t flags, uint64_t gpa, uint64_t size)
{
	start_create("f");
	put_vcpu(1);
	put_memory(type, flags, gpa, size);
	put_boot(64, MIB, 0x1000);
	REFUSED(what);
}

static void bad_resources(void)
{
	one_memory("memory of unknown type", 9, RWX, 0, 4 * MIB);
	one_memory("memory with unknown flags", AXVM_MEMORY_TYPE_ALLOC, 0xf0, 0, 4 * MIB);
	one_memory("no byte of memory", AXVM_MEMORY_TYPE_ALLOC, RWX, 0, 0);
	one_memory("a page and a half", AXVM_MEMORY_TYPE_ALLOC, RWX, 0, 0x1800);
	one_memory("memory at an odd address", AXVM_MEMORY_TYPE_ALLOC, RWX, 0x123, 4 * MIB);
	one_memory("memory around the end of the address space", AXVM_MEMORY_TYPE_ALLOC, RWX,
		   ~0xfffULL, 8 * MIB);
	one_memory("2^63 bytes", AXVM_MEMORY_TYPE_ALLOC, RWX, 0, 1ULL << 63);
	one_memory("2^44 bytes", AXVM_MEMORY_TYPE_ALLOC, RWX, 0, 1ULL << 44);
	start_create("f");
	put_vcpu(1);
	put_memory(AXVM_MEMORY_TYPE_IDENTICAL, RWX, 16 * MIB, 4 * MIB);
	put_boot(32, 16 * MIB, 0);
	REFUSED("the kernel's own memory");
	start_create("f");
	put_memory(AXVM_MEMORY_TYPE_ALLOC, RWX, 2 * MIB, 4 * MIB);
	put_rest();
	REFUSED("regions that overlap");
	start_create("f");
	put_image(-1, 0, 4096, MIB);
	put_rest();
	REFUSED("an image without a file");
	start_create("f");
	put_image(fd, 0, 4096, MIB);
	put_rest();
	REFUSED("an image that is a socket");
	start_create("f");
	put_image(0, ~0ULL, ~0ULL, ~0ULL);
	put_rest();
	REFUSED("an image of all there is");
	start_create("f");
	put_device(99, 0x3f8, 0);
	put_rest();
	REFUSED("an unknown device");
	start_create("f");
	put_device(AXVM_DEVICE_TYPE_PORTS, 0xfff0, 0x100);
	put_rest();
	REFUSED("ports beyond the last");
	start_create("f");
	put_device(AXVM_DEVICE_TYPE_PORTS, 0xcf8, 8);
	put_rest();
	REFUSED("ports of PCI configuration");
	start_create("f");
	put_vcpu(1);
	put_memory(AXVM_MEMORY_TYPE_ALLOC, RWX, 0, 4 * MIB);
	put_boot(17, MIB, 0x1000);
	REFUSED("a start in mode 17");
	start_create("f");
	put_vcpu(1);
	put_memory(AXVM_MEMORY_TYPE_ALLOC, RWX, 0, 4 * MIB);
	put_boot(64, MIB, 0x1001);
	REFUSED("page tables at an odd address");
}

/* More attributes than a message is expected to have, up to what a socket takes. */
static void oversized(void)
{
	static char junk[60000];

	memset(junk, 'a', sizeof(junk));
	start(family, AXVM_CMD_CELL_CREATE, 0);
	put(AXVM_A_CELL_NAME, junk, sizeof(junk));
	REFUSED("a name of 60000 bytes");
	start_create("f");
	for (int i = 0; i < 1000; i++)
		put_vcpu(i);
	REFUSED("1000 vCPUs");
	start_create("f");
	put(AXVM_A_CELL_MEMORY | NLA_F_NESTED, junk, 50000);
	put_rest();
	REFUSED("a region of 50000 bytes of junk");
}

static void unprivileged(void)
{
	static const int commands[] = {
		AXVM_CMD_INFO_GET, AXVM_CMD_CELL_CREATE, AXVM_CMD_CELL_DESTROY, AXVM_CMD_CELL_START,
		AXVM_CMD_CELL_STOP, AXVM_CMD_CELL_SUSPEND, AXVM_CMD_CELL_RESUME, AXVM_CMD_CELL_RESET,
		AXVM_CMD_CELL_GET, AXVM_CMD_IVC_CREATE, AXVM_CMD_IVC_DESTROY, AXVM_CMD_IVC_ATTACH,
		AXVM_CMD_IVC_DETACH, AXVM_CMD_IVC_GET,
	};
	int ret;

	if (setgid(65534) || setuid(65534)) {
		perror("nlfuzz: becoming nobody");
		exit(2);
	}
	open_socket();
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		start(family, commands[i], 0);
		put_text(AXVM_A_CELL_NAME, "victim");
		ret = exchange(used);
		tests++;
		failed += ret != -EPERM;
		printf("%s: command %d as nobody: %s\n", ret == -EPERM ? "refused" : "NOT REFUSED",
		       commands[i], ret < 0 ? strerror(-ret) : "success");
	}
	start(family, AXVM_CMD_CELL_GET, NLM_F_DUMP);
	ret = exchange(used);
	refused("list of cells as nobody", ret, false);
	start(family, AXVM_CMD_LOG_GET, NLM_F_DUMP);
	ret = exchange(used);
	refused("log as nobody", ret, false);
}

static void random_messages(unsigned int seed, unsigned long n)
{
	unsigned long obeyed = 0, silent = 0;

	srand(seed);
	for (unsigned long i = 0; i < n; i++) {
		int ret;

		start(family, rand() % (AXVM_CMD_MAX + 2), rand() % 4 ? 0 : NLM_F_DUMP);
		while (rand() % 6 && used < SIZE / 2) {
			char junk[80];
			size_t len = rand() % sizeof(junk);

			for (size_t k = 0; k < len; k++)
				junk[k] = rand() % 3 ? rand() % 20 : rand();
			put((rand() % 20) | (rand() % 2 ? NLA_F_NESTED : 0), junk, len);
		}
		ret = exchange(used);
		obeyed += !ret;
		silent += ret == NO_ANSWER;
	}
	start(family, AXVM_CMD_INFO_GET, 0);
	tests++;
	failed += exchange(used) != 0;
	printf("random: seed=%u messages=%lu obeyed=%lu silent=%lu\n", seed, n, obeyed, silent);
}

int main(int argc, char **argv)
{
	open_socket();
	find_family();
	if (argc == 2 && !strcmp(argv[1], "malformed")) {
		bad_headers();
		bad_attributes();
		bad_creates();
		bad_resources();
		oversized();
	} else if (argc == 2 && !strcmp(argv[1], "unprivileged")) {
		unprivileged();
	} else if (argc == 4 && !strcmp(argv[1], "random")) {
		random_messages(strtoul(argv[2], NULL, 0), strtoul(argv[3], NULL, 0));
	} else {
		fprintf(stderr, "usage: nlfuzz malformed | unprivileged | random SEED N\n");
		return 2;
	}
	printf("nlfuzz: %u messages, %u failed\n", tests, failed);
	return failed != 0;
}
