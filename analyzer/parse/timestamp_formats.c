/* SPDX-License-Identifier: Apache-2.0 */

#include "parse/timestamp_formats.h"

/*
 * Of two rows that fit the same bytes the first wins: what is longer stands before what is shorter,
 * and of dates that can be read in two ways the one that software writes more often.
 */
const TimestampFormat timestamp_formats[] = {
        [TIMESTAMP_FORMAT_EPOCH] = { "%s", START_EPOCH, PLACE_START, RANK_GUESS },

        { "%a %Y-%m-%d %I:%M:%S%f%p%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%a %Y-%m-%d %H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y-%m-%dT%I:%M:%S%f%p%z", START_YEAR, PLACE_ANY, RANK_FULL },
        [TIMESTAMP_FORMAT_ISO] = { "%Y-%m-%dT%H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y-%m-%d - %H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y-%m-%d-%H.%M.%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL }, /* DB2 */
        /* these two stand in names of files as well */
        { "%Y-%m-%d-%H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_GUESS },
        { "%Y-%m-%d_%H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_GUESS },
        { "%Y-%jT%H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y/%m/%d %I:%M:%S%f%p%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y/%m/%d %H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y/%m/%dT%H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y/%m/%d-%H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL }, /* LevelDB, RocksDB */
        { "%Y.%m.%d %H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y.%m.%d-%H.%M.%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y:%m:%d-%H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y:%m:%d %H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y %b %d %a %H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y-%b-%d %H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y/%b/%d %H:%M:%S%f%z", START_YEAR, PLACE_ANY, RANK_FULL },
        { "%Y-%m-%d %H:%M%z", START_YEAR, PLACE_START, RANK_GUESS },
        { "%Y-%m-%dT%H:%M%z", START_YEAR, PLACE_START, RANK_GUESS },
        { "%Y/%m/%d %H:%M%z", START_YEAR, PLACE_START, RANK_GUESS },
        { "%Y-%m-%d", START_YEAR, PLACE_START, RANK_DATE },
        { "%Y/%m/%d", START_YEAR, PLACE_START, RANK_DATE },

        { "%Y%m%dT%H%M%S%f%z", START_EIGHT, PLACE_ANY, RANK_FULL },
        { "%Y%m%dT%H:%M:%S%f%z", START_EIGHT, PLACE_ANY, RANK_FULL },
        { "%Y%m%d %H:%M:%S%f%z", START_EIGHT, PLACE_ANY, RANK_FULL },
        { "%Y%m%d-%H:%M:%S%f%z", START_EIGHT, PLACE_ANY, RANK_FULL },
        { "%Y%m%d %H%M%S%f%z", START_EIGHT, PLACE_START, RANK_FULL },
        { "%Y%m%d.%H%M%S%f%z", START_EIGHT, PLACE_START, RANK_FULL },
        { "%Y%m%d-%H%M%S%f%z", START_EIGHT, PLACE_START, RANK_FULL },
        { "%Y%m%d%H%M%S%f%z", START_FOURTEEN, PLACE_START, RANK_GUESS },
        { "%y%m%d %H:%M:%S%f%z", START_SIX, PLACE_START, RANK_FULL }, /* old MySQL */
        { "%y%m%d %H%M%S%f%z", START_SIX, PLACE_START, RANK_FULL },   /* HDFS */

        { "%d/%b/%Y:%H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL }, /* CLF */
        { "%d/%b/%Y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d/%b/%y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d-%b-%Y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d-%b-%Y::%H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL }, /* Erlang */
        { "%d-%b-%y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%a %d %b %Y %I:%M:%S%f%p%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%a %d %b %Y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL }, /* RFC 5322, Redis */
        { "%a %d %b %y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%a %d-%b-%Y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%a %d %b %I:%M:%S%f%p%z %Y", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%a %d %b %H:%M:%S%f%z %Y", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%a %d %b %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d %b %Y %H:%M%z", START_FIELD, PLACE_START, RANK_GUESS },
        { "%d.%m.%Y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d.%m.%y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%m/%d/%Y %I:%M:%S%f%p%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d/%m/%Y %I:%M:%S%f%p%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%m/%d/%Y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d/%m/%Y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%m/%d/%Y - %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d/%m/%Y - %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%m/%d/%Y-%H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL }, /* Suricata */
        { "%m/%d/%y %I:%M:%S%f%p%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%y/%m/%d %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL }, /* Spark */
        { "%d/%m/%y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%m/%d/%y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%m/%d/%y-%H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d-%m-%Y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d-%m-%YT%H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%m-%d-%Y %I:%M:%S%f%p%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%m-%d-%Y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%y-%m-%d %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%y-%m-%dT%H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%d-%m-%y %H:%M:%S%f%z", START_FIELD, PLACE_ANY, RANK_FULL },
        { "%m-%d %H:%M:%S%f%z", START_FIELD, PLACE_START, RANK_FULL }, /* logcat */
        { "%m/%d %H:%M:%S%f%z", START_FIELD, PLACE_START, RANK_FULL },
        { "%m/%d-%H:%M:%S%f%z", START_FIELD, PLACE_START, RANK_FULL }, /* Snort */
        { "%m.%d %H:%M:%S%f%z", START_FIELD, PLACE_START, RANK_FULL },
        { "%H:%M:%S%f %Y-%m-%d", START_FIELD, PLACE_START, RANK_FULL },
        { "%H:%M:%S%f %d-%b-%Y", START_FIELD, PLACE_START, RANK_FULL },
        { "%H:%M:%S%f %d/%m/%Y", START_FIELD, PLACE_START, RANK_FULL },
        { "%H:%M:%S%f %d.%m.%Y", START_FIELD, PLACE_START, RANK_FULL },
        { "%I:%M:%S%f%p%z", START_FIELD, PLACE_START, RANK_GUESS },
        { "%H:%M:%S%f%z", START_FIELD, PLACE_START, RANK_GUESS },

        { "%a %b %d %I:%M:%S%f%p%z %Y", START_MONTH, PLACE_ANY, RANK_FULL },
        { "%a %b %d %I:%M:%S%f%p%z", START_MONTH, PLACE_ANY, RANK_FULL },
        { "%a %b %d %H:%M:%S%f%z %Y", START_MONTH, PLACE_ANY, RANK_FULL },   /* ctime, Apache's error log */
        { "%a %b %d %H:%M:%S%f%z", START_MONTH, PLACE_ANY, RANK_FULL },      /* RFC 3164 */
        { "%a %b %d %Y %I:%M:%S%f%p%z", START_MONTH, PLACE_ANY, RANK_FULL }, /* java.util.logging */
        { "%a %b %d %Y %H:%M:%S%f%z", START_MONTH, PLACE_ANY, RANK_FULL },
        { "%b-%d-%Y %H:%M:%S%f%z", START_MONTH, PLACE_ANY, RANK_FULL },
        { "%b-%d-%y %H:%M:%S%f%z", START_MONTH, PLACE_ANY, RANK_FULL }, /* ASSP */
        { "%b-%d %H:%M:%S%f%z", START_MONTH, PLACE_ANY, RANK_FULL },
        { "%b/%d/%Y %H:%M:%S%f%z", START_MONTH, PLACE_ANY, RANK_FULL }, /* RouterOS */
        { "%a %b %d %I:%M%p", START_MONTH, PLACE_START, RANK_GUESS },
        { "%a %b %d %H:%M", START_MONTH, PLACE_START, RANK_GUESS },

        { "%L%m%d %H:%M:%S%f%z", START_LEVEL, PLACE_ANY, RANK_FULL },   /* klog, glog */
        { "%L%y%m%d %H:%M:%S%f%z", START_LEVEL, PLACE_ANY, RANK_FULL }, /* CockroachDB */
        { "%L%Y%m%d %H:%M:%S%f%z", START_LEVEL, PLACE_ANY, RANK_FULL },
        { "@%@", START_TAI, PLACE_ANY, RANK_FULL },
};

const size_t timestamp_formats_count = sizeof(timestamp_formats) / sizeof(timestamp_formats[0]);
