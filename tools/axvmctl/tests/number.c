// SPDX-License-Identifier: GPL-2.0
/* Numbers, and guesses at what was meant. */
#include "number.h"
#include "suggest.h"
#include "unit.h"

static bool reads_as(const char *text, u64 value)
{
	u64 got;

	return parse_number(text, &got) && got == value;
}

static void test_accepted(void)
{
	EXPECT(reads_as("0", 0));
	EXPECT(reads_as("4096", 4096));
	EXPECT(reads_as("4K", 4096));
	EXPECT(reads_as("512M", 512 * MIB));
	EXPECT(reads_as("2G", 2 * GIB));
	EXPECT(reads_as("1T", 1024 * GIB));
	EXPECT(reads_as("0x1000", 4096));
	EXPECT(reads_as("0xfFfFfFfFfFfFfFfF", UINT64_MAX));
	EXPECT(reads_as("18446744073709551615", UINT64_MAX));
	EXPECT(reads_as("16777215T", 16777215ULL << 40));
}

static void test_refused(void)
{
	static const char *const bad[] = {
		"", " ", "-1", "+1", "1.5", "12Q", "K", "4KK", "4k", "4 K", "0x", "0xg", "x10",
		"0x12345678123456789", "18446744073709551616", "16777216T", "010", "1e3",
		"99999999999999999999", "0x10K", "1G ",
	};
	u64 got;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT(!parse_number(bad[i], &got));
}

static void test_format(void)
{
	char buf[24];

	EXPECT(!strcmp(format_size(0, buf), "0"));
	EXPECT(!strcmp(format_size(1000, buf), "1000"));
	EXPECT(!strcmp(format_size(4096, buf), "4K"));
	EXPECT(!strcmp(format_size(3 * GIB, buf), "3G"));
	EXPECT(!strcmp(format_size(3 * GIB + 4096, buf), "3145732K"));
	EXPECT(!strcmp(format_size(UINT64_MAX, buf), "18446744073709551615"));
}

static void test_decimal(void)
{
	u64 got;

	EXPECT(parse_decimal("10", 10, &got) && got == 10);
	EXPECT(!parse_decimal("11", 10, &got));
	EXPECT(!parse_decimal("1K", 4096, &got));
	EXPECT(!parse_decimal("", 10, &got));
}

static bool suggests(const char *word, const char *want)
{
	static const char *const known[] = { "memory", "cpus", "name", "interrupts", NULL };
	const char *got = suggest(word, known);

	return want ? got && !strcmp(got, want) : !got;
}

static void test_suggest(void)
{
	EXPECT(suggests("memroy", "memory"));
	EXPECT(suggests("Memory", "memory"));
	EXPECT(suggests("cpu", "cpus"));
	EXPECT(suggests("nmae", "name"));
	EXPECT(suggests("interupt", "interrupts"));
	EXPECT(suggests("", NULL));
	EXPECT(suggests("zzz", NULL));
	EXPECT(suggests("a_word_that_is_longer_than_any_known_one", NULL));
}

const struct unit_test number_tests[] = {
	{ "number: what is accepted", test_accepted },
	{ "number: what is refused", test_refused },
	{ "number: sizes as text", test_format },
	{ "number: plain decimals", test_decimal },
	{ "suggest: the nearest known word", test_suggest },
	{ 0 }
};
