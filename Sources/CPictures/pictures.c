#include "pictures.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The soname since librsvg 2.40; `rsvg_handle_render_document` came with 2.46.
#define LIBRARY "librsvg-2.so.2"

// What the headers of librsvg, cairo, GLib and fontconfig declare; with them those would be needed to build.
typedef struct { double x, y, width, height; } rectangle;
typedef struct { uint32_t domain; int code; char *message; } g_error;
typedef struct { int count, room; void **fonts; } font_set;
enum { FORMAT_ARGB32 = 0, STATUS_SUCCESS = 0, STATUS_NO_MEMORY = 1, MATCH = 0 };
typedef int writer(void *closure, const unsigned char *data, unsigned length);

static struct {
    void *library;
    void *(*new_from_data)(const uint8_t *, size_t, g_error **);
    int (*render_document)(void *, void *, const rectangle *, g_error **);
    void (*unref)(void *);
    void (*error_free)(g_error *);
    void *(*surface_create)(int, int, int);
    int (*surface_status)(void *);
    void (*surface_destroy)(void *);
    int (*write_png)(void *, writer *, void *);
    void *(*create)(void *);
    int (*status)(void *);
    void (*destroy)(void *);
    const char *(*status_text)(int);
    void *(*pattern_create)(void);
    void (*pattern_destroy)(void *);
    int (*pattern_char_set)(void *, const char *, int, void **);
    void *(*object_set_build)(const char *, ...);
    void (*object_set_destroy)(void *);
    font_set *(*font_list)(void *, void *, void *);
    void (*font_set_destroy)(font_set *);
    int (*has_char)(void *, uint32_t);
} call;

static char problem[512];

static int fail(const char *reason) {
    snprintf(problem, sizeof problem, "%s", reason ? reason : "it says no reason");
    return 0;
}

const char *cp_problem(void) { return problem; }

void cp_free(void *bytes) { free(bytes); }

int cp_load(void) {
    if (call.library) return 1;
    dlerror();
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) return fail(dlerror());
    // The library brings all others: what they have is found through it.
    struct { void *place; const char *name; } names[] = {
        {&call.new_from_data, "rsvg_handle_new_from_data"},
        {&call.render_document, "rsvg_handle_render_document"},
        {&call.unref, "g_object_unref"},
        {&call.error_free, "g_error_free"},
        {&call.surface_create, "cairo_image_surface_create"},
        {&call.surface_status, "cairo_surface_status"},
        {&call.surface_destroy, "cairo_surface_destroy"},
        {&call.write_png, "cairo_surface_write_to_png_stream"},
        {&call.create, "cairo_create"},
        {&call.status, "cairo_status"},
        {&call.destroy, "cairo_destroy"},
        {&call.status_text, "cairo_status_to_string"},
        {&call.pattern_create, "FcPatternCreate"},
        {&call.pattern_destroy, "FcPatternDestroy"},
        {&call.pattern_char_set, "FcPatternGetCharSet"},
        {&call.object_set_build, "FcObjectSetBuild"},
        {&call.object_set_destroy, "FcObjectSetDestroy"},
        {&call.font_list, "FcFontList"},
        {&call.font_set_destroy, "FcFontSetDestroy"},
        {&call.has_char, "FcCharSetHasChar"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *symbol = dlsym(library, names[i].name);
        if (!symbol) {
            fail(dlerror());
            dlclose(library);
            return 0;
        }
        memcpy(names[i].place, &symbol, sizeof symbol);
    }
    call.library = library;
    return 1;
}

static int is_in(font_set *fonts, uint32_t character) {
    for (int i = 0; i < fonts->count; i++) {
        void *set = NULL;
        if (call.pattern_char_set(fonts->fonts[i], "charset", 0, &set) == MATCH && set && call.has_char(set, character))
            return 1;
    }
    return 0;
}

long cp_first_missing(const uint32_t *characters, long count) {
    if (!call.library) return -1;
    void *all = call.pattern_create(), *wanted = call.object_set_build("charset", (char *)NULL);
    font_set *fonts = all && wanted ? call.font_list(NULL, all, wanted) : NULL;
    long missing = fonts ? -1 : 0;
    for (long i = 0; fonts && i < count && missing < 0; i++) {
        if (!is_in(fonts, characters[i])) missing = i;
    }
    if (fonts) call.font_set_destroy(fonts);
    if (wanted) call.object_set_destroy(wanted);
    if (all) call.pattern_destroy(all);
    return missing;
}

typedef struct { unsigned char *bytes; size_t count, room; } buffer;

static int append(void *closure, const unsigned char *data, unsigned length) {
    buffer *into = closure;
    if (into->room - into->count < length) {
        size_t room = into->room * 2 + length;
        unsigned char *bytes = realloc(into->bytes, room);
        if (!bytes) return STATUS_NO_MEMORY;
        into->bytes = bytes;
        into->room = room;
    }
    memcpy(into->bytes + into->count, data, length);
    into->count += length;
    return STATUS_SUCCESS;
}

static int fail_with(g_error *error) {
    fail(error ? error->message : NULL);
    if (error) call.error_free(error);
    return 0;
}

// Draws a picture on a surface; 0 where it failed.
static int draw(void *picture, void *surface, int width, int height) {
    void *context = call.create(surface);
    rectangle all = {0, 0, width, height};
    g_error *error = NULL;
    int is_drawn = call.render_document(picture, context, &all, &error);
    int status = call.status(context);
    call.destroy(context);
    if (!is_drawn) return fail_with(error);
    return status == STATUS_SUCCESS ? 1 : fail(call.status_text(status));
}

int cp_png(const char *svg, size_t length, int width, int height, unsigned char **bytes, size_t *count) {
    if (!cp_load()) return 0;
    g_error *error = NULL;
    void *picture = call.new_from_data((const uint8_t *)svg, length, &error);
    if (!picture) return fail_with(error);
    void *surface = call.surface_create(FORMAT_ARGB32, width, height);
    int status = call.surface_status(surface);
    int is_done = status == STATUS_SUCCESS ? draw(picture, surface, width, height) : fail(call.status_text(status));
    buffer png = {NULL, 0, 0};
    if (is_done) {
        status = call.write_png(surface, append, &png);
        if (status != STATUS_SUCCESS) is_done = fail(call.status_text(status));
    }
    call.surface_destroy(surface);
    call.unref(picture);
    if (!is_done) {
        free(png.bytes);
        return 0;
    }
    *bytes = png.bytes;
    *count = png.count;
    return 1;
}
