#!/bin/sh
# HashiCorp's terraform-plugin-testing: lifecycle, import, plan checks, write-only arguments and identity, with the provider as an external one.
. "$(dirname -- "$0")/setup"

cd "$root/tests/clients/plugin-testing"
TF_ACC=1 TF_ACC_TERRAFORM_PATH=$cli go test -count=1 -v .
