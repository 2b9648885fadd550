// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the configuration's checks: a good one passes, and each way to spoil
 * it is refused, at the right place and in words that name the value.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "assign.h"
#include "config.h"

#define RWX	AXVM_ALL_MEMORY_FLAGS

static const struct axvm_config_limits limits = {
	.nr_cpus = 8, .gpa_bits = 48, .hpa_bits = 40,
};

static struct axvm_config *cfg;
static struct axvm_config_place place;
static struct axvm_error err;

/* Two vCPUs, memory below and above 4 GiB, a console: nothing wrong with it. */
static void make_good(void)
{
	memset(cfg, 0, sizeof(*cfg));
	strscpy(cfg->name, "good.cell_1-a", sizeof(cfg->name));
	cfg->nr_vcpus = 2;
	cfg->vcpu[0].cpu = 2;
	cfg->vcpu[1].cpu = -1;
	__set_bit(2, cfg->vcpu[1].affinity);
	__set_bit(3, cfg->vcpu[1].affinity);
	cfg->nr_memory = 2;
	cfg->memory[0] = (struct axvm_config_memory){ .size = SZ_2M, .flags = RWX };
	cfg->memory[1] = (struct axvm_config_memory){
		.gpa = SZ_4G, .size = SZ_1M, .flags = AXVM_MEMORY_FLAG_READ | AXVM_MEMORY_FLAG_WRITE,
	};
	cfg->nr_devices = 2;
	cfg->device[0] = (struct axvm_config_device){
		.type = AXVM_DEVICE_TYPE_UART16550, .base = 0x3f8, .irq = 4, .console = true,
	};
	cfg->device[1] = (struct axvm_config_device){
		.type = AXVM_DEVICE_TYPE_PORTS, .base = 0x60, .size = 2, .irq = CORE_NO_IRQ,
	};
	cfg->boot.entry = 0x1000;
}

static int config_test_init(struct kunit *test)
{
	cfg = axvm_config_new();
	KUNIT_ASSERT_NOT_NULL(test, cfg);
	make_good();
	return 0;
}

static void config_test_exit(struct kunit *test)
{
	axvm_config_free(cfg);
}

static int check(void)
{
	memset(&err, 0, sizeof(err));
	memset(&place, 0, sizeof(place));
	return axvm_config_check(cfg, &limits, &place, &err);
}

/* It is refused, at this place, with these words; and the good one is there again. */
static void refused(struct kunit *test, u16 attr, unsigned int index, const char *words)
{
	int ret = check();

	KUNIT_EXPECT_TRUE_MSG(test, ret == -EINVAL || ret == -ERANGE, "%d for: %s", ret, words);
	KUNIT_EXPECT_EQ_MSG(test, place.attr, attr, "for: %s", words);
	KUNIT_EXPECT_EQ_MSG(test, place.index, index, "for: %s", words);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(err.text, words), "no \"%s\" in \"%s\"", words, err.text);
	make_good();
}

static void test_good(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, check(), 0);
	KUNIT_EXPECT_STREQ(test, err.text, "");
	/* Adjacent regions are no overlap, a full address space is no wrap-around. */
	cfg->memory[1].gpa = SZ_2M;
	KUNIT_EXPECT_EQ(test, check(), 0);
	cfg->memory[1].gpa = BIT_ULL(48) - SZ_1M;
	KUNIT_EXPECT_EQ(test, check(), 0);
}

static void test_name(struct kunit *test)
{
	static const char *const bad[] = { "a b", "a/b", "a\"b", "a\nb", "\303\244", "a:", "%s" };
	unsigned int i;

	cfg->name[0] = 0;
	refused(test, AXVM_A_CELL_NAME, 0, "has no name");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		strscpy(cfg->name, bad[i], sizeof(cfg->name));
		refused(test, AXVM_A_CELL_NAME, 0, "is not allowed");
	}
	strscpy(cfg->name, "-rf", sizeof(cfg->name));
	refused(test, AXVM_A_CELL_NAME, 0, "starts with '-'");
	strscpy(cfg->name, "..", sizeof(cfg->name));
	refused(test, AXVM_A_CELL_NAME, 0, "starts with '.'");
	memset(cfg->name, 'x', AXVM_NAME_MAX);
	KUNIT_EXPECT_EQ(test, check(), 0);
}

