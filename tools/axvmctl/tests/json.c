// SPDX-License-Identifier: GPL-2.0
/* Places in a JSON text, and texts that are none. */
#include "jsonpos.h"
#include "unit.h"

static const char text[] =
	"{ \"a\" : 1,\n"
	"  \"b\\u0063\": [ [1, \"x\\\"]\"], {\"d\": {} , \"e\":\n"
	"    true}, -1.5e3 ],\n"
	"\t\"\xc3\xa9\": null, \"f\": [[[7]]]}\n";

static bool at(const char *path, const char *key, unsigned int line, unsigned int column)
{
	struct json_pos pos = jsonpos_find(text, strlen(text), path, key);

	if (pos.line != line || pos.column != column)
		printf("# '%s' '%s' is at %u:%u\n", path, key ? key : "", pos.line, pos.column);
	return pos.line == line && pos.column == column;
}

static void test_positions(void)
{
	EXPECT(at("", NULL, 1, 1));
	EXPECT(at("a", NULL, 1, 9));
	EXPECT(at("", "a", 1, 3));
	EXPECT(at("bc", NULL, 2, 14));
	EXPECT(at("", "bc", 2, 3));
	EXPECT(at("bc[0]", NULL, 2, 16));
	EXPECT(at("bc[0][1]", NULL, 2, 20));
	EXPECT(at("bc[1]", NULL, 2, 29));
	EXPECT(at("bc[1].d", NULL, 2, 35));
	EXPECT(at("bc[1].e", NULL, 3, 5));
	EXPECT(at("bc[1]", "e", 2, 40));
	EXPECT(at("bc[2]", NULL, 3, 12));
	EXPECT(at("f[0][0][0]", NULL, 4, 21));
	EXPECT(at("\xc3\xa9", NULL, 4, 7));
}

/* What is not there has the place of what should contain it. */
static void test_absent(void)
{
	EXPECT(at("zz", NULL, 1, 1));
	EXPECT(at("bc[7]", NULL, 2, 14));
	EXPECT(at("bc[1].zz", NULL, 2, 29));
	EXPECT(at("a.b", NULL, 1, 9));
	EXPECT(at("", "zz", 1, 1));
}

/* Every beginning of a right file is a wrong file. */
static void test_truncated(void)
{
	static const char good[] =
		"{\"name\":\"x\",\"cpus\":[1,[2,3]],\"memory\":[{\"size\":\"1M\"}],\"image\":{\"file\":\"a\"}}";
	static struct config cfg;
	char part[sizeof(good)];

	EXPECT(unit_load(&cfg, good) == EXIT_OK);
	config_free(&cfg);
	for (size_t len = 0; len + 1 < sizeof(good); len++) {
		memcpy(part, good, len);
		part[len] = '\0';
		EXPECT(unit_load(&cfg, part) == EXIT_CONFIG);
		EXPECT(unit_said("/proc/self/fd/"));
		config_free(&cfg);
	}
}

static void test_mutated(void)
{
	static const char good[] =
		"{\"name\":\"x\",\"cpus\":[1,[2,3]],\"memory\":[{\"type\":\"reserved\",\"gpa\":0,\"hpa\":\"4G\",\"size\":\"1M\",\"flags\":\"rwx\"}],"
		"\"image\":{\"file\":\"a\",\"mode\":32},\"console\":{\"port\":\"0x3f8\",\"irq\":4},\"devices\":[{\"ports\":{\"base\":1026,\"size\":1}}]}";
	static const char letters[] = "{}[]\",:0-9\\u \n\xc3xKe";
	static struct config cfg;
	char text_now[sizeof(good)];
	int ret;

	for (int round = 0; round < 20000; round++) {
		memcpy(text_now, good, sizeof(good));
		for (u32 n = unit_random() % 3 + 1; n; n--)
			text_now[unit_random() % (sizeof(good) - 1)] =
				letters[unit_random() % (sizeof(letters) - 1)];
		ret = unit_load(&cfg, text_now);
		EXPECT(ret == EXIT_OK || ret == EXIT_CONFIG);
		config_free(&cfg);
	}
}

static void test_large(void)
{
	static struct config cfg;
	char *big = malloc(JSONFILE_MAX + 2);

	memset(big, ' ', JSONFILE_MAX + 1);
	big[0] = '{';
	big[JSONFILE_MAX + 1] = '\0';
	EXPECT(unit_load(&cfg, big) == EXIT_CONFIG);
	EXPECT(unit_said("larger than 1 MiB"));
	config_free(&cfg);
	/* Deep nesting is refused by the library, not by the stack. */
	memset(big, '[', JSONFILE_MAX / 2);
	big[JSONFILE_MAX / 2] = '\0';
	EXPECT(unit_load(&cfg, big) == EXIT_CONFIG);
	config_free(&cfg);
	free(big);
}

static void test_unreadable(void)
{
	static struct config cfg;

	EXPECT(unit_load_path(&cfg, "/") == EXIT_CONFIG);
	EXPECT(unit_said("directory"));
	config_free(&cfg);
	EXPECT(unit_load_path(&cfg, "/no/such/file") == EXIT_CONFIG);
	EXPECT(unit_said("/no/such/file"));
	config_free(&cfg);
}

const struct unit_test json_tests[] = {
	{ "json: line and column of keys and values", test_positions },
	{ "json: place of what is absent", test_absent },
	{ "json: a file cut off anywhere", test_truncated },
	{ "json: 20000 damaged files", test_mutated },
	{ "json: a file that is too large or too deep", test_large },
	{ "json: a file that cannot be read", test_unreadable },
	{ 0 }
};
