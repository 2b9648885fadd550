// SPDX-License-Identifier: GPL-2.0
/*
 * A cell's console: /dev/ttyAXVMn, whose other end are the rings of core_cell.
 *
 * guest -> tx ring -> backlog -> flip buffer -> reader. With nobody attached
 * the backlog keeps the newest 64 KiB, so that the first reader sees the boot.
 * With a reader attached nothing is thrown away: when he does not read, the
 * backlog fills, then the ring, and then the guest is held back.
 */
#include <linux/kfifo.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/tty_flip.h>

#include "axvm.h"
#include "cell.h"
#include "compat.h"
#include "console.h"
#include "event.h"
#include "vcpu.h"

#define NR_CONSOLES	32
#define BACKLOG		65536	/* bytes, a power of two */
#define CHUNK		2048	/* bytes given to a reader before seeing whether he keeps up */

struct axvm_console {
	struct tty_port port;
	struct kfifo backlog;		/* filled and emptied under axvm_cells_lock */
	void *backlog_buf;
	spinlock_t lock;		/* protects what follows and the rx ring's head */
	struct axvm_cell *cell;		/* NULL once the cell is going away */
	int minor;			/* -1: none yet */
	bool open;
	bool throttled;			/* the reader's buffer is full */
	bool blocked;			/* a writer found the rx ring full */
};

static struct tty_driver *driver;
static DEFINE_MUTEX(table_lock);
static struct axvm_console *table[NR_CONSOLES];		/* what can be opened; under table_lock */
static DECLARE_BITMAP(minors, NR_CONSOLES);		/* used until the last reader has closed */

static struct axvm_console *of_port(struct tty_port *port)
{
	return container_of(port, struct axvm_console, port);
}

/* Guest to reader. */

/* Return: bytes copied from the tx ring into the backlog. */
static unsigned int fill_backlog(struct axvm_console *con, struct core_cell *core, bool keep)
{
	u32 head = smp_load_acquire(&core->tx.head);
	u32 tail = core->tx.tail;
	u32 len = min_t(u32, head - tail, CORE_TX_SIZE);
	u32 start = tail % CORE_TX_SIZE;
	u32 first, room;

	if (keep) {
		len = min(len, kfifo_avail(&con->backlog));
	} else {
		for (room = kfifo_avail(&con->backlog); room < len; room++)
			kfifo_skip(&con->backlog);
	}
	if (!len)
		return 0;
	first = min(len, CORE_TX_SIZE - start);
	kfifo_in(&con->backlog, core->tx_data + start, first);
	kfifo_in(&con->backlog, core->tx_data, len - first);
	smp_store_release(&core->tx.tail, tail + len);
	return len;
}

/* Return: was there anything? */
static bool drain_tx(struct axvm_console *con, struct axvm_cell *cell)
{
	struct core_cell *core = cell->core;
	u32 tail = core->tx.tail;

	if (!fill_backlog(con, core, con->open))
		return false;
	/* A guest that found the ring full waits for its UART's interrupt. */
	smp_mb();	/* the new tail before the look at head */
	if (READ_ONCE(core->tx.head) - tail >= CORE_TX_SIZE)
		axvm_vcpu_request(cell, 0, CORE_REQ_IRQ);
	return true;
}

/* Return: shall this be called again soon? */
static bool feed_reader(struct axvm_console *con)
{
	unsigned char chunk[256];
	unsigned int total = 0, len, taken;

	if (!READ_ONCE(con->open) || READ_ONCE(con->throttled))
		return false;
	while (total < CHUNK) {
		len = kfifo_out_peek(&con->backlog, chunk, sizeof(chunk));
		if (!len)
			break;
		taken = tty_insert_flip_string(&con->port, chunk, len);
		if (kfifo_out(&con->backlog, chunk, taken) != taken || !taken)
			break;
		total += taken;
	}
	if (total)
		tty_flip_buffer_push(&con->port);
	return !kfifo_is_empty(&con->backlog);
}

/* Reader to guest. */

static u32 rx_room(const struct core_cell *core)
{
	return CORE_RX_SIZE - (core->rx.head - smp_load_acquire(&core->rx.tail));
}

/* Return: bytes that fitted. Under con->lock. */
static u32 put_rx(struct core_cell *core, const u8 *buf, u32 len)
{
	u32 head = core->rx.head;
	u32 i;

	len = min(len, rx_room(core));
	for (i = 0; i < len; i++)
		core->rx_data[(head + i) % CORE_RX_SIZE] = buf[i];
	smp_store_release(&core->rx.head, head + len);
	return len;
}

