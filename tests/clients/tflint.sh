#!/bin/sh
# tflint, with the rules that it recommends, over all examples.
. "$(dirname -- "$0")/setup"

go_tool tflint github.com/terraform-linters/tflint@v0.64.0
cat >"$folder/tflint.hcl" <<'HCL'
plugin "terraform" {
  enabled = true
  preset  = "recommended"
}
HCL
tflint --version
cd "$root/examples"
tflint --recursive --config "$folder/tflint.hcl"
echo "tflint has no complaints about $(find . -name '*.tf' -exec dirname {} + | sort -u | wc -l) modules in examples/"