static void test_vcpus(struct kunit *test)
{
	cfg->nr_vcpus = 0;
	refused(test, AXVM_A_CELL_VCPU, 0, "has no CPU");
	cfg->vcpu[0].cpu = 8;
	refused(test, AXVM_A_CELL_VCPU, 0, "CPU 8 does not exist, this machine has CPUs 0-7");
	cfg->vcpu[0].cpu = INT_MAX;
	refused(test, AXVM_A_CELL_VCPU, 0, "does not exist");
	cfg->vcpu[1].cpu = 2;
	refused(test, AXVM_A_CELL_VCPU, 1, "vCPUs 0 and 1 both want CPU 2");
	bitmap_zero(cfg->vcpu[1].affinity, NR_CPUS);
	refused(test, AXVM_A_CELL_VCPU, 1, "vCPU 1 has no CPU");
}

static void test_memory_ranges(struct kunit *test)
{
	cfg->nr_memory = 0;
	refused(test, AXVM_A_CELL_MEMORY, 0, "has no memory");
	cfg->memory[1].size = 0;
	refused(test, AXVM_A_CELL_MEMORY, 1, "size is 0");
	cfg->memory[1].size = SZ_1M + 1;
	refused(test, AXVM_A_CELL_MEMORY, 1, "size 0x100001");
	cfg->memory[1].gpa = SZ_4G + 0x800;
	refused(test, AXVM_A_CELL_MEMORY, 1, "gpa 0x100000800");
	cfg->memory[1].gpa = 0xfffffffffffff000ULL;
	refused(test, AXVM_A_CELL_MEMORY, 1, "48 address bits");
	cfg->memory[1].gpa = BIT_ULL(48) - PAGE_SIZE;
	refused(test, AXVM_A_CELL_MEMORY, 1, "48 address bits");
	cfg->memory[1].size = 0xfffffffffffff000ULL;
	refused(test, AXVM_A_CELL_MEMORY, 1, "48 address bits");
	cfg->memory[1].gpa = SZ_1M;
	refused(test, AXVM_A_CELL_MEMORY, 1, "overlaps memory 0");
	cfg->memory[1].gpa = SZ_2M - PAGE_SIZE;
	refused(test, AXVM_A_CELL_MEMORY, 1, "overlaps memory 0");
}

static void test_memory_flags(struct kunit *test)
{
	cfg->memory[0].flags = 0;
	refused(test, AXVM_A_CELL_MEMORY, 0, "lack read");
	cfg->memory[0].flags = AXVM_MEMORY_FLAG_WRITE | AXVM_MEMORY_FLAG_EXEC;
	refused(test, AXVM_A_CELL_MEMORY, 0, "lack read");
	cfg->memory[0].flags = RWX | 8;
	refused(test, AXVM_A_CELL_MEMORY, 0, "flags 0x8 are unknown");
	cfg->memory[0].type = AXVM_NR_MEMORY_TYPES;
	refused(test, AXVM_A_CELL_MEMORY, 0, "is unknown");
}

static void test_memory_host_side(struct kunit *test)
{
	cfg->memory[0].hpa = SZ_1G;
	refused(test, AXVM_A_CELL_MEMORY, 0, "\"alloc\" finds its place itself");
	cfg->memory[1].type = AXVM_MEMORY_TYPE_IDENTICAL;
	cfg->memory[1].hpa = SZ_1G;
	refused(test, AXVM_A_CELL_MEMORY, 1, "\"identical\"");
	cfg->memory[1].type = AXVM_MEMORY_TYPE_IDENTICAL;
	cfg->memory[1].gpa = BIT_ULL(40);
	refused(test, AXVM_A_CELL_MEMORY, 1, "40 address bits");
	cfg->memory[1].type = AXVM_MEMORY_TYPE_RESERVED;
	cfg->memory[1].hpa = SZ_1G + 0x10;
	refused(test, AXVM_A_CELL_MEMORY, 1, "hpa 0x40000010");
	cfg->memory[0].type = AXVM_MEMORY_TYPE_RESERVED;
	cfg->memory[0].hpa = SZ_1G;
	cfg->memory[1].type = AXVM_MEMORY_TYPE_RESERVED;
	cfg->memory[1].hpa = SZ_1G + SZ_1M;
	refused(test, AXVM_A_CELL_MEMORY, 1, "on the host");
	cfg->memory[1].type = AXVM_MEMORY_TYPE_IDENTICAL;
	KUNIT_EXPECT_EQ(test, check(), 0);
}

