/* SPDX-License-Identifier: Apache-2.0 */
#include "report/redact_rules.h"

#include <arpa/inet.h>
#include <glib.h>

/* --- checks --- */

typedef enum { CHAR_OTHER, CHAR_DIGIT, CHAR_UPPER, CHAR_LOWER } CharClass;

static CharClass class_of(char c) {
        return char_is_digit(c) ? CHAR_DIGIT : c >= 'A' && c <= 'Z' ? CHAR_UPPER : c >= 'a' && c <= 'z' ? CHAR_LOWER : CHAR_OTHER;
}

/* How often the next byte is of another class. In random base64 that is at 62 of 100 bytes, in CamelCase at 33, in a path at 25. */
static size_t n_changes(Str s) {
        size_t n = 0;

        for (size_t i = 1; i < s.len; i++)
                n += class_of(s.ptr[i]) != class_of(s.ptr[i - 1]);
        return n;
}

/* Something is there, and nobody has masked it already. */
static bool is_value(Str value) {
        static const char *const EMPTY[] = {
                "null", "none", "nil", "undefined", "true", "false", "yes", "no", "redacted", "filtered", "hidden", "masked", NULL
        };
        size_t masked = 0;

        for (size_t i = 0; i < value.len; i++)
                masked += strchr("*x.<>[]-?", value.ptr[i]) != NULL;
        return value.len > 0 && masked < value.len && value.ptr[0] != '<' && value.ptr[0] != '[' && !str_is_one_of(value, EMPTY);
}

/* A secret beside words: "token: 8f3kQ" is one, "token: string" is none. */
bool redact_is_no_word(Str value) {
        size_t digits = 0, others = 0;

        for (size_t i = 0; i < value.len; i++) {
                digits += char_is_digit(value.ptr[i]);
                others += strchr("!@#$%^&*+=~", value.ptr[i]) != NULL;
        }
        return value.len >= 6 && is_value(value) && digits < value.len && (digits > 0 || others > 0 || n_changes(value) > 2);
}

static bool is_password_of_url(Str value) {
        return is_value(value) && memchr(value.ptr, '/', value.len) == NULL;
}

/* "pass=12" counts tests, "sig=11" is a signal. */
static bool is_value_no_number(Str value) {
        size_t digits = 0;

        for (size_t i = 0; i < value.len; i++)
                digits += char_is_digit(value.ptr[i]);
        return is_value(value) && digits < value.len;
}

static bool is_signature(Str value) {
        return value.len >= 16 && redact_is_no_word(value);
}

/* All three classes, for a hash in hexadecimal digits is no secret. */
static bool is_random(Str value) {
        unsigned classes = 0;

        for (size_t i = 0; i < value.len; i++)
                classes |= 1U << class_of(value.ptr[i]);
        return (classes | 1) == 15 && n_changes(value) * 100 >= value.len * 45;
}

/* Addresses that say nothing of anybody. */
static bool is_address(Str value) {
        static const char *const NOBODY[] = { "127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "::", NULL };
        g_autofree char *text = str_dup(str_slice(value, 0, 64));
        char *zone = strchr(text, '%');
        unsigned char bytes[sizeof(struct in6_addr)];
        bool has_digit = false;

        if (zone)
                *zone = '\0';
        for (const char *c = text; *c; c++)
                has_digit |= char_is_digit(*c);
        if (!has_digit || str_is_one_of(value, NOBODY))
                return false;
        return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

/* "ip-10-0-0-1": the digits are an address. */
static bool is_dashed_address(Str value) {
        g_autofree char *text = str_dup(str_slice(value, 0, 64));

        return is_address(str_from(g_strdelimit(text, "-", '.')));
}

static bool is_luhn(const char *digits, size_t n) {
        unsigned sum = 0;

        for (size_t i = 0; i < n; i++) {
                unsigned digit = (unsigned)(digits[n - 1 - i] - '0');
                digit = i % 2 ? digit * 2 : digit;
                sum += digit > 9 ? digit - 9 : digit;
        }
        return sum % 10 == 0;
}

/* The ranges of the issuers and how long their numbers are: ISO/IEC 7812. */
static bool is_card(Str value) {
        char digits[20] = { 0 };
        size_t n = 0;

        for (size_t i = 0; i < value.len && n < 19; i++)
                if (char_is_digit(value.ptr[i]))
                        digits[n++] = value.ptr[i];
        if (n < 13 || !is_luhn(digits, n))
                return false;
        unsigned four = (unsigned)((digits[0] - '0') * 1000 + (digits[1] - '0') * 100 + (digits[2] - '0') * 10 + digits[3] - '0');
        unsigned two = four / 100;
        if (digits[0] == '4')
                return n == 13 || n == 16 || n == 19;
        if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) || two == 35 || four == 6011 || two == 65 || (four >= 6440 && four <= 6499))
                return n == 16;
        if (two == 34 || two == 37)
                return n == 15;
        return two == 62 ? n >= 16 : (two == 30 || two == 36 || two == 38) && n == 14;
}

