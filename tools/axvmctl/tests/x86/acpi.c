// SPDX-License-Identifier: GPL-2.0
/* ACPI tables, and the firmware's other ways to say where things are. */
#include <fcntl.h>
#include <unistd.h>

#include "arch/x86/acpi.h"
#include "arch/x86/acpi_tables.h"
#include "../unit.h"

static u8 tables[ACPI_ROOM];

static size_t build(const char *cpus, const char *more)
{
	static struct config cfg;
	static struct machine m;
	char text[1024];
	size_t size;

	memset(tables, 0, sizeof(tables));
	snprintf(text, sizeof(text),
		 "{\"name\":\"t\",\"cpus\":%s,\"memory\":[{\"size\":\"4M\"}],\"image\":{\"file\":\"%s\"}%s}",
		 cpus, unit_file("x", 1), more);
	EXPECT(unit_build(&cfg, &m, text, 0) == EXIT_OK);
	size = acpi_build(&m, tables, X86_ACPI_GPA);
	unit_free(&cfg, &m);
	return size;
}

static u8 sum(const void *data, size_t len)
{
	const u8 *byte = data;
	u8 total = 0;

	while (len--)
		total += *byte++;
	return total;
}

static struct acpi_header *table(u64 gpa)
{
	return (struct acpi_header *)(tables + (gpa - X86_ACPI_GPA));
}

static struct acpi_xsdt *xsdt(void)
{
	return (struct acpi_xsdt *)table(((struct acpi_rsdp *)tables)->xsdt_address);
}

static struct acpi_fadt *fadt(void)
{
	return (struct acpi_fadt *)table(xsdt()->entry[0]);
}

static struct acpi_madt *madt(void)
{
	return (struct acpi_madt *)table(xsdt()->entry[1]);
}

static bool sound(const struct acpi_header *header, const char *signature, u64 length)
{
	return !memcmp(header->signature, signature, 4) && !sum(header, header->length) &&
	       (!length || header->length == length) && !((uintptr_t)header & 3);
}

static void test_checksums(void)
{
	struct acpi_rsdp *rsdp = (struct acpi_rsdp *)tables;
	size_t size = build("[1,2]", "");

	EXPECT(size > sizeof(*rsdp) && size < 4096);
	EXPECT(!memcmp(rsdp->signature, "RSD PTR ", 8) && rsdp->revision == 2);
	EXPECT(!sum(rsdp, 20) && !sum(rsdp, 36) && rsdp->length == 36);
	EXPECT(sound(&xsdt()->header, "XSDT", 36 + 16));
	EXPECT(sound(&fadt()->header, "FACP", 276) && fadt()->header.revision == 6);
	EXPECT(sound(&madt()->header, "APIC", 44 + 2 * 8 + 12));
	EXPECT(sound(table(fadt()->x_dsdt), "DSDT", 0));
	EXPECT(fadt()->x_dsdt + table(fadt()->x_dsdt)->length == X86_ACPI_GPA + size);
}

static void test_fadt(void)
{
	EXPECT(build("[1]", ""));
	EXPECT(fadt()->flags & ACPI_FADT_HW_REDUCED_ACPI && fadt()->flags & ACPI_FADT_RESET_REG_SUP);
	EXPECT(fadt()->reset_reg.address_space_id == 1 && fadt()->reset_reg.address == 0x602 &&
	       fadt()->reset_reg.register_bit_width == 8 && fadt()->reset_value == 1);
	EXPECT(fadt()->sleep_control_reg.address == 0x600 &&
	       fadt()->sleep_status_reg.address == 0x601);
	/* no legacy devices, no 8042, no VGA, but a CMOS clock */
	EXPECT(fadt()->iapc_boot_arch == 4);
	EXPECT(!fadt()->sci_int && !fadt()->pm_tmr_blk && !fadt()->dsdt);
	/* offsets in the specification's table 5.9 */
	EXPECT(offsetof(struct acpi_fadt, iapc_boot_arch) == 109);
	EXPECT(offsetof(struct acpi_fadt, x_dsdt) == 140);
	EXPECT(offsetof(struct acpi_fadt, sleep_control_reg) == 244);
}

static void test_madt(void)
{
	struct acpi_madt_local_apic *cpu;
	struct acpi_madt_io_apic *io;

	EXPECT(build("[5,7,9]", ""));
	cpu = (struct acpi_madt_local_apic *)(madt() + 1);
	EXPECT(!madt()->flags && madt()->local_interrupt_controller_address == 0xfee00000);
	for (int i = 0; i < 3; i++)
		EXPECT(!cpu[i].type && cpu[i].length == 8 && cpu[i].acpi_processor_uid == i &&
		       cpu[i].apic_id == i && cpu[i].flags == 1);
	io = (struct acpi_madt_io_apic *)(cpu + 3);
	EXPECT(io->type == 1 && io->length == 12 && io->io_apic_address == 0xfec00000 &&
	       !io->global_system_interrupt_base);
	EXPECT(build("[1]", ",\"interrupts\":\"none\""));
	EXPECT(madt()->header.length == 44 + 8);
}

