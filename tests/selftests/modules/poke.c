// SPDX-License-Identifier: GPL-2.0
/*
 * axvm_poke: what a selftest needs a kernel for. Each parameter is a command;
 * reading it gives the last result.
 *
 *	storm=N		N calls of a function on all CPUs, broadcast where Linux can
 *	online=CPU	try to bring a taken CPU on line as another module might:
 *			present first. Result: add_cpu()'s
 *	search=X	pages of RAM that hold a run of the 64-bit word ~X (the word
 *			itself must not be in memory because of the search)
 *	burst=VIRQ	an interrupt of Linux's comes 2000 times, as fast as Linux can
 *			take it. Result: how many jiffies that took
 *	soil=MB		write something into free memory, all but so much of it. Result: pages
 *	release=NAME	take an AMBA device from its driver, where that has no "unbind"
 *	attach=NAME	give it to its driver again
 */
#include <linux/amba/bus.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define RUN	8	/* words in a row that cannot be chance */
#define BURST	2000

static long storm_result, online_result, search_result, burst_result, soil_result;
static unsigned int burst_virq;

static void nothing(void *info)
{
}

static int set_storm(const char *text, const struct kernel_param *kp)
{
	unsigned long n;
	int ret = kstrtoul(text, 0, &n);

	for (storm_result = 0; !ret && storm_result < n; storm_result++) {
		smp_call_function(nothing, NULL, 1);
		cond_resched();
	}
	return ret;
}

static int set_soil(const char *text, const struct kernel_param *kp)
{
	struct page *page, *next;
	LIST_HEAD(pages);
	long leave;
	int ret = kstrtol(text, 0, &leave);

	for (soil_result = 0; !ret && si_mem_available() > leave << (20 - PAGE_SHIFT); soil_result++) {
		page = alloc_page(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
		if (!page)
			break;
		memset64(page_address(page), 0x5011ed5011ed5011ULL, PAGE_SIZE / sizeof(u64));
		list_add(&page->lru, &pages);
		cond_resched();
	}
	list_for_each_entry_safe(page, next, &pages, lru)
		__free_page(page);
	return ret;
}

/* As the interrupt itself would come: with interrupts off, in their context. */
static void come_often(struct irq_work *work)
{
	unsigned long start = jiffies;
	unsigned int i;

	for (i = 0; i < BURST; i++)
		generic_handle_irq(burst_virq);
	burst_result = jiffies - start;
}

static int set_burst(const char *text, const struct kernel_param *kp)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(come_often);
	int ret = kstrtouint(text, 0, &burst_virq);

	if (ret)
		return ret;
	irq_work_queue(&work);
	irq_work_sync(&work);
	return 0;
}

#ifdef CONFIG_ARM_AMBA
static int change_driver(const char *text, bool attach)
{
	char name[64];
	struct device *dev;
	int ret = 0;

	strscpy(name, text, sizeof(name));
	dev = bus_find_device_by_name(&amba_bustype, NULL, strim(name));
	if (!dev)
		return -ENODEV;
	if (attach)
		ret = device_attach(dev) == 1 ? 0 : -EIO;
	else
		device_release_driver(dev);
	put_device(dev);
	return ret;
}
#else
static int change_driver(const char *text, bool attach)
{
	return -ENODEV;
}
#endif

static int set_release(const char *text, const struct kernel_param *kp)
{
	return change_driver(text, false);
}

static int set_attach(const char *text, const struct kernel_param *kp)
{
	return change_driver(text, true);
}

static int set_online(const char *text, const struct kernel_param *kp)
{
	unsigned int cpu;
	int ret = kstrtouint(text, 0, &cpu);

	if (ret)
		return ret;
	if (cpu >= nr_cpu_ids || !cpu_possible(cpu) || cpu_online(cpu))
		return -EINVAL;
	set_cpu_present(cpu, true);
	online_result = add_cpu(cpu);
	if (online_result)
		set_cpu_present(cpu, false);
	return 0;
}

/*
 * Looks at a copy: a page may be out of the kernel's map for a moment, such as
 * one of a module that is being freed. Commands are serialised by their lock.
 */
static bool page_has(const void *page, u64 wanted)
{
	static u64 words[PAGE_SIZE / sizeof(u64)];
	unsigned int i, run = 0;

	if (copy_from_kernel_nofault(words, page, PAGE_SIZE))
		return false;
	for (i = 0; i < ARRAY_SIZE(words) && run < RUN; i++)
		run = words[i] == wanted ? run + 1 : 0;
	return run == RUN;
}

static int set_search(const char *text, const struct kernel_param *kp)
{
	unsigned long pfn, end = totalram_pages();
	u64 inverse;
	int ret = kstrtou64(text, 0, &inverse);

	if (ret)
		return ret;
	/* RAM has holes: go on until as much was seen as there is, within reason. */
	search_result = 0;
	for (pfn = 0; end && pfn < 1UL << 24; pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		if (!(pfn & 0xfff))
			cond_resched();
		if (!page || PageReserved(page))
			continue;
		end--;
		search_result += page_has(page_address(page), ~inverse);
	}
	return 0;
}

#define COMMAND(name)								\
static const struct kernel_param_ops name##_ops = { .set = set_##name, .get = param_get_long };	\
module_param_cb(name, &name##_ops, &name##_result, 0644)

COMMAND(storm);
COMMAND(online);
COMMAND(search);
COMMAND(burst);
COMMAND(soil);

static const struct kernel_param_ops release_ops = { .set = set_release };
static const struct kernel_param_ops attach_ops = { .set = set_attach };

module_param_cb(release, &release_ops, NULL, 0200);
module_param_cb(attach, &attach_ops, NULL, 0200);

static int __init poke_init(void)
{
	return 0;
}
module_init(poke_init);

static void __exit poke_exit(void)
{
}
module_exit(poke_exit);

MODULE_DESCRIPTION("axvm selftests: what needs a kernel");
MODULE_LICENSE("GPL");
