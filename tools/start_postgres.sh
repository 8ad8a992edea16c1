#!/bin/sh
# A PostgreSQL server for a gradebook, on loopback, in a folder of its own:
#
#   sh tools/start_postgres.sh DIR           starts it, made anew where DIR holds none; prints its address
#   sh tools/start_postgres.sh --stop DIR    stops it; what is in it stays
#   sh tools/start_postgres.sh --install     installs Debian's package, as root
#
# The address is what nbgrader_config.py takes: c.CourseDirectory.db_url = "postgresql://…". Its password is made of chance
# and lies in DIR, which the server's user alone can read. As root it runs as the user "postgres", whom Debian's package makes;
# POSTGRES_OPTIONS are settings more, as "-c fsync=off".
set -eu

say() { echo "start_postgres: $*" >&2; exit 2; }

if [ "${1:-}" = --install ]; then
  [ "$(id -u)" = 0 ] || say "--install: expected root, got $(id -un). Run: sudo apt-get install postgresql"
  command -v apt-get >/dev/null || say "--install: expected Debian's apt-get, found none. Install PostgreSQL 13 or newer."
  # A server of the test's own is all that is wanted: none is made for the machine.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends postgresql >&2
  exit
fi

stop=
if [ "${1:-}" = --stop ]; then stop=1; shift; fi
[ $# = 1 ] || say "expected DIR, --stop DIR or --install, got \"$*\"."

programs=$(command -v pg_ctl || ls /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | sort -V | tail -n 1)
[ -n "$programs" ] || say "expected PostgreSQL, found none. Run: sh tools/start_postgres.sh --install"
programs=$(dirname "$(readlink -f "$programs")")

if [ "$(id -u)" = 0 ]; then
  id postgres >/dev/null 2>&1 || say "expected the user postgres of Debian's package, found none: no server runs as root."
  as() { runuser -u postgres -- env LC_ALL=C "$@"; }
else
  as() { env LC_ALL=C "$@"; }
fi

mkdir -p "$1"
folder=$(cd "$1" && pwd)
[ "$(id -u)" != 0 ] || [ -d "$folder/data" ] || chown postgres "$folder"
cd "$folder" 2>/dev/null && as test -w "$folder" || say "$folder: expected a folder that the server's user can write to, got one that it cannot."

if [ -n "$stop" ]; then
  as "$programs/pg_ctl" -D "$folder/data" -s -w -m fast stop
  exit
fi

if [ ! -f "$folder/data/PG_VERSION" ]; then
  chmod 700 "$folder"
  as sh -c 'umask 077; od -An -N16 -tx1 /dev/urandom | tr -d " \n" >"$1"' - "$folder/password"
  as "$programs/initdb" -D "$folder/data" -U autograder --pwfile="$folder/password" --auth=scram-sha-256 --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync >/dev/null || say "$folder: initdb failed, see above."
fi

address() { echo "postgresql://autograder:$(as cat "$folder/password")@127.0.0.1:$(as cat "$folder/port")/$1"; }

runs() { # pg_ctl's own status takes a server that was just killed for one that runs
  [ -f "$folder/port" ] && as "$programs/pg_isready" -q -h 127.0.0.1 -p "$(as cat "$folder/port")"
}

if ! runs; then
  # The port of before, or else a free one: whoever has it already is asked by trying.
  first=$((20000 + $$ % 20000))
  ports=$(as cat "$folder/port" 2>/dev/null || seq $first 7 $((first + 140)))
  started=
  for port in $ports; do
    for again in 1 2 3 4 5 6 7 8 9 10; do # a server that was killed leaves processes, which end by and by
      options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' ${POSTGRES_OPTIONS:-}"
      if as "$programs/pg_ctl" -D "$folder/data" -s -w -l "$folder/log" -o "$options" start 2>/dev/null; then
        started=$port
        break 2
      fi
      tail -n 5 "$folder/log" 2>/dev/null | grep -q "shared memory block\|lock file" || break
      sleep 1
    done
  done
  [ -n "$started" ] || { tail -n 5 "$folder/log" >&2; say "$folder: the server does not start, see $folder/log."; }
  as sh -c 'echo "$1" >"$2"' - "$started" "$folder/port"
fi
address gradebook | grep -q . # the files are there
as env PGPASSWORD="$(as cat "$folder/password")" "$programs/psql" -h 127.0.0.1 -p "$(as cat "$folder/port")" -U autograder -d postgres \
  -qAtc "SELECT 1 FROM pg_database WHERE datname = 'gradebook'" | grep -q 1 ||
  as env PGPASSWORD="$(as cat "$folder/password")" "$programs/createdb" -h 127.0.0.1 -p "$(as cat "$folder/port")" -U autograder gradebook
address gradebook
