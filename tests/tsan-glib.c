/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Preloaded where logscan runs under ThreadSanitizer. What one thread pushes to a GAsyncQueue and another one pops
 * happens in that order, but GLib locks with futexes of its own, which the sanitizer does not know. So tell it. The same
 * for what g_once_init_leave() publishes.
 */

#include <dlfcn.h>
#include <glib.h>

/* Of the sanitizer; absent in programs that are started on the way. */
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

void g_async_queue_push(GAsyncQueue *queue, void *data) {
        void (*push)(GAsyncQueue *, void *) = (void (*)(GAsyncQueue *, void *))dlsym(RTLD_NEXT, "g_async_queue_push");

        if (__tsan_release)
                __tsan_release(queue);
        push(queue, data);
}

void *g_async_queue_pop(GAsyncQueue *queue) {
        void *(*pop)(GAsyncQueue *) = (void *(*)(GAsyncQueue *))dlsym(RTLD_NEXT, "g_async_queue_pop");
        void *data = pop(queue);

        if (__tsan_acquire)
                __tsan_acquire(queue);
        return data;
}

void *g_async_queue_try_pop(GAsyncQueue *queue) {
        void *(*try_pop)(GAsyncQueue *) = (void *(*)(GAsyncQueue *))dlsym(RTLD_NEXT, "g_async_queue_try_pop");
        void *data = try_pop(queue);

        if (data && __tsan_acquire)
                __tsan_acquire(queue);
        return data;
}

/* Macros of the same names ask first whether it was done already, with an atomic load that the sanitizer sees. */
gboolean(g_once_init_enter)(volatile void *location) {
        gboolean (*enter)(volatile void *) = (gboolean(*)(volatile void *))dlsym(RTLD_NEXT, "g_once_init_enter");
        gboolean first = enter(location);

        if (__tsan_acquire)
                __tsan_acquire((void *)location);
        return first;
}

void(g_once_init_leave)(volatile void *location, gsize result) {
        void (*leave)(volatile void *, gsize) = (void (*)(volatile void *, gsize))dlsym(RTLD_NEXT, "g_once_init_leave");

        if (__tsan_release)
                __tsan_release((void *)location);
        leave(location, result);
}
