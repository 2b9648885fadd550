// SPDX-License-Identifier: GPL-2.0
/*
 * Linux as a peer: /dev/axvm/ivc-NAME. A file holds the channel, and so the
 * memory; a mapping holds its file. So whatever becomes of the cells, what a
 * program has mapped stays what it was.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../compat.h"
#include "ivc.h"

struct reader {
	struct list_head node;		/* in channel->files, under channel->files_lock */
	struct axvm_channel *channel;
	u32 rung, generation;		/* under channel->files_lock; not yet read; last one read */
};

static struct axvm_channel *by_index[CORE_MAX_CHANNELS];	/* under by_index_lock */
static DEFINE_SPINLOCK(by_index_lock);

/* The bell of Linux's peer entry; under axvm_ivc_lock. */
void axvm_ivc_list_linux(struct axvm_channel *channel, bool list)
{
	struct core_ivc_peer *peer;

	peer = &axvm_ivc_bells->peer[channel->index][channel->linux_index];
	lockdep_assert_held(&axvm_ivc_lock);
	if (!list) {
		WRITE_ONCE(peer->bell, 0);
		axvm_bell_quiesce();
	}
	spin_lock(&by_index_lock);
	by_index[channel->index] = list ? channel : NULL;
	spin_unlock(&by_index_lock);
	if (!list)
		return;
	WRITE_ONCE(peer->rung, 0);
	WRITE_ONCE(peer->link, channel->index);
	WRITE_ONCE(peer->id, AXVM_IVC_LINUX);
	smp_store_release(&peer->bell, CORE_BELL_LINUX + 1);
}

void axvm_ivc_tell_linux(struct axvm_channel *channel, u32 rung)
{
	struct reader *reader;

	spin_lock(&channel->files_lock);
	list_for_each_entry(reader, &channel->files, node)
		reader->rung |= rung;
	spin_unlock(&channel->files_lock);
	wake_up_interruptible(&channel->wait);
}

bool axvm_ivc_look(void)
{
	u64 *bell = &axvm_ivc_bells->bell[CORE_BELL_LINUX].rung;
	unsigned int i;
	u64 rung;

	if (!READ_ONCE(*bell))
		return false;
	rung = atomic64_xchg((atomic64_t *)bell, 0);
	spin_lock(&by_index_lock);
	for (i = 0; i < CORE_MAX_CHANNELS; i++) {
		struct axvm_channel *channel = by_index[i];
		struct core_ivc_peer *peer;

		if (!channel || !(rung & 1ULL << i))
			continue;
		peer = &axvm_ivc_bells->peer[i][channel->linux_index];
		axvm_ivc_tell_linux(channel, atomic_xchg((atomic_t *)&peer->rung, 0));
	}
	spin_unlock(&by_index_lock);
	return true;
}

/* The first open makes Linux a peer; under axvm_ivc_lock. */
static int enter(struct axvm_channel *channel)
{
	int place;

	if (channel->table->state != AXVM_IVC_LIVE)
		return -ENXIO;
	if (channel->linux_index < 0) {
		place = axvm_ivc_place(channel->table, AXVM_IVC_LINUX, channel->reserved);
		if (place < 0)
			return place;
		channel->linux_index = place;
		axvm_ivc_list_linux(channel, true);
		axvm_ivc_ring(channel, place,
			      axvm_ivc_attach(channel->table, place, AXVM_IVC_LINUX,
					      channel->linux_rights, AXVM_IVC_PEER_ATTACHED));
	}
	channel->opens++;
	return 0;
}

/* The last close: where Linux publishes a live channel, it stays. Under axvm_ivc_lock. */
static void leave(struct axvm_channel *channel)
{
	int index = channel->linux_index;

	if (--channel->opens || index < 0)
		return;
	if (!index && channel->table->state == AXVM_IVC_LIVE)
		return;
	axvm_ivc_list_linux(channel, false);
	channel->linux_index = -1;
	axvm_ivc_ring(channel, index, axvm_ivc_step(channel->table, index, AXVM_IVC_LEAVE));
}

static int ivc_open(struct inode *inode, struct file *file)
{
	struct axvm_channel *channel = container_of(file->private_data, struct axvm_channel, misc);
	struct reader *reader;
	int ret;

	if ((file->f_mode & FMODE_WRITE) && !(channel->linux_rights & AXVM_IVC_WRITE) &&
	    !(file->f_mode & FMODE_READ))
		return -EACCES;
	reader = kzalloc(sizeof(*reader), GFP_KERNEL);
	if (!reader)
		return -ENOMEM;
	reader->channel = channel;
	mutex_lock(&axvm_ivc_lock);
	ret = enter(channel);
	if (!ret) {
		kref_get(&channel->ref);
		reader->generation = channel->table->generation;
		spin_lock(&channel->files_lock);
		list_add(&reader->node, &channel->files);
		spin_unlock(&channel->files_lock);
	}
	mutex_unlock(&axvm_ivc_lock);
	if (ret) {
		kfree(reader);
		return ret;
	}
	file->private_data = reader;
	return nonseekable_open(inode, file);
}

