/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a small bare-metal guest can use, whatever the architecture. A guest is
 * one file with guest_main(); what it has to report it prints as lines
 * "GUEST name: key=value ...", which the selftests read.
 */
#ifndef AXVM_GUEST_H
#define AXVM_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../../uapi/axvm_guest.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define GUEST_MAX_CPUS	32

/* The guest's own; called on vCPU 0 with interrupts off. When it returns, the vCPU idles. */
void guest_main(u64 arg);

/* print.c: %s %c %u %d %x %lu %ld %lx %%, with a width and 0 */
void print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* string.c */
void *memcpy(void *to, const void *from, size_t size);
void *memset(void *at, int value, size_t size);

/* line.c: a line from the console, without its end; waits in idle */
void read_line(char *line, size_t size);

/* Next word of a line, "" at its end; the line is cut up. */
char *next_word(char **line);

/* A number, decimal or with 0x. */
u64 to_number(const char *word);

/* The architecture's. */
void console_put(char c);
int console_get(void);		/* -1: nothing there */
int console_wait(void);		/* idles until there is something */
bool console_signalled(void);	/* has input arrived since the last call? without an exit */

s64 hypercall(u64 nr, u64 arg0);

/* 8 bytes at @at; -1, or the exception (vector, class) that came instead. */
int try_read(u64 at, u64 *value);
int try_write(u64 at, u64 value);
u64 try_address(void);	/* that the exception was about, where the architecture tells; else 0 */
s64 hypercall_args(u64 nr, u64 arg0, u64 arg1, u64 arg2, u64 arg3);

u32 cpu_index(void);
u32 cpu_count(void);

/* Start all other vCPUs at @fn, with interrupts off; returns when all have arrived. */
void cpu_start_others(void (*fn)(void));

void cpu_irq_on(void);
void cpu_irq_off(void);
void cpu_relax(void);
void cpu_idle(void);		/* until the next interrupt; on before, off after it */
void cpu_stop(void) __attribute__((noreturn));	/* for good, interrupts on */

/* Vectors from 0x40 on are a guest's own. */
void irq_handle(u32 vector, void (*fn)(u32 vector));
u32 irq_count(u32 cpu, u32 vector);
void irq_send(u32 cpu, u32 vector);

/* Take interrupts of a line of the machine, an edge, on vCPU 0. Return: the vector that they are. */
u32 line_open(u32 line, void (*fn)(u32 vector));
/* Let all come that there are, on this CPU; and how often one came, by the machine's own number. */
void irq_listen(void);
u32 irq_heard(u32 cpu, u32 number);

/* A UART that is handed through, at a port or GPA, and its interrupt line. */
void wire_open(u64 base, u32 line, bool level, bool loop, void (*fn)(u32 vector));
void wire_mask(u32 line, bool masked);
void wire_listen(u32 line, void (*fn)(u32 vector));	/* without the UART */
void wire_meddle(u32 line);	/* every order that there is for a line; masked at last */
int wire_get(void);		/* -1: nothing there */
bool wire_put(u8 byte);		/* false: no room */
void wire_want_tx(bool on);	/* shall it interrupt while there is room? */

/* Does this cell have interrupts at all? */
bool irq_present(void);

/* Periodic interrupts of this vCPU's own timer. */
void timer_start(u32 hz, u32 vector);
void timer_stop(void);

u64 clock_read(void);
u64 clock_entry(void);	/* at the first instruction of vCPU 0 */
u64 clock_khz(void);

/* As fast as the clock tells, without an exit. */
static inline void delay_us(u64 us)
{
	u64 start = clock_read(), ticks = us * clock_khz() / 1000;

	while (clock_read() - start < ticks)
		cpu_relax();
}

#endif
