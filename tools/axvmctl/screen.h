/* SPDX-License-Identifier: GPL-2.0 */
/* Pictures that are drawn again and again: on the whole terminal, or one below the other. */
#ifndef AXVMCTL_SCREEN_H
#define AXVMCTL_SCREEN_H

#include <stdbool.h>

struct screen {
	bool on;		/* the terminal is ours; otherwise output is plain lines */
	int width, height;	/* of the picture; without a terminal there is no limit */
	int used;		/* lines of the present picture */
};

/* Why screen_wait() has returned. */
enum screen_event { SCREEN_TIME, SCREEN_RESIZED, SCREEN_QUIT };

/**
 * screen_open() - take the terminal, if input and output are one
 *
 * screen_close() gives it back as it was; so does whatever ends the program, and a message.
 */
void screen_open(struct screen *s);
void screen_close(void);

/**
 * screen_begin() - start a picture
 */
void screen_begin(struct screen *s);

/**
 * screen_line() - the picture's next line, cut to its width; beyond its height nothing
 */
void screen_line(struct screen *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * screen_end() - the picture is complete
 *
 * Return: false when nobody reads any more.
 */
bool screen_end(const struct screen *s);

/**
 * screen_room() - lines that the picture still has room for
 */
int screen_room(const struct screen *s);

/**
 * screen_wait() - until it is time for the next picture, or something happens
 * @ms: how long at most; what is left of it is written there
 */
enum screen_event screen_wait(const struct screen *s, int *ms);

/**
 * screen_clock() - milliseconds that pass evenly, from anywhen
 */
long screen_clock(void);

#endif
