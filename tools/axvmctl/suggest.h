/* SPDX-License-Identifier: GPL-2.0 */
/* "Did you mean ...?" */
#ifndef AXVMCTL_SUGGEST_H
#define AXVMCTL_SUGGEST_H

/**
 * suggest() - the known word that the user probably meant
 * @word: what was written
 * @known: words, ended by NULL
 *
 * Return: one of @known, or NULL when none is near.
 */
const char *suggest(const char *word, const char *const *known);

#endif
