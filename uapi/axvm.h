/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Generated from uapi/axvm.yaml by scripts/nlgen.py; edit that, then run it. */
/* Run time partitioning, cells on CPUs and memory taken from Linux. */
#ifndef _UAPI_AXVM_H
#define _UAPI_AXVM_H

#define AXVM_FAMILY_NAME	"axvm"
#define AXVM_FAMILY_VERSION	1

/* Longest cell name in bytes, without the terminating NUL. */
#define AXVM_NAME_MAX	31
#define AXVM_MAX_VCPUS	32
/* Most memory entries, images or devices that one cell can have (each). */
#define AXVM_MAX_REGIONS	16
/* Most wired interrupts of the host that one cell can have. */
#define AXVM_MAX_WIRES	16
/* Longest name of a channel in bytes, without the terminating NUL. */
#define AXVM_IVC_NAME_MAX	47
/* Most channels that a cell's configuration can speak of. */
#define AXVM_MAX_IVC_RULES	16

/* Where in its life a cell is. */
enum axvm_state {
	AXVM_STATE_LOADING = 0,
	AXVM_STATE_LOADED = 1,
	AXVM_STATE_RUNNING = 2,
	AXVM_STATE_SUSPENDED = 3,
	AXVM_STATE_STOPPING = 4,
	AXVM_STATE_STOPPED = 5,
	AXVM_STATE_FAILED = 6,
};

#define AXVM_NR_STATES	7U

/*
 * What a vCPU's core is doing. "waiting" is a secondary CPU that its guest has not started,
 * "asking" one that waits for the host half to answer.
 */
enum axvm_vcpu_state {
	AXVM_VCPU_STATE_OFF = 0,
	AXVM_VCPU_STATE_PARKED = 1,
	AXVM_VCPU_STATE_RUNNING = 2,
	AXVM_VCPU_STATE_WAITING = 3,
	AXVM_VCPU_STATE_PAUSED = 4,
	AXVM_VCPU_STATE_LEFT = 5,
	AXVM_VCPU_STATE_ASKING = 6,
};

#define AXVM_NR_VCPU_STATES	7U

/* Why a cell stopped. */
enum axvm_cause {
	AXVM_CAUSE_NONE = 0,
	AXVM_CAUSE_HOST_STOP = 1,
	AXVM_CAUSE_GUEST_OFF = 2,
	AXVM_CAUSE_GUEST_RESET = 3,
	AXVM_CAUSE_TRIPLE_FAULT = 4,
	AXVM_CAUSE_STAGE2_FAULT = 5,
	AXVM_CAUSE_DECODE_ERROR = 6,
	AXVM_CAUSE_BAD_STATE = 7,
	AXVM_CAUSE_UNHANDLED_EXIT = 8,
	AXVM_CAUSE_CORE_ERROR = 9,
	AXVM_CAUSE_CPU_LOST = 10,
	AXVM_CAUSE_RELOAD_ERROR = 11,
	AXVM_CAUSE_DMA_FAULT = 12,
};

#define AXVM_NR_CAUSES	13U

enum axvm_memory_type {
	AXVM_MEMORY_TYPE_ALLOC = 0,
	AXVM_MEMORY_TYPE_IDENTICAL = 1,
	AXVM_MEMORY_TYPE_RESERVED = 2,
};

#define AXVM_NR_MEMORY_TYPES	3U

enum axvm_memory_flag {
	AXVM_MEMORY_FLAG_READ = 1U << 0,
	AXVM_MEMORY_FLAG_WRITE = 1U << 1,
	AXVM_MEMORY_FLAG_EXEC = 1U << 2,
};

#define AXVM_ALL_MEMORY_FLAGS	0x7U

/*
 * Who takes a guest's interrupts: the guest itself, nobody, or the core, which hands them on. What
 * an architecture cannot do, it refuses.
 */
enum axvm_irq_mode {
	AXVM_IRQ_MODE_PASSTHROUGH = 0,
	AXVM_IRQ_MODE_NONE = 1,
	AXVM_IRQ_MODE_EMULATED = 2,
};

#define AXVM_NR_IRQ_MODES	3U

/* How a wired interrupt asks; a level until the device is content, an edge once. */
enum axvm_trigger {
	AXVM_TRIGGER_EDGE = 0,
	AXVM_TRIGGER_LEVEL = 1,
};

#define AXVM_NR_TRIGGERS	2U

