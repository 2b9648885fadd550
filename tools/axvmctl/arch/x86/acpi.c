// SPDX-License-Identifier: GPL-2.0
/*
 * The ACPI tables of an x86 cell: hardware-reduced, so that there is no SCI, no
 * PM1 block and no 8259 to emulate; sleep control and reset are the core's
 * acpi-pm device.
 */
#include <string.h>

#include "acpi.h"
#include "acpi_tables.h"
#include "aml.h"

#define OEMID		"AXVM  "
#define OEM_TABLE_ID	"AXVMCELL"
#define TABLE_ALIGN	16

static u8 checksum(const void *data, size_t len)
{
	const u8 *byte = data;
	u8 sum = 0;

	while (len--)
		sum += *byte++;
	return -sum;
}

static void fill_header(struct acpi_header *header, const char *signature, u8 revision, size_t len)
{
	memcpy(header->signature, signature, sizeof(header->signature));
	header->length = len;
	header->revision = revision;
	memcpy(header->oemid, OEMID, sizeof(header->oemid));
	memcpy(header->oem_table_id, OEM_TABLE_ID, sizeof(header->oem_table_id));
	header->oem_revision = 1;
	memcpy(header->creator_id, "AXVM", sizeof(header->creator_id));
	header->creator_revision = 1;
	header->checksum = 0;
}

/* The rest of the table must be there already. */
static void seal(struct acpi_header *header)
{
	header->checksum = checksum(header, header->length);
}

static struct acpi_gas io_byte(u64 port)
{
	return (struct acpi_gas){
		.address_space_id = ACPI_SPACE_SYSTEM_IO, .register_bit_width = 8,
		.access_size = ACPI_ACCESS_BYTE, .address = port,
	};
}

static void add_processors(struct aml *aml, u32 nr)
{
	char name[8];

	for (u32 i = 0; i < nr; i++) {
		aml_mark device;

		snprintf(name, sizeof(name), "C%03X", i & 0xfff);
		device = aml_device(aml, name);
		aml_name_string(aml, "_HID", "ACPI0007");
		aml_name_integer(aml, "_UID", i);
		aml_end(aml, device);
	}
}

static void add_port_device(struct aml *aml, const char *name, const char *id,
			    const struct machine_device *dev)
{
	struct aml_crs crs;
	aml_mark device;

	if (!dev)
		return;
	device = aml_device(aml, name);
	aml_name_eisaid(aml, "_HID", id);
	aml_name_integer(aml, "_UID", 0);
	crs = aml_crs_begin(aml);
	aml_crs_io(aml, dev->base, dev->size);
	if (dev->irq_given)
		aml_crs_irq(aml, dev->irq);
	aml_crs_end(aml, crs);
	aml_end(aml, device);
}

/* The bus, and the ECAM window as a resource of the board: Linux looks for it there. */
static void add_pci(struct aml *aml, const struct machine_device *host)
{
	struct aml_crs crs;
	aml_mark device;

	if (!host)
		return;
	device = aml_device(aml, "MCFG");
	aml_name_eisaid(aml, "_HID", "PNP0C02");
	aml_name_integer(aml, "_UID", 0);
	crs = aml_crs_begin(aml);
	aml_crs_memory(aml, host->base, MACHINE_PCI_ECAM);
	aml_crs_end(aml, crs);
	aml_end(aml, device);
	device = aml_device(aml, "PCI0");
	aml_name_eisaid(aml, "_HID", "PNP0A08");
	aml_name_eisaid(aml, "_CID", "PNP0A03");
	aml_name_integer(aml, "_UID", 0);
	aml_name_integer(aml, "_SEG", 0);
	aml_name_integer(aml, "_BBN", 0);
	crs = aml_crs_begin(aml);
	aml_crs_bus(aml);
	aml_crs_window(aml, host->base + MACHINE_PCI_WINDOW,
		       MACHINE_PCI_SIZE - MACHINE_PCI_WINDOW);
	aml_crs_end(aml, crs);
	if (host->irq_given)
		aml_name_prt(aml, MACHINE_PCI_SLOTS, host->irq, MACHINE_PCI_LINES);
	aml_end(aml, device);
}

static size_t build_dsdt(const struct machine *m, u8 *buf, size_t room)
{
	struct acpi_header *header = (struct acpi_header *)buf;
	struct aml aml = { .data = buf, .len = sizeof(*header), .room = room };
	const u32 s5[] = { X86_PM_S5, 0, 0, 0 };
	aml_mark scope;

	aml_name_package(&aml, "_S5_", s5, ARRAY_SIZE(s5));
	scope = aml_scope(&aml, "_SB_");
	add_processors(&aml, m->cfg->nr_vcpus);
	add_port_device(&aml, "COM1", "PNP0501",
			machine_find_device(m, AXVM_DEVICE_TYPE_UART16550));
	add_port_device(&aml, "RTC0", "PNP0B00",
			machine_find_device(m, AXVM_DEVICE_TYPE_CMOS_RTC));
	add_pci(&aml, machine_find_device(m, AXVM_DEVICE_TYPE_PCI_HOST));
	aml_end(&aml, scope);
	if (aml.full)
		return 0;
	fill_header(header, "DSDT", 2, aml.len);
	seal(header);
	return aml.len;
}

