# SPDX-License-Identifier: Apache-2.0
# For the cases that need a log; a case reads this file with: . "$TESTS/cli/logs.sh"

# Ten minutes of a shop, an order each second. In the seventh minute its database refuses connections.
shop_log() {
  i=0
  while [ $i -lt 600 ]; do
    time=$(printf '2026-03-01 12:%02d:%02d' $((i / 60)) $((i % 60)))
    echo "$time INFO shop: order $i came"
    if [ $i = 355 ]; then
      echo "$time LOG:  parameter \"max_connections\" changed to \"8\""
    elif [ $i -ge 360 ] && [ $i -lt 420 ]; then
      echo "$time ERROR shop: order not stored: FATAL:  sorry, too many clients already"
      [ $i -lt 363 ] || echo "$time ERROR proxy: POST /order answered 502"
    fi
    i=$((i + 1))
  done
}

# logscan with the patterns of shop.yaml alone.
shop_scan() {
  "$LOGSCAN" --no-builtin-patterns --patterns "$TESTS/cli/shop.yaml" "$@"
}

# What a log can hold that tries to be more than text: for a terminal, a browser, a Markdown viewer, a table, a reader's eye.
hostile_texts() {
  printf '%b\n' \
    '\033[31mred\033[2J\033]0;title\007\033]8;;http://evil.example\033\\\\link\033]8;;\033\\\\ \033P1$q\033\\\\ bell\007 back\b delete\177 csi\302\2330m' \
    '</script><script>alert(1)</script> <img src=x onerror=alert(1)> "><svg onload=alert(1)> &lt;b&gt; </style></code></td>' \
    '[click](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example> www.evil.example @everyone #1 **bold** _it_ ~~no~~ $x$' \
    '| a | b | c | `tick` ``two`` ```three``` \\\\ - [ ] 1. one' \
    'tab\there\ttoo, override \342\200\256sdrawkcab\342\200\254, isolate \342\201\246x\342\201\251, mark \342\200\217, joined a\342\200\215b' \
    'bad \377\376 utf-8 \300\257, marks z\314\200\314\201\314\202\314\203\314\204\314\205\314\206\314\207, wide \344\270\226\347\225\214, emoji \360\237\221\250\342\200\215\360\237\221\251, \327\251\327\234\327\225\327\235 right to left' \
    '# heading' '> quote' '- item' '    code' '---' '```' '[x]: http://evil.example'
}

# shop_log in which most lines end in such a text.
hostile_log() {
  hostile_texts >hostile.texts
  shop_log | awk 'BEGIN { while ((getline line < "hostile.texts") > 0) text[n++] = line }
    /INFO/ { print; next }
    { print $0 " " text[i++ % n]; if (/502/) print $1 " " $2 " ERROR " text[i % n] " odd " text[(i + 5) % n] }'
}

# logscan with the pack of hostile.yaml alone, on such a log in a file whose name is hostile too.
hostile_scan() {
  name=$(printf 'a\nb\033[31m\342\200\256<script>alert(1)<|`.log')
  hostile_log >"$name"
  "$LOGSCAN" --no-builtin-patterns --patterns "$TESTS/cli/hostile.yaml" --top 20 "$@" "$name"
}

# A day of the shop, an order every half minute; its database refuses connections in three of its hours, longest in the second.
bad_day_log() {
  awk 'BEGIN {
    for (i = 0; i < 2880; i++) {
      time = sprintf("2026-03-01 %02d:%02d:%02d", i / 120, int(i / 2) % 60, i % 2 * 30)
      print time " INFO shop: order " i " came"
      if ((i >= 666 && i < 672) || (i >= 1440 && i < 1480) || (i >= 2332 && i < 2340))
        for (n = 0; n < 9; n++)
          print time " ERROR shop: order not stored: FATAL:  sorry, too many clients already"
    }
  }'
}