/*
 * What follows when a guest uses an address where it has neither memory nor a device, or writes to
 * memory without the write flag. The cell fails; the guest gets its architecture's exception (x86:
 * #GP, arm64: a synchronous external abort); or reads give ones and writes are lost. The last two
 * are logged and counted.
 */
enum axvm_fault_policy {
	AXVM_FAULT_POLICY_FAIL = 0,
	AXVM_FAULT_POLICY_INJECT = 1,
	AXVM_FAULT_POLICY_IGNORE = 2,
};

#define AXVM_NR_FAULT_POLICYS	3U

enum axvm_cell_flag {
	AXVM_CELL_FLAG_ALLOW_SMT_SHARING = 1U << 0,
};

#define AXVM_ALL_CELL_FLAGS	0x1U

/*
 * What answers at a device's base. "ports" are physical I/O ports and "mmio" is physical address
 * space, handed through; the others are emulated in the core. "gicv3" has its distributor at the
 * base and, from base + 0xa0000 on, a redistributor of 128 KiB for each vCPU. "pci-host" is a PCI
 * bus with its ECAM window of 1 MiB at the base, a multiple of 256 MiB, and from base + 16 MiB to
 * base + 256 MiB the window for BARs; its irq is the first of four lines: device n has number n % 4
 * of them. "testdev" is answered by the host half, slowly. "pci" is a PCI function of the host; its
 * base is the slot on the cell's bus, 0 asks for a free one. "pci-bar", in replies only, is a part
 * of a BAR that the core answers.
 */
enum axvm_device_type {
	AXVM_DEVICE_TYPE_PORTS = 0,
	AXVM_DEVICE_TYPE_UART16550 = 1,
	AXVM_DEVICE_TYPE_CMOS_RTC = 2,
	AXVM_DEVICE_TYPE_ACPI_PM = 3,
	AXVM_DEVICE_TYPE_IOAPIC = 4,
	AXVM_DEVICE_TYPE_MMIO = 5,
	AXVM_DEVICE_TYPE_PL011 = 6,
	AXVM_DEVICE_TYPE_PL031 = 7,
	AXVM_DEVICE_TYPE_GICV3 = 8,
	AXVM_DEVICE_TYPE_PCI_HOST = 9,
	AXVM_DEVICE_TYPE_TESTDEV = 10,
	AXVM_DEVICE_TYPE_PCI = 11,
	AXVM_DEVICE_TYPE_PCI_BAR = 12,
};

#define AXVM_NR_DEVICE_TYPES	13U

/* What a guest may do to registers that are handed through one by one. */
enum axvm_device_right {
	AXVM_DEVICE_RIGHT_READ = 1U << 0,
	AXVM_DEVICE_RIGHT_WRITE = 1U << 1,
};

#define AXVM_ALL_DEVICE_RIGHTS	0x3U

/* Why a vCPU left its guest, in terms that every architecture has. */
enum axvm_exit {
	AXVM_EXIT_MMIO = 0,
	AXVM_EXIT_PIO = 1,
	AXVM_EXIT_SYSREG = 2,
	AXVM_EXIT_HYPERCALL = 3,
	AXVM_EXIT_STAGE2_FAULT = 4,
	AXVM_EXIT_IPI = 5,
	AXVM_EXIT_IDLE = 6,
	AXVM_EXIT_KICK = 7,
	AXVM_EXIT_INTERRUPT = 8,
	AXVM_EXIT_IDENT = 9,
	AXVM_EXIT_EXCEPTION = 10,
	AXVM_EXIT_FATAL = 11,
};

#define AXVM_NR_EXITS	12U

/* Things worth counting that are not exits. */
enum axvm_counter {
	AXVM_COUNTER_SYSREG_REFUSED = 0,
	AXVM_COUNTER_IPI_REFUSED = 1,
	AXVM_COUNTER_PIO_UNCLAIMED = 2,
	AXVM_COUNTER_CONSOLE_DROPPED = 3,
	AXVM_COUNTER_IRQ_DROPPED = 4,
	AXVM_COUNTER_EVENT = 5,
	AXVM_COUNTER_FAULT = 6,
	AXVM_COUNTER_ACCESS_REFUSED = 7,
};

#define AXVM_NR_COUNTERS	8U

/*
 * Where a vCPU's time goes while its exits are recorded: in its guest (halted or not), in the core,
 * waiting to be started.
 */
