// SPDX-License-Identifier: GPL-2.0
/*
 * kvm GUEST.elf CPU CPU: run the benchmark's guest under KVM, one vCPU on each
 * of the CPUs, on a machine as near to a cell's as KVM's own devices make it.
 * What the guest prints goes to standard output; "BENCH done" ends it.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

#define MEMORY		(16UL << 20)
#define TABLES		0x2000UL	/* PML4, page directory pointers, four directories */
#define UART		0x3f8
#define UART_LSR	(UART + 5)
#define LSR_EMPTY	0x60
#define CPUID_TSC_KHZ	0x40000010
#define NR_VCPUS	2
#define MAX_CPUID	256

struct vcpu {
	int fd, index, cpu;
	struct kvm_run *run;
	pthread_t thread;
};

static int kvm, vm;
static uint8_t *memory;
static struct vcpu vcpus[NR_VCPUS];
static pthread_mutex_t finished = PTHREAD_MUTEX_INITIALIZER;

static int request(int fd, unsigned long nr, void *arg, const char *name)
{
	int ret = ioctl(fd, nr, arg);

	if (ret < 0)
		err(1, "%s", name);
	return ret;
}

#define KVM(fd, nr, arg)	request(fd, nr, (void *)(arg), #nr)

/* Copy the one segment of a test guest; its entry is returned. */
static uint64_t load(const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	const Elf64_Ehdr *elf;
	const Elf64_Phdr *ph;

	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", path);
	elf = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (elf == MAP_FAILED)
		err(1, "%s", path);
	ph = (const void *)((const uint8_t *)elf + elf->e_phoff);
	for (int i = 0; i < elf->e_phnum; i++) {
		if (ph[i].p_type != PT_LOAD)
			continue;
		if (ph[i].p_paddr + ph[i].p_memsz > MEMORY)
			errx(1, "%s does not fit into %lu bytes", path, MEMORY);
		memcpy(memory + ph[i].p_paddr, (const uint8_t *)elf + ph[i].p_offset,
		       ph[i].p_filesz);
	}
	close(fd);
	return elf->e_entry;
}

/* GPA = address for the first 4 GiB, as axvmctl makes it for a cell. */
static void make_tables(void)
{
	uint64_t *table = (uint64_t *)(memory + TABLES);

	table[0] = (TABLES + 0x1000) | 3;
	for (uint64_t i = 0; i < 4; i++)
		table[512 + i] = (TABLES + 0x2000 + 0x1000 * i) | 3;
	for (uint64_t i = 0; i < 2048; i++)
		table[1024 + i] = i << 21 | 0x83;
}

static void set_cpuid(struct vcpu *v)
{
	struct kvm_cpuid2 *list = calloc(1, sizeof(*list) + MAX_CPUID * sizeof(list->entries[0]));
	struct kvm_cpuid_entry2 *e;

	if (!list)
		err(1, "calloc");
	list->nent = MAX_CPUID - 1;
	KVM(kvm, KVM_GET_SUPPORTED_CPUID, list);
	for (uint32_t i = 0; i < list->nent; i++) {
		e = &list->entries[i];
		if (e->function == 1)
			e->ebx = (e->ebx & 0xffff) | NR_VCPUS << 16 | (uint32_t)v->index << 24;
		if (e->function == 0x40000000)
			e->eax = CPUID_TSC_KHZ;
	}
	e = &list->entries[list->nent++];
	e->function = CPUID_TSC_KHZ;
	e->eax = KVM(v->fd, KVM_GET_TSC_KHZ, 0);
	KVM(v->fd, KVM_SET_CPUID2, list);
	free(list);
}

/* The guest's counter is the machine's, as in a cell. */
static void set_clock(struct vcpu *v)
{
	uint64_t offset = 0;
	struct kvm_device_attr attr = {
		.group = KVM_VCPU_TSC_CTRL, .attr = KVM_VCPU_TSC_OFFSET, .addr = (uint64_t)&offset,
	};

	KVM(v->fd, KVM_SET_DEVICE_ATTR, &attr);
}

