/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Civil
 *
 * Dates of the Gregorian calendar as days since 1970-01-01 and back, for any year. The method is
 * Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms": years begin in March, so that a
 * leap day is a year's last day, and 400 years, an era, always have 146097 days.
 */

#include <stdbool.h>
#include <stdint.h>

#define CIVIL_SECOND_US INT64_C(1000000)
#define CIVIL_MINUTE_US (60 * CIVIL_SECOND_US)
#define CIVIL_HOUR_US   (60 * CIVIL_MINUTE_US)
#define CIVIL_DAY_US    (24 * CIVIL_HOUR_US)

#define CIVIL_EPOCH_SHIFT 719468 /* days from 0000-03-01 to 1970-01-01 */
#define CIVIL_ERA_DAYS    146097

typedef struct CivilDate {
        int64_t year;
        int month, day;
} CivilDate;

static inline int64_t civil_floor_div(int64_t a, int64_t b) {
        return a / b - (a % b < 0);
}

static inline bool civil_is_leap(int64_t year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static inline int civil_days_in_month(int64_t year, int month) {
        if (month == 2)
                return civil_is_leap(year) ? 29 : 28;
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static inline int64_t civil_to_days(int64_t year, int month, int day) {
        int64_t shifted = month <= 2 ? year - 1 : year;
        int64_t era = civil_floor_div(shifted, 400);
        int64_t year_of_era = shifted - era * 400;
        int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

        return era * CIVIL_ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - CIVIL_EPOCH_SHIFT;
}

static inline CivilDate civil_from_days(int64_t days) {
        int64_t shifted = days + CIVIL_EPOCH_SHIFT;
        int64_t era = civil_floor_div(shifted, CIVIL_ERA_DAYS);
        int64_t day_of_era = shifted - era * CIVIL_ERA_DAYS;
        int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        int month_from_march = (int)((5 * day_of_year + 2) / 153);
        int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;

        return (CivilDate){ year_of_era + era * 400 + (month <= 2), month, (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1) };
}