enum axvm_time {
	AXVM_TIME_GUEST = 0,
	AXVM_TIME_CORE = 1,
	AXVM_TIME_IDLE = 2,
};

#define AXVM_NR_TIMES	3U

/* Does the recorder of a cell's exits keep and measure them? */
enum axvm_recorder {
	AXVM_RECORDER_OFF = 0,
	AXVM_RECORDER_ON = 1,
};

#define AXVM_NR_RECORDERS	2U

/* What a cell's guest may do with a channel. */
enum axvm_ivc_kind {
	AXVM_IVC_KIND_PUBLISH = 0,
	AXVM_IVC_KIND_SUBSCRIBE = 1,
};

#define AXVM_NR_IVC_KINDS	2U

enum axvm_ivc_right {
	AXVM_IVC_RIGHT_READ = 1U << 0,
	AXVM_IVC_RIGHT_WRITE = 1U << 1,
};

#define AXVM_ALL_IVC_RIGHTS	0x3U

/* As in a channel's state table. */
enum axvm_ivc_state {
	AXVM_IVC_STATE_NONE = 0,
	AXVM_IVC_STATE_LIVE = 1,
	AXVM_IVC_STATE_REVOKED = 2,
	AXVM_IVC_STATE_DEAD = 3,
};

#define AXVM_NR_IVC_STATES	4U

/* As in a channel's state table. */
enum axvm_ivc_peer_state {
	AXVM_IVC_PEER_STATE_NONE = 0,
	AXVM_IVC_PEER_STATE_ATTACHED = 1,
	AXVM_IVC_PEER_STATE_LEFT = 2,
	AXVM_IVC_PEER_STATE_DIED = 3,
	AXVM_IVC_PEER_STATE_STOPPED = 4,
};

#define AXVM_NR_IVC_PEER_STATES	5U

enum axvm_event {
	AXVM_EVENT_CREATED = 0,
	AXVM_EVENT_STATE = 1,
	AXVM_EVENT_PROGRESS = 2,
	AXVM_EVENT_DESTROYED = 3,
};

#define AXVM_NR_EVENTS	4U

/* Attributes of cell. */
enum {
	/* u32 */
	AXVM_A_CELL_ID = 1,
	/* string */
	AXVM_A_CELL_NAME,
	/* u32, state */
	AXVM_A_CELL_STATE,
	/* u32, irq-mode */
	AXVM_A_CELL_IRQ_MODE,
	/* u32, cell-flag */
	AXVM_A_CELL_FLAGS,
	/* nest of vcpu, any number */
	AXVM_A_CELL_VCPU,
	/* nest of memory, any number */
	AXVM_A_CELL_MEMORY,
	/* nest of image, any number */
	AXVM_A_CELL_IMAGE,
	/* nest of device, any number */
	AXVM_A_CELL_DEVICE,
	/* nest of boot */
	AXVM_A_CELL_BOOT,
	/* nest of stop */
	AXVM_A_CELL_STOP,
	/* u32: Minor number of the console's tty; absent without a console. */
	AXVM_A_CELL_TTY,
	/* u32, event */
	AXVM_A_CELL_EVENT,
	/* string: What create is doing now. */
	AXVM_A_CELL_PROGRESS,
	/* nest of log, any number */
	AXVM_A_CELL_LOG,
	/* u32, recorder */
	AXVM_A_CELL_RECORDER,
	/* nest of ivc-rule, any number */
	AXVM_A_CELL_IVC_RULE,
	/* u64: Of the channels that the guest publishes, together. */
	AXVM_A_CELL_IVC_MAX_BYTES,
	/* nest of inject */
	AXVM_A_CELL_INJECT,
	/* u32, fault-policy */
	AXVM_A_CELL_FAULT_POLICY,
	/* nest of wire, any number */
	AXVM_A_CELL_WIRE,
	/*
	 * nest of device, any number: "ports" (base, size) and "mmio" (hpa, size) that the cell
	 * does not get, whatever is handed through.
	 */
	AXVM_A_CELL_EXCLUDED,

	__AXVM_A_CELL_MAX,
	AXVM_A_CELL_MAX = __AXVM_A_CELL_MAX - 1
};

