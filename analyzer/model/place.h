/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Place
 *
 * Where in a program an event comes from. Everything is a view of the event's block, and empty where the event says
 * nothing of it.
 */

#include "base/str.h"

typedef struct Place {
        Str logger;     /* "com.shop.db.Pool", "sshd" */
        Str file, line; /* of the statement, or of the topmost frame of a trace that is the application's own */
        Str thread;     /* "main", "http-nio-8080-exec-1", a process id */
        Str request;    /* the id of a request or of a trace through several services */
        bool escaped;   /* they are JSON strings, as they stand in the line */
} Place;
