// SPDX-License-Identifier: GPL-2.0
/*
 * Takes whatever is injected into its vCPUs, and injects by hypercall when told
 * to. Lines: "count CPU NUMBER", "call CPU NUMBER", "total", "calls CPU NUMBER TIMES".
 */
#include "guest.h"

#define LAST	255

static void other(void)
{
	irq_listen();
	cpu_stop();
}

static u32 all_of(u32 cpu)
{
	u32 sum = 0;

	for (u32 i = 0; i <= LAST; i++)
		sum += irq_heard(cpu, i);
	return sum;
}

static void answer(char *line)
{
	char *word = next_word(&line);
	u64 cpu = to_number(next_word(&line));
	u32 number = to_number(next_word(&line));
	u32 times = to_number(next_word(&line));
	s64 result = 0;

	if (word[0] == 't') {
		for (cpu = 0; cpu < cpu_count(); cpu++)
			print("GUEST inject: cpu=%lu heard=%u\n", cpu, all_of(cpu));
		print("GUEST inject: total done\n");
		return;
	}
	if (word[1] == 'a') {
		do
			result = hypercall_args(AXVM_HC_IRQ, cpu, number, 0, 0);
		while (times-- > 1);
		print("GUEST inject: result=%ld\n", result);
		return;
	}
	print("GUEST inject: cpu=%lu number=%u count=%u.\n", cpu, number, irq_heard(cpu, number));
}

void guest_main(u64 arg)
{
	char line[48];

	irq_listen();
	if (cpu_count() > 1)
		cpu_start_others(other);
	print("GUEST inject: ready cpus=%u\n", cpu_count());
	for (;;) {
		read_line(line, sizeof(line));
		answer(line);
	}
}