/* Attributes of vcpu. */
enum {
	/* u32 */
	AXVM_A_VCPU_INDEX = 1,
	/* u32: Linux CPU number. */
	AXVM_A_VCPU_CPU,
	/* binary: Little-endian bitmap of the CPUs that may be used instead of "cpu". */
	AXVM_A_VCPU_AFFINITY,
	/* u32: The CPU's own number, such as its APIC ID. */
	AXVM_A_VCPU_HW_ID,
	/* u32, vcpu-state */
	AXVM_A_VCPU_STATE,
	/* nest of count, any number */
	AXVM_A_VCPU_EXIT,
	/* nest of count, any number */
	AXVM_A_VCPU_COUNTER,
	/* nest of count, any number: Hypercalls by number; 0: any other. */
	AXVM_A_VCPU_CALL,
	/* nest of access, any number: To emulated devices. */
	AXVM_A_VCPU_ACCESS,
	/* nest of count, any number: In ticks by enum time. */
	AXVM_A_VCPU_TIME,
	/* nest of count, any number: Ticks in the core by enum exit. */
	AXVM_A_VCPU_SPENT,
	/*
	 * nest of count, any number: How many recorded exits of a reason took 2^n to 2^(n+1) - 1
	 * ticks; "id" is the reason (enum exit) * 256 + n.
	 */
	AXVM_A_VCPU_COST,
	/* nest of record, any number: Recorded exits, oldest first. */
	AXVM_A_VCPU_RECORD,

	__AXVM_A_VCPU_MAX,
	AXVM_A_VCPU_MAX = __AXVM_A_VCPU_MAX - 1
};

/* Attributes of record. */
enum {
	/* u32: Counts the vCPU's recorded exits; wraps. */
	AXVM_A_RECORD_SEQ = 1,
	/* u32, exit */
	AXVM_A_RECORD_REASON,
	/* u64: The architecture's own exit code. */
	AXVM_A_RECORD_CODE,
	/* u64: Of the instruction that exited. */
	AXVM_A_RECORD_PC,
	/* u32: In ticks. */
	AXVM_A_RECORD_COST,

	__AXVM_A_RECORD_MAX,
	AXVM_A_RECORD_MAX = __AXVM_A_RECORD_MAX - 1
};

/* Attributes of access. */
enum {
	/* u64: Of the device. */
	AXVM_A_ACCESS_BASE = 1,
	/* u32, device-type */
	AXVM_A_ACCESS_TYPE,
	/* u64: How often. */
	AXVM_A_ACCESS_VALUE,

	__AXVM_A_ACCESS_MAX,
	AXVM_A_ACCESS_MAX = __AXVM_A_ACCESS_MAX - 1
};

/* Attributes of count. */
enum {
	/* u32 */
	AXVM_A_COUNT_ID = 1,
	/* u64 */
	AXVM_A_COUNT_VALUE,

	__AXVM_A_COUNT_MAX,
	AXVM_A_COUNT_MAX = __AXVM_A_COUNT_MAX - 1
};

/* Attributes of memory. */
enum {
	/* u32, memory-type */
	AXVM_A_MEMORY_TYPE = 1,
	/* u32, memory-flag */
	AXVM_A_MEMORY_FLAGS,
	/* u64 */
	AXVM_A_MEMORY_GPA,
	/* u64 */
	AXVM_A_MEMORY_SIZE,
	/* u64: Asked for with "reserved"; "identical" takes it from gpa. */
	AXVM_A_MEMORY_HPA,
	/* nest of memory, any number: Contiguous host memory behind it. */
	AXVM_A_MEMORY_PIECE,
	/* u64: Of memory-remap: the GPA to move to. */
	AXVM_A_MEMORY_TO,

	__AXVM_A_MEMORY_MAX,
	AXVM_A_MEMORY_MAX = __AXVM_A_MEMORY_MAX - 1
};

/* Attributes of image. */
enum {
	/* u32 */
	AXVM_A_IMAGE_FD = 1,
	/* u64: In bytes from the start of the file. */
	AXVM_A_IMAGE_OFFSET,
	/* u64: In bytes. */
	AXVM_A_IMAGE_SIZE,
	/* u64 */
	AXVM_A_IMAGE_GPA,
	/* string: For messages only. */
	AXVM_A_IMAGE_NAME,

	__AXVM_A_IMAGE_MAX,
	AXVM_A_IMAGE_MAX = __AXVM_A_IMAGE_MAX - 1
};