static int ivc_release(struct inode *inode, struct file *file)
{
	struct reader *reader = file->private_data;
	struct axvm_channel *channel = reader->channel;

	mutex_lock(&axvm_ivc_lock);
	spin_lock(&channel->files_lock);
	list_del(&reader->node);
	spin_unlock(&channel->files_lock);
	leave(channel);
	mutex_unlock(&axvm_ivc_lock);
	axvm_ivc_put(channel);
	kfree(reader);
	return 0;
}

static bool has_news(struct reader *reader)
{
	return READ_ONCE(reader->rung) ||
	       READ_ONCE(reader->channel->table->generation) != READ_ONCE(reader->generation);
}

/* Return: was there anything? */
static bool take_news(struct reader *reader, struct axvm_ivc_event *event)
{
	const struct axvm_ivc_table *table = reader->channel->table;
	bool any;

	mutex_lock(&axvm_ivc_lock);	/* the table is whole */
	spin_lock(&reader->channel->files_lock);
	any = has_news(reader);
	*event = (struct axvm_ivc_event) {
		.rung = reader->rung,
		.state = table->state,
		.generation = table->generation,
	};
	reader->rung = 0;
	reader->generation = table->generation;
	spin_unlock(&reader->channel->files_lock);
	mutex_unlock(&axvm_ivc_lock);
	return any;
}

static ssize_t ivc_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct reader *reader = file->private_data;
	struct axvm_ivc_event event;
	int ret;

	if (count < sizeof(event))
		return -EINVAL;
	while (!take_news(reader, &event)) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(reader->channel->wait, has_news(reader));
		if (ret)
			return ret;
	}
	return copy_to_user(buf, &event, sizeof(event)) ? -EFAULT : sizeof(event);
}

static int ring(struct axvm_channel *channel, u32 id)
{
	const struct axvm_ivc_table *table = channel->table;
	int self = channel->linux_index;
	u32 peers = axvm_ivc_others(table, self);
	unsigned int i;

	if (self < 0)
		return -ENXIO;
	for (i = 0; i < AXVM_IVC_MAX_PEERS; i++)
		if (id != (u32)AXVM_IVC_ANY && table->peer[i].id != id)
			peers &= ~(1U << i);
	if (!peers)
		return -ENXIO;
	axvm_ivc_ring(channel, self, peers);
	return 0;
}

static ssize_t ivc_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct reader *reader = file->private_data;
	int ret;
	u32 id;

	if (count != sizeof(id))
		return -EINVAL;
	if (copy_from_user(&id, buf, sizeof(id)))
		return -EFAULT;
	mutex_lock(&axvm_ivc_lock);
	ret = ring(reader->channel, id);
	mutex_unlock(&axvm_ivc_lock);
	return ret ?: count;
}

static __poll_t ivc_poll(struct file *file, poll_table *wait)
{
	struct reader *reader = file->private_data;
	__poll_t mask = EPOLLOUT | EPOLLWRNORM;

	poll_wait(file, &reader->channel->wait, wait);
	if (has_news(reader))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(reader->channel->table->state) != AXVM_IVC_LIVE)
		mask |= EPOLLHUP;
	return mask;
}

static int ivc_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct axvm_channel *channel = ((struct reader *)file->private_data)->channel;
	u64 start = (u64)vma->vm_pgoff << PAGE_SHIFT, size = vma->vm_end - vma->vm_start;
	bool read_only = !(channel->linux_rights & AXVM_IVC_WRITE);

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	/* Never across the border: the two have different rights. */
	if (start == channel->size && size == AXVM_IVC_TABLE_SIZE)
		read_only = true;
	else if (start >= channel->size || size > channel->size - start)
		return -EINVAL;
	if (read_only && (vma->vm_flags & VM_WRITE))
		return -EACCES;
	if (read_only)
		axvm_vm_flags_clear(vma, VM_MAYWRITE);
	axvm_vm_flags_clear(vma, VM_MAYEXEC);
	return remap_pfn_range(vma, vma->vm_start, (channel->hpa + start) >> PAGE_SHIFT, size,
			       vma->vm_page_prot);
}

static const struct file_operations ivc_fops = {
	.owner = THIS_MODULE,
	.open = ivc_open,
	.release = ivc_release,
	.read = ivc_read,
	.write = ivc_write,
	.poll = ivc_poll,
	.mmap = ivc_mmap,
};

int axvm_ivc_register(struct axvm_channel *channel)
{
	int ret;

	snprintf(channel->device, sizeof(channel->device), "axvm/ivc-%s", channel->name);
	channel->misc = (struct miscdevice) {
		.minor = MISC_DYNAMIC_MINOR,
		.name = channel->device + sizeof("axvm/") - 1,
		.nodename = channel->device,
		.fops = &ivc_fops,
		.mode = 0600,
	};
	ret = misc_register(&channel->misc);
	if (ret)
		return ret;
	mutex_lock(&axvm_ivc_lock);
	channel->registered = channel->table->state == AXVM_IVC_LIVE;
	ret = channel->registered ? 0 : -ENOENT;
	mutex_unlock(&axvm_ivc_lock);
	if (ret)
		misc_deregister(&channel->misc);
	return ret;
}

void axvm_ivc_unregister(struct axvm_channel *channel)
{
	misc_deregister(&channel->misc);
}
