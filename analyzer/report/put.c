/* SPDX-License-Identifier: Apache-2.0 */
#include "report/put.h"

#include "base/time.h"
#include "model/event.h"
#include "report/clean.h"

void put_key(JsonBuilder *b, const char *name) {
        json_builder_set_member_name(b, name);
}

void put_text(JsonBuilder *b, const char *name, const char *text) {
        g_autofree char *valid = text ? clean_utf8(text) : NULL;

        put_key(b, name);
        if (valid)
                json_builder_add_string_value(b, valid);
        else
                json_builder_add_null_value(b);
}

void put_count(JsonBuilder *b, const char *name, uint64_t count) {
        put_key(b, name);
        json_builder_add_int_value(b, (gint64)count);
}

void put_number(JsonBuilder *b, const char *name, double value) {
        put_key(b, name);
        json_builder_add_double_value(b, value);
}

void put_bool(JsonBuilder *b, const char *name, bool value) {
        put_key(b, name);
        json_builder_add_boolean_value(b, value);
}

void put_time(JsonBuilder *b, const char *name, int64_t time_us) {
        char buffer[TIME_TEXT_BYTES];

        put_text(b, name, time_us == TIME_NONE ? NULL : time_write(time_us, buffer));
}

void put_strings(JsonBuilder *b, const char *name, const char *const *strings) {
        put_key(b, name);
        json_builder_begin_array(b);
        for (; strings && *strings; strings++) {
                g_autofree char *valid = clean_utf8(*strings);
                json_builder_add_string_value(b, valid);
        }
        json_builder_end_array(b);
}

void put_list(JsonBuilder *b, const char *name) {
        put_key(b, name);
        json_builder_begin_array(b);
}