/* Attributes of device. */
enum {
	/* u32, device-type */
	AXVM_A_DEVICE_TYPE = 1,
	/* u64: First I/O port, or GPA. */
	AXVM_A_DEVICE_BASE,
	/* u64: For "ports" and "mmio" only. */
	AXVM_A_DEVICE_SIZE,
	/* u32: The guest's interrupt line; absent when the device has none. */
	AXVM_A_DEVICE_IRQ,
	/* flag: This UART is the cell's console. */
	AXVM_A_DEVICE_CONSOLE,
	/* u64: For "mmio" only. */
	AXVM_A_DEVICE_HPA,
	/* u32: For "pci": the host's PCI function, segment << 16 | bus << 8 | devfn. */
	AXVM_A_DEVICE_FUNCTION,
	/* flag: For "pci": do without an IOMMU; taints the kernel. */
	AXVM_A_DEVICE_UNSAFE,
	/*
	 * u32, device-right: For "ports" and "mmio": exactly these bytes, each access by an exit of
	 * the guest. Without it, whole pages (or ports) that the guest accesses itself.
	 */
	AXVM_A_DEVICE_ACCESS,

	__AXVM_A_DEVICE_MAX,
	AXVM_A_DEVICE_MAX = __AXVM_A_DEVICE_MAX - 1
};

/* Attributes of boot. */
enum {
	/* u64: GPA (or, with paging on, address) of the first instruction. */
	AXVM_A_BOOT_ENTRY = 1,
	/* u64: First argument of the entry, such as the GPA of boot_params. */
	AXVM_A_BOOT_ARG,
	/* u32: Architecture's processor mode; x86 16, 32 or 64. */
	AXVM_A_BOOT_MODE,
	/* u64: GPA of the page tables that mode 64 starts with. */
	AXVM_A_BOOT_TABLE,

	__AXVM_A_BOOT_MAX,
	AXVM_A_BOOT_MAX = __AXVM_A_BOOT_MAX - 1
};

/* Attributes of stop. */
enum {
	/* u32, cause */
	AXVM_A_STOP_CAUSE = 1,
	/* u32 */
	AXVM_A_STOP_VCPU,
	/* u64: The architecture's own exit code. */
	AXVM_A_STOP_CODE,
	/* u64 */
	AXVM_A_STOP_PC,
	/* u64 */
	AXVM_A_STOP_GPA,
	/* u64: The architecture's own further information. */
	AXVM_A_STOP_INFO,
	/* string: All of it in one sentence. */
	AXVM_A_STOP_TEXT,
	/* nest of record, any number: The last exits of the vCPU, if the recorder was on. */
	AXVM_A_STOP_RECORD,

	__AXVM_A_STOP_MAX,
	AXVM_A_STOP_MAX = __AXVM_A_STOP_MAX - 1
};

/* Attributes of log. */
enum {
	/* u64 */
	AXVM_A_LOG_SEQ = 1,
	/* u64: CLOCK_REALTIME in nanoseconds. */
	AXVM_A_LOG_TIME,
	/* string */
	AXVM_A_LOG_TEXT,

	__AXVM_A_LOG_MAX,
	AXVM_A_LOG_MAX = __AXVM_A_LOG_MAX - 1
};

/* Attributes of inject. */
enum {
	/* u32: Index. */
	AXVM_A_INJECT_VCPU = 1,
	/* u32: x86: vector; arm64: INTID, of which an SPI goes where the guest has routed it. */
	AXVM_A_INJECT_IRQ,

	__AXVM_A_INJECT_MAX,
	AXVM_A_INJECT_MAX = __AXVM_A_INJECT_MAX - 1
};

/* Attributes of wire. */
enum {
	/* u32: The host's interrupt; x86: GSI, arm64: INTID. */
	AXVM_A_WIRE_HOST = 1,
	/* u32: The guest's; x86: pin of its I/O APIC, arm64: INTID. */
	AXVM_A_WIRE_LINE,
	/* u32, trigger */
	AXVM_A_WIRE_TRIGGER,
	/* u64: How often it came; where Linux forwards it. */
	AXVM_A_WIRE_COUNT,
	/* u64: How often it was held back because it came too often; likewise. */
	AXVM_A_WIRE_STORMS,

	__AXVM_A_WIRE_MAX,
	AXVM_A_WIRE_MAX = __AXVM_A_WIRE_MAX - 1
};