static axvm_tty_ret console_write(struct tty_struct *tty, const u8 *buf, axvm_tty_len count)
{
	struct axvm_console *con = tty->driver_data;
	struct core_cell *core;
	unsigned long flags;
	u32 head, len = 0;

	spin_lock_irqsave(&con->lock, flags);
	if (con->cell) {
		core = con->cell->core;
		head = core->rx.head;
		len = put_rx(core, buf, min_t(axvm_tty_len, count, CORE_RX_SIZE));
		con->blocked |= len < count;
		smp_mb();	/* the new head before the look at tail */
		/* Had the guest read all before? Then it does not know of the new bytes. */
		if (len && READ_ONCE(core->rx.tail) == head)
			axvm_vcpu_request(con->cell, 0, CORE_REQ_IRQ);
	}
	spin_unlock_irqrestore(&con->lock, flags);
	return len;
}

static unsigned int console_write_room(struct tty_struct *tty)
{
	struct axvm_console *con = tty->driver_data;
	unsigned long flags;
	unsigned int room = 0;

	spin_lock_irqsave(&con->lock, flags);
	if (con->cell)
		room = rx_room(con->cell->core);
	con->blocked |= con->cell && !room;
	spin_unlock_irqrestore(&con->lock, flags);
	return room;
}

/* Return: was a writer waiting for the guest to read? */
static bool wake_writer(struct axvm_console *con, struct axvm_cell *cell)
{
	unsigned long flags;
	bool blocked, wake;

	spin_lock_irqsave(&con->lock, flags);
	blocked = con->blocked;
	wake = blocked && rx_room(cell->core) >= CORE_RX_SIZE / 2;
	if (wake)
		con->blocked = false;
	spin_unlock_irqrestore(&con->lock, flags);
	if (wake)
		tty_port_tty_wakeup(&con->port);
	return blocked;
}

bool axvm_console_drain(struct axvm_cell *cell)
{
	struct axvm_console *con = cell->console;
	bool busy;

	if (!con)
		return false;
	busy = drain_tx(con, cell);
	busy |= feed_reader(con);
	busy |= wake_writer(con, cell);
	return busy;
}

/* What the tty layer calls. */

static void console_throttle(struct tty_struct *tty)
{
	struct axvm_console *con = tty->driver_data;

	WRITE_ONCE(con->throttled, true);
}

static void console_unthrottle(struct tty_struct *tty)
{
	struct axvm_console *con = tty->driver_data;

	WRITE_ONCE(con->throttled, false);
	axvm_event_look();
}

static int port_activate(struct tty_port *port, struct tty_struct *tty)
{
	struct axvm_console *con = of_port(port);

	WRITE_ONCE(con->throttled, false);
	WRITE_ONCE(con->open, true);
	axvm_event_look();
	return 0;
}

static void port_shutdown(struct tty_port *port)
{
	WRITE_ONCE(of_port(port)->open, false);
}

static void port_destruct(struct tty_port *port)
{
	struct axvm_console *con = of_port(port);

	if (con->minor >= 0)
		clear_bit(con->minor, minors);
	kvfree(con->backlog_buf);
	kfree(con);
}

static const struct tty_port_operations port_ops = {
	.activate = port_activate,
	.shutdown = port_shutdown,
	.destruct = port_destruct,
};

static int console_install(struct tty_driver *drv, struct tty_struct *tty)
{
	struct axvm_console *con;
	int ret = -ENODEV;

	mutex_lock(&table_lock);
	con = table[tty->index];
	if (con)
		ret = tty_port_install(&con->port, drv, tty);
	if (!ret) {
		tty_port_get(&con->port);
		tty->driver_data = con;
	}
	mutex_unlock(&table_lock);
	return ret;
}

static void console_cleanup(struct tty_struct *tty)
{
	struct axvm_console *con = tty->driver_data;

	tty->driver_data = NULL;
	tty_port_put(&con->port);
}

static int console_open(struct tty_struct *tty, struct file *file)
{
	struct axvm_console *con = tty->driver_data;

	return tty_port_open(&con->port, tty, file);
}

static void console_close(struct tty_struct *tty, struct file *file)
{
	struct axvm_console *con = tty->driver_data;

	if (con)
		tty_port_close(&con->port, tty, file);
}

static void console_hangup(struct tty_struct *tty)
{
	struct axvm_console *con = tty->driver_data;

	tty_port_hangup(&con->port);
}

