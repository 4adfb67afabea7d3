#include "CPhrases.h"

/* C23, which clang has for every version of C and warns about. */
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char app[] = {
#embed "zh/app.po"
};
static const unsigned char command[] = {
#embed "zh/command.po"
};
static const unsigned char engine[] = {
#embed "zh/engine.po"
};
static const unsigned char errors[] = {
#embed "zh/errors.po"
};
static const unsigned char maps[] = {
#embed "zh/maps.po"
};
static const unsigned char methods[] = {
#embed "zh/methods.po"
};
static const unsigned char peers[] = {
#embed "zh/peers.po"
};
static const unsigned char retrieval[] = {
#embed "zh/retrieval.po"
};
static const unsigned char scoring[] = {
#embed "zh/scoring.po"
};
static const unsigned char needles[] = {
#embed "zh/needles.po"
};
static const unsigned char views[] = {
#embed "zh/views.po"
};

static const struct {
    const char *name;
    const unsigned char *text;
    size_t size;
} files[] = {
    {"app", app, sizeof app},
    {"command", command, sizeof command},
    {"engine", engine, sizeof engine},
    {"errors", errors, sizeof errors},
    {"maps", maps, sizeof maps},
    {"methods", methods, sizeof methods},
    {"peers", peers, sizeof peers},
    {"retrieval", retrieval, sizeof retrieval},
    {"scoring", scoring, sizeof scoring},
    {"needles", needles, sizeof needles},
    {"views", views, sizeof views},
};

enum { COUNT = sizeof files / sizeof files[0] };

size_t phrases_files(void) { return COUNT; }

const char *phrases_name(size_t file) { return file < COUNT ? files[file].name : NULL; }

const unsigned char *phrases_text(size_t file, size_t *size) {
    *size = file < COUNT ? files[file].size : 0;
    return file < COUNT ? files[file].text : NULL;
}
