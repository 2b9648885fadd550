// SPDX-License-Identifier: GPL-2.0
/*
 * Reads images from their files straight into guest memory, a chunk at a time.
 * All images are checked before the first byte is read.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>

#include "axvm.h"
#include "image.h"
#include "memory.h"

#define CHUNK	SZ_1M	/* bytes between two chances to be interrupted */

static int check_image(struct axvm_cell *cell, const struct axvm_config_image *image,
		       struct axvm_error *err)
{
	struct inode *inode = file_inode(image->file);
	u64 have;

	if (!S_ISREG(inode->i_mode))
		return axvm_fail(err, -EINVAL, "image \"%s\": not a regular file", image->name);
	have = i_size_read(inode);
	if (image->offset > have || image->size > have - image->offset)
		return axvm_fail(err, -EINVAL,
				 "image \"%s\": the file has %llu bytes, %llu at offset %llu are wanted; is it truncated?",
				 image->name, have, image->size, image->offset);
	if (!axvm_memory_covers(cell, image->gpa, image->size))
		return axvm_fail(err, -EINVAL,
				 "image \"%s\": %llu bytes at GPA 0x%llx are not all inside the cell's memory; add memory or load it elsewhere",
				 image->name, image->size, image->gpa);
	return 0;
}

/* Read once into what is contiguous at @gpa. Return: bytes, or a negative errno. */
static ssize_t read_chunk(struct axvm_cell *cell, const struct axvm_config_image *image, u64 done)
{
	loff_t pos = image->offset + done;
	u64 len = min_t(u64, CHUNK, image->size - done);
	void *to = axvm_memory_at(cell, image->gpa + done, &len);

	if (!to)
		return -EFAULT;
	return kernel_read(image->file, to, len, &pos);
}

static int load_image(struct axvm_cell *cell, const struct axvm_config_image *image,
		      struct axvm_error *err)
{
	ssize_t got;
	u64 done;

	for (done = 0; done < image->size; done += got) {
		if (fatal_signal_pending(current))
			return axvm_fail(err, -EINTR, "image \"%s\": interrupted", image->name);
		got = read_chunk(cell, image, done);
		if (got < 0)
			return axvm_fail(err, got, "image \"%s\": error %zd reading at offset %llu",
					 image->name, got, image->offset + done);
		if (!got)
			return axvm_fail(err, -EINVAL,
					 "image \"%s\": the file ended after %llu of %llu bytes; something truncated it",
					 image->name, done, image->size);
		cond_resched();
	}
	return 0;
}

int axvm_images_load(struct axvm_cell *cell, struct axvm_error *err)
{
	const struct axvm_config *cfg = cell->cfg;
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < cfg->nr_images; i++)
		ret = check_image(cell, &cfg->image[i], err);
	for (i = 0; !ret && i < cfg->nr_images; i++)
		ret = load_image(cell, &cfg->image[i], err);
	return ret;
}
