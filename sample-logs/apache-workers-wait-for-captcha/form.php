<?php
// SPDX-License-Identifier: Apache-2.0
// Contact forms under Apache's mod_php; a captcha provider checks each. No time-out is set.

function note(string $text): void
{
    file_put_contents(getenv('FORM_LOG'), sprintf("(%s) %s\n", (new DateTime())->format('H:i:s.v j-M-Y'), $text), FILE_APPEND | LOCK_EX);
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/') {
    usleep(20000);
    echo 'hello';
    return;
}
if (!preg_match('~^/form/(\d+)$~', $path, $found)) {
    http_response_code(404);
    error_log("no such page $path");
    return;
}
$begun = microtime(true);
$provider = stream_socket_client('tcp://127.0.0.1:' . getenv('CAPTCHA'), $number, $why);
fwrite($provider, "check $found[1]\n");
$said = trim((string) fgets($provider));
note(sprintf('form %d: captcha said %s in %.1f s', $found[1], $said ?: '-', microtime(true) - $begun));
if (random_int(1, 80) === 1) {
    error_log("newsletter sync for form $found[1] postponed, CRM says 423");
}
echo 'thanks';
