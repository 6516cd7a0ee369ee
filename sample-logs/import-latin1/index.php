<?php
// SPDX-License-Identifier: Apache-2.0
// A shop for building materials under PHP-FPM with PDO and MariaDB. Stock older than 40 s is not sold.

declare(strict_types=1);

const STOCK_SECONDS = 40;

function database(): PDO
{
    return new PDO(getenv('DSN'), 'root', '', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
}

function answer(int $status, array $body = []): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($body);
    exit;
}

function show(int $id): never
{
    $found = database()->prepare('SELECT id, name, pieces FROM stock WHERE id = ?');
    $found->execute([$id]);
    $row = $found->fetch(PDO::FETCH_ASSOC);
    if (!$row) {
        error_log("WARNING article $id is not in stock list");
        answer(404);
    }
    answer(200, $row);
}

function order(array $form): never
{
    if (($form['pieces'] ?? 0) < 1) {
        error_log('WARNING order refused: pieces must be at least 1');
        answer(422);
    }
    $database = database();
    $age = (int) $database->query('SELECT TIMESTAMPDIFF(SECOND, MAX(imported), NOW()) FROM stock')->fetchColumn();
    if ($age > STOCK_SECONDS) {
        throw new RuntimeException("stock is $age s old, nothing is sold without knowing what there is");
    }
    $database->prepare('INSERT INTO orders (article, pieces) VALUES (?, ?)')->execute([$form['article'], $form['pieces']]);
    answer(201, ['order' => $database->lastInsertId()]);
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (preg_match('#^/articles/(\d+)$#', $path, $match)) {
    show((int) $match[1]);
}
if ($path === '/orders' && $_SERVER['REQUEST_METHOD'] === 'POST') {
    order(json_decode(file_get_contents('php://input'), true));
}
answer(404);
