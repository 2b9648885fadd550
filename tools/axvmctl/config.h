/* SPDX-License-Identifier: GPL-2.0 */
/* What cell.json says, checked; what it leaves to the architecture is marked so. */
#ifndef AXVMCTL_CONFIG_H
#define AXVMCTL_CONFIG_H

#include "../../uapi/axvm.h"
#include "jsonfile.h"

#define CONFIG_MAX_CPU	8191	/* highest CPU number that a Linux kernel is built for */
#define CONFIG_MAX_ADDRESS	((1ULL << 52) - 1)	/* no architecture has more address bits */
#define CONFIG_ACCESS_ACCEPTED	"\"rw\", \"ro\" (read only), \"wo\" (write only)"
#define CONFIG_SEED	32	/* bytes */

struct config_vcpu {
	bool list;		/* one of affinity; otherwise cpu */
	u32 cpu;
	u8 affinity[(CONFIG_MAX_CPU + 1) / 8];	/* bitmap, little-endian */
	u32 affinity_bytes;	/* up to the last one that is not 0 */
};

struct config_memory {
	u32 type;		/* enum axvm_memory_type */
	u32 flags;		/* enum axvm_memory_flag bits */
	bool gpa_given;
	u64 gpa, hpa, size;	/* bytes */
};

/* A bare-metal program. */
struct config_image {
	char *file;		/* path, relative to the working directory or absolute */
	bool gpa_given, entry_given, mode_given;
	u64 gpa, entry, mode;
};

struct config_linux {
	char *kernel;		/* paths as above */
	char *initrd;		/* or NULL */
	char *cmdline;		/* or NULL */
};

struct config_console {
	bool none;
	bool port_given, gpa_given, irq_given;
	u64 port, gpa, irq;
};

/* A device besides those that every machine has: handed through, or a "testdev". */
struct config_device {
	u32 type;		/* enum axvm_device_type */
	u64 base, size;		/* ports, or GPA and bytes */
	u64 hpa;
	u32 function;		/* of type "pci", whose base is the slot or 0: pci.h */
	bool unsafe;		/* of type "pci": do without an IOMMU */
	u32 access;		/* enum axvm_device_right bits, or 0: whole pages or ports */
};

/* A wired interrupt of the host that is handed through. */
struct config_wire {
	u32 host, line;
	u32 trigger;		/* enum axvm_trigger */
};

/* A channel that the guest may publish or subscribe to. */
struct config_ivc {
	u32 kind;		/* enum axvm_ivc_kind */
	u32 key;
	char cell[AXVM_NAME_MAX + 1];	/* publisher, "": Linux */
	u32 rights, linux_rights;
	bool line_given, gpa_given;
	u32 line;
	u64 gpa;
};

struct config {
	struct json_file file;
	char name[AXVM_NAME_MAX + 1];
	u32 nr_vcpus, nr_memory, nr_devices, nr_excluded;
	struct config_vcpu vcpu[AXVM_MAX_VCPUS];
	struct config_memory memory[AXVM_MAX_REGIONS];
	struct config_device device[AXVM_MAX_REGIONS];
	u32 nr_wires;
	struct config_wire wire[AXVM_MAX_WIRES];
	struct config_device excluded[AXVM_MAX_REGIONS];	/* "ports" and "mmio" */
	bool has_image, has_linux;
	struct config_image image;
	struct config_linux linux_os;
	struct config_console console;
	u32 irq_mode;		/* enum axvm_irq_mode */
	u32 fault_policy;	/* enum axvm_fault_policy */
	bool allow_smt_sharing;
	bool pci_bus_given, pci_bus;
	u32 nr_ivc;
	struct config_ivc ivc[AXVM_MAX_IVC_RULES];
	u64 ivc_max_bytes;
	bool seed_given;
	u8 seed[CONFIG_SEED];
};

/**
 * config_load() - read a cell.json
 * @cfg: filled in; config_free() in any case
 * @path: the file; paths in it are relative to its folder
 *
 * Return: an exit code, after a message.
 */
int config_load(struct config *cfg, const char *path);
void config_free(struct config *cfg);

/**
 * config_name_ok() - can this be a cell's name?
 *
 * A name starts with a letter, so that it cannot be taken for a number.
 */
bool config_name_ok(const char *name);

/**
 * config_access() - from "rw", "ro" or "wo" to enum axvm_device_right bits
 *
 * Return: EXIT_OK, or EXIT_USAGE without a message: it is none of these.
 */
int config_access(const char *text, u32 *access);
const char *config_access_name(u32 access);

/**
 * config_check_list() - a list must have between 1 and @max elements
 */
int config_check_list(const struct json_value *value, size_t max, const char *accepted);

/* config_device.c: members of cell.json */
int config_read_devices(struct config *cfg, const struct json_value *list);
int config_read_excluded(struct config *cfg, const struct json_value *list);

/**
 * config_read_ivc() - the value of "ivc"; in config_ivc.c
 */
int config_read_ivc(struct config *cfg, const struct json_value *value);

#endif
