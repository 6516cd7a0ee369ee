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