static bool contains(const void *data, size_t len, const void *what, size_t what_len)
{
	return memmem(data, len, what, what_len);
}

static void test_dsdt(void)
{
	const struct acpi_header *dsdt;

	EXPECT(build("[1]", ",\"console\":false"));
	dsdt = table(fadt()->x_dsdt);
	EXPECT(!contains(dsdt, dsdt->length, "COM1", 4) && contains(dsdt, dsdt->length, "RTC0", 4));
	EXPECT(build("[1]", ",\"console\":{\"port\":\"0x2f8\",\"irq\":3}"));
	dsdt = table(fadt()->x_dsdt);
	/* EisaId ("PNP0501"), IO (Decode16, 0x2F8, 0x2F8, 1, 8), _S5_ */
	EXPECT(contains(dsdt, dsdt->length, "\x0c\x41\xd0\x05\x01", 5));
	EXPECT(contains(dsdt, dsdt->length, "\x47\x01\xf8\x02\xf8\x02\x01\x08", 8));
	EXPECT(contains(dsdt, dsdt->length, "\x08_S5_\x12", 6));
}

static struct acpi_mcfg *mcfg(void)
{
	return (struct acpi_mcfg *)table(xsdt()->entry[2]);
}

static void test_pci(void)
{
	const struct acpi_header *dsdt;

	EXPECT(build("[1]", ""));
	dsdt = table(fadt()->x_dsdt);
	EXPECT(xsdt()->header.length == 36 + 16 && !contains(dsdt, dsdt->length, "PCI0", 4));
	EXPECT(build("[1]", ",\"pci_bus\":true"));
	EXPECT(sound(&xsdt()->header, "XSDT", 36 + 24));
	EXPECT(sound(&mcfg()->header, "MCFG", 60));
	EXPECT(mcfg()->base_address == 0xd0000000 && !mcfg()->pci_segment_group &&
	       !mcfg()->start_bus && !mcfg()->end_bus);
	dsdt = table(fadt()->x_dsdt);
	/* the windows of ECAM and of BARs; device 2's pin A on interrupt 18 */
	EXPECT(contains(dsdt, dsdt->length, "\x86\x09\0\x01\0\0\0\xd0\0\0\x10\0", 12));
	EXPECT(contains(dsdt, dsdt->length, "\0\0\0\xd1\xff\xff\xff\xdf\0\0\0\0\0\0\0\x0f", 16));
	EXPECT(contains(dsdt, dsdt->length, "\x04\x0c\xff\xff\x02\0\0\0\x0a\x12", 10));
	EXPECT(build("[1]", ",\"pci_bus\":true,\"interrupts\":\"none\""));
	dsdt = table(fadt()->x_dsdt);
	EXPECT(contains(dsdt, dsdt->length, "PCI0", 4) && !contains(dsdt, dsdt->length, "_PRT", 4));
}

static void save(const char *folder, const char *name, const struct acpi_header *header)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.aml", folder, name);
	file = fopen(path, "w");
	EXPECT(file && fwrite(header, header->length, 1, file) == 1);
	if (file)
		fclose(file);
}

/* The largest machine; the tables go to a disassembler afterwards. */
static void test_largest(void)
{
	const char *folder = getenv("UNIT_OUT");
	char cpus[256] = "[0";

	for (int i = 1; i < AXVM_MAX_VCPUS; i++)
		snprintf(cpus + strlen(cpus), sizeof(cpus) - strlen(cpus), ",%d", i);
	strcat(cpus, "]");
	EXPECT(build(cpus, ",\"pci_bus\":true"));
	EXPECT(madt()->header.length == 44 + 8 * AXVM_MAX_VCPUS + 12);
	EXPECT(!sum(table(fadt()->x_dsdt), table(fadt()->x_dsdt)->length));
	if (!folder)
		return;
	save(folder, "xsdt", &xsdt()->header);
	save(folder, "facp", &fadt()->header);
	save(folder, "apic", &madt()->header);
	save(folder, "mcfg", &mcfg()->header);
	save(folder, "dsdt", table(fadt()->x_dsdt));
}

const struct unit_test firmware_tests[] = {
	{ "acpi: checksums and lengths", test_checksums },
	{ "acpi: FADT", test_fadt },
	{ "acpi: MADT", test_madt },
	{ "acpi: DSDT", test_dsdt },
	{ "acpi: PCI bus", test_pci },
	{ "acpi: as many CPUs as a cell can have", test_largest },
	{ 0 }
};
