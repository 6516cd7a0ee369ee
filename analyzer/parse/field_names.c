/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/field_names.h"

#include "parse/level.h"

/* With fewer lines nothing is learnt; more are not looked at, and no more names are told apart. */
#define LINES_MIN 3
#define LINES_MAX 100
#define NAMES_MAX 64

/* In percent: of the lines, those that must have the field; and of its values, those that must be what it is taken for. */
#define LINES_PERCENT  80
#define VALUES_PERCENT 90

/* Different values of a name that are counted, and bytes of each that are looked at. */
#define VARIETY_MAX 32
#define LOOK_BYTES  256

/* One of the unknown names, and how many of its values are what. */
typedef struct Column {
        char *name; /* owned */
        unsigned n, n_times, n_levels, n_ranks, n_harmless, n_statuses, n_methods, n_worded, n_spaced, n_plain;
        unsigned n_kinds;
        guint kinds[VARIETY_MAX]; /* hashes of different values */
} Column;

struct FieldSurvey {
        const TimeContext *time;
        GPtrArray *columns; /* of Column, in order of their first line */
        unsigned n_lines, n_known[N_FIELDS];
};

bool field_names_find(const FieldNames *names, Str name, FieldKind *kind) {
        for (unsigned i = 0; i < names->n; i++)
                if (str_equal(name, (Str){ names->at[i].text, names->at[i].len })) {
                        *kind = names->at[i].kind;
                        return true;
                }
        return false;
}

/* --- what a value is --- */

static bool is_time(const FieldSurvey *survey, Str value) {
        Timestamp stamp;

        return timestamp_epoch(value, &stamp) || (timestamp_of_field(value, survey->time, NULL, &stamp) && stamp.has_date);
}

/* No number: those may be anything, unless the name says what they are. */
static bool is_level(Str value) {
        return value.len > 0 && char_is_alpha(*value.ptr) && level_of_field(value) != LEVEL_NONE;
}

static bool means_level(Str name) {
        static const char *const NAMES[] = { "pri", "prio", "priority", "sev", "severity" };

        for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
                if (str_equal_nocase(name, str_from(NAMES[i])))
                        return true;
        return str_find_nocase(name, STR("level"), 0) != SIZE_MAX || str_find_nocase(name, STR("lvl"), 0) != SIZE_MAX;
}

/* On the scale of syslog or of pino. */
static Level level_of_rank(Str value) {
        bool number = value.len > 0 && value.len <= 2 && char_is_digit(value.ptr[0]) && (value.len == 1 || value.ptr[1] == '0');

        return number ? level_of_field(value) : LEVEL_NONE;
}

/* The numbers that programs answer with; 418 and the like are rather something else. */
static bool is_status(Str value) {
        static const uint16_t STATUSES[] = { 101, 200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 408, 409, 410, 412,
                                             413, 415, 416, 419, 422, 423, 425, 429, 431, 499, 500, 501, 502, 503, 504, 507, 520, 521, 522, 523, 524 };
        unsigned number = value.len == 3 ? level_small_number(value) : 0;

        for (size_t i = 0; i < G_N_ELEMENTS(STATUSES); i++)
                if (STATUSES[i] == number)
                        return true;
        return false;
}

