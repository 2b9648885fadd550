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
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "kvm.h"

int kvm, vm;
uint8_t *memory;
struct vcpu vcpus[NR_VCPUS];
static pthread_mutex_t finished = PTHREAD_MUTEX_INITIALIZER;

int request(int fd, unsigned long nr, void *arg, const char *name)
{
	int ret = ioctl(fd, nr, arg);

	if (ret < 0)
		err(1, "%s", name);
	return ret;
}

/* Copy the segments of a test guest; its entry is returned. */
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
		if (ph[i].p_paddr < ram_base ||
		    ph[i].p_paddr - ram_base + ph[i].p_memsz > MEMORY)
			errx(1, "%s does not fit into %lu bytes", path, MEMORY);
		memcpy(memory + (ph[i].p_paddr - ram_base),
		       (const uint8_t *)elf + ph[i].p_offset, ph[i].p_filesz);
	}
	close(fd);
	return elf->e_entry;
}

/* One byte of a line; the last line ends the run. */
void put(char c)
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

static void *run_vcpu(void *arg)
{
	struct vcpu *v = arg;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(v->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "sched_setaffinity");
	for (;;) {
		/* EAGAIN: an x86 vCPU that waited for its SIPI has got it. */
		if (ioctl(v->fd, KVM_RUN, 0)) {
			if (errno != EAGAIN && errno != EINTR)
				err(1, "KVM_RUN of vCPU %d", v->index);
			continue;
		}
		if (!arch_exit(v->run))
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
	arch_make_vcpu(v);
}

int main(int argc, char **argv)
{
	uint64_t start = clock_now();
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = ram_base, .memory_size = MEMORY,
	};
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
	entry = load(argv[1]);
	arch_make_machine();
	for (int i = 0; i < NR_VCPUS; i++)
		make_vcpu(&vcpus[i], i, atoi(argv[2 + i]));
	arch_finish_machine();
	arch_set_start(&vcpus[0], entry);
	printf("LOADER start: clock=%llu\n", (unsigned long long)start);
	fflush(stdout);
	pthread_mutex_lock(&finished);
	for (int i = 0; i < NR_VCPUS; i++)
		if (pthread_create(&vcpus[i].thread, NULL, run_vcpu, &vcpus[i]))
			errx(1, "pthread_create");
	pthread_mutex_lock(&finished);
	printf("LOADER end: clock=%llu\n", (unsigned long long)clock_now());
	fflush(stdout);
	_exit(0);
}
