#!/bin/sh
# tflint, with its rules for Terraform that it has built in, over all examples.
. "$(dirname -- "$0")/setup"

go_tool tflint github.com/terraform-linters/tflint@v0.64.0
echo 'plugin "terraform" { enabled = true }' >"$folder/tflint.hcl"
tflint --version
cd "$root/examples"
tflint --recursive --config "$folder/tflint.hcl"
echo "tflint has no complaints about $(find . -name '*.tf' -exec dirname {} + | sort -u | wc -l) modules in examples/"
