#include "FramingOracle.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct span {
    const uint8_t *at;
    size_t count;
};

struct fault {
    const char *code; /* NULL: none */
    size_t line, column; /* 0: not given */
    char found[16];
    struct span argument;
};

enum form { NO_BODY, ONE_LINE, BLOCK, LITERAL, UNCOUNTABLE };

struct reader {
    const uint8_t *octets;
    size_t count, at;
    const struct framing_limits *limits;
    size_t results;
    size_t anonymous; /* octets used up before login */
    bool touched;     /* a line that is not empty has come */
    uint8_t *scratch;
    uint8_t *out;
    size_t used, capacity;
    bool overflow;
};

/* ---- writing records ---- */

static void put(struct reader *r, const void *octets, size_t count) {
    if (count > r->capacity - r->used) {
        r->overflow = true;
        return;
    }
    if (count > 0) memcpy(r->out + r->used, octets, count);
    r->used += count;
}

static void field(struct reader *r, const void *octets, size_t count) {
    char head[32];
    put(r, head, (size_t)snprintf(head, sizeof head, "%zu:", count));
    put(r, octets, count);
    put(r, ",", 1);
}

static void text(struct reader *r, const char *word) { field(r, word, strlen(word)); }

static void absent(struct reader *r) { put(r, "-,", 2); }

static void number(struct reader *r, size_t value) {
    char digits[32];
    if (value == 0) absent(r);
    else field(r, digits, (size_t)snprintf(digits, sizeof digits, "%zu", value));
}

static void optional(struct reader *r, struct span span) {
    if (span.at == NULL) absent(r);
    else field(r, span.at, span.count);
}

static bool is_alpha(uint8_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

/* Verbs and keys may come in any case and are named in one. */
static void one_case(struct reader *r, struct span name, bool upper) {
    char octets[64] = {0};
    size_t count = name.count < sizeof octets ? name.count : sizeof octets;
    for (size_t i = 0; i < count; i++)
        octets[i] = (char)(!is_alpha(name.at[i]) ? name.at[i] : upper ? name.at[i] & 0xDF : name.at[i] | 0x20);
    field(r, octets, count);
}

static bool fatal(struct reader *r, const char *code) {
    put(r, "F", 1);
    text(r, code);
    put(r, "\n", 1);
    return false;
}

static void malformed(struct reader *r, const struct fault *fault, struct span tag) {
    bool exact = strcmp(fault->code, "SYNTAX") != 0;
    put(r, "M", 1);
    text(r, fault->code);
    optional(r, tag);
    number(r, exact ? fault->line : 0);
    number(r, exact ? fault->column : 0);
    if (exact && fault->found[0] != 0) text(r, fault->found);
    else absent(r);
    if (exact && fault->argument.at != NULL) one_case(r, fault->argument, false);
    else absent(r);
    put(r, "\n", 1);
    r->results += 1;
}

/* ---- limits ---- */

static bool logged_in(const struct reader *r) { return r->results >= r->limits->login_after; }

static size_t line_limit(const struct reader *r) {
    return logged_in(r) ? r->limits->line : r->limits->anonymous_line;
}

/* Whether so many octets more are within what may come before login. */
static bool may_come(const struct reader *r, size_t further) {
    return logged_in(r) || further <= r->limits->anonymous_total - r->anonymous;
}

static void use(struct reader *r, size_t count) {
    if (!logged_in(r)) r->anonymous += count;
    r->at += count;
}

/* ---- characters (section 4) ---- */

/* The length of the UTF-8 sequence there; when it is none, 0 and in *bad the octets of its longest valid beginning. */
static size_t sequence(struct span s, uint32_t *scalar, size_t *bad) {
    uint8_t lead = s.at[0];
    if (lead < 0x80) return *scalar = lead, 1;
    size_t tails = lead >= 0xC2 && lead <= 0xDF ? 1 : (lead & 0xF0) == 0xE0 ? 2 : lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
    *bad = 1;
    if (tails == 0) return 0;
    *scalar = lead & (0x3F >> tails);
    for (size_t i = 1; i <= tails; i++) {
        uint8_t low = 0x80, high = 0xBF;
        if (i == 1 && lead == 0xE0) low = 0xA0;
        if (i == 1 && lead == 0xED) high = 0x9F;
        if (i == 1 && lead == 0xF0) low = 0x90;
        if (i == 1 && lead == 0xF4) high = 0x8F;
        if (i >= s.count || s.at[i] < low || s.at[i] > high) return 0;
        *scalar = *scalar << 6 | (s.at[i] & 0x3F);
        *bad = i + 1;
    }
    return tails + 1;
}

/* The column of an octet: one more than the scalars before it; what is no UTF-8 counts as decoders replace it. */
static size_t column(struct span line, size_t octet) {
    size_t column = 1, bad = 0;
    uint32_t scalar = 0;
    for (size_t i = 0; i < octet; column++) {
        size_t length = sequence((struct span){line.at + i, octet - i}, &scalar, &bad);
        i += length > 0 ? length : bad;
    }
    return column;
}

static const char *refusal(uint32_t c) {
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return "CONTROL";
    if (c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF) return "CONTROL";
    if (c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069))
        return "BIDI";
    return NULL;
}

