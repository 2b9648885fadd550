/* SPDX-License-Identifier: GPL-2.0 */
/* ACPI tables, with the names of the ACPI specification 6.x, chapter 5.2. */
#ifndef AXVMCTL_ACPI_TABLES_H
#define AXVMCTL_ACPI_TABLES_H

#include <stdint.h>

#define ACPI_PACKED __attribute__((packed))

/* 5.2.3.2 Generic Address Structure */
struct acpi_gas {
	uint8_t address_space_id;
	uint8_t register_bit_width;
	uint8_t register_bit_offset;
	uint8_t access_size;
	uint64_t address;
} ACPI_PACKED;

#define ACPI_SPACE_SYSTEM_IO	1
#define ACPI_ACCESS_BYTE	1

/* 5.2.5.3 Root System Description Pointer */
struct acpi_rsdp {
	char signature[8];		/* "RSD PTR " */
	uint8_t checksum;		/* of the first 20 bytes */
	char oemid[6];
	uint8_t revision;
	uint32_t rsdt_address;
	uint32_t length;
	uint64_t xsdt_address;
	uint8_t extended_checksum;
	uint8_t reserved[3];
} ACPI_PACKED;

/* 5.2.6 System Description Table Header */
struct acpi_header {
	char signature[4];
	uint32_t length;
	uint8_t revision;
	uint8_t checksum;
	char oemid[6];
	char oem_table_id[8];
	uint32_t oem_revision;
	char creator_id[4];
	uint32_t creator_revision;
} ACPI_PACKED;

/* 5.2.8 Extended System Description Table */
struct acpi_xsdt {
	struct acpi_header header;
	uint64_t entry[3];
} ACPI_PACKED;

/* 5.2.9 Fixed ACPI Description Table */
struct acpi_fadt {
	struct acpi_header header;	/* "FACP" */
	uint32_t firmware_ctrl;
	uint32_t dsdt;
	uint8_t reserved1;
	uint8_t preferred_pm_profile;
	uint16_t sci_int;
	uint32_t smi_cmd;
	uint8_t acpi_enable;
	uint8_t acpi_disable;
	uint8_t s4bios_req;
	uint8_t pstate_cnt;
	uint32_t pm1a_evt_blk;
	uint32_t pm1b_evt_blk;
	uint32_t pm1a_cnt_blk;
	uint32_t pm1b_cnt_blk;
	uint32_t pm2_cnt_blk;
	uint32_t pm_tmr_blk;
	uint32_t gpe0_blk;
	uint32_t gpe1_blk;
	uint8_t pm1_evt_len;
	uint8_t pm1_cnt_len;
	uint8_t pm2_cnt_len;
	uint8_t pm_tmr_len;
	uint8_t gpe0_blk_len;
	uint8_t gpe1_blk_len;
	uint8_t gpe1_base;
	uint8_t cst_cnt;
	uint16_t p_lvl2_lat;
	uint16_t p_lvl3_lat;
	uint16_t flush_size;
	uint16_t flush_stride;
	uint8_t duty_offset;
	uint8_t duty_width;
	uint8_t day_alrm;
	uint8_t mon_alrm;
	uint8_t century;
	uint16_t iapc_boot_arch;
	uint8_t reserved2;
	uint32_t flags;
	struct acpi_gas reset_reg;
	uint8_t reset_value;
	uint16_t arm_boot_arch;
	uint8_t fadt_minor_version;
	uint64_t x_firmware_ctrl;
	uint64_t x_dsdt;
	struct acpi_gas x_pm1a_evt_blk;
	struct acpi_gas x_pm1b_evt_blk;
	struct acpi_gas x_pm1a_cnt_blk;
	struct acpi_gas x_pm1b_cnt_blk;
	struct acpi_gas x_pm2_cnt_blk;
	struct acpi_gas x_pm_tmr_blk;
	struct acpi_gas x_gpe0_blk;
	struct acpi_gas x_gpe1_blk;
	struct acpi_gas sleep_control_reg;
	struct acpi_gas sleep_status_reg;
	uint64_t hypervisor_vendor_identity;
} ACPI_PACKED;

/* iapc_boot_arch, 5.2.9.3: no bit for legacy devices and 8042 means there are none */
#define ACPI_BOOT_VGA_NOT_PRESENT	(1U << 2)

/* flags, table 5.10 */
#define ACPI_FADT_WBINVD		(1U << 0)
#define ACPI_FADT_PROC_C1		(1U << 2)
#define ACPI_FADT_PWR_BUTTON		(1U << 4)	/* none in fixed hardware */
#define ACPI_FADT_SLP_BUTTON		(1U << 5)	/* none in fixed hardware */
#define ACPI_FADT_RESET_REG_SUP		(1U << 10)
#define ACPI_FADT_HW_REDUCED_ACPI	(1U << 20)

/* 5.2.12 Multiple APIC Description Table */
struct acpi_madt {
	struct acpi_header header;	/* "APIC" */
	uint32_t local_interrupt_controller_address;
	uint32_t flags;			/* bit 0, PCAT_COMPAT: a pair of 8259s is there too */
} ACPI_PACKED;

#define ACPI_MADT_LOCAL_APIC	0
#define ACPI_MADT_IO_APIC	1

/* 5.2.12.2 */
struct acpi_madt_local_apic {
	uint8_t type;
	uint8_t length;
	uint8_t acpi_processor_uid;
	uint8_t apic_id;
	uint32_t flags;
} ACPI_PACKED;

#define ACPI_LOCAL_APIC_ENABLED	(1U << 0)

/* 5.2.12.3 */
struct acpi_madt_io_apic {
	uint8_t type;
	uint8_t length;
	uint8_t io_apic_id;
	uint8_t reserved;
	uint32_t io_apic_address;
	uint32_t global_system_interrupt_base;
} ACPI_PACKED;

/* PCI Firmware Specification 3.3, 4.1.2: the table with one allocation, of bus 0 of segment 0 */
struct acpi_mcfg {
	struct acpi_header header;	/* "MCFG" */
	uint8_t reserved1[8];
	uint64_t base_address;
	uint16_t pci_segment_group;
	uint8_t start_bus;
	uint8_t end_bus;
	uint8_t reserved2[4];
} ACPI_PACKED;

#endif
