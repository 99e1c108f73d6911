#!/bin/sh
# Pulumi with its bridge for any Terraform provider, and the YAML program of the guide *With Pulumi*: create, update, replace, refresh,
# import, a failed create, write-only passwords and destroy.
. "$(dirname -- "$0")/setup"

# `go install` cannot build these programs, because their modules have `replace` directives. Each folder in $built is a module that
# requires them.
built=$tools/pulumi
go_module() { # folder, its requirements and `replace` directives
  command -v go >/dev/null || fail "Building Pulumi requires Go, which is not on the PATH: https://go.dev/doc/install"
  mkdir -p "$built/$1"
  printf 'module %s\n\ngo 1.26.6\n\n%s\n' "$1" "$2" >"$built/$1/go.mod"
}
go_program() { # folder, program, package, the variable of its version, version
  (cd "$built/$1" && go build -mod=mod -ldflags "-s -w -X $4=$5" -o "$built/$1/$2" "$3") || fail "$2 could not be built"
}

go_module cli 'require (
	github.com/pulumi/pulumi-yaml v1.38.1
	github.com/pulumi/pulumi/pkg/v3 v3.276.0
	github.com/pulumi/pulumi/sdk/v3 v3.276.0
)'
go_program cli pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi github.com/pulumi/pulumi/sdk/v3/go/common/version.Version v3.276.0
go_program cli pulumi-language-yaml github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml \
  github.com/pulumi/pulumi-yaml/pkg/version.Version v1.38.1
go_module bridge 'require (
	github.com/pulumi/pulumi-terraform-bridge/v3 v3.120.0
	github.com/pulumi/pulumi/pkg/v3 v3.218.0
	github.com/pulumi/pulumi/sdk/v3 v3.218.0
)

replace github.com/hashicorp/terraform-plugin-sdk/v2 => github.com/pulumi/terraform-plugin-sdk/v2 v2.0.0-20250923233607-7f1981c8674a'
go_program bridge pulumi-resource-terraform-provider github.com/pulumi/pulumi-terraform-bridge/v3/dynamic \
  github.com/pulumi/pulumi-terraform-bridge/v3/dynamic/version.version v1.0.0

PATH=$built/cli:$PATH
export PULUMI_HOME="$folder/home" PULUMI_BACKEND_URL="file://$folder/state" PULUMI_CONFIG_PASSPHRASE=clients PULUMI_SKIP_UPDATE_CHECK=true
# The bridge installs providers in such a folder. It uses one that is there already.
export PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR="$folder/plugins"
mkdir -p "$folder/state" "$folder/program"
cd "$folder/program"

run() { # arguments of pulumi
  pulumi --non-interactive --color never "$@" >"$folder/output" 2>&1 || fail "pulumi $* failed: $(cat "$folder/output")"
}
shows() { # texts in the output of the last `run`
  for text; do
    grep -qF -- "$text" "$folder/output" || fail "The output has no \"$text\": $(cat "$folder/output")"
  done
}
up() { # texts of its output
  run up --yes --skip-preview
  shows "$@"
  run preview --expect-no-changes
}
change() { # script for sed
  sed "$1" Pulumi.yaml >changed
  mv changed Pulumi.yaml
}
step() { # text
  echo "-- $*"
}

pulumi version
pulumi plugin install resource terraform-provider v1.0.0 --file "$built/bridge/pulumi-resource-terraform-provider" >"$folder/output" 2>&1 ||
  fail "The bridge could not be installed: $(cat "$folder/output")"

step "add the provider"
printf 'name: telephony\nruntime: yaml\n' >Pulumi.yaml
run stack init test
run package add terraform-provider deepslate-labs/deepslate
sed -n '/^```yaml$/,/^```$/ { /^```/!p; }' "$root/templates/guides/with-pulumi.md" >>Pulumi.yaml
run config set --secret sipPassword the-first-password

step "create"
run preview
shows "+ 3 to create"
up "+ 3 created"

step "update"
change 's/port: 5060/port: 5061/; s/+49301234567/+49301234568/'
run preview --diff
shows "port: 5060 => 5061" "~ 2 to update"
up "~ 2 updated"

step "change the password"
run config set --secret sipPassword the-second-password
run preview
shows "~ 1 to update"
up "~ 1 updated"

step "replace"
change '/^    properties:$/a\
      organizationId: 7c9e6679-7425-40de-944b-e07fc1f90ae7'
run preview
shows "+-2 to replace"
up "+-2 replaced" "SipPhoneNumber hotline deleted original" "SipCredentials support deleted original"

step "refresh"
command -v python3 >/dev/null || fail "The proxy of this test requires Python 3, which is not on the PATH"
python3 "$root/tests/clients/pulumi-proxy.py" "$DEEPSLATE_BASE_URL" >"$folder/proxy" &
proxy=$!
trap 'kill "$proxy" 2>/dev/null || true; clean_up' EXIT
tries=0
until [ -s "$folder/proxy" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || fail "The proxy did not start within 10 s"
  sleep 0.1
done
run refresh --yes --skip-preview --expect-no-changes
real=$DEEPSLATE_BASE_URL
DEEPSLATE_BASE_URL=$(cat "$folder/proxy")
run refresh --yes --skip-preview --diff
shows "port          : 5061 => 5070"
DEEPSLATE_BASE_URL=$real
run up --refresh --yes --skip-preview
run preview --expect-no-changes

step "import"
# The import ID of the number. Without its last part, it is that of the SIP credentials.
ids=$(grep -o '[^/]*/organizations/[^ ]*/phone-numbers/[^ ]*' "$folder/requests" | tail -1 |
  sed 's,/organizations/,/,; s,/sip/credentials/,/,; s,/phone-numbers/,/,')
stack=urn:pulumi:test::telephony
run state delete --yes "$stack::deepslate:index/sipPhoneNumber:SipPhoneNumber::hotline"
run state delete --yes "$stack::deepslate:index/sipCredentials:SipCredentials::support"
run import --yes --skip-preview --protect=false deepslate:index/sipCredentials:SipCredentials support "${ids%/*}"
run import --yes --skip-preview --protect=false deepslate:index/sipPhoneNumber:SipPhoneNumber hotline "$ids"
run preview --diff
shows "+ password: [secret]" "~ 1 to update"
up "~ 1 updated"

step "destroy"
run destroy --yes --skip-preview
shows "- 3 deleted"

step "import after a failed create"
if DEEPSLATE_BASE_URL=$(cat "$folder/proxy") pulumi --non-interactive --color never up --yes --skip-preview >"$folder/output" 2>&1; then
  fail "The create did not fail: $(cat "$folder/output")"
fi
shows "The server stored a different value for \`port\`" "The object exists. If the object is not in the state, import it:"
id=$(sed -n 's/.*terraform import <address of this resource> //p' "$folder/output" | tail -1)
run stack export
! grep -qF "${id##*/}" "$folder/output" || fail "The bridge kept the state that came with an error. Correct the guide With Pulumi."
run import --yes --skip-preview --protect=false deepslate:index/sipCredentials:SipCredentials support "$id"
up "+ 1 created" "~ 1 updated"

step "write-only password"
change 's/password:/passwordWo:/'
up "~ 1 updated"
run config set --secret sipPassword the-third-password
run preview
shows "~ 1 to update"
up "~ 1 updated"
! grep -rqE 'the-(first|second|third)-password' "$folder/state" || fail "The state contains a password in clear text"
run stack export --show-secrets
shows the-third-password

step "destroy"
run destroy --yes --skip-preview
shows "- 3 deleted"
echo "Pulumi created, updated, replaced, refreshed, imported and destroyed SIP credentials and a phone number"
