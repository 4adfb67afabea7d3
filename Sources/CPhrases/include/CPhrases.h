#pragma once
#include <stddef.h>

/* The catalogue of Chinese texts, carried by the program itself: PO files (GNU gettext), one a module. */

/* How many files there are. */
size_t phrases_files(void);

/* The name of a file, without its ending; NULL where there is none. */
const char *phrases_name(size_t file);

/* The text of a file, in UTF-8 and not ended by a zero; its size in `size`. */
const unsigned char *phrases_text(size_t file, size_t *size);