static void set_start(struct vcpu *v, uint64_t entry)
{
	struct kvm_segment code = { .limit = ~0U, .selector = 8, .type = 11, .present = 1,
				    .s = 1, .l = 1, .g = 1 };
	struct kvm_segment data = { .limit = ~0U, .selector = 16, .type = 3, .present = 1,
				    .s = 1, .db = 1, .g = 1 };
	struct kvm_regs regs = { .rip = entry, .rflags = 2 };
	struct kvm_sregs sregs;

	KVM(v->fd, KVM_GET_SREGS, &sregs);
	sregs.cs = code;
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = data;
	sregs.cr0 = 0x80010031;		/* PG WP NE ET PE */
	sregs.cr4 = 0x20;		/* PAE */
	sregs.cr3 = TABLES;
	sregs.efer = 0x500;		/* LMA LME */
	KVM(v->fd, KVM_SET_SREGS, &sregs);
	KVM(v->fd, KVM_SET_REGS, &regs);
}

/* One byte of a line; the last line ends the run. */
static void put(char c)
{
	static char line[256];
	static unsigned int n;

	if (n < sizeof(line) - 1)
		line[n++] = c;
	if (c != '\n')
		return;
	line[n] = 0;
	n = 0;
	fputs(line, stdout);
	fflush(stdout);
	if (!strncmp(line, "BENCH done", 10))
		pthread_mutex_unlock(&finished);
}

static void port_io(struct kvm_run *run)
{
	uint8_t *data = (uint8_t *)run + run->io.data_offset;

	if (run->io.direction == KVM_EXIT_IO_IN)
		memset(data, run->io.port == UART_LSR ? LSR_EMPTY : 0, run->io.size);
	else if (run->io.port == UART)
		put(*data);
}

static void *run_vcpu(void *arg)
{
	struct vcpu *v = arg;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(v->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "sched_setaffinity");
	for (;;) {
		/* EAGAIN: a vCPU that waited for its SIPI has got it. */
		if (ioctl(v->fd, KVM_RUN, 0)) {
			if (errno != EAGAIN && errno != EINTR)
				err(1, "KVM_RUN of vCPU %d", v->index);
			continue;
		}
		if (v->run->exit_reason == KVM_EXIT_IO)
			port_io(v->run);
		else
			errx(1, "vCPU %d: exit %u", v->index, v->run->exit_reason);
	}
}

static void make_vcpu(struct vcpu *v, int index, int cpu)
{
	int size = KVM(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	v->index = index;
	v->cpu = cpu;
	v->fd = KVM(vm, KVM_CREATE_VCPU, (long)index);
	v->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, v->fd, 0);
	if (v->run == MAP_FAILED)
		err(1, "mmap of a vCPU");
	set_cpuid(v);
	set_clock(v);
}

int main(int argc, char **argv)
{
	uint64_t start = clock_now();
	struct kvm_userspace_memory_region region = { .memory_size = MEMORY };
	uint64_t entry;

	if (argc != 2 + NR_VCPUS)
		errx(2, "usage: kvm GUEST.elf CPU CPU");
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		err(1, "/dev/kvm");
	vm = KVM(kvm, KVM_CREATE_VM, 0);
	memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		err(1, "guest memory");
	region.userspace_addr = (uint64_t)memory;
	KVM(vm, KVM_SET_USER_MEMORY_REGION, &region);
	KVM(vm, KVM_CREATE_IRQCHIP, 0);
	entry = load(argv[1]);
	make_tables();
	for (int i = 0; i < NR_VCPUS; i++)
		make_vcpu(&vcpus[i], i, atoi(argv[2 + i]));
	set_start(&vcpus[0], entry);
	printf("LOADER start: tsc=%llu\n", (unsigned long long)start);
	fflush(stdout);
	pthread_mutex_lock(&finished);
	for (int i = 0; i < NR_VCPUS; i++)
		if (pthread_create(&vcpus[i].thread, NULL, run_vcpu, &vcpus[i]))
			errx(1, "pthread_create");
	pthread_mutex_lock(&finished);
	printf("LOADER end: tsc=%llu\n", (unsigned long long)clock_now());
	fflush(stdout);
	_exit(0);
}