static size_t build_fadt(const struct machine *m, u8 *buf, u64 dsdt)
{
	const struct machine_device *pm = machine_find_device(m, AXVM_DEVICE_TYPE_ACPI_PM);
	struct acpi_fadt *fadt = (struct acpi_fadt *)buf;

	fill_header(&fadt->header, "FACP", 6, sizeof(*fadt));
	fadt->fadt_minor_version = 3;
	fadt->x_dsdt = dsdt;
	fadt->iapc_boot_arch = ACPI_BOOT_VGA_NOT_PRESENT;
	fadt->flags = ACPI_FADT_WBINVD | ACPI_FADT_PROC_C1 | ACPI_FADT_PWR_BUTTON |
		      ACPI_FADT_SLP_BUTTON | ACPI_FADT_HW_REDUCED_ACPI;
	if (pm) {
		fadt->flags |= ACPI_FADT_RESET_REG_SUP;
		fadt->reset_reg = io_byte(pm->base + X86_PM_RESET);
		fadt->reset_value = X86_PM_RESET_VALUE;
		fadt->sleep_control_reg = io_byte(pm->base + X86_PM_SLEEP_CONTROL);
		fadt->sleep_status_reg = io_byte(pm->base + X86_PM_SLEEP_STATUS);
	}
	memcpy(&fadt->hypervisor_vendor_identity, "axvm", 4);
	seal(&fadt->header);
	return sizeof(*fadt);
}

static size_t build_madt(const struct machine *m, u8 *buf)
{
	const struct machine_device *ioapic = machine_find_device(m, AXVM_DEVICE_TYPE_IOAPIC);
	struct acpi_madt *madt = (struct acpi_madt *)buf;
	u8 *end = buf + sizeof(*madt);

	for (u32 i = 0; i < m->cfg->nr_vcpus; i++) {
		struct acpi_madt_local_apic *cpu = (struct acpi_madt_local_apic *)end;

		cpu->type = ACPI_MADT_LOCAL_APIC;
		cpu->length = sizeof(*cpu);
		cpu->acpi_processor_uid = i;
		cpu->apic_id = i;
		cpu->flags = ACPI_LOCAL_APIC_ENABLED;
		end += sizeof(*cpu);
	}
	if (ioapic) {
		struct acpi_madt_io_apic *entry = (struct acpi_madt_io_apic *)end;

		entry->type = ACPI_MADT_IO_APIC;
		entry->length = sizeof(*entry);
		entry->io_apic_address = ioapic->base;
		end += sizeof(*entry);
	}
	madt->local_interrupt_controller_address = X86_LAPIC_GPA;
	fill_header(&madt->header, "APIC", 5, end - buf);
	seal(&madt->header);
	return end - buf;
}

/* Return: bytes, 0 without a bus. */
static size_t build_mcfg(const struct machine *m, u8 *buf)
{
	const struct machine_device *host = machine_find_device(m, AXVM_DEVICE_TYPE_PCI_HOST);
	struct acpi_mcfg *mcfg = (struct acpi_mcfg *)buf;

	if (!host)
		return 0;
	mcfg->base_address = host->base;
	fill_header(&mcfg->header, "MCFG", 1, sizeof(*mcfg));
	seal(&mcfg->header);
	return sizeof(*mcfg);
}

static void build_rsdp(struct acpi_rsdp *rsdp, u64 xsdt)
{
	memcpy(rsdp->signature, "RSD PTR ", sizeof(rsdp->signature));
	memcpy(rsdp->oemid, OEMID, sizeof(rsdp->oemid));
	rsdp->revision = 2;
	rsdp->length = sizeof(*rsdp);
	rsdp->xsdt_address = xsdt;
	rsdp->checksum = checksum(rsdp, 20);
	rsdp->extended_checksum = checksum(rsdp, sizeof(*rsdp));
}

size_t acpi_build(const struct machine *m, u8 *buf, u64 gpa)
{
	size_t xsdt_at = ALIGN_UP(sizeof(struct acpi_rsdp), TABLE_ALIGN);
	size_t fadt_at = ALIGN_UP(xsdt_at + sizeof(struct acpi_xsdt), TABLE_ALIGN);
	size_t madt_at = ALIGN_UP(fadt_at + sizeof(struct acpi_fadt), TABLE_ALIGN);
	struct acpi_xsdt *xsdt = (struct acpi_xsdt *)(buf + xsdt_at);
	size_t mcfg_at, mcfg_len, dsdt_at, dsdt_len;

	mcfg_at = ALIGN_UP(madt_at + build_madt(m, buf + madt_at), TABLE_ALIGN);
	mcfg_len = build_mcfg(m, buf + mcfg_at);
	dsdt_at = ALIGN_UP(mcfg_at + mcfg_len, TABLE_ALIGN);
	dsdt_len = build_dsdt(m, buf + dsdt_at, ACPI_ROOM - dsdt_at);
	if (!dsdt_len)
		return 0;
	build_fadt(m, buf + fadt_at, gpa + dsdt_at);
	xsdt->entry[0] = gpa + fadt_at;
	xsdt->entry[1] = gpa + madt_at;
	if (mcfg_len)
		xsdt->entry[2] = gpa + mcfg_at;
	fill_header(&xsdt->header, "XSDT", 1,
		    sizeof(*xsdt) - (mcfg_len ? 0 : sizeof(xsdt->entry[2])));
	seal(&xsdt->header);
	build_rsdp((struct acpi_rsdp *)buf, gpa + xsdt_at);
	return dsdt_at + dsdt_len;
}
