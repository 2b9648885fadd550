/* SPDX-License-Identifier: GPL-2.0 */
/* What the loader and its architecture part (arch/.../kvm.c) offer each other. */
#ifndef AXVM_BENCH_KVM_H
#define AXVM_BENCH_KVM_H

#include <linux/kvm.h>
#include <pthread.h>
#include <stdint.h>

#define MEMORY		(16UL << 20)
#define NR_VCPUS	2

struct vcpu {
	int fd, index, cpu;
	struct kvm_run *run;
	pthread_t thread;
};

extern int kvm, vm;
extern uint8_t *memory;		/* the guest's, from RAM_BASE on */
extern struct vcpu vcpus[NR_VCPUS];

/* ioctl() that ends the program when it fails. */
int request(int fd, unsigned long nr, void *arg, const char *name);

#define KVM(fd, nr, arg)	request(fd, nr, (void *)(arg), #nr)

/* One byte of the guest's console. */
void put(char c);

/* Where guest memory begins. */
extern const uint64_t ram_base;

/* Before the vCPUs are made, after all of them are. */
void arch_make_machine(void);
void arch_finish_machine(void);

void arch_make_vcpu(struct vcpu *v);

/* vCPU 0 starts there. */
void arch_set_start(struct vcpu *v, uint64_t entry);

/* Deal with an exit; 0 if it cannot be. */
int arch_exit(struct kvm_run *run);

#endif
