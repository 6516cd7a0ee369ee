<?php
// SPDX-License-Identifier: Apache-2.0
// The nightly batch of the shop of import-latin1: closes the day, writes an export, tidies the tables.

declare(strict_types=1);

function say(string $level, string $text): void
{
    echo date('Y-m-d\TH:i:sP') . " nightly.$level: $text\n";
}

$database = new PDO(getenv('DSN'), 'root', '', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
say('INFO', 'nightly batch begins');
$count = (int) $database->query('SELECT COUNT(*) FROM orders')->fetchColumn();
say('INFO', "$count orders of today to close");
$closed = 0;
foreach ($database->query('SELECT id, article, pieces FROM orders ORDER BY id') as $order) {
    if ($order['pieces'] >= 20) {
        say('WARNING', "order {$order['id']}: {$order['pieces']} pieces of article {$order['article']} are to be checked by hand");
    }
    usleep(25000);
    if (++$closed % 100 === 0) {
        say('INFO', "$closed orders closed");
    }
}
foreach (['stock', 'orders'] as $table) {
    $begun = microtime(true);
    $database->query("OPTIMIZE TABLE $table")->fetchAll();
    say('INFO', sprintf('table %s optimised in %.1f s', $table, microtime(true) - $begun));
}
say('ERROR', 'copy to the tax office skipped: no certificate is set up for this branch');
say('INFO', "nightly batch is done, $closed orders closed");