/* The first character of a command line that may not stand there. */
static void check_text(struct span line, struct fault *fault) {
    uint32_t scalar = 0;
    size_t bad = 0;
    for (size_t i = 0, column = 1; i < line.count; column++) {
        size_t length = sequence((struct span){line.at + i, line.count - i}, &scalar, &bad);
        const char *code = length > 0 ? refusal(scalar) : "UTF8";
        if (code != NULL) {
            *fault = (struct fault){.code = code, .line = 1, .column = column};
            if (length > 0) snprintf(fault->found, sizeof fault->found, "U+%04X", (unsigned)scalar);
            else snprintf(fault->found, sizeof fault->found, "0x%02X", line.at[i]);
            return;
        }
        i += length;
    }
}

/* ---- the command line (section 3) ---- */

static bool is_word(uint8_t c) { return c > 0x20 && c != '"' && c != '<' && c != '{' && c != '}' && c != 0x7F; }
static bool is_tag(uint8_t c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; }

struct argument {
    struct span key, value; /* the value as it stands, without quotation marks */
    bool quoted;
};

struct command {
    struct span tag, verb;
    struct argument *arguments;
    size_t count;
    enum form form;
    size_t octets; /* of a literal */
    struct fault fault;
};

static enum form introduction(struct span token, size_t *octets) {
    if (token.count == 1 && token.at[0] == '<') return ONE_LINE;
    if (token.count == 2 && token.at[0] == '<' && token.at[1] == '<') return BLOCK;
    if (token.count < 2 || token.at[0] != '{' || !is_digit(token.at[1])) return NO_BODY;
    size_t value = 0, digits = 0;
    while (1 + digits < token.count && is_digit(token.at[1 + digits]) && digits < 8)
        value = value * 10 + (token.at[1 + digits++] - '0');
    if (digits > 7 || digits + 2 != token.count || token.at[digits + 1] != '}') return UNCOUNTABLE;
    *octets = value;
    return LITERAL;
}

/* Why a line does not follow the grammar. */
enum verdict { FOLLOWS, BROKEN, OPEN_QUOTATION };

static size_t token_end(struct span line, size_t at) {
    while (at < line.count && line.at[at] != ' ') at++;
    return at;
}

/* arg = key "=" ( word / quoted ) / word / quoted */
static enum verdict read_argument(struct span line, size_t *at, struct argument *argument) {
    size_t i = *at;
    *argument = (struct argument){0};
    if (is_alpha(line.at[i])) {
        size_t end = i + 1;
        while (end < line.count && (is_alpha(line.at[end]) || is_digit(line.at[end]) || line.at[end] == '-')) end++;
        if (end < line.count && line.at[end] == '=' && end - i <= 32) {
            argument->key = (struct span){line.at + i, end - i};
            i = end + 1;
        }
    }
    if (i < line.count && line.at[i] == '"') {
        argument->quoted = true;
        size_t start = ++i;
        while (i < line.count && line.at[i] != '"') {
            if (line.at[i] == '\\' && ++i < line.count && line.at[i] != '"' && line.at[i] != '\\' && line.at[i] != 'n')
                return BROKEN;
            i++;
        }
        if (i >= line.count) return OPEN_QUOTATION;
        argument->value = (struct span){line.at + start, i - start};
        i++;
    } else {
        size_t start = i;
        while (i < line.count && is_word(line.at[i])) i++;
        if (i == start) return BROKEN;
        argument->value = (struct span){line.at + start, i - start};
    }
    *at = i;
    return i == line.count || line.at[i] == ' ' ? FOLLOWS : BROKEN;
}

