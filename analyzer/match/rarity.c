/* SPDX-License-Identifier: Apache-2.0 */
#include "match/rarity.h"

/* As they are written, upper case and all; compared without regard to it. */
static const char ORDINARY[] =
        "2024-06-07T09:00:03 2025-01-01 2023-10-11 1970 20:10:00.000 INFO DEBUG WARN ERROR info debug warning error notice trace fatal critical "
        "level=info level=debug level=warn level=error msg=\" time=\" ts= \"level\":\"info\",\"message\":\"\"timestamp\":\" \"logger\":\" \"thread\":\" "
        "GET / POST / PUT / HEAD / HTTP/1.1\" 200 HTTP/1.1\" 404 HTTP/2.0\" 304 HTTP/1.1\" 302 HTTP/1.1\" 500 Mozilla/5.0 (X11; Linux x86_64; rv:109.0) "
        "(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Gecko/20100101 Firefox/109.0 "
        "\"-\" \"https://www.example.com/index.html\" http://localhost:8080/ /api/v1/users /api/products/ /api/orders/ /login /health /static/css/ "
        "10.0.0.1 127.0.0.1 192.168.1.1 status=200 bytes= duration= dur= user= user_id= request_id= trace_id= client= server= host= port= path= method=GET "
        "request completed in ms response status code request started finished processing processed received sending sent connection from to "
        "client server service session handler controller thread worker-1 main pool-1-thread-1 http-nio-8080-exec-1 application container "
        "java.lang.Thread.run(Thread.java:100) java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1128) "
        "\tat org.apache.com.example.app.internal.core. org.springframework.web. .java:41) Caused by: java.lang. Exception: \tat com. "
        "for user id for the with and not was has been in on at by is of from that this are no key=value name= type= size= count= "
        "cache hit cache miss query took SELECT * FROM users WHERE id= INSERT INTO UPDATE SET message event task job batch items order cart checkout payment "
        "inventory product session: ttl= rejected form field validation validated database update updated created started stopped running loaded "
        "login logged authentication user account data file node instance image block replica kernel: systemd[1]: sshd[1234]: "
        "address added changed change detected unknown limit limited check timeout failed failure retry retrying exception system. root 0x00 "
        "closed close open opened read write terminating instance: [instance: set get list delete remove removed found not found version start stop";

/*
 * Bits of a byte, lower-case, in logs: of digits, which stand everywhere, fewer than of letters. Measured over logs of servers,
 * Java, syslog and JSON, rounded.
 */
static double bits_of(char byte) {
        static const char RANKS[] = "e t a o n r i s d c l u p m h g f b w v y k x j q z";
        const char *rank;

        if (char_is_digit(byte) || byte == ' ')
                return 3.5;
        rank = char_is_alpha(byte) ? strchr(RANKS, byte) : NULL;
        if (rank)
                return 4.0 + 0.09 * (double)(rank - RANKS);
        return strchr(".:-=/,\"", byte) ? 4.5 : 6.5;
}

double rarity_of(Str literal) {
        double bits = 0;

        for (size_t i = 0; i < literal.len; i++)
                bits += bits_of(literal.ptr[i]);
        if (bits > RARITY_ORDINARY && str_find_nocase(rarity_ordinary_text(), literal, 0) != SIZE_MAX)
                return RARITY_ORDINARY;
        return bits < RARITY_MAX ? bits : RARITY_MAX;
}

Str rarity_ordinary_text(void) {
        return (Str){ ORDINARY, sizeof(ORDINARY) - 1 };
}
