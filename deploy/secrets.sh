#!/bin/sh
# The secrets of each process, one value a file, out of FOLDER/portal.env, which `manage.py new_installation FOLDER` made and
# somebody filled in: into FOLDER/secrets, as systemd/ and kubernetes/example/ name them. It prints no value.
#   sh secrets.sh FOLDER DATABASE_HOST:PORT KEYSTORE_HOST:PORT REDIS_HOST:PORT [WHAT ADDRESSES ASK OF TLS]
set -eu
umask 077
if [ $# -lt 4 ] || [ ! -f "$1/portal.env" ]; then
  sed -n 's/^#   //p' "$0" >&2
  exit 2
fi
folder=$1 database=$2 keystore=$3 redis=$4
tls=${5:-sslmode=verify-full&sslrootcert=/database-ca/database-ca.pem}

value() {
  said=$(sed -n "s/^$1=//p" "$folder/portal.env")
  if [ -z "$said" ]; then
    echo "$1 is empty in $folder/portal.env: fill it in, then run this again." >&2
    exit 1
  fi
  printf %s "$said"
}
put() {
  mkdir -p "$(dirname "$folder/secrets/$1")"
  printf '%s\n' "$2" > "$folder/secrets/$1"
}
# One line for each that goes to a database: file, role, its password's name, host, database.
address() {
  password=$(value "$3")
  put "$1" "postgres://$2:$password@$4/$5?$tls"
}

secret_key=$(value SECRET_KEY)
put secret-key "$secret_key"
email_url=$(value EMAIL_URL)
put email-url "$email_url"
metrics_token=$(value METRICS_TOKEN)
put metrics-token "$metrics_token"
redis_password=$(value REDIS_PASSWORD)
put redis-url "redis://:$redis_password@$redis/0"
providers=$(sed -n 's/^SSO_PROVIDERS=//p' "$folder/portal.env")
if [ -n "$providers" ]; then providers=$(cat "$providers"); fi
put sso-providers "${providers:-[]}"

address owner/database-url portal POSTGRES_PASSWORD "$database" portal
address owner/keystore-database-url portal KEYSTORE_PASSWORD "$keystore" keystore
address web/database-url portal_app PORTAL_APP_PASSWORD "$database" portal
address web/keystore-database-url portal_app KEYSTORE_APP_PASSWORD "$keystore" keystore
address work/database-url portal_worker PORTAL_WORKER_PASSWORD "$database" portal
address ledger/database-url portal_ledger PORTAL_LEDGER_PASSWORD "$database" portal
address disposals/database-url portal_disposals PORTAL_DISPOSALS_PASSWORD "$database" portal
address disposals/keystore-database-url portal_disposals KEYSTORE_DISPOSALS_PASSWORD "$keystore" keystore
address backup/backup-database-url portal_backup PORTAL_BACKUP_PASSWORD "$database" portal
address backup/backup-keystore-database-url portal_backup KEYSTORE_BACKUP_PASSWORD "$keystore" keystore
# A drill makes databases of its own, and names none of the portal's.
address drill/backup-database-url portal_drill PORTAL_DRILL_PASSWORD "$database" postgres
address drill/backup-keystore-database-url portal_drill KEYSTORE_DRILL_PASSWORD "$keystore" postgres
for name in $(sed -nE 's/^((PORTAL|KEYSTORE)_[A-Z]+_PASSWORD)=.*/\1/p' "$folder/portal.env"); do
  password=$(value "$name")
  put "owner/$(printf %s "$name" | tr 'A-Z_' 'a-z-')" "$password"
done
echo "Made $folder/secrets, of $folder/portal.env."
