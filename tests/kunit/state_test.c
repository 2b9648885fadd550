// SPDX-License-Identifier: GPL-2.0
/* Tests of a cell's life: every state against every request, and the messages. */
#include <kunit/test.h>
#include <linux/string.h>

#include "names.h"
#include "state.h"

/* One letter a state, in the order of enum axvm_state: y = allowed, n = never, l = later. */
static const struct {
	enum axvm_request request;
	const char *name;
	const char *answers;	/* loading loaded running suspended stopping stopped failed */
} wanted[] = {
	{ AXVM_REQUEST_START, "start", "lynnlyn" },
	{ AXVM_REQUEST_STOP, "stop", "lnyylnn" },
	{ AXVM_REQUEST_SUSPEND, "suspend", "lnynlnn" },
	{ AXVM_REQUEST_RESUME, "resume", "lnnylnn" },
	{ AXVM_REQUEST_RESET, "reset", "lnyylyy" },
	{ AXVM_REQUEST_DESTROY, "destroy", "lyyyyyy" },
};

static int code(char answer)
{
	return answer == 'y' ? 0 : answer == 'l' ? -EBUSY : -EINVAL;
}

static void test_every_request(struct kunit *test)
{
	unsigned int i, state;

	KUNIT_ASSERT_EQ(test, (int)ARRAY_SIZE(wanted), (int)AXVM_NR_REQUESTS);
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		KUNIT_ASSERT_EQ(test, strlen(wanted[i].answers), (size_t)AXVM_NR_STATES);
		for (state = 0; state < AXVM_NR_STATES; state++)
			KUNIT_EXPECT_EQ_MSG(test,
					    axvm_state_allows("c", state, wanted[i].request, NULL),
					    code(wanted[i].answers[state]), "%s of a %s cell",
					    wanted[i].name, axvm_state_names[state]);
	}
}

/* A refusal names the cell, the state it is in and the state it cannot reach. */
static void test_messages(struct kunit *test)
{
	static const char *const to[] = {
		"running", "stopped", "suspended", "running", "running", "stopping",
	};
	struct axvm_error err;
	unsigned int i, state;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		for (state = 0; state < AXVM_NR_STATES; state++) {
			err.text[0] = 0;
			if (!axvm_state_allows("dora", state, wanted[i].request, &err)) {
				KUNIT_EXPECT_STREQ(test, err.text, "");
				continue;
			}
			KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "\"dora\""));
			KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, axvm_state_names[state]));
			KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, to[i]));
			KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, ": "));
		}
	}
}

static void test_message_in_full(struct kunit *test)
{
	struct axvm_error err = {};

	axvm_state_allows("rt", AXVM_STATE_STOPPED, AXVM_REQUEST_SUSPEND, &err);
	KUNIT_EXPECT_STREQ(test, err.text,
			   "cell \"rt\" is stopped and cannot become suspended: suspend needs a running cell");
	err.text[0] = 0;
	axvm_state_allows("rt", AXVM_STATE_FAILED, AXVM_REQUEST_START, &err);
	KUNIT_EXPECT_STREQ(test, err.text,
			   "cell \"rt\" is failed and cannot become running: start needs a loaded or stopped cell; use reset");
}

static void test_transitions(struct kunit *test)
{
	/* One row a state, one letter for each state that may follow or not. */
	static const char *const rows[] = {
		"nynnynn",	/* loading */
		"nnynyny",	/* loaded */
		"nnnyyny",	/* running */
		"nnynyny",	/* suspended */
		"nnynnyy",	/* stopping */
		"nnynyny",	/* stopped */
		"nnynynn",	/* failed */
	};
	unsigned int from, to;

	KUNIT_ASSERT_EQ(test, (unsigned int)ARRAY_SIZE(rows), AXVM_NR_STATES);
	for (from = 0; from < AXVM_NR_STATES; from++)
		for (to = 0; to < AXVM_NR_STATES; to++)
			KUNIT_EXPECT_EQ_MSG(test, axvm_state_may_follow(from, to),
					    rows[from][to] == 'y', "%s to %s",
					    axvm_state_names[from], axvm_state_names[to]);
}

/* From any state a user can get rid of the cell, and nothing leads back to its creation. */
static void test_no_dead_end(struct kunit *test)
{
	unsigned int state, from;

	for (state = AXVM_STATE_LOADED; state < AXVM_NR_STATES; state++) {
		KUNIT_EXPECT_EQ(test,
				axvm_state_allows("c", state, AXVM_REQUEST_DESTROY, NULL), 0);
		KUNIT_EXPECT_TRUE(test, state == AXVM_STATE_STOPPING ||
				  axvm_state_may_follow(state, AXVM_STATE_STOPPING));
	}
	for (from = 0; from < AXVM_NR_STATES; from++)
		KUNIT_EXPECT_FALSE(test, axvm_state_may_follow(from, AXVM_STATE_LOADING));
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(test_every_request),
	KUNIT_CASE(test_messages),
	KUNIT_CASE(test_message_in_full),
	KUNIT_CASE(test_transitions),
	KUNIT_CASE(test_no_dead_end),
	{ }
};

static struct kunit_suite state_suite = {
	.name = "axvm_state",
	.test_cases = state_cases,
};

kunit_test_suite(state_suite);
