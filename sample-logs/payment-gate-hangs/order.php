<?php
// SPDX-License-Identifier: Apache-2.0
// Orders under PHP-FPM with PDO and PostgreSQL: a transaction is open while the payment gate is asked. Environment: DSN, GATE

declare(strict_types=1);

function say(string $level, string $text): void
{
    error_log("[orders] $level: $text");
}

function database(): PDO
{
    return new PDO(getenv('DSN'), 'orders', '', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
}

function show(PDO $database, int $id): void
{
    $found = $database->prepare('SELECT state FROM orders WHERE id = ?');
    $found->execute([$id]);
    $state = $found->fetchColumn();
    if ($state === false) {
        say('WARN', "order $id asked for, there is none");
        http_response_code(404);
        return;
    }
    echo json_encode(['state' => $state]);
}

function charge(int $id): int
{
    $curl = curl_init(getenv('GATE') . "/charge/$id");
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_CONNECTTIMEOUT => 2, CURLOPT_TIMEOUT => 90]);
    if (curl_exec($curl) === false) {
        throw new RuntimeException("charge of order $id: " . curl_error($curl));
    }
    return curl_getinfo($curl, CURLINFO_HTTP_CODE);
}

function order(PDO $database, array $form, float $begun): void
{
    $database->beginTransaction();
    $made = $database->prepare("INSERT INTO orders (customer, amount, state) VALUES (?, ?, 'new') RETURNING id");
    $made->execute([$form['customer'], $form['amount']]);
    $id = $made->fetchColumn();
    if (charge($id) === 402) {
        $database->rollBack();
        say('NOTICE', "order $id: card declined");
        http_response_code(402);
        return;
    }
    $database->prepare("UPDATE orders SET state = 'paid' WHERE id = ?")->execute([$id]);
    $database->commit();
    say('INFO', sprintf('order %d paid in %d ms', $id, (microtime(true) - $begun) * 1000));
    echo json_encode(['order' => $id]);
}

$begun = microtime(true);
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
try {
    $database = database();
    if (preg_match('#^/orders/(\d+)$#', $path, $match)) {
        show($database, (int) $match[1]);
    } elseif ($path === '/orders') {
        order($database, json_decode(file_get_contents('php://input'), true), $begun);
    } elseif ($path === '/voucher') {
        say('ERROR', 'voucher service answered 410 Gone for ' . ($_GET['c'] ?? '?') . ', no rebate given');
        echo '{}';
    } else {
        http_response_code(404);
    }
} catch (Throwable $failure) {
    say('ERROR', get_class($failure) . ': ' . str_replace("\n", ' ', $failure->getMessage()));
    http_response_code(500);
}
