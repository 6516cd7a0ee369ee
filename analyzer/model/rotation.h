/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rotation
 *
 * What the name of a log says of its place in a rotated set: app.log, app.log.1, app.log.2.gz, app.log.old (logrotate,
 * newsyslog), app.log-20240607.gz, app.log-20240607-0900 (dateext), app-20240607.log, catalina.2024-06-07.log (Tomcat),
 * app.log.2024-06-07-13 (log4j), app.2024-06-07.3.log (logback), 0.log.20240607-090003.gz (kubelet). Names are judged by
 * themselves: whether other files of the set are there does not matter, so the same name means the same everywhere.
 */

#include <stdbool.h>
#include <stdint.h>

/* A date in a name may be the first day of a file that covers a month. */
#define ROTATION_DATE_SLACK_US (INT64_C(31) * 86400 * 1000000)

/* In the order in which their files are read: from the oldest to the live one. */
typedef enum { ROTATION_DATED, ROTATION_NUMBERED, ROTATION_OLD, ROTATION_LIVE } RotationKind;

typedef struct Rotation {
        char *set; /* owned; the path of the live file: "/var/log/app.log" */
        RotationKind kind;
        uint64_t date;  /* YYYYMMDDHHMMSS, ROTATION_DATED; 0 else */
        uint64_t index; /* ROTATION_NUMBERED: from the newest; ROTATION_DATED: from the oldest of that date */
} Rotation;

void rotation_read(Rotation *rotation, const char *path);
void rotation_clear(Rotation *rotation);

/* Negative when @a is older than @b; of one set. */
int rotation_compare(const Rotation *a, const Rotation *b);

/* The date in the name, as its midnight in UTC in microseconds; 0 without one. */
int64_t rotation_date(const char *path);