static bool same_key(struct span a, struct span b) {
    if (a.count != b.count) return false;
    for (size_t i = 0; i < a.count; i++) {
        uint8_t x = a.at[i], y = b.at[i];
        if ((is_alpha(x) ? x | 0x20 : x) != (is_alpha(y) ? y | 0x20 : y)) return false;
    }
    return true;
}

/* request = [ tag SP ] verb *( SP arg ) [ SP body-intro ]; `at` is the first octet that is no space. */
static enum verdict read_request(struct span line, size_t at, struct command *c) {
    size_t end = token_end(line, at);
    if (line.at[at] == '#') {
        if (end - at < 2 || end - at > 33) return BROKEN;
        for (size_t i = at + 1; i < end; i++) if (!is_tag(line.at[i])) return BROKEN;
        c->tag = (struct span){line.at + at + 1, end - at - 1};
        for (at = end; at < line.count && line.at[at] == ' '; at++) {}
        if (at == line.count) return BROKEN;
        end = token_end(line, at);
    }
    if (end - at > 16 || !is_alpha(line.at[at])) return BROKEN;
    for (size_t i = at; i < end; i++) if (!is_alpha(line.at[i]) && !is_digit(line.at[i])) return BROKEN;
    c->verb = (struct span){line.at + at, end - at};
    for (at = end;;) {
        while (at < line.count && line.at[at] == ' ') at++;
        if (at == line.count) return FOLLOWS;
        if (line.at[at] == '<' || line.at[at] == '{') {
            size_t stop = token_end(line, at), rest = stop;
            while (rest < line.count && line.at[rest] == ' ') rest++;
            c->form = introduction((struct span){line.at + at, stop - at}, &c->octets);
            return rest == line.count && c->form != NO_BODY ? FOLLOWS : BROKEN;
        }
        size_t start = at;
        struct argument argument;
        enum verdict verdict = read_argument(line, &at, &argument);
        if (verdict != FOLLOWS) return verdict;
        for (size_t i = 0; argument.key.at != NULL && c->fault.code == NULL && i < c->count; i++) {
            if (c->arguments[i].key.at == NULL || !same_key(c->arguments[i].key, argument.key)) continue;
            c->fault = (struct fault){
                .code = "DUP-ARG", .line = 1, .column = column(line, start), .argument = argument.key};
        }
        c->arguments[c->count++] = argument;
    }
}

static void read_command(struct span line, size_t limit, struct command *c) {
    size_t at = 0;
    while (line.at[at] == ' ') at++;
    enum verdict verdict = read_request(line, at, c);
    if (verdict != FOLLOWS) {
        /* Decision 1: the octets after the last space decide; decision 2: but not inside an open quotation. */
        size_t end = line.count, start;
        while (end > 0 && line.at[end - 1] == ' ') end--;
        for (start = end; start > 0 && line.at[start - 1] != ' '; start--) {}
        c->form = verdict == OPEN_QUOTATION ? NO_BODY
                                            : introduction((struct span){line.at + start, end - start}, &c->octets);
        c->fault = (struct fault){.code = "SYNTAX"};
    }
    check_text(line, &c->fault);
    if (line.count > limit) c->fault = (struct fault){.code = "LINE-TOO-LONG", .line = 1};
}

static void request(struct reader *r, const struct command *c, const char *form, const uint8_t *body, size_t count) {
    put(r, "R", 1);
    optional(r, c->tag);
    one_case(r, c->verb, true);
    /* The body may lie in the scratch room; values are unquoted behind it. */
    uint8_t *value = r->scratch + r->count + 1;
    for (size_t i = 0; i < c->count; i++) {
        const struct argument *a = &c->arguments[i];
        if (a->key.at == NULL) absent(r);
        else one_case(r, a->key, false);
        size_t length = 0;
        for (size_t k = 0; k < a->value.count; k++) {
            uint8_t octet = a->value.at[k];
            if (a->quoted && octet == '\\') octet = a->value.at[++k] == 'n' ? '\n' : a->value.at[k];
            value[length++] = octet;
        }
        field(r, value, length);
    }
    text(r, form);
    if (body == NULL) absent(r);
    else field(r, body, count);
    put(r, "\n", 1);
    r->results += 1;
}