static bool is_method(Str value) {
        static const char *const METHODS[] = { "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "CONNECT" };

        for (size_t i = 0; i < G_N_ELEMENTS(METHODS); i++)
                if (str_equal(value, str_from(METHODS[i])))
                        return true;
        return false;
}

static void look_at_words(Column *column, Str value) {
        unsigned letters = 0, digits = 0, blanks = 0;

        for (size_t i = 0; i < value.len; i++) {
                letters += char_is_alpha(value.ptr[i]);
                digits += char_is_digit(value.ptr[i]);
                blanks += value.ptr[i] == ' ';
        }
        column->n_worded += letters >= 2 && letters > digits;
        column->n_spaced += blanks > 0;
        column->n_plain += digits == 0;
}

static void look_at_rank(Column *column, Str value) {
        Level level = level_of_rank(value);

        column->n_ranks += level != LEVEL_NONE;
        column->n_harmless += level != LEVEL_NONE && level < LEVEL_WARNING;
}

static void count_kind(Column *column, Str value) {
        guint hash = 5381;

        for (size_t i = 0; i < value.len; i++)
                hash = hash * 33 + (uint8_t)value.ptr[i];
        for (unsigned i = 0; i < column->n_kinds; i++)
                if (column->kinds[i] == hash)
                        return;
        if (column->n_kinds < VARIETY_MAX)
                column->kinds[column->n_kinds++] = hash;
}

/* --- looking at lines --- */

static void column_free(void *data) {
        g_free(((Column *)data)->name);
        g_free(data);
}

FieldSurvey *field_survey_new(const TimeContext *time) {
        FieldSurvey *survey = g_new0(FieldSurvey, 1);

        survey->time = time;
        survey->columns = g_ptr_array_new_with_free_func(column_free);
        return survey;
}

void field_survey_free(FieldSurvey *survey) {
        g_ptr_array_unref(survey->columns);
        g_free(survey);
}

static Column *column_named(FieldSurvey *survey, Str name) {
        Column *column;

        for (guint i = 0; i < survey->columns->len; i++)
                if (str_equal(name, str_from(((Column *)survey->columns->pdata[i])->name)))
                        return survey->columns->pdata[i];
        if (survey->columns->len == NAMES_MAX || name.len == 0 || name.len > FIELD_NAME_BYTES)
                return NULL;
        column = g_new0(Column, 1);
        column->name = str_dup(name);
        g_ptr_array_add(survey->columns, column);
        return column;
}

static void look_at(Str name, Str value, void *data) {
        FieldSurvey *survey = data;
        Column *column = column_named(survey, name);

        if (!column)
                return;
        value = str_slice(value, 0, LOOK_BYTES);
        column->n++;
        column->n_times += is_time(survey, value);
        column->n_levels += is_level(value);
        if (means_level(name))
                look_at_rank(column, value);
        column->n_statuses += is_status(value);
        column->n_methods += is_method(value);
        look_at_words(column, value);
        count_kind(column, value);
}

void field_survey_add(FieldSurvey *survey, Str line, const Fields *fields) {
        bool timed = (fields->value[FIELD_TIME].ptr && is_time(survey, fields->value[FIELD_TIME])) || fields->value[FIELD_DATE].ptr;
        bool levelled = level_of_fields(fields) != LEVEL_NONE, speaks = fields->value[FIELD_MESSAGE].len > 0;

        if (survey->n_lines == LINES_MAX)
                return;
        survey->n_lines++;
        survey->n_known[FIELD_TIME] += timed;
        survey->n_known[FIELD_LEVEL] += levelled;
        survey->n_known[FIELD_STATUS] += fields->value[FIELD_STATUS].ptr && is_status(fields->value[FIELD_STATUS]);
        survey->n_known[FIELD_MESSAGE] += speaks;
        if (!timed || !levelled || !speaks)
                fields_others(line, look_at, survey);
}

/* --- what they tell --- */

static bool is_share(unsigned part, unsigned whole, unsigned percent) {
        return whole > 0 && part * 100 >= whole * percent;
}

static void take_name(FieldNames *names, const Column *column, FieldKind kind) {
        FieldName *name = &names->at[names->n++];

        name->kind = kind;
        name->len = strlen(column->name);
        memcpy(name->text, column->name, name->len);
}

static bool is_taken(const FieldNames *names, const Column *column) {
        FieldKind kind;

        return field_names_find(names, str_from(column->name), &kind);
}

/* Most lines of a log are no warnings: numbers that say so may as well be the priorities of jobs. */
static unsigned n_levels_of(const Column *column) {
        return is_share(column->n_harmless, column->n_ranks, 50) ? MAX(column->n_levels, column->n_ranks) : column->n_levels;
}

/* How many of its values are of @kind. */
static unsigned n_of(const Column *column, FieldKind kind) {
        return kind == FIELD_TIME ? column->n_times : kind == FIELD_LEVEL ? n_levels_of(column) : kind == FIELD_STATUS ? column->n_statuses : column->n_worded;
}

/* A message is said in words, best with blanks between them and without numbers, and says more than one thing. */
static unsigned eloquence(const Column *column) {
        return 100 * (2 * column->n_spaced + column->n_plain) / column->n + column->n_kinds;
}

/* Not all lines are of requests; what is a status in all lines that have it is one. */
static unsigned lines_percent(FieldKind kind) {
        return kind == FIELD_STATUS ? 20 : LINES_PERCENT;
}

/* The lines of requests where nearly all are: what a request was is in all fields of an access log, not in one. A message stands in other lines, too. */
static unsigned n_requests(const FieldSurvey *survey) {
        for (guint i = 0; i < survey->columns->len; i++) {
                const Column *column = survey->columns->pdata[i];
                if (is_share(column->n_methods, survey->n_lines, LINES_PERCENT))
                        return column->n;
        }
        return 0;
}

static const Column *find_column(const FieldSurvey *survey, const FieldNames *names, FieldKind kind) {
        unsigned n_min = kind == FIELD_MESSAGE ? n_requests(survey) + 1 : 1;
        const Column *best = NULL;

        for (guint i = 0; i < survey->columns->len; i++) {
                const Column *column = survey->columns->pdata[i];

                if (is_taken(names, column) || column->n < n_min || !is_share(column->n, survey->n_lines, lines_percent(kind)) ||
                    !is_share(n_of(column, kind), column->n, kind == FIELD_STATUS ? 100 : VALUES_PERCENT) || (kind == FIELD_MESSAGE && column->n_kinds < 2))
                        continue;
                if (!best || (kind == FIELD_MESSAGE && eloquence(column) > eloquence(best)))
                        best = column;
        }
        return best;
}

void field_survey_finish(const FieldSurvey *survey, FieldNames *names) {
        static const FieldKind KINDS[FIELD_NAMES_MAX] = { FIELD_TIME, FIELD_LEVEL, FIELD_STATUS, FIELD_MESSAGE };

        *names = (FieldNames){ 0 };
        for (size_t i = 0; survey->n_lines >= LINES_MIN && i < G_N_ELEMENTS(KINDS); i++) {
                const Column *column;

                if (is_share(survey->n_known[KINDS[i]], survey->n_lines, 50))
                        continue;
                column = find_column(survey, names, KINDS[i]);
                if (column)
                        take_name(names, column, KINDS[i]);
        }
}
