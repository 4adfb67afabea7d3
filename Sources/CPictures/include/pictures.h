#ifndef ROPEWALK_PICTURES_H
#define ROPEWALK_PICTURES_H

#include <stddef.h>
#include <stdint.h>

// Pictures of dots from vector pictures, by librsvg and cairo, which are loaded when the first is made: no program that
// makes none waits for them, and where they are missing only this is.

// Loads the libraries; 0 where they cannot be, then `cp_problem` says why. Safe to call again.
int cp_load(void);

// What was wrong at last; never NULL.
const char *cp_problem(void);

// The first of these characters that no font of this machine has; -1 where every one has a font. 0 fonts have none.
long cp_first_missing(const uint32_t *characters, long count);

// A PNG of so many dots of an SVG, in memory that `cp_free` gives back; 0 where it failed, then `cp_problem` says why.
int cp_png(const char *svg, size_t length, int width, int height, unsigned char **bytes, size_t *count);

void cp_free(void *bytes);

#endif
