<?php
// Reads what the commands of laravel.md have made, as the app would.

function database(string $path): PDO
{
    return new PDO("sqlite:$path", options: [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
}

function all(PDO $db, string $sql): array
{
    return $db->query($sql)->fetchAll(PDO::FETCH_NUM);
}

$dev = database('database/database.sqlite');
$users = all($dev, 'SELECT password, created_at FROM users');
count($users) === 20 or exit('users: '.count($users));
foreach ($users as [$hash, $created]) {
    password_get_info($hash)['algoName'] === 'bcrypt' or exit("Laravel does not know $hash");
    $at = DateTime::createFromFormat('Y-m-d H:i:s', $created);
    $at && $at->format('Y-m-d H:i:s') === $created or exit("created_at is $created");
}
password_verify('password', $users[0][0]) or exit('another password');

$production = database('production.sqlite');
all($production, 'SELECT slug FROM categories ORDER BY slug') === [['guides'], ['news']] or exit('categories');
all($production, 'SELECT count(*) FROM users') === [[1]] or exit('users of production');
echo "ok\n";