/* There is no file, so a correct place is refused for that reason, at the end. */
static void set_image(unsigned int index, u64 gpa, u64 size)
{
	cfg->image[index] = (struct axvm_config_image){ .gpa = gpa, .size = size, .name = "disk" };
	cfg->nr_images = index + 1;
}

static void test_images(struct kunit *test)
{
	set_image(0, 0, SZ_2M);
	refused(test, AXVM_A_CELL_IMAGE, 0, "no file");
	set_image(0, 0, 0);
	refused(test, AXVM_A_CELL_IMAGE, 0, "is empty");
	set_image(0, 0, SZ_2M + 1);
	refused(test, AXVM_A_CELL_IMAGE, 0, "outside the cell's memory from gpa 0x200000 on");
	set_image(0, SZ_2M - 1, 2);
	refused(test, AXVM_A_CELL_IMAGE, 0, "outside the cell's memory");
	set_image(0, SZ_4G - 1, 2);
	refused(test, AXVM_A_CELL_IMAGE, 0, "outside the cell's memory from gpa 0xffffffff on");
	set_image(0, ~0ULL, 2);
	refused(test, AXVM_A_CELL_IMAGE, 0, "do not fit");
	set_image(0, 0, ~0ULL);
	refused(test, AXVM_A_CELL_IMAGE, 0, "do not fit");
	set_image(0, 0, 16);
	cfg->image[0].offset = ~0ULL - 3;
	refused(test, AXVM_A_CELL_IMAGE, 0, "do not fit");
	/* An image may span regions, in whatever order these are listed. */
	swap(cfg->memory[0], cfg->memory[1]);
	cfg->memory[0].gpa = SZ_2M;
	set_image(0, 0x1000, SZ_2M + SZ_1M - 0x1000);
	refused(test, AXVM_A_CELL_IMAGE, 0, "no file");
}

static void test_devices(struct kunit *test)
{
	cfg->device[1].type = AXVM_NR_DEVICE_TYPES;
	refused(test, AXVM_A_CELL_DEVICE, 1, "is unknown");
	cfg->device[1].size = 0;
	refused(test, AXVM_A_CELL_DEVICE, 1, "say how many");
	cfg->device[0].size = 8;
	refused(test, AXVM_A_CELL_DEVICE, 0, "drop it");
	cfg->device[1].console = true;
	refused(test, AXVM_A_CELL_DEVICE, 1, "cannot be the console");
	cfg->device[1] = cfg->device[0];
	refused(test, AXVM_A_CELL_DEVICE, 1, "both the console");
	cfg->device[1] = cfg->device[0];
	cfg->device[1].console = false;
	refused(test, AXVM_A_CELL_DEVICE, 1, "overlap at 0x3f8");
	cfg->device[1].size = ~0ULL;
	refused(test, AXVM_A_CELL_DEVICE, 1, "48 address bits");
}

static void test_boot(struct kunit *test)
{
	cfg->boot.entry = SZ_2M;
	refused(test, AXVM_A_CELL_BOOT, 0, "boot entry 0x200000 is outside");
	cfg->boot.entry = ~0ULL;
	refused(test, AXVM_A_CELL_BOOT, 0, "is outside");
	cfg->boot.entry = SZ_4G;
	refused(test, AXVM_A_CELL_BOOT, 0, "without the exec flag");
	cfg->boot.table = 0x2008;
	refused(test, AXVM_A_CELL_BOOT, 0, "0x2008");
	cfg->boot.table = SZ_2M;
	refused(test, AXVM_A_CELL_BOOT, 0, "0x200000");
}