/* ---- lines and bodies (section 2) ---- */

enum found { WAITS, LINE, ABUSE };

/* The next line without its end; `bound` is the longest that is waited for, in octets without its end. */
static enum found next_line(const struct reader *r, size_t bound, struct span *line, size_t *next) {
    const uint8_t *start = r->octets + r->at;
    size_t rest = r->count - r->at;
    const uint8_t *end = rest > 0 ? memchr(start, '\n', rest) : NULL;
    size_t count = end == NULL ? rest : (size_t)(end - start);
    *next = end == NULL ? rest : count + 1;
    if (count > 0 && start[count - 1] == '\r') count--;
    if (count > bound || !may_come(r, *next)) return ABUSE;
    *line = (struct span){start, count};
    return end == NULL ? WAITS : LINE;
}

static void check_line(struct span line, size_t limit, size_t number, struct fault *fault) {
    if (fault->code != NULL) return;
    const uint8_t *cr = line.count > 0 ? memchr(line.at, '\r', line.count) : NULL;
    if (line.count > limit) {
        *fault = (struct fault){.code = "LINE-TOO-LONG", .line = number};
    } else if (cr != NULL) {
        size_t place = column(line, (size_t)(cr - line.at));
        *fault = (struct fault){.code = "CONTROL", .line = number, .column = place, .found = "U+000D"};
    }
}

static void answer(
    struct reader *r, const struct command *c, const struct fault *fault, const char *form, const uint8_t *body,
    size_t count) {
    if (c->fault.code != NULL) malformed(r, &c->fault, c->tag);
    else if (fault != NULL && fault->code != NULL) malformed(r, fault, c->tag);
    else request(r, c, form, body, count);
}

static bool read_one_line(struct reader *r, const struct command *c, size_t limit) {
    struct span line;
    size_t next;
    struct fault fault = {0};
    switch (next_line(r, 16 * line_limit(r), &line, &next)) {
    case WAITS: return false;
    case ABUSE: return fatal(r, "ABUSE");
    case LINE: break;
    }
    check_line(line, line_limit(r), 2, &fault);
    if (fault.code == NULL && line.count > limit) fault.code = "BODY-TOO-BIG";
    use(r, next);
    answer(r, c, &fault, "<", line.at, line.count);
    return true;
}

static bool read_block(struct reader *r, const struct command *c, size_t limit) {
    struct fault fault = {0};
    size_t size = 0, kept = 0, lines = 0; /* size: of the content, with the LF between its lines */
    for (;;) {
        /* Section 2: a line inside a block is read as far as it may still be the block's end. */
        size_t left = size + (lines > 0) < 2 * limit ? 2 * limit - size - (lines > 0) : 0;
        size_t bound = 16 * line_limit(r);
        struct span line;
        size_t next;
        switch (next_line(r, left + 8 < bound ? left + 8 : bound, &line, &next)) {
        case WAITS: return false;
        case ABUSE: return fatal(r, "ABUSE");
        case LINE: break;
        }
        bool cancelled = line.count == 7 && memcmp(line.at, ".cancel", 7) == 0;
        if (cancelled || (line.count == 1 && line.at[0] == '.')) {
            use(r, next);
            answer(r, c, cancelled ? NULL : &fault, cancelled ? "C" : "D", cancelled ? NULL : r->scratch, kept);
            return true;
        }
        lines += 1;
        check_line(line, line_limit(r), lines + 1, &fault);
        if (line.count > 1 && line.at[0] == '.' && line.at[1] == '.') line.at++, line.count--;
        else if (line.count > 0 && line.at[0] == '.' && fault.code == NULL)
            fault = (struct fault){.code = "DOT", .line = lines + 1, .column = 1};
        size += line.count + (lines > 1);
        if (size > 2 * limit) return use(r, next), fatal(r, "ABUSE");
        if (fault.code == NULL && size > limit) fault.code = "BODY-TOO-BIG";
        if (lines > 1) r->scratch[kept++] = '\n';
        memcpy(r->scratch + kept, line.at, line.count);
        kept += line.count;
        use(r, next);
    }
}

