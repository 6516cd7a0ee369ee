# SPDX-License-Identifier: Apache-2.0
"""Servers of Debian 12, each on 127.0.0.1 with a configuration and data of its own."""

import re
import signal
import socket
import subprocess
import threading
import time
from datetime import datetime

PG = "/usr/lib/postgresql/15/bin/"
NGINX = """
user root; daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {logs}/nginx-error.log {level};
events {{ worker_connections 256; }}
http {{
  access_log {logs}/nginx-access.log combined;
  set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For; server_tokens off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {http}
}}
"""


class Postgres:
    """PostgreSQL 15; settings and SQL of the case, or a replica of another one."""

    DEFAULTS = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "shared_buffers": "32MB",
        "max_connections": 60,
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_timezone": "UTC",
        "log_checkpoints": "on",
        "checkpoint_timeout": "120s",
        "max_parallel_workers_per_gather": 0,
        "fsync": "off",
    }

    def __init__(self, stage, port, name="postgresql", settings=None, schema=None, replica_of=None):
        self.stage, self.port, self.log = stage, port, name + ".log"
        self.data = stage.folder / name
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        self.data.mkdir()
        self.data.chmod(0o700)
        subprocess.run(["chown", "postgres:", self.data], check=True)
        if replica_of:
            self.run("pg_basebackup", "-h", "127.0.0.1", "-p", replica_of.port, "-U", "postgres", "-D", self.data, "-R", "-c", "fast")
        else:
            self.run("initdb", "-D", self.data, "--auth=trust", "--no-sync", "-U", "postgres")
        options = self.DEFAULTS | {"port": port} | (settings or {})
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.writelines(f"{key} = '{value}'\n" for key, value in options.items())
        if schema:  # the tables are filled before the recorded log begins
            self.start("output")
            self.sql(schema)
            self.stop()
        self.start(self.log)

    def run(self, program, *arguments):
        command = [*self.user, PG + program, *map(str, arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/tmp")

    def start(self, log):
        self.program = self.stage.start(PG + "postgres", "-D", self.data, log=log, user="postgres", stop_with=signal.SIGINT)
        self.stage.wait_port(self.port)
        while self.program.poll() is None and self.query("SELECT 1") is None:
            time.sleep(0.2)

    def stop(self):
        self.stage.stop(self.program)

    def reload(self):
        self.program.send_signal(signal.SIGHUP)

    def dsn(self, user="postgres", database="postgres"):
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def query(self, text, user="postgres"):
        """The first value, None where the server refuses."""
        result = subprocess.run(["psql", "-qAt", self.dsn(user), "-c", text], capture_output=True, text=True)
        return result.stdout.strip() if result.returncode == 0 else None

    def sql(self, text, options=""):
        command = ["psql", "-q", "-v", "ON_ERROR_STOP=1", f"{self.dsn()}?options={options}"]
        subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.DEVNULL)


class MariaDB:
    def __init__(self, stage, port, settings=(), schema=None, log="mariadb-error.log"):
        self.stage, self.port = stage, port
        self.data = stage.folder / "mariadb"
        base = ["--no-defaults", f"--datadir={self.data}", "--user=root"]
        subprocess.run(
            ["mariadb-install-db", *base, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.socket = stage.folder / "mariadb.sock"
        self.command = ["mariadbd", *base, f"--port={port}", f"--socket={self.socket}", "--bind-address=127.0.0.1"]
        self.command += ["--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", *settings]
        self.program = stage.start(*self.command, log=log)
        stage.wait_port(port)
        if schema:
            self.sql(schema)

    def sql(self, text):
        command = ["mariadb", "--no-defaults", "-uroot", f"--socket={self.socket}"]
        subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.DEVNULL)


class Redis:
    def __init__(self, stage, port, name="redis", settings=()):
        folder = stage.folder / name
        folder.mkdir()
        self.port = port
        command = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", folder, *settings]
        self.program = stage.start(*command, log=name + ".log")
        stage.wait_port(port)

    def command(self, *words):
        subprocess.run(["redis-cli", "-p", str(self.port), *words], check=True, stdout=subprocess.DEVNULL)


class Memcached:
    def __init__(self, stage, port, megabytes):
        self.stage, self.port = stage, port
        self.start(megabytes)

    def start(self, megabytes):
        command = ["memcached", "-l", "127.0.0.1", "-p", self.port, "-U", 0, "-m", megabytes, "-t", 1, "-u", "root"]
        self.program = self.stage.start(*command)
        self.stage.wait_port(self.port)

    def restart(self, megabytes):
        self.stage.stop(self.program)
        self.start(megabytes)


class Nginx:
    """http: what stands within http { }, a server block at least."""

    def __init__(self, stage, port, http, level="notice"):
        conf = stage.folder / "nginx.conf"
        conf.write_text(NGINX.format(folder=stage.folder, logs=stage.logs, level=level, http=http), encoding="utf-8")
        self.program = stage.start("/usr/sbin/nginx", "-e", stage.logs / "nginx-error.log", "-c", conf, stop_with=signal.SIGQUIT)
        stage.wait_port(port)

    def reload(self):
        self.program.send_signal(signal.SIGHUP)


class PhpFpm:
    """PHP 8.2; its errors go to php-errors.log, its own lines to php-fpm.log."""

    def __init__(self, stage, port, children, env):
        conf = stage.folder / "fpm.conf"
        lines = [
            "[global]",
            f"error_log = {stage.logs}/php-fpm.log",
            "daemonize = no",
            "[www]",
            f"listen = 127.0.0.1:{port}",
            "user = root",
            "group = root",
            "pm = static",
            f"pm.max_children = {children}",
            f"php_admin_value[error_log] = {stage.logs}/php-errors.log",
            "php_admin_flag[log_errors] = on",
            "php_admin_flag[display_errors] = off",
            *[f"env[{key}] = {value}" for key, value in env.items()],
        ]
        conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.program = stage.start("/usr/sbin/php-fpm8.2", "-R", "-y", conf)
        stage.wait_port(port)

    def reload(self):
        self.program.send_signal(signal.SIGUSR2)


class HAProxy:
    """Its syslog messages are written as a syslog daemon does, with this host's name."""

    def __init__(self, stage, port, syslog_port, proxies, host="lb-1"):
        self.receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.receiver.bind(("127.0.0.1", syslog_port))
        threading.Thread(target=self.receive, args=(stage.logs / "haproxy.log", host), daemon=True).start()
        conf = stage.folder / "haproxy.cfg"
        conf.write_text(
            f"global\n  log 127.0.0.1:{syslog_port} local0\n  maxconn 200\n"
            "defaults\n  mode http\n  log global\n  option httplog\n  timeout connect 2s\n  timeout client 20s\n"
            f"  timeout server 20s\n{proxies}\n",
            encoding="utf-8",
        )
        self.program = stage.start("haproxy", "-db", "-f", conf)
        stage.wait_port(port)

    def receive(self, path, host):
        with open(path, "a", encoding="utf-8", buffering=1) as log:
            while True:
                text = self.receiver.recv(8192).decode(errors="replace").rstrip("\n")
                message = re.sub(r"^<\d+>(\w{3} [ \d]\d [\d:]{8} )?", "", text)
                log.write(f"{datetime.now():%b %e %H:%M:%S} {host} {message}\n")
