/* mallopt, which the Swift overlay of the C library leaves out. */
#include <malloc.h>
