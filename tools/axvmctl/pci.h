/* SPDX-License-Identifier: GPL-2.0 */
/* Names of PCI functions, as lspci -D writes them, and cells' entries for them. */
#ifndef AXVMCTL_PCI_H
#define AXVMCTL_PCI_H

#include "config.h"

#define PCI_LAST_SLOT	15	/* of a cell's bus; 0 is the host bridge */
#define PCI_NAME	16	/* bytes, with the NUL */

/**
 * pci_function_parse() - segment:bus:device.function, in hexadecimal
 * @function: set to segment << 16 | bus << 8 | device << 3 | function
 *
 * Return: false when it is not one.
 */
bool pci_function_parse(const char *text, u32 *function);
void pci_function_name(u32 function, char *buf, size_t size);

/**
 * pci_read() - a "pci" of a config's devices
 *
 * Return: an exit code, after a message.
 */
int pci_read(struct config_device *device, const struct json_value *value);

#endif