static const struct tty_operations console_ops = {
	.install = console_install,
	.cleanup = console_cleanup,
	.open = console_open,
	.close = console_close,
	.hangup = console_hangup,
	.write = console_write,
	.write_room = console_write_room,
	.throttle = console_throttle,
	.unthrottle = console_unthrottle,
};

/* Coming and going. */

static struct axvm_console *console_alloc(void)
{
	struct axvm_console *con = kzalloc(sizeof(*con), GFP_KERNEL);

	if (!con)
		return NULL;
	con->backlog_buf = kvmalloc(BACKLOG, GFP_KERNEL);
	if (!con->backlog_buf || kfifo_init(&con->backlog, con->backlog_buf, BACKLOG)) {
		kvfree(con->backlog_buf);
		kfree(con);
		return NULL;
	}
	con->minor = -1;
	spin_lock_init(&con->lock);
	tty_port_init(&con->port);
	con->port.ops = &port_ops;
	return con;
}

static int get_minor(struct axvm_console *con)
{
	int i;

	for (i = 0; i < NR_CONSOLES; i++) {
		if (test_and_set_bit(i, minors))
			continue;
		con->minor = i;
		return 0;
	}
	return -ENOSPC;
}

static void set_table(struct axvm_console *con, struct axvm_console *entry)
{
	mutex_lock(&table_lock);
	table[con->minor] = entry;
	mutex_unlock(&table_lock);
}

static int console_register(struct axvm_console *con)
{
	struct device *dev;
	int ret;

	ret = get_minor(con);
	if (ret)
		return ret;
	set_table(con, con);
	dev = tty_port_register_device(&con->port, driver, con->minor, NULL);
	if (!IS_ERR(dev))
		return 0;
	set_table(con, NULL);
	return PTR_ERR(dev);
}

int axvm_console_create(struct axvm_cell *cell, struct axvm_error *err)
{
	struct axvm_console *con = console_alloc();
	int ret;

	if (!con)
		return axvm_fail(err, -ENOMEM, "no memory for the console's %u bytes", BACKLOG);
	con->cell = cell;
	ret = console_register(con);
	if (ret) {
		tty_port_put(&con->port);
		return axvm_fail(err, ret,
				 "no tty for the console (error %d): there are %u, destroy another cell",
				 ret, NR_CONSOLES);
	}
	mutex_lock(&axvm_cells_lock);
	cell->console = con;
	mutex_unlock(&axvm_cells_lock);
	return 0;
}

void axvm_console_destroy(struct axvm_cell *cell)
{
	struct axvm_console *con = cell->console;
	struct tty_struct *tty;
	unsigned long flags;

	if (!con)
		return;
	mutex_lock(&axvm_cells_lock);
	cell->console = NULL;
	mutex_unlock(&axvm_cells_lock);
	spin_lock_irqsave(&con->lock, flags);
	con->cell = NULL;
	spin_unlock_irqrestore(&con->lock, flags);
	set_table(con, NULL);	/* from here on nobody can open it anew */
	tty = tty_port_tty_get(&con->port);
	if (tty) {
		tty_vhangup(tty);
		tty_kref_put(tty);
	}
	tty_unregister_device(driver, con->minor);
	tty_port_put(&con->port);
}

int axvm_console_minor(struct axvm_cell *cell)
{
	return cell->console ? cell->console->minor : -1;
}

int axvm_console_init(void)
{
	int ret;

	driver = tty_alloc_driver(NR_CONSOLES, TTY_DRIVER_REAL_RAW | TTY_DRIVER_DYNAMIC_DEV |
				  TTY_DRIVER_RESET_TERMIOS);
	if (IS_ERR(driver))
		return PTR_ERR(driver);
	driver->driver_name = "axvm";
	driver->name = "ttyAXVM";
	driver->type = TTY_DRIVER_TYPE_SERIAL;
	driver->subtype = SERIAL_TYPE_NORMAL;
	driver->init_termios = tty_std_termios;
	/* Raw: with echo, the guest's own output would come back to it as input. */
	driver->init_termios.c_iflag = 0;
	driver->init_termios.c_oflag = 0;
	driver->init_termios.c_lflag = 0;
	driver->init_termios.c_cflag = B115200 | CS8 | CREAD | CLOCAL | HUPCL;
	tty_set_operations(driver, &console_ops);
	ret = tty_register_driver(driver);
	if (ret)
		tty_driver_kref_put(driver);
	return ret;
}

void axvm_console_exit(void)
{
	tty_unregister_driver(driver);
	tty_driver_kref_put(driver);
}
