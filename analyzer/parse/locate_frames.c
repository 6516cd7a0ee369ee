/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/locate_frames.h"

#include <glib.h>

/* Frames are looked for in so many lines. */
#define FRAMES_MAX 400

static const Str EXTENSIONS[] = {
        { "java", 4 }, { "kt", 2 },  { "scala", 5 }, { "groovy", 6 }, { "clj", 3 }, { "py", 2 },  { "js", 2 },  { "ts", 2 },  { "mjs", 3 },
        { "cjs", 3 },  { "jsx", 3 }, { "tsx", 3 },   { "go", 2 },     { "cs", 2 },  { "fs", 2 },  { "vb", 2 },  { "rb", 2 },  { "php", 3 },
        { "rs", 2 },   { "ex", 2 },  { "exs", 3 },   { "erl", 3 },    { "c", 1 },   { "cc", 2 },  { "cpp", 3 }, { "cxx", 3 }, { "h", 1 },
        { "hpp", 3 },  { "pl", 2 },  { "pm", 2 },    { "swift", 5 },  { "lua", 3 }, { "sql", 3 }, { "erb", 3 },
};

/* What stands in frames that are not the application's own. */
static const char *const FOREIGN[] = {
        /* Java */
        "at java.",
        "at javax.",
        "at jakarta.",
        "at sun.",
        "at jdk.",
        "at com.sun.",
        "java.base/",
        "at org.springframework.",
        "at org.apache.",
        "at org.hibernate.",
        "at com.zaxxer.",
        "at org.postgresql.",
        "at com.mysql.",
        "at org.mariadb.",
        "at io.netty.",
        "at org.eclipse.",
        "at reactor.",
        "at kotlin.",
        "at kotlinx.",
        "at scala.",
        "at akka.",
        "at com.fasterxml.",
        "at org.junit.",
        "at com.google.",
        "at io.undertow.",
        "at okhttp3.",
        "at redis.clients.",
        "at io.lettuce.",
        "at org.jboss.",
        "at io.vertx.",
        "at io.micrometer.",
        "at com.mongodb.",
        "at org.elasticsearch.",
        "at oracle.jdbc.",
        "at feign.",
        "$$",
        /* Python */
        "site-packages/",
        "dist-packages/",
        "/usr/lib/python",
        "/usr/local/lib/python",
        "<frozen ",
        "/lib/python3",
        /* Node.js */
        "node_modules/",
        "node:",
        "(internal/",
        "at internal/",
        "<anonymous>)",
        /* Go */
        "/usr/local/go/",
        "/usr/lib/go",
        "/go/pkg/mod/",
        "/libexec/src/",
        "/vendor/",
        "/opt/go/",
        /* .NET */
        "at System.",
        "at Microsoft.",
        "at Npgsql.",
        "at StackExchange.",
        "at Newtonsoft.",
        "/_/src/",
        /* Ruby, PHP, Rust, Elixir */
        "/gems/",
        "/lib/ruby/",
        "/rustc/",
        "/.cargo/registry/",
        "(elixir ",
        "(stdlib ",
        "(kernel ",
        "(phoenix ",
        "(plug ",
        "(ecto",
        "(db_connection ",
        "(cowboy ",
        "(postgrex ",
        /* C and C++ */
        "../sysdeps/",
        "./nptl/",
        "./stdlib/",
        "/usr/include/",
        "/lib/x86_64",
        "libsanitizer",
        "sanitizer_common",
        "asan_",
        "../nptl/",
        "../csu/",
};

static bool is_foreign(Str line) {
        for (size_t i = 0; i < G_N_ELEMENTS(FOREIGN); i++)
                if (str_find(line, str_from(FOREIGN[i]), 0) != SIZE_MAX)
                        return true;
        return false;
}

static bool is_path_char(char c) {
        return char_is_alpha(c) || char_is_digit(c) || (c != '\0' && strchr("/._-@+~$\\", c) != NULL);
}

static size_t extension_end(Str text, size_t dot) {
        size_t end = dot + 1;

        while (end < text.len && char_is_alpha(text.ptr[end]))
                end++;
        for (size_t i = 0; i < G_N_ELEMENTS(EXTENSIONS); i++)
                if (str_equal(EXTENSIONS[i], str_slice(text, dot + 1, end)))
                        return end;
        return 0;
}

