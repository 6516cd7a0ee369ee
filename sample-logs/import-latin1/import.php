<?php
// SPDX-License-Identifier: Apache-2.0
// Imports the supplier's stock list, all of it or nothing. Usage: php import.php LIST

declare(strict_types=1);

function say(string $level, string $text): void
{
    echo date('M d H:i:s') . " shop-2 stock-import[" . getmypid() . "]: $level: $text\n";
}

$database = new PDO(getenv('DSN'), 'root', '', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$lines = file($argv[1], FILE_IGNORE_NEW_LINES);
$set = $database->prepare('UPDATE stock SET name = ?, pieces = ?, imported = NOW() WHERE id = ?');
$database->beginTransaction();
try {
    foreach ($lines as $line) {
        [$id, $name, $pieces] = explode(';', $line);
        if ((int) $pieces < 0) {
            say('warning', "article $id: $pieces pieces, taken as none");
            $pieces = 0;
        }
        $set->execute([$name, $pieces, $id]);
    }
    $database->commit();
    say('info', count($lines) . ' articles imported');
} catch (PDOException $failure) {
    $database->rollBack();
    say('err', "line \"$id\" of list refused, import rolled back: " . $failure->getMessage());
}
