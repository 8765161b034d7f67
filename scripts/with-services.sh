#!/usr/bin/env bash
# Runs a command with a PostgreSQL, a Redis, a Dovecot and an S3 storage (moto) of its own on free loopback ports, and
# tells the tests where they and Chromium are. Needs the Debian packages postgresql, redis-server, dovecot-imapd and
# chromium, and the Python package moto[server], in node_modules/.cache/moto or as $MOTO_SERVER; stops what it started.
set -euo pipefail

work=$(mktemp -d -t tongda-services-XXXXXX)
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
for need in "${bin:-/usr/lib/postgresql}/initdb" "$(command -v redis-server || echo redis-server)" \
  "$(command -v dovecot || echo dovecot)" "$(command -v chromium || echo chromium)"; do
  if [ ! -x "$need" ]; then
    echo "with-services: $need is missing; install it: apt-get install postgresql redis-server dovecot-imapd chromium fonts-noto-cjk" >&2
    exit 2
  fi
done
moto=${MOTO_SERVER:-$(dirname "$0")/../node_modules/.cache/moto/bin/moto_server}
if [ ! -x "$moto" ]; then
  echo "with-services: moto_server is missing; install it: python3 -m venv node_modules/.cache/moto && node_modules/.cache/moto/bin/pip install 'moto[server]==5.2.5'" >&2
  exit 2
fi

bridge=channels/wechaty/bridge
if [ ! -d "$bridge/node_modules/wechaty" ]; then
  echo "with-services: the Wechaty bridge is not installed; run: npm ci --prefix $bridge --ignore-scripts" >&2
  exit 2
fi

# Below the range of outgoing connections, so that none of them takes the port meanwhile.
free_port() { node -e 'const t=()=>{const p=20000+Math.floor(Math.random()*12000),s=require("net").createServer().once("error",t).listen(p,"127.0.0.1",()=>{console.log(p);s.close()})};t()'; }

# PostgreSQL and Dovecot refuse to run as root; the package made the user postgres.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
if [ "$(id -u)" = 0 ]; then chown postgres "$work"; fi

stop() {
  status=$?
  as_postgres "$bin/pg_ctl" -D "$work/pg" -m immediate stop >/dev/null 2>&1 || true
  [ -f "$work/dovecot/run/master.pid" ] && kill "$(cat "$work/dovecot/run/master.pid")" 2>/dev/null || true
  [ -n "${redis_pid:-}" ] && kill "$redis_pid" 2>/dev/null || true
  [ -n "${moto_pid:-}" ] && kill "$moto_pid" 2>/dev/null || true
  rm -rf "$work"
  exit "$status"
}
trap stop EXIT

pg_port=$(free_port)
as_postgres "$bin/initdb" -D "$work/pg" -U tongda -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
as_postgres "$bin/pg_ctl" -D "$work/pg" -w -l "$work/pg.log" \
  -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work -c max_connections=200" start >/dev/null

redis_port=$(free_port)
mkdir "$work/redis"
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work/redis" >/dev/null &
redis_pid=$!
for _ in $(seq 50); do redis-cli -p "$redis_port" ping >/dev/null 2>&1 && break; sleep 0.1; done

# Any user signs in with the password "secret" and finds an empty mailbox of their own.
dovecot_port=$(free_port)
owner=$(as_postgres id -un)
group=$(as_postgres id -gn)
as_postgres mkdir -p "$work/dovecot/run" "$work/dovecot/state" "$work/dovecot/mail"
cat >"$work/dovecot.conf" <<CONF
base_dir = $work/dovecot/run
state_dir = $work/dovecot/state
log_path = $work/dovecot/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = $owner
default_internal_group = $group
default_login_user = $owner
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 200
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=$owner gid=$group home=$work/dovecot/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $dovecot_port
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
CONF
chmod 644 "$work/dovecot.conf"
as_postgres "$(command -v dovecot)" -c "$work/dovecot.conf"

export TONGDA_TEST_DOVECOT="imap://127.0.0.1:$dovecot_port"

s3_port=$(free_port)
"$moto" -H 127.0.0.1 -p "$s3_port" >"$work/moto.log" 2>&1 &
moto_pid=$!
for _ in $(seq 300); do (exec 3<>"/dev/tcp/127.0.0.1/$s3_port") 2>/dev/null && break; sleep 0.1; done

export TONGDA_TEST_S3="http://127.0.0.1:$s3_port"
export TONGDA_TEST_POSTGRES="postgres://tongda@127.0.0.1:$pg_port/postgres"
export TONGDA_TEST_REDIS="redis://127.0.0.1:$redis_port"
TONGDA_TEST_CHROMIUM=$(command -v chromium)
TONGDA_TEST_WECHATY_BRIDGE=$PWD/$bridge
export TONGDA_TEST_CHROMIUM TONGDA_TEST_WECHATY_BRIDGE TONGDA_TEST_REQUIRE_SERVICES=1
"$@"
