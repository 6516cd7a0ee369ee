/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/origins.h"

#include "base/str.h"

#include <string.h>

/* Marks stand at the beginning of a line. */
#define MARK_BYTES_MAX 256

/*
 * `names`: how a word in the name of such a log begins. `marks`: what stands in its lines and in no others'. All lists end
 * with NULL.
 */
struct Origin {
        const char *name;
        const char *groups[4];
        const char *names[18];
        const char *marks[8];
        bool answers; /* its lines have an HTTP status */
};

static const Origin ORIGINS[] = {
        { "a database",
          { "database" },
          { "postgres", "pgsql", "pgbouncer", "mysql", "maria", "mongo", "oracle", "alert", "sqlserver", "errorlog", "cassandra", "cockroach", "clickhouse",
            "influx", "db", "database" },
          { "LOG:  ", "STATEMENT:  ", "\"error_severity\"", "InnoDB: ", "mysqld", "mongod", "WiredTiger" },
          false },
        { "a cache",
          { "cache" },
          { "redis", "valkey", "memcache", "varnish", "sentinel", "dragonfly" },
          { "* Ready to accept connections", "* Background saving", "* DB saved on disk" },
          false },
        { "a message broker",
          { "messaging" },
          { "rabbit", "kafka", "zookeeper", "pulsar", "activemq", "artemis", "nats", "mosquitto", "broker" },
          { "kafka.server", "kafka.log", "rabbit on node", "org.apache.activemq", "accepting AMQP connection" },
          false },
        { "a web server or proxy",
          { "http" },
          { "access", "nginx", "apache", "httpd", "haproxy", "envoy", "traefik", "caddy", "varnish", "ingress", "gateway", "proxy", "edge" },
          { "haproxy[", "nginx:" },
          true },
        { "the kernel", { "disk", "memory", "network" }, { "kern", "dmesg", "messages", "syslog", "journal" }, { " kernel: ", "\"kernel\"" }, false },
        { "a time service",
          { "time" },
          { "chrony", "ntp", "timesync", "timekeeper", "messages", "syslog", "journal" },
          { "chronyd[", "ntpd[", "systemd-timesyncd[" },
          false },
};

const Origin *origin_of(const char *group) {
        for (size_t i = 0; i < G_N_ELEMENTS(ORIGINS); i++)
                if (g_strv_contains(ORIGINS[i].groups, group))
                        return &ORIGINS[i];
        return NULL;
}

const char *origin_name(const Origin *origin) {
        return origin->name;
}

bool origin_has_one_group(const Origin *origin) {
        return !origin->groups[1];
}

static bool begins_with_one_of(const char *text, const char *const *words) {
        for (; *words; words++)
                if (g_ascii_strncasecmp(text, *words, strlen(*words)) == 0)
                        return true;
        return false;
}

/* The file's own name, not that of its folders. */
bool origin_is_named(const Origin *origin, const char *path) {
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

        for (const char *at = name; *at; at++)
                if (char_is_alpha(*at) && (at == name || !char_is_alpha(at[-1])) && begins_with_one_of(at, origin->names))
                        return true;
        return false;
}

static bool has_mark(const Origin *origin, const Signal *signal, const Exemplar *exemplar) {
        Str start = { exemplar->text, strnlen(exemplar->text, MARK_BYTES_MAX) };

        if (origin->answers && signal->status > 0)
                return true;
        for (const char *const *mark = origin->marks; *mark; mark++)
                if (str_find(start, str_from(*mark), 0) != SIZE_MAX)
                        return true;
        return false;
}

GArray *origin_sources(const Origin *origin, const LedgerView *view) {
        g_autofree bool *is_its = g_new0(bool, view->sources->len + 1);
        GArray *sources = g_array_new(FALSE, FALSE, sizeof(uint32_t));

        for (guint i = 0; i < view->sources->len; i++)
                is_its[i] = origin_is_named(origin, ((const SourceRecord *)view->sources->pdata[i])->name);
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                for (unsigned j = 0; j < signal->n_first; j++)
                        if (!is_its[signal->first[j].source] && has_mark(origin, signal, &signal->first[j]))
                                is_its[signal->first[j].source] = true;
        }
        for (uint32_t i = 0; i < view->sources->len; i++)
                if (is_its[i])
                        g_array_append_val(sources, i);
        return sources;
}