static bool read_literal(struct reader *r, const struct command *c, size_t limit) {
    if (c->octets > limit) return fatal(r, "FRAME");
    /* Decision 15: with the first octet of its line's end. */
    if (!may_come(r, c->octets + 1)) return fatal(r, "ABUSE");
    size_t rest = r->count - r->at;
    if (rest <= c->octets) return false;
    const uint8_t *body = r->octets + r->at;
    size_t end = c->octets;
    if (body[end] == '\r') {
        if (rest <= ++end) return false;
        if (!may_come(r, end + 1)) return fatal(r, "ABUSE");
    }
    if (body[end] != '\n') return fatal(r, "FRAME");
    use(r, end + 1);
    answer(r, c, NULL, "L", body, c->octets);
    return true;
}

/* ---- the stream ---- */

/* Section 1: how the first line of another protocol is known. */
static bool is_stranger(struct span line) {
    static const char *const openings[] = {
        "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "TRACE ", "PATCH ", "PRI * HTTP/", "HTTP/",
        "EHLO ", "HELO ", "LHLO ", "MAIL FROM:", "STARTTLS", "SSH-", "USER ", "NICK ", "CAP ", "PASS ",
        "CAPABILITY", "A001 "};
    if (line.count >= 2 && line.at[0] == '*' && line.at[1] >= '0' && line.at[1] <= '9') return true;
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        size_t count = strlen(openings[i]);
        if (line.count >= count && memcmp(line.at, openings[i], count) == 0) return true;
    }
    size_t start = line.count;
    while (start > 0 && line.at[start - 1] != ' ') start--;
    return start > 0 && line.count - start >= 5 && memcmp(line.at + start, "HTTP/", 5) == 0;
}

/* One request; false when the stream ends inside it or nothing after it can be read. */
static bool read_one(struct reader *r, struct argument *arguments) {
    struct span line;
    size_t next;
    if (r->at < r->count && !r->touched && r->octets[r->at] == 0x16) return fatal(r, "ABUSE");
    switch (next_line(r, 16 * line_limit(r), &line, &next)) {
    case WAITS: return false;
    case ABUSE: return fatal(r, "ABUSE");
    case LINE: break;
    }
    size_t spaces = 0;
    while (spaces < line.count && line.at[spaces] == ' ') spaces++;
    if (spaces == line.count) return use(r, next), true;
    if (!r->touched && is_stranger(line)) return fatal(r, "ABUSE");
    r->touched = true;
    struct command c = {.arguments = arguments};
    read_command(line, line_limit(r), &c);
    bool enrols = c.verb.count == 5 && same_key(c.verb, (struct span){(const uint8_t *)"ENROL", 5});
    size_t limit = logged_in(r) ? r->limits->body : enrols ? r->limits->enrol_body : r->limits->anonymous_body;
    use(r, next);
    switch (c.form) {
    case NO_BODY: return answer(r, &c, NULL, "N", NULL, 0), true;
    case ONE_LINE: return read_one_line(r, &c, limit);
    case BLOCK: return read_block(r, &c, limit);
    case LITERAL: return read_literal(r, &c, limit);
    case UNCOUNTABLE: return fatal(r, "FRAME");
    }
    return false;
}

size_t framing_read(
    const uint8_t *octets, size_t count, const struct framing_limits *limits, uint8_t *out, size_t capacity) {
    struct reader r = {.octets = octets, .count = count, .limits = limits, .out = out, .capacity = capacity};
    r.scratch = malloc(2 * count + 2);
    /* Every argument takes two octets of its line at least. */
    struct argument *arguments = malloc((count / 2 + 1) * sizeof *arguments);
    if (r.scratch == NULL || arguments == NULL) r.overflow = true;
    while (!r.overflow && r.at <= r.count && read_one(&r, arguments)) {}
    free(r.scratch);
    free(arguments);
    return r.overflow ? SIZE_MAX : r.used;
}
