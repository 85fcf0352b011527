/*
 * A second reading of phanbien/1's framing, for tests: written from docs/protocol.md (sections 1 to 5 and 13) and from
 * nothing else, in another language, so that it shares neither code nor habits with the server's framer.
 *
 * It reads a whole stream at once. What the server makes of the same octets, however they were cut, has to be the same.
 */
#ifndef FRAMING_ORACLE_H
#define FRAMING_ORACLE_H

#include <stddef.h>
#include <stdint.h>

/* The limits of section 5 that framing knows; sizes in octets. */
struct framing_limits {
    size_t line;
    size_t body;
    size_t anonymous_line;
    size_t anonymous_body;
    size_t enrol_body;
    size_t anonymous_total;
    /* After so many results somebody is logged in: 0 from the beginning, SIZE_MAX never. */
    size_t login_after;
};

/*
 * Reads a stream and describes each result as a record of fields, "length:octets,", an absent field as "-,":
 *
 *     R tag verb *(key value) body-form body      a request; body-form is N, <, D (text block), L or C (cancelled)
 *     M code tag line column found argument       a request that is not understood (BAD)
 *     F code                                      nothing after this can be read (BYE)
 *
 * Every record ends with LF. Of BAD SYNTAX only code and tag are given: where exactly it points is for people.
 *
 * Returns the octets written, or SIZE_MAX when `capacity` or memory was not enough.
 */
size_t framing_read(
    const uint8_t *octets, size_t count, const struct framing_limits *limits, uint8_t *out, size_t capacity);

#endif