/* CPUs for vCPUs that have a choice. */

static int assigned[AXVM_MAX_VCPUS];
static unsigned int failed;

static int assign(unsigned int nr, const unsigned long *masks, unsigned long usable)
{
	static struct cpumask mask;
	unsigned int i, bit;

	memset(cfg, 0, sizeof(*cfg));
	cpumask_clear(&mask);
	cfg->nr_vcpus = nr;
	for (bit = 0; bit < min(nr_cpu_ids, 8U); bit++) {
		if (usable & BIT(bit))
			cpumask_set_cpu(bit, &mask);
		for (i = 0; i < nr; i++) {
			cfg->vcpu[i].cpu = -1;
			if (masks[i] & BIT(bit))
				__set_bit(bit, cfg->vcpu[i].affinity);
		}
	}
	return axvm_assign(cfg, &mask, assigned, &failed);
}

static void test_assign(struct kunit *test)
{
	/* Each needs all before it to move. */
	static const unsigned long chain[] = { 0x6, 0xa, 0x6 };
	static const unsigned long clash[] = { 0x6, 0x6, 0x6 };
	unsigned int i;

	if (nr_cpu_ids < 4)
		kunit_skip(test, "needs 4 CPUs");
	KUNIT_ASSERT_EQ(test, assign(3, chain, 0xe), 0);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE_MSG(test, chain[i] & BIT(assigned[i]), "vCPU %u: %d", i,
				      assigned[i]);
	KUNIT_EXPECT_NE(test, assigned[0], assigned[1]);
	KUNIT_EXPECT_NE(test, assigned[0], assigned[2]);
	KUNIT_EXPECT_NE(test, assigned[1], assigned[2]);
	KUNIT_EXPECT_EQ(test, assign(3, clash, 0xe), -EBUSY);
	KUNIT_EXPECT_EQ(test, failed, 2U);
	KUNIT_EXPECT_EQ(test, assign(2, clash, 0x2), -EBUSY);
	KUNIT_EXPECT_EQ(test, failed, 1U);
}

/* A named CPU is not subject to what may be picked, and nobody else gets it. */
static void test_assign_named(struct kunit *test)
{
	static const unsigned long masks[] = { 0x6, 0 };

	if (nr_cpu_ids < 3)
		kunit_skip(test, "needs 3 CPUs");
	KUNIT_ASSERT_EQ(test, assign(1, masks, 0x6), 0);
	cfg->nr_vcpus = 2;
	cfg->vcpu[1].cpu = assigned[0];
	KUNIT_ASSERT_EQ(test, axvm_assign(cfg, cpu_possible_mask, assigned, &failed), 0);
	KUNIT_EXPECT_EQ(test, assigned[1], cfg->vcpu[1].cpu);
	KUNIT_EXPECT_NE(test, assigned[0], assigned[1]);
	KUNIT_ASSERT_EQ(test, axvm_assign(cfg, cpu_none_mask, assigned, &failed), -EBUSY);
	KUNIT_EXPECT_EQ(test, failed, 0U);
}

static struct kunit_case config_cases[] = {
	KUNIT_CASE(test_good),
	KUNIT_CASE(test_name),
	KUNIT_CASE(test_vcpus),
	KUNIT_CASE(test_memory_ranges),
	KUNIT_CASE(test_memory_flags),
	KUNIT_CASE(test_memory_host_side),
	KUNIT_CASE(test_images),
	KUNIT_CASE(test_devices),
	KUNIT_CASE(test_boot),
	KUNIT_CASE(test_assign),
	KUNIT_CASE(test_assign_named),
	{ }
};

static struct kunit_suite config_suite = {
	.name = "axvm_config",
	.init = config_test_init,
	.exit = config_test_exit,
	.test_cases = config_cases,
};

kunit_test_suite(config_suite);