/* ISO 13616: the country and its check digits to the end, letters as numbers from 10, modulo 97 is 1. */
static bool is_iban(Str value) {
        g_autoptr(GString) text = g_string_new(NULL);
        unsigned rest = 0;

        for (size_t i = 0; i < value.len; i++)
                if (value.ptr[i] != ' ')
                        g_string_append_c(text, value.ptr[i]);
        if (text->len < 15 || text->len > 34)
                return false;
        for (size_t i = 0; i < text->len; i++) {
                char c = text->str[(i + 4) % text->len];
                rest = char_is_digit(c) ? (rest * 10 + (unsigned)(c - '0')) % 97 : (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
        }
        return rest == 1;
}

/* E.164: at most 15 digits; a zone such as +0100 has four. */
static bool is_phone(Str value) {
        size_t digits = 0;

        for (size_t i = 0; i < value.len; i++)
                digits += char_is_digit(value.ptr[i]);
        return digits >= 9 && digits <= 15;
}

/* Words that stand where a name could, as in "user not found". */
static bool is_name(Str value) {
        static const char *const WORDS[] = {
                "id", "is", "not", "was", "has", "the", "and", "for", "from", "name", "does", "with", "unknown", "anonymous", NULL
        };

        return is_value(value) && !str_is_one_of(value, WORDS);
}

/* --- the table --- */

/* Names of fields that hold secrets, whatever stands before them. */
#define SECRET_NAME                                                                                                                                            \
        "(?:[\\w.-]*(?:passw(?:or)?d|passphrase|passcode|secret|token|api[_-]?key|apikey|access[_-]?key|account[_-]?key|secret[_-]?key|"                       \
        "private[_-]?key|encryption[_-]?key|signing[_-]?key|auth[_-]?key|license[_-]?key|shared[_-]?access[_-]?key|credentials?|secret[_-]?access[_-]?key)|"   \
        "pwd|[\\w.-]*_pwd|[\\w.-]*[_-]pass|pgpassword|mysql_pwd|session[_-]?id|sessid|sid|connect\\.sid|phpsessid|jsessionid|csrf[_-]?token|xsrf|otp|cvv|cvc|" \
        "x-api-key)"

#define USER_NAME                                                                                                                                              \
        "(?:[\\w.-]*user[_-]?name|user|userid|user[_-]id|uid|usr|login|customer[_-]?id|account[_-]?id|member[_-]?id|patient[_-]?id|ruser|logname|auid|acct|"   \
        "first[_-]?name|last[_-]?name|full[_-]?name|phone|ssn|email)"

/* A value without quotes; a comma ends it when the next field follows. */
#define BARE "((?:(?!,\\s|,[\\w.-]+[=:])[^\\s\"'&;<>\\\\])+?)(?=[)\\]},.]*(?:[\\s\"'&;<>\\\\,]|$))"

/* Where a name or a value may begin: at the begin of a word, or behind the "\\n" of a string. */
#define BEGIN "(?:\\b|(?<=\\\\[nrt]))"

/* The same, where none of @before stands in front. */
#define APART(before) "(?:(?<!" before ")|(?<=\\\\[nrt]))"

#define OCTET "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)"

const RedactRule REDACT_RULES[] = {
        { "key", "(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\\z)", NULL },
        { "key", "((?:[A-Za-z0-9+/=]{1,80}\\s+)+)-----END [A-Z0-9 ]*PRIVATE KEY", NULL },
        { "jwt", BEGIN "eyJ[\\w-]{6,}\\.[\\w-]{4,}(?:\\.[\\w-]*)*", NULL },

        /* Tokens whose form names who gave them out. */
        { "key", BEGIN "(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}\\b", NULL },
        { "key", BEGIN "AIza[\\w-]{30,}", NULL },
        { "token", BEGIN "ya29\\.[\\w-]{10,}", NULL },
        { "token",
          BEGIN "(?:gh[pousr]_\\w{20,}|github_pat_\\w{20,}|gl(?:pat|dt|rt)-[\\w-]{16,}|npm_\\w{30,}|pypi-[\\w-]{16,}|dop_v1_\\w{20,}|hvs\\.[\\w-]{20,})",
          NULL },
        { "token", BEGIN "(?:xox[abeoprs]-[\\w-]{10,}|xapp-[\\w-]{10,})", NULL },
        { "token", "(?<=hooks\\.slack\\.com/services/)[\\w/]{10,}", NULL },
        { "key", BEGIN "(?:[sr]k_(?:live|test)_\\w{10,}|sk-(?:\\w+-)*\\w{16,}|SG\\.[\\w-]{10,}\\.[\\w-]{10,}|key-[0-9a-f]{32}|whsec_[\\w+/=]{16,})", NULL },
        { "key", BEGIN "\\d{8,10}:AA[\\w-]{32,}", NULL },

        /* Headers. */
        { "auth", "(?i)" BEGIN "authorization\\\\*[\"']?\\h*[:=]\\h*\\\\*[\"']?(?:bearer|basic|digest|negotiate|token|apikey|ntlm)\\s+([^\\s\"',;\\\\]+)",
          NULL },
        { "auth", "(?i)" BEGIN "authorization\\\\*[\"']?\\h*[:=]\\h*\\\\*[\"']?([^\\s\"',;\\\\]+)", redact_is_no_word },
        { "auth", "(?i)" BEGIN "(?:bearer|basic|negotiate|ntlm)\\s+([\\w.~+/=-]{6,})", redact_is_no_word },
        { "cookie",
          "(?i)" BEGIN "(?:set-)?cookie\\\\*[\"']?\\h*[:=]\\h*\\\\*[\"']?((?:[^\\r\\n\"'=]*=(?:\\\\*\"(?![,;}\\])\\s])[^\"\\r\\n]*\"|'[^'\\r\\n]*')?)+[^"
          "\\r\\n\"'=]*)(?<!\\h)",
          NULL },

        /* URLs and connection strings. */
        { "password", BEGIN "[A-Za-z][A-Za-z0-9+.-]*://[^\\s:/@\"'<>]*:([^\\s/\"'<>]+)@(?=[\\w.\\[%-])", is_password_of_url },
        { "user", BEGIN "[A-Za-z][A-Za-z0-9+.-]*://([^\\s:/@\"'<>]+)(?::[^\\s/\"'<>]*)?@(?=[\\w.\\[%-])", is_name },
        { "password", BEGIN "[\\w.-]+/([^\\s/@\"']{3,})@//?[\\w.-]+(?::\\d+)?/", is_value },

        /* Fields: "name": "value", also within a JSON string; name='value'; name=value; name: value. */
        { "secret", "(?i)" BEGIN SECRET_NAME "\\\\+[\"']\\h*:\\h*\\\\+[\"']((?:(?!\\\\+[\"']).)+)", is_value },
        { "secret", "(?i)" BEGIN SECRET_NAME "[\"']?\\h*(?:=>|[:=])\\h*\"((?:[^\"\\\\]|\\\\.)+)", is_value },
        { "secret", "(?i)" BEGIN SECRET_NAME "[\"']?\\h*(?:=>|[:=])\\h*'((?:[^'\\\\]|\\\\.|'')+)", is_value },
        { "secret", "(?i)" BEGIN SECRET_NAME "\\s?(?:=>|=)\\s?" BARE, is_value },
        { "secret", "(?i)" BEGIN SECRET_NAME "[\"']?:\\h*" BARE, redact_is_no_word },
        { "secret", "(?i)(?<![\\w-])pass\\s?=\\s?[\"']?" BARE, is_value_no_number },
        { "secret", "(?i)" BEGIN "(?:sig|signature|x-amz-signature|x-amz-credential|x-goog-signature|code_verifier)=" BARE, is_signature },
        { "secret", "(?i)(?<=\\s)--(?:[\\w-]*(?:password|token|secret|api-key|passphrase))[ =]\\h*[\"']?([^\\s\"']+)", is_value },
        { "password", "(?<=\\s)-u\\s+[\"']?[^\\s:\"'/]+:([^\\s\"']+)", is_value },
        { "password", BEGIN "(?:mysql|mysqldump|mysqladmin|mariadb)\\b[^\\n]*?\\s-p([^\\s\"']+)", is_value },
        { "password", "(?i)\"AUTH\"(?:\\s+\"[^\"]*\")?\\s+\"([^\"]+)\"", NULL },

        /* SQL statements that a server logs. */
        { "password", "(?i)" BEGIN "(?:PASSWORD|IDENTIFIED\\s+(?:WITH\\s+\\S+\\s+)?(?:BY|AS)(?:\\s+PASSWORD)?)\\s+[eE]?'((?:[^'\\\\]|''|\\\\.)+)", NULL },
        { "password", "(?i)" BEGIN "(?:PASSWORD|IDENTIFIED\\s+BY)\\s+\"((?:[^\"]|\"\")+)", NULL },
        { "password", "(?i)" BEGIN "SET\\s+PASSWORD\\b[^=\\n]*=\\h*(?:PASSWORD\\h*\\()?\\h*'((?:[^'\\\\]|''|\\\\.)+)", NULL },
        { "user", "(?i)" BEGIN "(?:CREATE|ALTER|DROP)\\s+(?:USER|ROLE)\\s+(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+)?[\"'`]?([\\w.@-]+)", is_name },

        /* People and money. "shop:secret@db" in a URL is no mail. The callout asks the check, and a number that follows a card's is left out. */
        { "mail",
          "(?i)" BEGIN
          "[a-z][a-z0-9+.-]*://[^\\s/@\"'<>]*@(*SKIP)(*F)|(?<![\\w.+-])[a-z0-9_][\\w.+-]*(?:@|%40)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}\\b",
          NULL },
        { "iban", BEGIN "[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b(?C1)", is_iban },
        { "card", APART("[\\w.-]") "\\d(?:[ -]?\\d){12,18}(?![\\w-])(?C1)", is_card },
        { "phone", APART("[\\w+.:-]") "\\+[1-9]\\d{0,2}(?:[ ./-]?\\(?\\d{1,5}\\)?){2,6}(?![\\w])(?C1)", is_phone },

        /* Addresses; the version of a browser looks like one. */
        { "mac", APART("[\\w:.-]") "[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?!\\w|[:-]\\w)", NULL },
        { "mac", APART("[\\w.]") "[0-9A-Fa-f]{4}\\.[0-9A-Fa-f]{4}\\.[0-9A-Fa-f]{4}(?![\\w.])", NULL },
        { "ip", APART("[\\w:.]") "(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:\\d{1,3}\\.){3}\\d{1,3}|[0-9A-Fa-f]{0,4})(?:%\\w+)?(?!\\w|:[\\w:])(?C1)", is_address },
        { "ip",
          APART("[\\w.]") "(?<!Chrome/)(?<!Chromium/)(?<!HeadlessChrome/)(?<!Edg/)(?<!OPR/)(?<!Firefox/)(?<!Safari/)(?<!Version/)(?<!YaBrowser/)(?:" OCTET
                          "\\.){3}" OCTET "(?!\\w|\\.\\d)",
          is_address },
        { "ip", APART("[\\w.]") "ip-(\\d{1,3}(?:-\\d{1,3}){3})(?![\\w])", is_dashed_address },
        { "ip", APART("[\\w.-]") "(\\d{1,3}(?:-\\d{1,3}){3})(?=\\.[a-z])", is_dashed_address },

        /* Who it was. */
        { "user", "(?i)" BEGIN USER_NAME "\\\\+[\"']\\h*:\\h*\\\\+[\"']((?:(?!\\\\+[\"']).)+)", is_name },
        { "user", "(?i)" BEGIN USER_NAME "[\"']?\\h*(?:=>|[:=])\\h*\"((?:[^\"\\\\]|\\\\.)+)", is_name },
        { "user", "(?i)" BEGIN USER_NAME "[\"']?\\h*(?:=>|[:=])\\h*'((?:[^'\\\\]|\\\\.)+)", is_name },
        { "user", "(?i)\"" USER_NAME "\"\\h*:\\h*(\\d+)", NULL },
        { "user", "(?i)" BEGIN USER_NAME "=" BARE, is_name },
        { "user", "(?i)" BEGIN "(?:user|role|login|account)(?:name)? \\\\*[\"'`]([^\"'`\\\\\\s]+)", is_name },
        { "user", "(?i)" BEGIN "(?:invalid|illegal|unknown) user (\\S+) from\\b", is_name },
        { "user", BEGIN "(?:password|publickey|keyboard-interactive\\S*|none|gssapi\\S*|hostbased) for (?!invalid )(\\S+) from\\b", is_name },
        { "user", BEGIN "session (?:opened|closed) for user ([\\w.$-]+)", is_name },
        { "user", "(?:/home/|/Users/|[A-Z]:\\\\+Users\\\\+)([\\w.-]+)", is_name },

        /* What nobody writes by hand. */
        { "token", APART("[\\w+/=-]") "[A-Za-z0-9+/_-]{24,}={0,2}(?![\\w+/-])", is_random },
        { NULL, NULL, NULL },
};