/* Behind the name: ":10", "(10)", ":line 10", "\", line 10", with a quote that may be escaped. */
static size_t line_number_at(Str text, size_t at) {
        static const Str MARKS[] = { { ":line ", 6 }, { "\", line ", 8 }, { "\\\", line ", 9 }, { ":", 1 }, { "(", 1 } };

        for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++)
                if (str_starts(str_slice(text, at, text.len), MARKS[i]) && at + MARKS[i].len < text.len && char_is_digit(text.ptr[at + MARKS[i].len]))
                        return at + MARKS[i].len;
        return 0;
}

bool locate_source(Str text, Str *file, Str *line) {
        const char *dot = text.ptr;

        while (text.len > 0 && (dot = memchr(dot, '.', text.len - (size_t)(dot - text.ptr))) != NULL) {
                size_t at = (size_t)(dot - text.ptr), end = extension_end(text, at), number = end ? line_number_at(text, end) : 0;
                size_t start = at, behind = number;

                dot++;
                if (number == 0)
                        continue;
                while (start > 0 && is_path_char(text.ptr[start - 1]))
                        start--;
                while (behind < text.len && char_is_digit(text.ptr[behind]))
                        behind++;
                if (start == at)
                        continue;
                *file = str_slice(text, start, end);
                *line = str_slice(text, number, behind);
                return true;
        }
        return false;
}

/* The next line; in JSON they end with a backslash and an n. */
static bool take_line(Str *rest, bool escaped, Str *line) {
        size_t end = escaped ? str_find(*rest, STR("\\n"), 0) : str_find(*rest, STR("\n"), 0);

        if (rest->len == 0)
                return false;
        *line = str_slice(*rest, 0, end);
        *rest = str_slice(*rest, end == SIZE_MAX ? rest->len : end + (escaped ? 2 : 1), rest->len);
        return true;
}

static Str without_tab(Str line) {
        line = str_trim(line);
        while (str_starts(line, STR("\\t")))
                line = str_trim(str_slice(line, 2, line.len));
        return line;
}

/* A line that begins as frames do: by its own words, or by a path alone. */
static bool is_frame(Str line) {
        static const Str STARTS[] = { { "at ", 3 }, { "File ", 5 }, { "from ", 5 }, { "#", 1 }, { "/", 1 }, { "(", 1 }, { "in ", 3 }, { "| ", 2 } };

        for (size_t i = 0; i < G_N_ELEMENTS(STARTS); i++)
                if (str_starts(line, STARTS[i]))
                        return true;
        return str_find(str_slice(line, 0, 512), STR(".rb:"), 0) != SIZE_MAX;
}

/* "at com.shop.Pool.get(Unknown Source)", "at Shop.Pool.Get(String name)": a frame without a file. */
static bool read_function(Str line, Str *file, Str *number) {
        const char *open = memchr(line.ptr, '(', line.len);

        if (!str_starts(line, STR("at ")) || !open)
                return false;
        *file = str_slice(line, 3, (size_t)(open - line.ptr));
        *number = str_slice(line, 0, 0);
        return file->len > 0 && memchr(file->ptr, ' ', file->len) == NULL;
}

bool locate_frame(Str trace, bool escaped, Str *file, Str *line) {
        bool python = str_find(str_slice(trace, 0, 4096), STR("Traceback (most recent call last)"), 0) != SIZE_MAX;
        bool found = false, own = false;
        Str next;

        for (unsigned i = 0; i < FRAMES_MAX && take_line(&trace, escaped, &next); i++) {
                Str frame = without_tab(next), at_file, at_line;
                bool foreign;

                if (!is_frame(frame) || (!locate_source(frame, &at_file, &at_line) && !read_function(frame, &at_file, &at_line)))
                        continue;
                foreign = is_foreign(frame);
                if (found && (foreign || (own && !python))) /* Python's most recent call comes last */
                        continue;
                *file = at_file;
                *line = at_line;
                found = true;
                own |= !foreign;
                if (own && !python)
                        return true;
        }
        return found;
}