/* Attributes of info. */
enum {
	/* string */
	AXVM_A_INFO_VERSION = 1,
	/* string */
	AXVM_A_INFO_ARCH,
	/* nest of requirement, any number */
	AXVM_A_INFO_REQUIREMENT,
	/* u32: Frequency of the guest's time stamp counter. */
	AXVM_A_INFO_CLOCK_KHZ,
	/* u32: Bytes of the resident core. */
	AXVM_A_INFO_CORE_SIZE,
	/* u32 */
	AXVM_A_INFO_CELLS,
	/* u32: CPUs taken from Linux. */
	AXVM_A_INFO_TAKEN,

	__AXVM_A_INFO_MAX,
	AXVM_A_INFO_MAX = __AXVM_A_INFO_MAX - 1
};

/* Attributes of requirement. */
enum {
	/* string */
	AXVM_A_REQUIREMENT_NAME = 1,
	/* u8 */
	AXVM_A_REQUIREMENT_OK,
	/* string: What was found and, if not ok, what to do. */
	AXVM_A_REQUIREMENT_DETAIL,

	__AXVM_A_REQUIREMENT_MAX,
	AXVM_A_REQUIREMENT_MAX = __AXVM_A_REQUIREMENT_MAX - 1
};

/* Attributes of ivc-rule. */
enum {
	/* u32, ivc-kind */
	AXVM_A_IVC_RULE_KIND = 1,
	/* u32 */
	AXVM_A_IVC_RULE_KEY,
	/* string: The publisher, with "subscribe"; absent: Linux. */
	AXVM_A_IVC_RULE_CELL,
	/* u32, ivc-right: With "publish": the most that a subscriber gets. */
	AXVM_A_IVC_RULE_RIGHTS,
	/* u32, ivc-right: With "publish": Linux's; 0: it cannot open it. */
	AXVM_A_IVC_RULE_LINUX_RIGHTS,
	/* u32: The guest's interrupt line for doorbells; absent: the usual one. */
	AXVM_A_IVC_RULE_LINE,
	/* u64: Where it shall be; absent: the module chooses. */
	AXVM_A_IVC_RULE_GPA,

	__AXVM_A_IVC_RULE_MAX,
	AXVM_A_IVC_RULE_MAX = __AXVM_A_IVC_RULE_MAX - 1
};

/* Attributes of ivc. */
enum {
	/* string */
	AXVM_A_IVC_NAME = 1,
	/* u32 */
	AXVM_A_IVC_KEY,
	/* u64: Bytes of the data section. */
	AXVM_A_IVC_SIZE,
	/* u32: ID; 0 is Linux. */
	AXVM_A_IVC_PUBLISHER,
	/* string: With create: the publisher; absent: Linux. Otherwise a peer. */
	AXVM_A_IVC_CELL,
	/* u32, ivc-right: With create: the most that a subscriber gets. */
	AXVM_A_IVC_RIGHTS,
	/* u32, ivc-right */
	AXVM_A_IVC_LINUX_RIGHTS,
	/* u32 */
	AXVM_A_IVC_LINE,
	/* u64 */
	AXVM_A_IVC_GPA,
	/* u32, ivc-state */
	AXVM_A_IVC_STATE,
	/* u32 */
	AXVM_A_IVC_GENERATION,
	/* u64 */
	AXVM_A_IVC_HPA,
	/* u32: How often Linux has it open. */
	AXVM_A_IVC_OPENS,
	/* nest of ivc-peer, any number */
	AXVM_A_IVC_PEER,

	__AXVM_A_IVC_MAX,
	AXVM_A_IVC_MAX = __AXVM_A_IVC_MAX - 1
};

/* Attributes of ivc-peer. */
enum {
	/* u32 */
	AXVM_A_IVC_PEER_INDEX = 1,
	/* u32 */
	AXVM_A_IVC_PEER_ID,
	/* string */
	AXVM_A_IVC_PEER_CELL,
	/* u32, ivc-peer-state */
	AXVM_A_IVC_PEER_STATE,
	/* u32, ivc-right */
	AXVM_A_IVC_PEER_RIGHTS,
	/* u32 */
	AXVM_A_IVC_PEER_EPOCH,
	/* u64 */
	AXVM_A_IVC_PEER_GPA,
	/* u32 */
	AXVM_A_IVC_PEER_LINE,
	/* flag: The host attached it. */
	AXVM_A_IVC_PEER_BY_HOST,
	/* u64: Doorbells that it rang. */
	AXVM_A_IVC_PEER_SENT,
	/* u64: Doorbells that reached it. */
	AXVM_A_IVC_PEER_RECEIVED,

