/* inflateInit2 is a macro, which Swift does not see. */
#include <zlib.h>

static inline int phanbien_inflate_init_raw(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
