/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_depth.h"

bool json_depth_is_safe(Str text) {
        unsigned depth = 0;
        bool quoted = false;

        for (size_t i = 0; i < text.len; i++) {
                char c = text.ptr[i];
                if (quoted && c == '\\')
                        i++;
                else if (c == '"')
                        quoted = !quoted;
                else if (!quoted && (c == '{' || c == '['))
                        depth++;
                else if (!quoted && (c == '}' || c == ']') && depth > 0)
                        depth--;
                else if (!quoted && (c == '#' || c == '/' || c == '\''))
                        return false;
                if (depth > JSON_DEPTH_MAX)
                        return false;
        }
        return true;
}
