/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Kinds
 *
 * Kinds of failures that are known to be brought about by something that may have no words for it.
 */

#include "model/pattern.h"

/* What fills up because something else holds or writes it: connections, disks, memory, queues. */
bool kind_is_limit(const Pattern *pattern);

/* Of these what takes minutes to fill: connections are used up within seconds, a disk is not. */
bool kind_fills_slowly(const Pattern *pattern);

/* It says where a program failed, and not why. */
bool kind_is_exception(const Pattern *pattern);

/* Data that is not as it should be, a row that breaks a rule: who sent it may have no words for it. */
bool kind_is_data(const Pattern *pattern);

/* A user or a password that is refused. */
bool kind_is_login(const Pattern *pattern);

/* Who waits for a lock or a slow answer is heard when his patience ends; what he holds up may be heard before. */
bool kind_waits(const Pattern *pattern);