	__AXVM_A_IVC_PEER_MAX,
	AXVM_A_IVC_PEER_MAX = __AXVM_A_IVC_PEER_MAX - 1
};

/* Commands, and events that use the same numbers. */
enum {
	/* Version, abilities and what is missing on this machine. */
	AXVM_CMD_INFO_GET = 1,
	/*
	 * Claim everything that the cell needs, load its images, take its CPUs. Ends in state
	 * loaded.
	 */
	AXVM_CMD_CELL_CREATE,
	/* Stop the cell if need be, scrub its memory, give everything back. */
	AXVM_CMD_CELL_DESTROY,
	/* Run a loaded cell, or a stopped one anew. */
	AXVM_CMD_CELL_START,
	/* Park its CPUs; the cell keeps CPUs and memory. */
	AXVM_CMD_CELL_STOP,
	/* Pause it, keeping its state. */
	AXVM_CMD_CELL_SUSPEND,
	/* Let a suspended cell go on. */
	AXVM_CMD_CELL_RESUME,
	/* Clear its memory, load its images again, run it. */
	AXVM_CMD_CELL_RESET,
	/* One cell, or all; exits and counters of vCPUs only when one is asked for. */
	AXVM_CMD_CELL_GET,
	/* A cell's messages, or without a name those of the module. */
	AXVM_CMD_LOG_GET,
	/* Everything counted of one cell's vCPUs, or of all cells'; one message for each vCPU. */
	AXVM_CMD_STATS_GET,
	/* Switch the recorder of a cell's exits, which also measures them. */
	AXVM_CMD_RECORD_SET,
	/* The recorded exits of a cell's vCPUs, oldest first; a vCPU may take several messages. */
	AXVM_CMD_RECORD_GET,
	/*
	 * Give a cell more memory, as in its configuration, whether it runs or not. On return its
	 * guest can use it.
	 */
	AXVM_CMD_MEMORY_MAP,
	/*
	 * Take a range of memory (gpa, size) from a cell; any part of what it has. On return nobody
	 * can use it and Linux has it, cleared.
	 */
	AXVM_CMD_MEMORY_UNMAP,
	/*
	 * Let a range of a cell's memory (gpa, size) appear elsewhere (to) or with other flags,
	 * with what is in it.
	 */
	AXVM_CMD_MEMORY_REMAP,
	/* A cell's memory in order of GPA, each entry contiguous in host memory too. */
	AXVM_CMD_MEMORY_GET,
	/* Make an interrupt pending for one vCPU of a running or suspended cell. */
	AXVM_CMD_CELL_INJECT,
	/* Hand wired interrupts of the host to a cell that exists. */
	AXVM_CMD_CELL_WIRE_ATTACH,
	/* Give wired interrupts, named by "host", back to Linux. */
	AXVM_CMD_CELL_WIRE_DETACH,
	/* Give a cell one device ("ports", "mmio" or "testdev"), in any state. */
	AXVM_CMD_DEV_ATTACH,
	/* Take a device back, which type and base name; on return no vCPU can reach it. */
	AXVM_CMD_DEV_DETACH,
	/* Make a channel, published by Linux or by a cell, which then has it attached. */
	AXVM_CMD_IVC_CREATE,
	/* Revoke a channel; its memory stays with the peers until they let go. */
	AXVM_CMD_IVC_DESTROY,
	/* Map a channel into a cell. */
	AXVM_CMD_IVC_ATTACH,
	/* Take a channel from a cell. */
	AXVM_CMD_IVC_DETACH,
	/* One live channel, or all that have memory. */
	AXVM_CMD_IVC_GET,
	/* Take a PCI function from its driver and put it on the bus of a cell that exists. */
	AXVM_CMD_PCI_ATTACH,
	/* Reset a function that a cell has and give it back to Linux. */
	AXVM_CMD_PCI_DETACH,
	/* Sent to the group "events". */
	AXVM_CMD_CELL_EVENT,

	__AXVM_CMD_MAX,
	AXVM_CMD_MAX = __AXVM_CMD_MAX - 1
};

#define AXVM_MCGRP_EVENTS	"events"

#endif /* _UAPI_AXVM_H */
