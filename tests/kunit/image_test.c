// SPDX-License-Identifier: GPL-2.0
/* Tests of image loading, with files in shared memory. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/shmem_fs.h>

#include "axvm.h"
#include "image.h"
#include "memory.h"

#define GPA		0x10000
#define FILE_SIZE	0x1800

static struct axvm_cell *cell;
static struct axvm_config_image *image;
static struct axvm_error err;
static u8 *content, *low, *high;	/* the file, the two pieces of guest memory */

static void *add_piece(struct kunit *test, u64 gpa, u64 size)
{
	struct axvm_memory *mem = kunit_kzalloc(test, sizeof(*mem), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mem);
	mem->va = kunit_kzalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, mem->va);
	mem->gpa = gpa;
	mem->size = size;
	list_add_tail(&mem->node, &cell->memory);
	return mem->va;
}

static struct file *make_file(struct kunit *test)
{
	struct file *file = shmem_file_setup("axvm-image-test", FILE_SIZE, 0);
	loff_t pos = 0;
	unsigned int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	for (i = 0; i < FILE_SIZE; i++)
		content[i] = i * 7 + (i >> 8);
	KUNIT_EXPECT_EQ(test, kernel_write(file, content, FILE_SIZE, &pos), FILE_SIZE);
	return file;
}

/* Two pieces of 4 KiB, and an image of 4 KiB across their border. */
static int image_test_init(struct kunit *test)
{
	cell = kunit_kzalloc(test, sizeof(*cell), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cell);
	cell->cfg = kunit_kzalloc(test, sizeof(*cell->cfg), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cell->cfg);
	content = kunit_kzalloc(test, FILE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, content);
	INIT_LIST_HEAD(&cell->memory);
	high = add_piece(test, GPA + 0x1000, 0x1000);
	low = add_piece(test, GPA, 0x1000);
	cell->cfg->nr_images = 1;
	image = &cell->cfg->image[0];
	image->file = make_file(test);
	image->offset = 0x123;
	image->size = 0x1000;
	image->gpa = GPA + 0x800;
	strscpy(image->name, "the-image", sizeof(image->name));
	err.text[0] = '\0';
	return 0;
}

static void image_test_exit(struct kunit *test)
{
	if (image && !IS_ERR_OR_NULL(image->file))
		fput(image->file);
	image = NULL;
}

static void test_load(struct kunit *test)
{
	KUNIT_ASSERT_EQ_MSG(test, axvm_images_load(cell, &err), 0, "%s", err.text);
	KUNIT_EXPECT_NULL(test, memchr_inv(low, 0, 0x800));
	KUNIT_EXPECT_EQ(test, memcmp(low + 0x800, content + 0x123, 0x800), 0);
	KUNIT_EXPECT_EQ(test, memcmp(high, content + 0x923, 0x800), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(high + 0x800, 0, 0x800));
}

static void expect_refused(struct kunit *test, const char *word)
{
	err.text[0] = '\0';
	KUNIT_EXPECT_EQ(test, axvm_images_load(cell, &err), -EINVAL);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(err.text, "the-image"), "%s", err.text);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(err.text, word), "%s", err.text);
	KUNIT_EXPECT_NULL(test, memchr_inv(low, 0, 0x1000));
	KUNIT_EXPECT_NULL(test, memchr_inv(high, 0, 0x1000));
}

static void test_short_file(struct kunit *test)
{
	image->offset = FILE_SIZE - 0x1000 + 1;
	expect_refused(test, "6144");
	image->offset = FILE_SIZE + 1;
	expect_refused(test, "truncated");
	image->offset = ~0ULL;
	expect_refused(test, "truncated");
}

static void test_outside_memory(struct kunit *test)
{
	image->gpa = GPA + 0x1001;
	expect_refused(test, "inside");
	image->gpa = GPA - 1;
	expect_refused(test, "inside");
	image->gpa = ~0ULL - 0xfff;
	expect_refused(test, "inside");
}

/* One bad image: nothing of the good one before it is loaded either. */
static void test_all_checked_first(struct kunit *test)
{
	cell->cfg->nr_images = 2;
	cell->cfg->image[1] = *image;
	cell->cfg->image[1].gpa = 0;
	expect_refused(test, "inside");
}

static struct kunit_case image_cases[] = {
	KUNIT_CASE(test_load),
	KUNIT_CASE(test_short_file),
	KUNIT_CASE(test_outside_memory),
	KUNIT_CASE(test_all_checked_first),
	{ }
};

static struct kunit_suite image_suite = {
	.name = "axvm_image",
	.init = image_test_init,
	.exit = image_test_exit,
	.test_cases = image_cases,
};

kunit_test_suite(image_suite);
